/* SPDX-License-Identifier: Apache-2.0 */
/* The assumed environment; contract in lib/environment.h. */
#include "lib/environment.h"
#include "base/cpu.h"

#include <stdio.h>
#include <string.h>

static int read_libc(struct abifit_context *context, const char *text, uint32_t *ret)
{
	unsigned major, minor, patch;
	char end;

	if (!strcmp(text, "musl"))
		*ret = MUSL(1, 2, 0);
	else if (sscanf(text, "%u.%u.%u%c", &major, &minor, &patch, &end) == 3 && major < 100)
		*ret = MUSL(major, minor, patch);
	else if (sscanf(text, "%u.%u%c", &major, &minor, &end) == 2 && major < 100)
		*ret = GLIBC(major, minor);
	else
		return context_fail(context, -EINVAL, "\"%s\" is no C library version such as 2.17",
				    text);
	return 0;
}

static int read_kernel(struct abifit_context *context, const char *text, struct environment *ret)
{
	unsigned parts[3] = { 0 };

	if (sscanf(text, "%u.%u.%u", &parts[0], &parts[1], &parts[2]) < 2)
		return context_fail(context, -EINVAL, "\"%s\" is no kernel version such as 5.10",
				    text);
	memcpy(ret->kernel, parts, sizeof(parts));
	ret->kernel_known = true;
	return 0;
}

int environment_read(struct abifit_context *context, const struct abifit_environment *options,
		     struct environment *ret)
{
	struct environment e = { .cwd = "/", .isa_level = 1 };
	int r = options_check(options, options ? options->size : 0, sizeof(*options));

	if (r)
		return context_fail(context, r, "environment options of an unknown size");
	if (options) {
		e.library_path = options->library_path;
		e.preload = options->preload;
		e.secure = options->flags & ABIFIT_ENVIRONMENT_SECURE;
		e.bind_now = options->flags & ABIFIT_ENVIRONMENT_BIND_NOW;
		if (options->cwd)
			e.cwd = options->cwd;
		if (*e.cwd != '/')
			return context_fail(context, -EINVAL,
					    "the current folder must be absolute");
		if (options->libc)
			r = read_libc(context, options->libc, &e.libc_version);
		if (!r && options->kernel_version)
			r = read_kernel(context, options->kernel_version, &e);
		if (!r && options->page_size && (options->page_size & (options->page_size - 1)))
			r = context_fail(context, -EINVAL, "%u is no page size",
					 options->page_size);
	}
	*ret = e;
	return r;
}

/* "x86-64-v3" → 3, "x86-64" and "baseline" → 1, others → 0. */
static unsigned x86_level(const char *cpu)
{
	unsigned level;
	char end;

	if (!strcmp(cpu, "baseline") || !strcmp(cpu, "x86-64"))
		return 1;
	if (!strcmp(cpu, "native"))
		return cpu_x86_level();
	return sscanf(cpu, "x86-64-v%u%c", &level, &end) == 1 && level >= 1 && level <= 4 ? level
											  : 0;
}

static int set_level(struct abifit_context *context, const char *cpu, const struct machine *machine,
		     struct environment *e)
{
	unsigned level = x86_level(cpu);
	size_t i;

	if (level) {
		e->isa_level = level;
		/* The table lists v4, v3, v2. */
		if (level > 1 && machine && machine->elf_machine == EM_X86_64)
			e->hwcap_level = machine->hwcaps[4 - level];
		return 0;
	}
	for (i = 0; machine && machine->hwcaps && machine->hwcaps[i]; i++) {
		if (!strcmp(machine->hwcaps[i], cpu)) {
			e->hwcap_level = machine->hwcaps[i];
			return 0;
		}
	}
	for (i = 0; machine_at(i); i++) {
		const char *const *levels = machine_at(i)->hwcaps;

		for (; levels && *levels; levels++) {
			if (!strcmp(*levels, cpu))
				return 0; /* a level of another machine: nothing to set here */
		}
	}
	return context_fail(context, -EINVAL, "\"%s\" is no processor level such as x86-64-v3",
			    cpu);
}

int environment_for(struct abifit_context *context, const struct abifit_environment *options,
		    const struct machine *machine, struct environment *e)
{
	bool many = machine && machine->elf_machine == EM_AARCH64;

	memset(e->page_sizes, 0, sizeof(e->page_sizes));
	e->page_sizes[0] = options && options->page_size ? options->page_size : 4096;
	if (many && !(options && options->page_size)) {
		e->page_sizes[1] = 16384;
		e->page_sizes[2] = 65536;
	}
	e->isa_level = 1;
	e->hwcap_level = NULL;
	return options && options->cpu ? set_level(context, options->cpu, machine, e) : 0;
}

static const char *describe_libc(struct arena *arena, const struct environment *e,
				 const struct loader *loader)
{
	uint32_t version = e->libc_version ? e->libc_version : loader->version;
	const char *from = e->libc_version ? " (asked for)" : "";

	if (!version || loader->kind == LIBC_OTHER)
		return ", C library not known";
	if (loader->kind == LIBC_MUSL)
		return arena_printf(arena, ", musl %u.%u.%u%s", version / 1000000,
				    version / 1000 % 1000, version % 1000, from);
	return arena_printf(arena, ", glibc %u.%u%s", version / 1000, version % 1000, from);
}

static const char *describe_cache(const struct loader *loader)
{
	if (loader->kind != LIBC_GLIBC)
		return "";
	if (!loader->cache)
		return ", no cache";
	return loader->cache->emulated ? ", cache worked out from ld.so.conf" : ", cache";
}

static const char *describe_pages(struct arena *arena, const struct environment *e)
{
	const char *text = arena_printf(arena, ", pages of %u", e->page_sizes[0] / 1024);
	size_t i;

	for (i = 1; text && i < ARRAY_SIZE(e->page_sizes) && e->page_sizes[i]; i++)
		text = arena_printf(arena, "%s, %u", text, e->page_sizes[i] / 1024);
	return text ? arena_printf(arena, "%s KiB", text) : NULL;
}

static const char *describe_variables(struct arena *arena, const struct environment *e)
{
	const char *text = e->library_path && *e->library_path
				   ? arena_printf(arena, ", LD_LIBRARY_PATH %s", e->library_path)
				   : "";
	size_t i;

	for (i = 0; text && e->preload && e->preload[i]; i++)
		text = arena_printf(arena, "%s%s%s", text, i ? ":" : ", LD_PRELOAD ",
				    e->preload[i]);
	return text ? arena_printf(arena, "%s%s%s", text, e->bind_now ? ", LD_BIND_NOW" : "",
				   e->secure ? ", secure mode" : "")
		    : NULL;
}

const char *environment_describe(struct arena *arena, const struct environment *e,
				 const struct loader *loader,
				 const struct abifit_environment *options)
{
	const char *libc = describe_libc(arena, e, loader);
	const char *pages = describe_pages(arena, e);
	const char *variables = describe_variables(arena, e);
	const char *kernel = e->kernel_known ? arena_printf(arena, "%u.%u.%u", e->kernel[0],
							    e->kernel[1], e->kernel[2])
					     : "not known";

	if (!libc || !pages || !variables || !kernel)
		return NULL;
	return arena_printf(arena, "%s%s%s%s, processor %s%s, kernel %s, current folder %s%s",
			    loader->interpreter ? "loader " : "no loader",
			    loader->interpreter ? loader->interpreter : "", libc,
			    describe_cache(loader),
			    options && options->cpu ? options->cpu : "baseline", pages, kernel,
			    e->cwd, variables);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Systems of the public API: a root folder, its loaders, its library cache. */
#include "lib/context.h"
#include "read/ldcache.h"
#include "read/ldconf.h"
#include "read/loader.h"
#include "read/root.h"

#include <string.h>

#define CACHE_PATH "/etc/ld.so.cache"
#define LARGEST_CACHE (64u << 20)

int abifit_system_open(struct abifit_context *context, const char *root, struct abifit_system **ret)
{
	struct abifit_system *system = calloc(1, sizeof(*system));
	int r;

	if (!system)
		return context_fail(context, -ENOMEM, "out of memory");
	system->references = 1;
	system->context = context;
	context_ref(context);
	system->is_running = !strcmp(root, "/");
	system->root = arena_strdup(&system->arena, root);
	r = system->root ? root_open(root, &system->source) : -ENOMEM;
	if (r) {
		context_fail(context, r, "%s: %s", root, strerror(-r));
		abifit_system_unref(system);
		return r;
	}
	*ret = system;
	return 0;
}

void system_ref(struct abifit_system *system)
{
	system->references++;
}

void abifit_system_unref(struct abifit_system *system)
{
	size_t i;

	if (!system || --system->references)
		return;
	for (i = 0; i < system->loaders.count; i++) {
		loader_done(system->loaders.items[i]);
		free(system->loaders.items[i]);
	}
	array_done(&system->loaders);
	for (i = 0; i < ARRAY_SIZE(system->caches); i++)
		library_cache_free(system->caches[i]);
	free(system->cache_bytes);
	source_free(system->source);
	arena_done(&system->arena);
	abifit_context_unref(system->context);
	free(system);
}

static int emulate_cache(struct abifit_system *system, const struct loader *loader,
			 struct library_cache **ret)
{
	size_t count = loader->system_folders.count;
	AUTO_FREE const char **folders = calloc(count + 1, sizeof(*folders));

	if (!folders)
		return -ENOMEM;
	if (count)
		memcpy(folders, loader->system_folders.items, count * sizeof(*folders));
	return ldconf_emulate(system->source, "/etc/ld.so.conf", folders, ret);
}

/* The cache as a loader of one byte order sees it; worked out from ld.so.conf if there is none. */
static int read_cache(struct abifit_system *system, struct loader *loader)
{
	bool big = loader->image && loader->image->is_big;
	struct fault fault = { 0 };
	int r = 0;

	if (!system->cache_loaded) {
		r = source_load(system->source, CACHE_PATH, LARGEST_CACHE, &system->cache_bytes,
				&system->cache_size);
		if (r == -ENOMEM)
			return r;
		system->cache_loaded = true;
	}
	if (!system->cache_read[big]) {
		if (system->cache_bytes) {
			r = ldcache_read((const unsigned char *)system->cache_bytes,
					 system->cache_size, big, &system->caches[big], &fault);
			if (r == -EBADMSG)
				r = 0; /* the loader goes on without it, and so do we */
		} else {
			r = emulate_cache(system, loader, &system->caches[big]);
		}
		if (r)
			return r;
		system->cache_read[big] = true;
	}
	loader->cache = system->caches[big];
	return 0;
}

static int add_loader(struct abifit_system *system, const char *interpreter, struct loader **ret)
{
	struct loader *loader = calloc(1, sizeof(*loader));
	char *path = arena_strdup(&system->arena, interpreter);
	int r;

	if (!loader || !path) {
		free(loader);
		return -ENOMEM;
	}
	r = loader_read(system->source, path, loader);
	if (!r && loader->kind == LIBC_GLIBC)
		r = read_cache(system, loader);
	if (!r && array_push(&system->loaders, loader))
		r = -ENOMEM;
	if (r) {
		loader_done(loader);
		free(loader);
		return r;
	}
	*ret = loader;
	return 0;
}

static int loader_at(struct abifit_system *system, const char *interpreter, struct loader **ret)
{
	size_t i;

	for (i = 0; i < system->loaders.count; i++) {
		if (!strcmp(system->loaders.items[i]->interpreter, interpreter)) {
			*ret = system->loaders.items[i];
			return 0;
		}
	}
	return add_loader(system, interpreter, ret);
}

static bool exists(struct abifit_system *system, const char *path)
{
	struct source_stat st;

	return source_stat(system->source, path, &st) == 0;
}

static bool needs_musl(const struct image *image)
{
	size_t i;

	for (i = 0; i < image->needs.count; i++) {
		if (!strncmp(image->needs.items[i].name, "libc.musl-", 10) ||
		    !strcmp(image->needs.items[i].name, "libc.so"))
			return true;
	}
	return false;
}

/* musl's loader path by its own name for the machine. */
static const char *musl_interpreter(const struct machine *machine)
{
	static const struct {
		const char *machine;
		const char *path;
	} paths[] = {
		{ "x86-64", "/lib/ld-musl-x86_64.so.1" },
		{ "i386", "/lib/ld-musl-i386.so.1" },
		{ "aarch64", "/lib/ld-musl-aarch64.so.1" },
		{ "armhf", "/lib/ld-musl-armhf.so.1" },
		{ "armel", "/lib/ld-musl-arm.so.1" },
		{ "ppc64le", "/lib/ld-musl-powerpc64le.so.1" },
		{ "s390x", "/lib/ld-musl-s390x.so.1" },
		{ "riscv64", "/lib/ld-musl-riscv64.so.1" },
		{ "loongarch64", "/lib/ld-musl-loongarch64.so.1" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(paths); i++) {
		if (!strcmp(paths[i].machine, machine->name))
			return paths[i].path;
	}
	return NULL;
}

/* A library names no loader: the one that this system has for its machine. */
static const char *loader_for_library(struct abifit_system *system, const struct image *image)
{
	const char *glibc = image->machine ? image->machine->interpreter : NULL;
	const char *musl = image->machine ? musl_interpreter(image->machine) : NULL;

	if (musl && exists(system, musl) && (needs_musl(image) || !exists(system, glibc)))
		return musl;
	return glibc;
}

int system_loader(struct abifit_system *system, const struct image *image, const char *cwd,
		  struct loader **ret)
{
	const char *interpreter = image->interpreter;

	/* The kernel takes it relative to the folder in which the program is started. */
	if (interpreter && interpreter[0] != '/') {
		interpreter =
			arena_printf(&system->arena, "%s%s%s", cwd, cwd[1] ? "/" : "", interpreter);
		return interpreter ? loader_at(system, interpreter, ret) : -ENOMEM;
	}

	if (!interpreter && image->has_dynamic &&
	    !((image->flags_1 & DF_1_PIE) || image->elf_type == ET_EXEC))
		interpreter = loader_for_library(system, image);
	if (interpreter)
		return loader_at(system, interpreter, ret);
	/* A static program loads itself; or nothing is known about the machine. */
	system->no_loader.kind = LIBC_GLIBC;
	system->no_loader.lib_token = "lib";
	*ret = &system->no_loader;
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* deps --symbols: a symbols file for libraries, or one brought up to date. */
#include "base/file.h"
#include "engine/deps/symbols-update.h"
#include "lib/deps.h"
#include "model/deb-arch.h"
#include "model/package-version.h"
#include "read/deb-symbols.h"
#include "read/root.h"

#include <string.h>

struct library {
	const char *path;
	struct image *image;
};

struct symbols_run {
	struct deps_run *run;
	struct array_of(struct library) libraries;
	const char *old_path; /* NULL: none */
	struct file old;
	struct symbols_file *before;
	struct symbols_file *after;
	const char *arch;
};

/* A file that is no ELF file is the old symbols file. */
static int take_file(struct symbols_run *s, const char *path)
{
	struct deps_run *run = s->run;
	struct image *image;
	int r = root_adopt(run->system->source, path, &image);

	if (r)
		return r == -ENOMEM ? r : deps_fail_open(run, path, r);
	if (!image->is_elf && image->fault.rule)
		return deps_fail(run, path, image->fault.rule, &image->fault, NULL);
	if (image->is_elf)
		return array_push(&s->libraries, (struct library){ path, image });
	if (s->old_path)
		return context_fail(run->system->context, -EINVAL,
				    "%s and %s: one of them can be the symbols file, not both",
				    s->old_path, path);
	s->old_path = path;
	return 0;
}

static int load_include(void *data, const char *path, char **ret, size_t *ret_size)
{
	struct file file;
	int r = file_map(path, &file);

	if (r)
		return r;
	*ret = malloc(file.size + 1);
	*ret_size = file.size;
	if (*ret && file.size)
		memcpy(*ret, file.bytes, file.size);
	file_unmap(&file);
	return *ret ? 0 : -ENOMEM;
}

static int tell_fault(struct deps_run *run, const struct symbols_file *file)
{
	const char *text = arena_printf(&run->deps->arena, "line %u of %s: %s", file->fault_line,
					file->fault_path, file->fault);

	return text ? deps_fail(run, file->path, "input/malformed", NULL, text) : -ENOMEM;
}

/* Both sides of the comparison start as the old file. */
static int read_old(struct symbols_run *s, struct symbols_file **ret)
{
	struct symbols_file *file;

	*ret = file = symbols_file_new(s->old_path ? s->old_path : "symbols", s->arch);
	if (!file)
		return -ENOMEM;
	return s->old_path ? symbols_read(file, (const char *)s->old.bytes, s->old.size,
					  load_include, NULL)
			   : 0;
}

static int update(struct symbols_run *s, const struct library *library)
{
	const struct abifit_deps_options *options = s->run->options;
	struct fault fault = { 0 };
	size_t number;
	int r;

	if (!library->image->has_dynamic || !library->image->soname)
		return deps_fail(s->run, library->path, "input/unsupported", NULL,
				 "has no soname, so that no symbols file tells of it");
	r = report_add_input(s->run->report, library->path, &number);
	if (r)
		return r;
	s->run->report->report.inputs.items[number].image = library->image;
	r = symbols_update(s->after, library->image, options->package, options->package_version,
			   &fault);
	if (!r && fault.rule) {
		struct fault *copy = arena_copy(&s->run->deps->arena, &fault, sizeof(fault));

		r = copy ? report_input_error(s->run->report, number, fault.rule, copy, NULL)
			 : -ENOMEM;
	}
	return r;
}

/* Libraries of the old file that are not among those looked at are left out. */
static void keep_updated(struct symbols_run *s)
{
	size_t i = 0;
	size_t k;

	while (i < s->after->objects.count) {
		const char *soname = s->after->objects.items[i]->soname;
		bool keep = false;

		for (k = 0; k < s->libraries.count; k++) {
			const char *other = s->libraries.items[k].image->soname;

			keep |= other && !strcmp(soname, other);
		}
		if (keep)
			i++;
		else
			symbols_object_remove(s->after, i);
	}
}

static int make(struct symbols_run *s)
{
	const struct abifit_deps_options *options = s->run->options;
	unsigned level;
	size_t i;
	int r = read_old(s, &s->before);

	if (!r && s->before->fault)
		return tell_fault(s->run, s->before);
	if (!r)
		r = read_old(s, &s->after);
	for (i = 0; !r && i < s->libraries.count; i++)
		r = update(s, &s->libraries.items[i]);
	if (r || s->run->report->report.unreadable)
		return r;
	keep_updated(s);
	level = options->level ? options->level - 1 : 1;
	/* Without an old file all is new, which only the highest level minds. */
	if (s->old_path || level >= 4)
		r = symbols_compare(s->before, s->after, level, &s->run->report->report.findings,
				    s->old_path ? s->old_path : s->libraries.items[0].path);
	if (!r) {
		s->run->deps->symbols = s->after;
		s->after = NULL;
	}
	return r;
}

static int check_options(struct deps_run *run)
{
	const struct abifit_deps_options *options = run->options;
	struct deps *deps = run->deps;

	if (!options->package || !options->package_version)
		return context_fail(run->system->context, -EINVAL,
				    "a symbols file needs the package's name and version");
	if (deb_version_fault(options->package_version))
		return context_fail(run->system->context, -EINVAL, "\"%s\" is no version: %s",
				    options->package_version,
				    deb_version_fault(options->package_version));
	deps->package = arena_strdup(&deps->arena, options->package);
	deps->template = options->flags & ABIFIT_DEPS_TEMPLATE;
	deps->verbose = options->flags & ABIFIT_DEPS_MISSING;
	return deps->package ? 0 : -ENOMEM;
}

int deps_symbols(struct deps_run *run)
{
	struct symbols_run s = { .run = run };
	size_t i;
	int r = check_options(run);

	for (i = 0; !r && i < run->count; i++)
		r = take_file(&s, run->files[i]);
	if (!r && !s.libraries.count && !run->report->report.unreadable)
		r = context_fail(run->system->context, -EINVAL, "no library is given");
	if (!r && s.old_path)
		r = file_map(s.old_path, &s.old);
	if (!r && s.libraries.count) {
		s.arch = run->options->arch ? run->options->arch
					    : deb_arch_of(s.libraries.items[0].image->machine);
		if (!s.arch)
			r = context_fail(run->system->context, -EINVAL,
					 "%s: Debian has no name for its machine; give one",
					 s.libraries.items[0].path);
	}
	if (!r && s.libraries.count)
		r = make(&s);
	symbols_file_free(s.before);
	symbols_file_free(s.after);
	file_unmap(&s.old);
	array_done(&s.libraries);
	return r;
}

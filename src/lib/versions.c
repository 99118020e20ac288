/* SPDX-License-Identifier: Apache-2.0 */
/* abifit_versions(): the numbers of a source tree, an installed tree, packages or single files. */
#include "engine/compare/compare.h"
#include "engine/inspect/versions.h"
#include "lib/corpora.h"
#include "lib/folder.h"
#include "lib/packages.h"
#include "lib/versions-package.h"
#include "model/version-name.h"
#include "read/build-files.h"
#include "read/package-tree.h"
#include "read/root.h"
#include "read/version-script.h"

#include <string.h>
#include <sys/stat.h>

#define DEEPEST_FOLDER 8u
#define LARGEST_TEXT (1u << 20)
#define MOST_FILES 20000u

struct run {
	struct abifit_system *system;
	struct abifit_report *report;
	struct versions *versions;
	struct array_of(const char *) libraries; /* that are there */
	struct side old, new;
	size_t files;
};

static struct arena *arena_of(struct run *run)
{
	return &run->versions->findings.arena;
}

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text);
	size_t tail = strlen(end);

	return length > tail && !strcmp(text + length - tail, end);
}

/* "foo" of libfoo.so.1.2 */
static char *stem_of(struct run *run, const char *name)
{
	const char *end = strstr(name, ".so");
	size_t prefix = strncmp(name, "lib", 3) ? 0 : 3;

	return arena_strndup(arena_of(run), name + prefix,
			     end > name + prefix ? (size_t)(end - name) - prefix : 0);
}

static int add(struct run *run, enum number_kind kind, const char *library, const char *text,
	       const char *file, unsigned line, bool is_built)
{
	struct number number = { kind, is_built, library, NULL, NULL, file, line };

	number.text = arena_strdup(arena_of(run), text);
	number.value = number.text;
	return number.text ? array_push(&run->versions->numbers, number) : -ENOMEM;
}

/* The numbers behind ".so.", or NULL. */
static const char *behind_so(const char *name)
{
	const char *so = strstr(name, ".so.");

	return so && so[4] >= '0' && so[4] <= '9' ? so + 4 : NULL;
}

static int take_node(struct run *run, const char *const *first, size_t count, size_t stride,
		     const char *library, const char *file, const unsigned *lines,
		     size_t line_stride, bool is_built)
{
	size_t newest = version_names_newest(first, count, stride);

	if (newest == SIZE_MAX || !**(const char *const *)((const char *)first + newest * stride))
		return 0;
	return add(run, NUMBER_NODE, library,
		   *(const char *const *)((const char *)first + newest * stride), file,
		   lines ? *(const unsigned *)((const char *)lines + newest * line_stride) : 0,
		   is_built);
}

static int take_library(struct run *run, struct image *image, const char *path)
{
	const char *name = path_name(path);
	const char *library;
	int r;

	if (!image->has_dynamic || image->elf_type != ET_DYN || image_is_program(image) ||
	    image_is_unusable(image))
		return 0;
	library = stem_of(run, image->soname ? image->soname : name);
	if (!library)
		return -ENOMEM;
	r = array_push(&run->libraries, path);
	if (!r && behind_so(name))
		r = add(run, NUMBER_FILE, library, behind_so(name), path, 0, true);
	if (!r && image->soname && behind_so(image->soname))
		r = add(run, NUMBER_SONAME, library, behind_so(image->soname), path, 0, true);
	if (!r)
		r = image_load_versions(image);
	if (r || !image->definitions.count)
		return r == -EBADMSG ? 0 : r;
	return take_node(run, &image->definitions.items[0].name, image->definitions.count,
			 sizeof(image->definitions.items[0]), library, path, NULL, 0, true);
}

static int take_script(struct run *run, const struct image *image, const char *path)
{
	struct version_script *script;
	struct script_error error;
	int r = version_script_read((const char *)image->bytes, image->size, path, &script, &error);

	if (r)
		return r == -EBADMSG ? 0 : r; /* some other file of that name */
	r = take_node(run, &script->nodes.items[0].word.name, script->nodes.count,
		      sizeof(script->nodes.items[0]), NULL, path, &script->nodes.items[0].word.line,
		      sizeof(script->nodes.items[0]), false);
	version_script_free(script);
	return r;
}

static bool is_script(const char *path)
{
	static const char *const ends[] = { ".map", ".sym", ".syms", ".ver", ".map.in" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ends); i++) {
		if (ends_with(path, ends[i]))
			return true;
	}
	return false;
}

static int take_file(struct run *run, const char *path, bool is_named)
{
	struct image *image;
	size_t number;
	int r;

	if (!is_named && !build_file_is(path) && !is_script(path) &&
	    !strstr(path_name(path), ".so"))
		return 0;
	path = arena_strdup(arena_of(run), path);
	if (!path)
		return -ENOMEM;
	r = root_adopt(run->system->source, path, &image);
	if (r == -ENOMEM)
		return r;
	if (r) {
		int error = r;

		r = report_add_input(run->report, path, &number);
		return r ? r : report_open_error(run->report, number, error);
	}
	if (image->is_elf)
		return take_library(run, image, path);
	if (image->size > LARGEST_TEXT)
		return 0;
	if (is_script(path))
		return take_script(run, image, path);
	return build_file_read(path, (const char *)image->bytes, image->size, arena_of(run),
			       run->versions);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* What is not of the project itself. */
static bool is_foreign(const char *name)
{
	return name[0] == '.' || !strcmp(name, "subprojects") || !strcmp(name, "tests") ||
	       !strcmp(name, "test") || !strcmp(name, "third_party");
}

/* The files below a folder of a package; links are not followed. */
static int take_nodes(struct run *run, const struct package_node *node, const char *path,
		      unsigned depth)
{
	const struct package_node *child;
	int r = 0;

	if (node->kind == SOURCE_FILE)
		return run->files++ < MOST_FILES ? take_file(run, path, false) : 0;
	for (child = node->children; !r && depth < DEEPEST_FOLDER && child; child = child->next) {
		const char *inside = arena_printf(arena_of(run), "%s/%s", path, child->name);

		r = inside ? take_nodes(run, child, inside, depth + 1) : -ENOMEM;
	}
	return r;
}

static int take_package(struct run *run, const char *path)
{
	const char *version, *inside;
	const struct package_tree *tree;
	const char *into = arena_printf(arena_of(run), "%s/", path);
	bool is_mounted;
	int r = into ? package_mount(run->report, run->system->source, path, &is_mounted) : -ENOMEM;

	if (r || !is_mounted)
		return r;
	r = package_upstream_version(run->report, arena_of(run), path, &version);
	if (!r && version)
		r = add(run, NUMBER_PACKAGE, NULL, version, path, 0, false);
	tree = root_package(run->system->source, into, &inside);
	return r ? r : take_nodes(run, &tree->root, path, 0);
}

static int take_path(struct run *run, const char *path, unsigned depth)
{
	DIR *folder = folder_open(path, depth, DEEPEST_FOLDER);
	struct array_of(const char *) names = { 0 };
	struct dirent *entry;
	size_t i;
	int r = 0;

	if (!folder)
		return errno == ENOMEM	  ? -ENOMEM
		       : depth		  ? take_file(run, path, false)
		       : package_is(path) ? take_package(run, path)
					  : take_file(run, path, true);
	while (!r && (entry = readdir(folder)) != NULL && run->files++ < MOST_FILES) {
		const char *inside;

		if (is_foreign(entry->d_name) && strcmp(entry->d_name, ".version"))
			continue;
		inside = arena_printf(arena_of(run), "%s/%s", path, entry->d_name);
		r = inside ? array_push(&names, inside) : -ENOMEM;
	}
	closedir(folder);
	if (names.count)
		qsort(names.items, names.count, sizeof(*names.items), by_text);
	for (i = 0; !r && i < names.count; i++) {
		struct stat st;

		/* Links, as those that lead to a library, are not followed. */
		if (lstat(names.items[i], &st))
			continue;
		if (S_ISDIR(st.st_mode))
			r = depth + 1 < DEEPEST_FOLDER ? take_path(run, names.items[i], depth + 1)
						       : 0;
		else if (S_ISREG(st.st_mode))
			r = take_file(run, names.items[i], false);
	}
	array_done(&names);
	return r;
}

/* The library that is the next one of `old`, or NULL. */
static int find_next(struct run *run, const struct corpus *old, const char **ret)
{
	const char *stem = stem_of(run, old->soname ? old->soname : path_name(old->path));
	size_t i;

	*ret = NULL;
	for (i = 0; stem && !*ret && i < run->libraries.count; i++) {
		const char *other = stem_of(run, path_name(run->libraries.items[i]));

		if (!other)
			return -ENOMEM;
		if (!strcmp(stem, other))
			*ret = run->libraries.items[i];
	}
	return stem ? 0 : -ENOMEM;
}

static int compare_next(struct run *run, const struct corpus *old, const char *next,
			struct comparison **ret)
{
	static const struct side_types no_types;
	struct compare_options options = { .libc = LIBC_GLIBC };
	int r = side_read(run->system, run->report, next, &no_types, &run->new);

	run->versions->released = arena_strdup(arena_of(run), old->path);
	if (!run->versions->released)
		return -ENOMEM;
	return r || !run->new.items.count
		       ? r
		       : compare(old, run->new.items.items[0].corpus, &options, ret);
}

/* The last release may be a folder or package of several libraries. */
static int compare_last(struct run *run, const char *released, struct comparison **ret)
{
	static const struct side_types no_types;
	size_t i;
	int r = side_read(run->system, run->report, released, &no_types, &run->old);

	if (r || !run->old.items.count)
		return r;
	for (i = 0; i < run->old.items.count; i++) {
		const struct corpus *old = run->old.items.items[i].corpus;
		const char *next;

		r = find_next(run, old, &next);
		if (r || next)
			return r ? r : compare_next(run, old, next, ret);
	}
	return unchecked_add(&run->versions->findings, released, "what the last release asks for",
			     "there is no library of its name to compare it with",
			     "the library that was built, beside the tree", 1, true);
}

static int answer(struct run *run, const char *input, const char *released)
{
	struct comparison *comparison = NULL;
	size_t number;
	int r = build_numbers_resolve(arena_of(run), run->versions);

	if (!r && run->files > MOST_FILES)
		r = unchecked_add(&run->versions->findings, input, "the files that are left",
				  "only the first 20000 are looked at",
				  "the folder of the library alone", 1, true);
	if (!r && released)
		r = compare_last(run, released, &comparison);
	if (!r)
		r = versions_judge(run->versions, comparison, input);
	comparison_free(comparison);
	if (!r)
		r = report_add_input(run->report, input, &number);
	if (r)
		return r;
	if (!run->versions->numbers.count)
		return report_input_error(run->report, number, "input/unsupported", NULL,
					  "has no version number that is known");
	run->report->report.inputs.items[number].versions = run->versions;
	run->versions = NULL;
	return 0;
}

int abifit_versions(struct abifit_system *system, const char *const *paths, size_t count,
		    const struct abifit_versions_options *options, struct abifit_report **ret)
{
	struct abifit_versions_options copy = { .size = sizeof(copy) };
	struct run run = { .system = system };
	size_t i;
	int r = options_check(options, options ? options->size : 0, sizeof(copy));

	if (r)
		return context_fail(system->context, r, "versions options of an unknown size");
	if (!count)
		return context_fail(system->context, -EINVAL, "no tree and no file is given");
	if (options)
		memcpy(&copy, options, size_min(options->size, sizeof(copy)));
	r = report_new(system->context, system, "versions", &run.report);
	if (r)
		return context_fail(system->context, r, "out of memory");
	run.report->report.has_verdict = true;
	run.versions = calloc(1, sizeof(*run.versions));
	r = run.versions ? 0 : -ENOMEM;
	for (i = 0; !r && i < count; i++)
		r = take_path(&run, paths[i], 0);
	if (!r)
		r = answer(&run, paths[0], copy.released);
	side_done(&run.old);
	side_done(&run.new);
	array_done(&run.libraries);
	versions_free(run.versions);
	if (r) {
		abifit_report_unref(run.report);
		return r == -ENOMEM ? context_fail(system->context, r, "out of memory") : r;
	}
	report_conclude(run.report);
	*ret = run.report;
	return 0;
}

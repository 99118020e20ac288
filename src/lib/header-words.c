/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in lib/header-words.h. */
#include "lib/header-words.h"
#include "lib/packages.h"
#include "lib/folder.h"
#include "read/header.h"
#include "read/package.h"
#include "read/root.h"

#include <sys/stat.h>

#define DEEPEST_FOLDER 16

struct words {
	struct abifit_system *system;
	struct abifit_report *report;
	struct map *names;
	struct map *functions;
};

static int take(struct words *w, const char *bytes, size_t size)
{
	struct arena *arena = &w->report->report.arena;
	int r = header_names(bytes, size, arena, w->names);

	return r || !w->functions ? r : header_functions(bytes, size, arena, w->functions);
}

static int read_header(struct words *w, const char *path)
{
	struct image *image;
	size_t number;
	int r = root_adopt(w->system->source, path, &image);

	if (r == -ENOMEM)
		return r;
	if (r) {
		int error = r;

		r = report_add_input(w->report, path, &number);
		return r ? r : report_open_error(w->report, number, error);
	}
	return take(w, (const char *)image->bytes, image->size);
}

static int read_path(struct words *w, const char *path, unsigned depth);

static int read_entry(struct words *w, const char *folder, const char *name, unsigned depth)
{
	const char *path = arena_printf(&w->report->report.arena, "%s/%s", folder, name);
	struct stat st;

	if (!path)
		return -ENOMEM;
	/* Links out of the folder are not followed. */
	if (lstat(path, &st) || (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode)))
		return 0;
	return S_ISDIR(st.st_mode) ? read_path(w, path, depth + 1) : read_header(w, path);
}

static int read_path(struct words *w, const char *path, unsigned depth)
{
	DIR *folder = folder_open(path, depth, DEEPEST_FOLDER);
	struct dirent *entry;
	int r = 0;

	if (!folder && errno == ENOMEM)
		return -ENOMEM;
	if (!folder)
		return depth ? 0 : read_header(w, path);
	while (!r && (entry = readdir(folder)) != NULL) {
		if (entry->d_name[0] != '.')
			r = read_entry(w, path, entry->d_name, depth);
	}
	closedir(folder);
	return r;
}

static int read_node(struct words *w, const struct package_node *node, unsigned depth)
{
	const struct package_node *child;
	int r = 0;

	if (node->kind == SOURCE_FILE && node->file->bytes)
		return take(w, (const char *)node->file->bytes, (size_t)node->file->size);
	for (child = node->children; !r && depth < DEEPEST_FOLDER && child; child = child->next)
		r = read_node(w, child, depth + 1);
	return r;
}

/* Those of a package are below usr/include. */
static int read_package(struct words *w, const char *package)
{
	const char *into = arena_printf(&w->report->report.arena, "%s/", package);
	const struct package_node *node;
	const struct package_tree *tree;
	const char *inside;
	size_t number;
	bool is_mounted;
	int r = into ? package_mount(w->report, w->system->source, package, &is_mounted) : -ENOMEM;

	if (r || !is_mounted)
		return r;
	tree = root_package(w->system->source, into, &inside);
	if (!package_tree_find(tree, "/usr/include", true, &node))
		return read_node(w, node, 0);
	r = report_add_input(w->report, package, &number);
	return r ? r
		 : report_input_error(w->report, number, "input/unsupported", NULL,
				      "holds no headers: it has no usr/include");
}

int header_words_read(struct abifit_system *system, struct abifit_report *report,
		      const char *const *headers, struct map *names, struct map *functions)
{
	struct words words = { system, report, names, functions };
	size_t i;
	int r = 0;

	for (i = 0; !r && headers && headers[i]; i++)
		r = package_is(headers[i]) ? read_package(&words, headers[i])
					   : read_path(&words, headers[i], 0);
	return r;
}

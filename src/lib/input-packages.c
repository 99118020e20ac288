/* SPDX-License-Identifier: Apache-2.0 */
/* Packages as inputs, walked as if they were folders; contract in lib/inputs.h. */
#include "lib/inputs.h"
#include "lib/packages.h"
#include "read/package.h"
#include "read/root.h"

#include <string.h>
#include <sys/stat.h>

#define DEEPEST_FOLDER 100

static int walk(struct input_files *files, const char *path, const struct package_node *folder,
		unsigned depth);

static int by_name(const void *a, const void *b)
{
	return strcmp((*(const struct package_node *const *)a)->name,
		      (*(const struct package_node *const *)b)->name);
}

static int take_node(struct input_files *files, const char *folder, const struct package_node *node,
		     unsigned depth)
{
	const char *path = arena_printf(&files->arena, "%s/%s", folder, node->name);

	if (!path)
		return -ENOMEM;
	if (node->kind == SOURCE_FOLDER)
		return walk(files, path, node, depth + 1);
	if (node->kind != SOURCE_FILE || !node->file->bytes ||
	    !input_starts_as_wanted(node->file->bytes, (size_t)node->file->size, files->kinds))
		return 0;
	return array_push(&files->items, (struct input_file){ .path = path, .from_folder = true });
}

/* Sorted by name, as folders are. */
static int walk(struct input_files *files, const char *path, const struct package_node *folder,
		unsigned depth)
{
	struct array_of(const struct package_node *) nodes = { 0 };
	const struct package_node *node;
	size_t i;
	int r = 0;

	if (depth > DEEPEST_FOLDER)
		return 0;
	for (node = folder->children; !r && node; node = node->next)
		r = array_push(&nodes, node);
	if (!r && nodes.count)
		qsort(nodes.items, nodes.count, sizeof(*nodes.items), by_name);
	for (i = 0; !r && i < nodes.count; i++)
		r = take_node(files, path, nodes.items[i], depth);
	array_done(&nodes);
	return r;
}

/* The part of a path that is a file where a folder would be; 0: there is none. */
static size_t file_in(const char *path)
{
	const char *slash = strchr(path + (*path == '/'), '/');
	struct stat st;

	for (; slash; slash = strchr(slash + 1, '/')) {
		AUTO_FREE char *start = strndup(path, (size_t)(slash - path));

		if (!start || stat(start, &st))
			return 0;
		if (S_ISREG(st.st_mode))
			return (size_t)(slash - path);
	}
	return 0;
}

static int take_inside(struct input_files *files, const char *path)
{
	const struct package_node *node;
	const char *inside;
	const struct package_tree *tree = root_package(files->source, path, &inside);
	char *own;
	size_t length;
	int r = tree ? package_tree_find(tree, inside, true, &node) : -ENOENT;

	if (r || node->kind != SOURCE_FOLDER)
		return array_push(&files->items, (struct input_file){ .path = path, .error = r });
	own = arena_strdup(&files->arena, path);
	if (!own)
		return -ENOMEM;
	for (length = strlen(own); length && own[length - 1] == '/'; length--)
		own[length - 1] = '\0';
	files->has_package = true;
	return walk(files, own, node, 0);
}

int input_package_take(struct input_files *files, const char *path, bool is_named, bool *ret_taken)
{
	struct stat st;
	size_t length = is_named && stat(path, &st) ? file_in(path) : strlen(path);
	const char *package = arena_strndup(&files->arena, path, length);
	const struct fault *fault;
	const char *inside;
	int r;

	*ret_taken = false;
	if (!package)
		return -ENOMEM;
	if (!length || !package_is(package))
		return 0;
	*ret_taken = true;
	r = root_mount(files->source, package, &fault);
	if (r == -ENOMEM)
		return r;
	if (r)
		return array_push(&files->items,
				  (struct input_file){ .path = path, .error = r, .fault = fault });
	inside = path[length] ? path : arena_printf(&files->arena, "%s/", path);
	return inside ? take_inside(files, inside) : -ENOMEM;
}

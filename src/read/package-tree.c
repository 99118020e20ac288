/* SPDX-License-Identifier: Apache-2.0 */
/* Paths of a package, after path_resolution(7); contract in read/package-tree.h. */
#include "read/package-tree.h"

#include <stdio.h>
#include <string.h>

#define MOST_LINKS 40 /* as the kernel's MAXSYMLINKS */
#define MOST_STEPS (UINT64_C(1) << 27)

/* A resolution under way. `rest` is what is still to be walked; it ends at the end of `buffer`. */
struct walk {
	const struct package_tree *tree;
	struct package_tree *filled; /* the same, where what is missing is made; or NULL */
	struct package_node *at;
	unsigned links;
	bool follow; /* the last component as well */
	char *rest;
	char buffer[2 * PATH_MAX];
};

void package_tree_init(struct package_tree *tree, size_t node_most, size_t name_most)
{
	*tree = (struct package_tree){
		.root = { .name = "", .kind = SOURCE_FOLDER },
		.node_most = node_most,
		.name_most = name_most,
		.steps_left = MOST_STEPS,
	};
	tree->root.parent = &tree->root;
}

void package_tree_done(struct package_tree *tree)
{
	size_t i;

	for (i = 0; i < tree->files.count; i++) {
		if (tree->files.items[i]->is_owned)
			free((void *)tree->files.items[i]->bytes);
	}
	array_done(&tree->files);
	map_done(&tree->nodes);
	arena_done(&tree->arena);
}

/* `name` has fewer than PATH_MAX bytes. */
static struct package_node *child(const struct package_tree *tree,
				  const struct package_node *parent, const char *name,
				  size_t length)
{
	char key[PATH_MAX + 16];

	snprintf(key, sizeof(key), "%x/%.*s", parent->number, (int)length, name);
	return map_get(&tree->nodes, key);
}

static int add_child(struct package_tree *tree, struct package_node *parent, const char *name,
		     size_t length, struct package_node **ret)
{
	struct package_node *node;
	char *key;

	if (tree->node_count >= tree->node_most || length + 16 > tree->name_most - tree->name_bytes)
		return -E2BIG;
	node = arena_alloc(&tree->arena, sizeof(*node));
	key = node ? arena_printf(&tree->arena, "%x/%.*s", parent->number, (int)length, name)
		   : NULL;
	if (!key)
		return -ENOMEM;
	*node = (struct package_node){
		.name = strchr(key, '/') + 1,
		.parent = parent,
		.next = parent->children,
		.kind = SOURCE_FOLDER,
		.number = tree->node_count + 1,
	};
	if (map_set(&tree->nodes, key, node))
		return -ENOMEM;
	tree->node_count++;
	tree->name_bytes += length + 16;
	parent->children = node;
	*ret = node;
	return 0;
}

/* Puts a link's target before the rest, and goes back to where it counts from. */
static int follow(struct walk *w, const struct package_node *link)
{
	size_t length = strlen(link->target);

	if (++w->links > MOST_LINKS)
		return -ELOOP;
	if (length > (size_t)(w->rest - w->buffer))
		return -ENAMETOOLONG;
	w->rest -= length;
	memcpy(w->rest, link->target, length);
	w->at = link->target[0] == '/' ? (struct package_node *)&w->tree->root : link->parent;
	return 0;
}

static int enter(struct walk *w, const char *name, size_t length)
{
	struct package_node *node;
	int r;

	if (w->at->kind != SOURCE_FOLDER)
		return -ENOTDIR;
	node = child(w->tree, w->at, name, length);
	if (!node && !w->filled)
		return -ENOENT;
	if (!node) {
		r = add_child(w->filled, w->at, name, length, &node);
		if (r)
			return r;
	}
	if (node->kind == SOURCE_LINK && (w->follow || *w->rest))
		return follow(w, node);
	w->at = node;
	return 0;
}

static int walk_on(struct walk *w)
{
	for (;;) {
		const char *name;
		size_t length;
		int r;

		if (*w->rest == '/' && w->at->kind != SOURCE_FOLDER)
			return -ENOTDIR;
		w->rest += strspn(w->rest, "/");
		length = strcspn(w->rest, "/");
		if (!length)
			return 0;
		if (w->filled && !w->filled->steps_left--)
			return -E2BIG;
		name = w->rest;
		w->rest += length;
		if (length == 1 && name[0] == '.')
			continue;
		if (length == 2 && name[0] == '.' && name[1] == '.') {
			w->at = w->at->parent;
			continue;
		}
		r = enter(w, name, length);
		if (r)
			return r;
	}
}

static int walk(struct walk *w, const char *path, size_t length)
{
	if (length >= PATH_MAX)
		return -ENAMETOOLONG;
	w->at = (struct package_node *)&w->tree->root;
	w->rest = w->buffer + sizeof(w->buffer) - length - 1;
	memcpy(w->rest, path, length);
	w->rest[length] = '\0';
	return walk_on(w);
}

int package_tree_find(const struct package_tree *tree, const char *path, bool follow,
		      const struct package_node **ret)
{
	struct walk w = { .tree = tree, .follow = follow };
	int r = walk(&w, path, strlen(path));

	if (!r)
		*ret = w.at;
	return r;
}

/* What stands at the place of a new entry makes way for it, where unpacking would do that. */
static bool makes_way(const struct package_node *node, enum source_kind kind)
{
	if (node->kind == SOURCE_FOLDER)
		return kind != SOURCE_FOLDER && !node->children;
	/* A link to a folder serves as one. */
	return kind != SOURCE_FOLDER || node->kind != SOURCE_LINK;
}

int package_tree_add(struct package_tree *tree, const char *path, enum source_kind kind,
		     struct package_node **ret)
{
	struct walk w = { .tree = tree, .filled = tree, .follow = true };
	size_t length = strlen(path);
	struct package_node *node;
	size_t start;
	int r;

	*ret = NULL;
	while (length && path[length - 1] == '/')
		length--;
	for (start = length; start && path[start - 1] != '/'; start--)
		;
	/* "." and ".." name a folder that is there. */
	if (start == length || (length - start == 1 && path[start] == '.') ||
	    (length - start == 2 && !memcmp(path + start, "..", 2)))
		return 0;
	if (length >= PATH_MAX)
		return -ENAMETOOLONG;
	r = walk(&w, path, start);
	if (r)
		return r;
	if (w.at->kind != SOURCE_FOLDER)
		return -ENOTDIR;
	node = child(tree, w.at, path + start, length - start);
	if (!node) {
		r = add_child(tree, w.at, path + start, length - start, &node);
		if (r)
			return r;
	} else if (!makes_way(node, kind)) {
		return 0;
	}
	/* A file may be named again as a link to itself. */
	if (kind != SOURCE_FILE)
		node->file = NULL;
	node->kind = kind;
	node->target = NULL;
	*ret = node;
	return 0;
}

struct package_file *package_tree_new_file(struct package_tree *tree)
{
	struct package_file *file = arena_alloc(&tree->arena, sizeof(*file));

	if (!file || array_push(&tree->files, file))
		return NULL;
	file->number = (uint32_t)tree->files.count;
	return file;
}

char *package_tree_path(const struct package_node *node)
{
	const struct package_node *at;
	size_t length = 1;
	char *path, *end;

	for (at = node; *at->name; at = at->parent)
		length += strlen(at->name) + 1;
	path = malloc(length + 1);
	if (!path)
		return NULL;
	end = path + length - 1;
	*end = '\0';
	for (at = node; *at->name; at = at->parent) {
		size_t size = strlen(at->name);

		end -= size + 1;
		*end = '/';
		memcpy(end + 1, at->name, size);
	}
	if (node == at)
		memcpy(path, "/", 2);
	return path;
}

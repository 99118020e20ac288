/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The files of a package as a tree of their own, in which paths are resolved as chroot(2)
 * would: nothing leads out of it. It is filled by read/package-*.c and then stays as it is.
 */
#ifndef READ_PACKAGE_TREE_H
#define READ_PACKAGE_TREE_H

#include "base/arena.h"
#include "base/array.h"
#include "base/map.h"
#include "model/source.h"

#include <limits.h>

/* The content of one or more paths (hard links). */
struct package_file {
	const unsigned char *bytes; /* NULL: empty, or not kept */
	uint64_t size;
	uint64_t
		spooled; /* its place in the spool plus 1; 0: none. Only while the tree is filled */
	uint32_t number; /* in its tree, from 1 */
	uint32_t mode;
	bool is_kept;  /* else it is of no interest: neither ELF nor an archive, and large */
	bool is_owned; /* the bytes are malloc'ed */
};

struct package_node {
	const char *name; /* "" of the root */
	struct package_node *parent, *children, *next;
	struct package_file *file; /* SOURCE_FILE */
	const char *target;	   /* SOURCE_LINK */
	enum source_kind kind;
	uint32_t number;
};

struct package_tree {
	struct arena arena;
	struct map nodes; /* "PARENT/NAME", the parent by its number */
	struct package_node root;
	struct array_of(struct package_file *) files;
	uint32_t node_count;
	size_t node_most;
	size_t name_bytes, name_most;
	uint64_t steps_left; /* of resolving paths while it is filled */
	bool is_filled;
};

void package_tree_init(struct package_tree *tree, size_t node_most, size_t name_most);
void package_tree_done(struct package_tree *tree);

/*
 * Puts an entry at `path`, whose folders are made where there are none. What stood there is
 * replaced, as unpacking would; a folder with something in it stays. *ret NULL: there is
 * nothing to fill in, as the path is that of a folder. 0; -ENOMEM; -ENAMETOOLONG; -E2BIG: too
 * many nodes, names or links; -ELOOP; -ENOTDIR: a file stands where a folder is needed.
 */
int package_tree_add(struct package_tree *tree, const char *path, enum source_kind kind,
		     struct package_node **ret) MUST_CHECK;
/* A file without content. NULL: memory is out. */
struct package_file *package_tree_new_file(struct package_tree *tree);

/*
 * The node at `path`, which counts from the root with or without a slash; of the last link
 * itself where `follow` is false. 0 or what opening it would give: -ENOENT, -ENOTDIR, -ELOOP,
 * -ENAMETOOLONG. Several threads may ask at once.
 */
int package_tree_find(const struct package_tree *tree, const char *path, bool follow,
		      const struct package_node **ret) MUST_CHECK;
/* The path of a node from the root, "/" for that, malloc'ed; NULL: memory is out. */
char *package_tree_path(const struct package_node *node);

#endif

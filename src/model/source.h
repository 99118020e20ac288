/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one way by which engines reach files: a tree of files seen as the root
 * folder of some system. Paths are absolute and mean places inside that root;
 * symbolic links and ".." never lead out of it. Implementations: read/root.c
 * (a folder), tests (in memory). All functions may be called from several
 * threads at once.
 */
#ifndef MODEL_SOURCE_H
#define MODEL_SOURCE_H

#include "model/image.h"

enum source_kind { SOURCE_FILE, SOURCE_FOLDER, SOURCE_LINK, SOURCE_OTHER };

struct source_stat {
	enum source_kind kind;
	uint64_t device;
	uint64_t inode;
	uint64_t size;
	uint32_t mode;
};

/* Takes one name of a folder. Returns 0 to go on, else the value that list() returns. */
typedef int (*source_visit)(void *data, const char *name);

struct source;

struct source_ops {
	/* Follows links. 0, or the negative errno that opening there would give. */
	int (*stat)(struct source *source, const char *path, struct source_stat *ret);
	/*
	 * The image at `path`; every path of one file gives the same image. Any regular file has
	 * one (is_elf tells). The image is the source's, until the source is freed.
	 * 0, or the negative errno of open(2); -EISDIR for a folder; -ENOMEM.
	 */
	int (*open)(struct source *source, const char *path, struct image **ret);
	/* The whole content of a small file (at most `most` bytes), malloc'ed. 0, -EFBIG, or as open. */
	int (*load)(struct source *source, const char *path, size_t most, char **ret, size_t *ret_size);
	/* Names of a folder in no order, without "." and "..". */
	int (*list)(struct source *source, const char *path, source_visit visit, void *data);
	/* `path` with all links followed, malloc'ed, as a path inside the root. */
	int (*canonical)(struct source *source, const char *path, char **ret);
	void (*free)(struct source *source);
};

struct source {
	const struct source_ops *ops;
};

static inline int source_stat(struct source *source, const char *path, struct source_stat *ret)
{
	return source->ops->stat(source, path, ret);
}

static inline int source_open(struct source *source, const char *path, struct image **ret)
{
	return source->ops->open(source, path, ret);
}

static inline int source_load(struct source *source, const char *path, size_t most, char **ret,
			      size_t *ret_size)
{
	return source->ops->load(source, path, most, ret, ret_size);
}

static inline int source_list(struct source *source, const char *path, source_visit visit,
			      void *data)
{
	return source->ops->list(source, path, visit, data);
}

static inline int source_canonical(struct source *source, const char *path, char **ret)
{
	return source->ops->canonical(source, path, ret);
}

static inline void source_free(struct source *source)
{
	if (source)
		source->ops->free(source);
}

#endif

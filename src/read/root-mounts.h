/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Packages as folders: once one is mounted, paths that lead on from it, as in
 * "PKG.deb/usr/lib/libz.so.1", mean what is inside. No real path can look like that, as a
 * package is a file. Part of read/root.h; all functions may be called from several threads.
 */
#ifndef READ_ROOT_MOUNTS_H
#define READ_ROOT_MOUNTS_H

#include "base/file.h"
#include "read/package.h"

#include <pthread.h>

struct mount;

struct root_mounts {
	pthread_mutex_t lock;
	struct mount *list;
	uint32_t count;
	struct arena arena;
	struct spool spool;
};

/* A path that leads into a package. */
struct mounted {
	const struct mount *mount;
	const struct package_tree *tree;
	const char *inside; /* what follows the package in the path, from a slash on or empty */
};

int root_mounts_init(struct root_mounts *mounts) MUST_CHECK;
void root_mounts_done(struct root_mounts *mounts);
/* Reads the package at `path`, once. As package_open(); *ret_fault lives as long as the mounts. */
int root_mounts_add(struct root_mounts *mounts, const char *path,
		    const struct fault **ret_fault) MUST_CHECK;
/* False: the path leads into none of them. */
bool root_mounts_find(struct root_mounts *mounts, const char *path, struct mounted *ret);
/* As stat(2) and file_map(), of which the first is like no real file's device. */
int mounted_stat(const struct mounted *mounted, struct stat *ret) MUST_CHECK;
int mounted_map(const struct mounted *mounted, struct file *ret) MUST_CHECK;
/* As source_load() and source_list(). */
int mounted_load(const struct mounted *mounted, size_t most, char **ret,
		 size_t *ret_size) MUST_CHECK;
int mounted_list(const struct mounted *mounted, source_visit visit, void *data) MUST_CHECK;
/* As realpath(3); *ret malloc'ed. */
int mounted_real(const struct mounted *mounted, char **ret) MUST_CHECK;

#endif

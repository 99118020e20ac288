/* SPDX-License-Identifier: Apache-2.0 */
/* Paths inside a root folder; part of read/root.h. */
#ifndef READ_ROOT_PATH_H
#define READ_ROOT_PATH_H

#include "base/arena.h"
#include "base/map.h"

#include <limits.h>
#include <pthread.h>

struct root_paths {
	const char *folder; /* absolute, links followed; "" for "/" */
	pthread_mutex_t lock;
	struct map folders; /* path as given → struct resolved_folder */
	struct arena arena;
};

/* 0 or a negative errno. `folder` stays the caller's. */
int root_paths_init(struct root_paths *paths, const char *folder) MUST_CHECK;
void root_paths_done(struct root_paths *paths);

/*
 * Resolves the absolute `path` to one without links, inside the root; its last
 * component must exist. For "/" the path is only checked to be absolute.
 * 0, -EINVAL for a relative path, or the errno that open(2) would give.
 */
int root_paths_resolve(struct root_paths *paths, const char *path, char ret[PATH_MAX]) MUST_CHECK;

/* The same, as a path of the running system. */
int root_paths_host(struct root_paths *paths, const char *path, char ret[PATH_MAX]) MUST_CHECK;

/* True for errors that may be gone at the next attempt. */
bool root_error_passes(int error);

#endif

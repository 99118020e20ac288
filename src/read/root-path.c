/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Path resolution inside a root folder, after path_resolution(7). Folders are
 * remembered by the path that led to them, so a further file of a known folder
 * costs one system call.
 */
#include "read/root-path.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MOST_LINKS 40 /* as the kernel's MAXSYMLINKS */

struct resolved_folder {
	int error;
	char path[];
};

/* A resolution under way. `rest` is what is still to be walked; it ends at the end of `buffer`. */
struct walk {
	const struct root_paths *paths;
	char *path; /* PATH_MAX bytes: resolved so far, "" for the root, no NUL kept */
	size_t length;
	unsigned links;
	char *rest;
	char buffer[2 * PATH_MAX];
};

bool root_error_passes(int error)
{
	return error == -ENOMEM || error == -EMFILE || error == -ENFILE || error == -EINTR ||
	       error == -EAGAIN;
}

static int join(const char *folder, const char *path, size_t length, char ret[PATH_MAX])
{
	size_t before = strlen(folder);

	if (length >= PATH_MAX - before)
		return -ENAMETOOLONG;
	memcpy(ret, folder, before);
	memcpy(ret + before, path, length);
	ret[before + length] = '\0';
	if (!before && !length)
		memcpy(ret, "/", 2);
	return 0;
}

/* Reads the link at `host` into `target` and its length; length 0 means that it is no link. */
static int look(const char *host, bool want_folder, char target[PATH_MAX], size_t *ret_length)
{
	struct stat st;
	ssize_t n;

	*ret_length = 0;
	if (want_folder) {
		if (lstat(host, &st))
			return -errno;
		if (S_ISDIR(st.st_mode))
			return 0;
		if (!S_ISLNK(st.st_mode))
			return -ENOTDIR;
	}
	n = readlink(host, target, PATH_MAX);
	if (n < 0)
		return errno == EINVAL ? 0 : -errno;
	if (n == PATH_MAX)
		return -ENAMETOOLONG;
	*ret_length = (size_t)n;
	return 0;
}

static void leave(struct walk *w)
{
	while (w->length && w->path[--w->length] != '/')
		;
}

/* Puts a link's target before the rest, and goes back to where it counts from. */
static int follow(struct walk *w, const char *target, size_t length)
{
	if (++w->links > MOST_LINKS)
		return -ELOOP;
	if (length > (size_t)(w->rest - w->buffer))
		return -ENAMETOOLONG;
	w->rest -= length;
	memcpy(w->rest, target, length);
	if (target[0] == '/')
		w->length = 0;
	else
		leave(w);
	return 0;
}

static int enter(struct walk *w, const char *name, size_t length)
{
	char host[PATH_MAX];
	char target[PATH_MAX];
	size_t target_length;
	int r;

	if (length > NAME_MAX || length + 1 >= PATH_MAX - w->length)
		return -ENAMETOOLONG;
	w->path[w->length] = '/';
	memcpy(w->path + w->length + 1, name, length);
	w->length += length + 1;
	r = join(w->paths->folder, w->path, w->length, host);
	if (!r)
		r = look(host, *w->rest == '/', target, &target_length);
	if (!r && target_length)
		r = follow(w, target, target_length);
	return r;
}

static int walk_on(struct walk *w)
{
	for (;;) {
		const char *name;
		size_t length;
		int r;

		w->rest += strspn(w->rest, "/");
		length = strcspn(w->rest, "/");
		if (!length)
			return 0;
		name = w->rest;
		w->rest += length;
		if (length == 1 && name[0] == '.')
			continue;
		if (length == 2 && name[0] == '.' && name[1] == '.') {
			leave(w);
			continue;
		}
		r = enter(w, name, length);
		if (r)
			return r;
	}
}

/* Walks `rest` from `w->path`, which is a resolved folder of `w->length` bytes. */
static int walk(struct walk *w, const char *rest)
{
	size_t size = strlen(rest) + 1;
	int r;

	if (size > PATH_MAX)
		return -ENAMETOOLONG;
	w->rest = w->buffer + sizeof(w->buffer) - size;
	memcpy(w->rest, rest, size);
	r = walk_on(w);
	if (r)
		return r;
	w->path[w->length] = '\0';
	return 0;
}

static int remember(struct root_paths *paths, const char *folder, int error, const char *path)
{
	size_t size = error ? 1 : strlen(path) + 1;
	struct resolved_folder *known = NULL;
	char *key = arena_strdup(&paths->arena, folder);

	if (key)
		known = arena_alloc(&paths->arena, sizeof(*known) + size);
	if (!known)
		return -ENOMEM;
	known->error = error;
	if (!error)
		memcpy(known->path, path, size);
	return map_set(&paths->folders, key, known);
}

/* Resolves the folder named by `folder` (which ends in a slash) into w->path. */
static int resolve_folder(struct root_paths *paths, struct walk *w, const char *folder)
{
	const struct resolved_folder *known;
	int r;

	pthread_mutex_lock(&paths->lock);
	known = map_get(&paths->folders, folder);
	pthread_mutex_unlock(&paths->lock);
	if (known) {
		if (known->error)
			return known->error;
		w->length = strlen(known->path);
		memcpy(w->path, known->path, w->length);
		return 0;
	}
	r = walk(w, folder);
	if (root_error_passes(r))
		return r;
	pthread_mutex_lock(&paths->lock);
	if (remember(paths, folder, r, w->path))
		r = -ENOMEM;
	pthread_mutex_unlock(&paths->lock);
	return r;
}

static int resolve_inside(struct root_paths *paths, const char *path, char ret[PATH_MAX])
{
	const char *name = strrchr(path, '/') + 1;
	struct walk w = { .paths = paths, .path = ret };
	char folder[PATH_MAX];
	int r;

	if ((size_t)(name - path) >= sizeof(folder))
		return -ENAMETOOLONG;
	memcpy(folder, path, (size_t)(name - path));
	folder[name - path] = '\0';
	r = resolve_folder(paths, &w, folder);
	if (r)
		return r;
	/* Links in the folder's path count anew here; the kernel would stop at 40 in all. */
	r = walk(&w, name);
	if (!r && !w.length)
		memcpy(ret, "/", 2);
	return r;
}

int root_paths_resolve(struct root_paths *paths, const char *path, char ret[PATH_MAX])
{
	size_t length;

	if (path[0] != '/')
		return -EINVAL;
	if (paths->folder[0])
		return resolve_inside(paths, path, ret);
	length = strlen(path);
	if (length >= PATH_MAX)
		return -ENAMETOOLONG;
	memcpy(ret, path, length + 1);
	return 0;
}

int root_paths_host(struct root_paths *paths, const char *path, char ret[PATH_MAX])
{
	char inside[PATH_MAX];
	int r;

	if (!paths->folder[0])
		return root_paths_resolve(paths, path, ret);
	r = root_paths_resolve(paths, path, inside);
	return r ? r : join(paths->folder, inside, strlen(inside), ret);
}

int root_paths_init(struct root_paths *paths, const char *folder)
{
	*paths = (struct root_paths){ .folder = folder };
	return -pthread_mutex_init(&paths->lock, NULL);
}

void root_paths_done(struct root_paths *paths)
{
	pthread_mutex_destroy(&paths->lock);
	map_done(&paths->folders);
	arena_done(&paths->arena);
}

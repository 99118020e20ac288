/* SPDX-License-Identifier: Apache-2.0 */
/* A folder as the root of a system: the table of its images; contract in read/root.h. */
#include "read/root.h"
#include "base/file.h"
#include "read/elf.h"
#include "read/root-mounts.h"
#include "read/root-path.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* Before keys of host paths; those inside the root start with a slash. */
#define HOST_MARK "host:"

/* What a path or an inode led to. */
struct entry {
	struct image *image; /* NULL: error, or not yet read */
	int error;
	bool busy;	  /* some thread is reading the file */
	bool is_borrowed; /* the bytes are of a package */
	struct entry *next;
};

struct root {
	struct source source;
	struct root_paths paths;
	struct root_mounts mounts;
	char *folder;
	uint64_t device; /* of the folder itself */
	uint64_t inode;
	pthread_mutex_t lock; /* of all below */
	pthread_cond_t read_done;
	struct arena arena;
	struct map by_path;
	struct map by_inode;
	struct map real_folders; /* of the running system: folder → the same with links followed */
	struct entry *files;	 /* of by_inode */
	uint32_t image_count;
};

static struct root *root_of(struct source *source)
{
	return (struct root *)source;
}

int root_map(struct source *source, const char *host_path, struct file *ret)
{
	struct mounted mounted;

	return root_mounts_find(&root_of(source)->mounts, host_path, &mounted)
		       ? mounted_map(&mounted, ret)
		       : file_map(host_path, ret);
}

static int host_stat(struct root *root, const char *host, struct stat *ret)
{
	struct mounted mounted;

	if (root_mounts_find(&root->mounts, host, &mounted))
		return mounted_stat(&mounted, ret);
	return stat(host, ret) ? -errno : 0;
}

/* Maps and reads one file. The caller keeps others from doing the same. */
static int read_image(struct root *root, const char *host, const char *path, const struct stat *st,
		      struct image **ret, bool *ret_borrowed)
{
	struct file file = { 0 };
	struct image *image;
	int r = root_map(&root->source, host, &file);

	if (r)
		return r;
	image = image_new(path);
	if (!image) {
		file_unmap(&file);
		return -ENOMEM;
	}
	image->bytes = file.bytes;
	image->size = file.size;
	image->device = st->st_dev;
	image->inode = st->st_ino;
	image->mode = file.stat.st_mode;
	r = elf_read(image);
	if (r) {
		image_free(image);
		file_unmap(&file);
		return r;
	}
	*ret = image;
	*ret_borrowed = file.is_borrowed;
	return 0;
}

static struct entry *add_file(struct root *root, const char *key)
{
	struct entry *entry = arena_alloc(&root->arena, sizeof(*entry));
	char *kept = arena_strdup(&root->arena, key);

	if (!entry || !kept || map_set(&root->by_inode, kept, entry))
		return NULL;
	entry->next = root->files;
	root->files = entry;
	return entry;
}

/* Called and returns with the lock held; lets go of it while reading. */
static void fill_file(struct root *root, struct entry *entry, const char *host, const char *path,
		      const struct stat *st)
{
	struct image *image = NULL;
	bool is_borrowed = false;
	int r;

	entry->busy = true;
	pthread_mutex_unlock(&root->lock);
	r = read_image(root, host, path, st, &image, &is_borrowed);
	pthread_mutex_lock(&root->lock);
	if (image)
		image->id = root->image_count++;
	entry->image = image;
	entry->error = r;
	entry->is_borrowed = is_borrowed;
	entry->busy = false;
	pthread_cond_broadcast(&root->read_done);
}

/* The entry of a file, read if need be. Called with the lock held. NULL: out of memory. */
static struct entry *find_file(struct root *root, const char *host, const char *path,
			       const struct stat *st)
{
	char key[40];
	struct entry *entry;

	snprintf(key, sizeof(key), "%llx:%llx", (unsigned long long)st->st_dev,
		 (unsigned long long)st->st_ino);
	entry = map_get(&root->by_inode, key);
	if (!entry) {
		entry = add_file(root, key);
		if (!entry)
			return NULL;
		fill_file(root, entry, host, path, st);
		return entry;
	}
	while (entry->busy)
		pthread_cond_wait(&root->read_done, &root->lock);
	if (!entry->image && root_error_passes(entry->error))
		fill_file(root, entry, host, path, st);
	return entry;
}

static int remember(struct root *root, const char *key, struct entry *entry)
{
	char *kept;

	if (map_get(&root->by_path, key))
		return 0;
	kept = arena_strdup(&root->arena, key);
	return kept ? map_set(&root->by_path, kept, entry) : -ENOMEM;
}

static int remember_error(struct root *root, const char *key, int error)
{
	struct entry *entry;
	int r;

	if (root_error_passes(error))
		return error;
	pthread_mutex_lock(&root->lock);
	entry = arena_alloc(&root->arena, sizeof(*entry));
	if (entry)
		entry->error = error;
	r = entry ? remember(root, key, entry) : -ENOMEM;
	pthread_mutex_unlock(&root->lock);
	return r ? r : error;
}

static int stat_regular(struct root *root, const char *host, struct stat *ret)
{
	int r = host_stat(root, host, ret);

	if (r)
		return r;
	if (S_ISDIR(ret->st_mode))
		return -EISDIR;
	return S_ISREG(ret->st_mode) ? 0 : -EINVAL;
}

static int open_host(struct root *root, const char *key, const char *host, const char *path,
		     struct image **ret)
{
	struct entry *entry;
	struct stat st;
	int r = stat_regular(root, host, &st);

	if (r)
		return remember_error(root, key, r);
	pthread_mutex_lock(&root->lock);
	entry = find_file(root, host, path, &st);
	r = entry ? entry->error : -ENOMEM;
	if (entry && !root_error_passes(r) && remember(root, key, entry))
		r = -ENOMEM;
	if (!r)
		*ret = entry->image;
	pthread_mutex_unlock(&root->lock);
	return r;
}

/* True when the path was opened before; then *ret_error is what opening it gives. */
static bool recall(struct root *root, const char *key, struct image **ret, int *ret_error)
{
	const struct entry *entry;

	pthread_mutex_lock(&root->lock);
	entry = map_get(&root->by_path, key);
	if (entry) {
		*ret_error = entry->error;
		if (entry->image)
			*ret = entry->image;
	}
	pthread_mutex_unlock(&root->lock);
	return entry;
}

static int root_source_open(struct source *source, const char *path, struct image **ret)
{
	struct root *root = root_of(source);
	char host[PATH_MAX];
	int r;

	if (recall(root, path, ret, &r))
		return r;
	r = root_paths_host(&root->paths, path, host);
	if (r)
		return path[0] == '/' ? remember_error(root, path, r) : r;
	return open_host(root, path, host, path, ret);
}

int root_adopt(struct source *source, const char *host_path, struct image **ret)
{
	struct root *root = root_of(source);
	AUTO_FREE char *key = NULL;
	int r;

	if (asprintf(&key, HOST_MARK "%s", host_path) < 0) {
		key = NULL;
		return -ENOMEM;
	}
	if (recall(root, key, ret, &r))
		return r;
	return open_host(root, key, host_path, host_path, ret);
}

static int root_source_stat(struct source *source, const char *path, struct source_stat *ret)
{
	char host[PATH_MAX];
	struct stat st;
	int r = root_paths_host(&root_of(source)->paths, path, host);

	if (!r)
		r = host_stat(root_of(source), host, &st);
	if (r)
		return r;
	*ret = (struct source_stat){
		.kind = S_ISREG(st.st_mode)   ? SOURCE_FILE
			: S_ISDIR(st.st_mode) ? SOURCE_FOLDER
					      : SOURCE_OTHER,
		.device = st.st_dev,
		.inode = st.st_ino,
		.size = (uint64_t)st.st_size,
		.mode = st.st_mode,
	};
	return 0;
}

static int root_source_load(struct source *source, const char *path, size_t most, char **ret,
			    size_t *ret_size)
{
	char host[PATH_MAX];
	struct mounted mounted;
	struct stat st;
	int r = root_paths_host(&root_of(source)->paths, path, host);
	int fd;

	if (!r)
		r = stat_regular(root_of(source), host, &st);
	if (r)
		return r;
	if (root_mounts_find(&root_of(source)->mounts, host, &mounted))
		return mounted_load(&mounted, most, ret, ret_size);
	fd = open(host, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return -errno;
	r = file_load(fd, most, ret, ret_size);
	close(fd);
	return r;
}

static int root_source_list(struct source *source, const char *path, source_visit visit, void *data)
{
	char host[PATH_MAX];
	struct mounted mounted;
	const struct dirent *d;
	DIR *folder;
	int r = root_paths_host(&root_of(source)->paths, path, host);

	if (r)
		return r;
	if (root_mounts_find(&root_of(source)->mounts, host, &mounted))
		return mounted_list(&mounted, visit, data);
	folder = opendir(host);
	if (!folder)
		return -errno;
	while (!r) {
		errno = 0;
		d = readdir(folder);
		if (!d) {
			r = -errno;
			break;
		}
		if (strcmp(d->d_name, ".") && strcmp(d->d_name, ".."))
			r = visit(data, d->d_name);
	}
	closedir(folder);
	return r;
}

static int root_source_canonical(struct source *source, const char *path, char **ret)
{
	struct root *root = root_of(source);
	char inside[PATH_MAX];
	struct mounted mounted;
	char *text;
	int r = root_paths_resolve(&root->paths, path, inside);

	if (r)
		return r;
	if (!root->folder[0] && root_mounts_find(&root->mounts, inside, &mounted))
		return mounted_real(&mounted, ret);
	text = root->folder[0] ? strdup(inside) : realpath(inside, NULL);
	if (!text)
		return root->folder[0] ? -ENOMEM : -errno;
	*ret = text;
	return 0;
}

static void root_source_free(struct source *source)
{
	struct root *root = root_of(source);
	struct entry *entry;

	for (entry = root->files; entry; entry = entry->next) {
		struct image *image = entry->image;

		if (image && image->bytes && !entry->is_borrowed)
			munmap((void *)image->bytes, image->size);
		image_free(image);
	}
	map_done(&root->by_path);
	map_done(&root->by_inode);
	map_done(&root->real_folders);
	arena_done(&root->arena);
	pthread_cond_destroy(&root->read_done);
	pthread_mutex_destroy(&root->lock);
	root_paths_done(&root->paths);
	root_mounts_done(&root->mounts);
	free(root->folder);
	free(root);
}

static const struct source_ops root_ops = {
	.stat = root_source_stat,
	.open = root_source_open,
	.load = root_source_load,
	.list = root_source_list,
	.canonical = root_source_canonical,
	.free = root_source_free,
};

static int find_folder(struct root *root, const char *folder)
{
	struct stat st;

	root->folder = realpath(folder, NULL);
	if (!root->folder || stat(root->folder, &st))
		return -errno;
	if (!S_ISDIR(st.st_mode))
		return -ENOTDIR;
	root->device = st.st_dev;
	root->inode = st.st_ino;
	if (!strcmp(root->folder, "/"))
		root->folder[0] = '\0';
	return 0;
}

static int init_locks(struct root *root)
{
	int r = root_paths_init(&root->paths, root->folder);

	if (r)
		return r;
	r = root_mounts_init(&root->mounts);
	if (r) {
		root_paths_done(&root->paths);
		return r;
	}
	r = -pthread_mutex_init(&root->lock, NULL);
	if (!r) {
		r = -pthread_cond_init(&root->read_done, NULL);
		if (!r)
			return 0;
		pthread_mutex_destroy(&root->lock);
	}
	root_mounts_done(&root->mounts);
	root_paths_done(&root->paths);
	return r;
}

int root_mount(struct source *source, const char *host_path, const struct fault **ret_fault)
{
	return root_mounts_add(&root_of(source)->mounts, host_path, ret_fault);
}

const struct package_tree *root_package(struct source *source, const char *host_path,
					const char **ret_inside)
{
	struct mounted mounted;

	if (!root_mounts_find(&root_of(source)->mounts, host_path, &mounted))
		return NULL;
	*ret_inside = mounted.inside;
	return mounted.tree;
}

char *root_real(struct source *source, const char *host_path)
{
	struct mounted mounted;
	char *real = NULL;

	if (!root_mounts_find(&root_of(source)->mounts, host_path, &mounted))
		return realpath(host_path, NULL);
	return mounted_real(&mounted, &real) ? NULL : real;
}

int root_open(const char *folder, struct source **ret)
{
	struct root *root = calloc(1, sizeof(*root));
	int r;

	if (!root)
		return -ENOMEM;
	root->source.ops = &root_ops;
	r = find_folder(root, folder);
	if (!r)
		r = init_locks(root);
	if (r) {
		free(root->folder);
		free(root);
		return r;
	}
	*ret = &root->source;
	return 0;
}

static bool has_parent_step(const char *path)
{
	const char *at = path;

	while ((at = strstr(at, ".."))) {
		if ((at == path || at[-1] == '/') && (at[2] == '/' || !at[2]))
			return true;
		at += 2;
	}
	return false;
}

/*
 * What follows the part of `host_path` that is the root folder itself. Found
 * this way, links in what follows can be resolved inside the root.
 */
static const char *after_folder(const struct root *root, const char *host_path)
{
	char part[PATH_MAX];
	const char *at = host_path;

	while ((at = strchr(at + 1, '/'))) {
		struct stat st;

		if ((size_t)(at - host_path) >= sizeof(part))
			return NULL;
		memcpy(part, host_path, (size_t)(at - host_path));
		part[at - host_path] = '\0';
		if (!stat(part, &st) && st.st_dev == root->device && st.st_ino == root->inode)
			return has_parent_step(at) ? NULL : at;
	}
	return NULL;
}

static const char *below(const char *folder, const char *path)
{
	size_t length = strlen(folder);

	return !strncmp(path, folder, length) && path[length] == '/' ? path + length : NULL;
}

/* A relative path is made absolute, so that it may name the root folder by way of the cwd. */
static char *absolute(const char *host_path)
{
	AUTO_FREE char *cwd = host_path[0] == '/' ? strdup("") : getcwd(NULL, 0);
	char *path;

	if (!cwd || asprintf(&path, "%s/%s", cwd, host_path) < 0)
		return NULL;
	return path;
}

/* realpath() of a folder, remembered; NULL when it fails. The length of `folder` is given. */
static const char *real_folder(struct root *root, const char *folder, size_t length)
{
	char key[PATH_MAX];
	const char *known;
	char *kept;

	if (length >= sizeof(key))
		return NULL;
	memcpy(key, folder, length);
	key[length] = '\0';
	pthread_mutex_lock(&root->lock);
	known = map_get(&root->real_folders, key);
	if (!known) {
		AUTO_FREE char *real = realpath(length ? key : "/", NULL);

		kept = real ? arena_strdup(&root->arena, key) : NULL;
		known = kept ? arena_strdup(&root->arena, strcmp(real, "/") ? real : "") : NULL;
		if (known && map_set(&root->real_folders, kept, (void *)known))
			known = NULL;
	}
	pthread_mutex_unlock(&root->lock);
	return known;
}

/* realpath() that looks at the folder once for all its files. */
static char *real_file(struct root *root, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *folder = slash ? real_folder(root, path, (size_t)(slash - path)) : NULL;
	char link[1];
	char *whole;

	if (!folder || !slash[1] || !strcmp(slash + 1, ".") || !strcmp(slash + 1, ".."))
		return realpath(path, NULL);
	if (asprintf(&whole, "%s/%s", folder, slash + 1) < 0)
		return NULL;
	if (readlink(whole, link, sizeof(link)) < 0 && errno == EINVAL)
		return whole;
	free(whole);
	return realpath(path, NULL);
}

char *root_inside(struct source *source, const char *host_path)
{
	struct root *root = root_of(source);
	AUTO_FREE char *whole = absolute(host_path);
	AUTO_FREE char *real = NULL;
	const char *path = NULL;
	struct mounted mounted;
	char *inside = NULL;

	if (!host_path[0] || !whole)
		return NULL;
	if (!root->folder[0] && root_mounts_find(&root->mounts, host_path, &mounted))
		return root_real(source, host_path);
	if (!root->folder[0])
		return real_file(root, whole);
	path = after_folder(root, whole);
	if (!path) {
		real = realpath(host_path, NULL);
		path = real ? below(root->folder, real) : NULL;
	}
	if (!path || source_canonical(source, path, &inside))
		return NULL;
	return inside;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in read/root-mounts.h. */
#include "read/root-mounts.h"

#include <stdio.h>
#include <string.h>

struct mount {
	const char *named;
	const char *real;	 /* with links followed */
	struct package *package; /* NULL: it could not be read */
	int error;
	struct fault fault;
	uint32_t number;
	struct mount *next;
};

int root_mounts_init(struct root_mounts *mounts)
{
	*mounts = (struct root_mounts){ 0 };
	spool_init(&mounts->spool, PACKAGE_MEMORY);
	return -pthread_mutex_init(&mounts->lock, NULL);
}

void root_mounts_done(struct root_mounts *mounts)
{
	struct mount *mount;

	for (mount = mounts->list; mount; mount = mount->next)
		package_free(mount->package);
	spool_done(&mounts->spool);
	arena_done(&mounts->arena);
	pthread_mutex_destroy(&mounts->lock);
}

/* Called with the lock held, as all that follows. */
static int add(struct root_mounts *mounts, const char *path, const char *real, struct mount **ret)
{
	struct mount *mount = arena_alloc(&mounts->arena, sizeof(*mount));
	int r;

	if (!mount)
		return -ENOMEM;
	mount->named = arena_strdup(&mounts->arena, path);
	mount->real = arena_strdup(&mounts->arena, real);
	if (!mount->named || !mount->real)
		return -ENOMEM;
	r = package_open(real, &package_default_limits, PACKAGE_DATA, &mounts->spool,
			 &mounts->arena, &mount->fault, &mount->package);
	if (r == -ENOMEM)
		return r;
	mount->error = r;
	mount->number = ++mounts->count;
	mount->next = mounts->list;
	__atomic_store_n(&mounts->list, mount, __ATOMIC_RELEASE);
	*ret = mount;
	return 0;
}

static struct mount *known(const struct root_mounts *mounts, const char *path, const char *real)
{
	struct mount *mount;

	for (mount = mounts->list; mount; mount = mount->next) {
		if (!strcmp(mount->named, path) && !strcmp(mount->real, real))
			return mount;
	}
	return NULL;
}

int root_mounts_add(struct root_mounts *mounts, const char *path, const struct fault **ret_fault)
{
	AUTO_FREE char *real = realpath(path, NULL);
	struct mount *mount;
	int r = 0;

	*ret_fault = NULL;
	if (!real)
		return -errno;
	pthread_mutex_lock(&mounts->lock);
	mount = known(mounts, path, real);
	if (!mount)
		r = add(mounts, path, real, &mount);
	pthread_mutex_unlock(&mounts->lock);
	if (r)
		return r;
	if (mount->error == -EBADMSG)
		*ret_fault = &mount->fault;
	return mount->error;
}

static const char *after(const char *path, const char *package)
{
	size_t length = strlen(package);

	return !strncmp(path, package, length) && (path[length] == '/' || !path[length])
		       ? path + length
		       : NULL;
}

bool root_mounts_find(struct root_mounts *mounts, const char *path, struct mounted *ret)
{
	const struct mount *mount;
	const char *inside = NULL;

	/* Asked for each file that is looked at, mostly without any packages. */
	if (!__atomic_load_n(&mounts->list, __ATOMIC_ACQUIRE))
		return false;
	pthread_mutex_lock(&mounts->lock);
	for (mount = mounts->list; mount; mount = mount->next) {
		inside = mount->package ? after(path, mount->named) : NULL;
		if (mount->package && !inside)
			inside = after(path, mount->real);
		/* The package itself is a file. */
		if (inside && *inside)
			break;
	}
	pthread_mutex_unlock(&mounts->lock);
	if (!mount)
		return false;
	*ret = (struct mounted){ mount, &mount->package->data, inside };
	return true;
}

static mode_t mode_of(const struct package_node *node)
{
	static const mode_t kinds[] = {
		[SOURCE_FILE] = S_IFREG,
		[SOURCE_FOLDER] = S_IFDIR | 0755,
		[SOURCE_LINK] = S_IFLNK | 0777,
		[SOURCE_OTHER] = S_IFIFO,
	};

	return kinds[node->kind] | (node->file ? node->file->mode & 07777 : 0);
}

int mounted_stat(const struct mounted *mounted, struct stat *ret)
{
	const struct package_node *node;
	int r = package_tree_find(mounted->tree, mounted->inside, true, &node);

	if (r)
		return r;
	*ret = (struct stat){
		.st_dev = ~(dev_t)0 - mounted->mount->number,
		.st_ino = node->file ? node->file->number
				     : (ino_t)node->number + UINT64_C(0x100000000),
		.st_mode = mode_of(node),
		.st_size = node->file ? (off_t)node->file->size : 0,
	};
	return 0;
}

int mounted_map(const struct mounted *mounted, struct file *ret)
{
	const struct package_node *node;
	struct file file = { .is_borrowed = true };
	int r = package_tree_find(mounted->tree, mounted->inside, true, &node);

	if (!r)
		r = mounted_stat(mounted, &file.stat);
	if (r)
		return r;
	if (node->kind != SOURCE_FILE)
		return node->kind == SOURCE_FOLDER ? -EISDIR : -EINVAL;
	file.bytes = node->file->bytes;
	file.size = file.bytes ? (size_t)node->file->size : 0;
	*ret = file;
	return 0;
}

int mounted_load(const struct mounted *mounted, size_t most, char **ret, size_t *ret_size)
{
	struct file file;
	int r = mounted_map(mounted, &file);

	if (r)
		return r;
	if (file.size > most || (file.stat.st_size && !file.bytes))
		return -EFBIG;
	*ret = malloc(file.size + 1);
	if (!*ret)
		return -ENOMEM;
	if (file.size)
		memcpy(*ret, file.bytes, file.size);
	(*ret)[file.size] = '\0';
	*ret_size = file.size;
	return 0;
}

int mounted_list(const struct mounted *mounted, source_visit visit, void *data)
{
	const struct package_node *node, *each;
	int r = package_tree_find(mounted->tree, mounted->inside, true, &node);

	if (!r && node->kind != SOURCE_FOLDER)
		r = -ENOTDIR;
	if (r)
		return r;
	for (each = node->children; !r && each; each = each->next)
		r = visit(data, each->name);
	return r;
}

int mounted_real(const struct mounted *mounted, char **ret)
{
	const struct package_node *node;
	AUTO_FREE char *path = NULL;
	int r = package_tree_find(mounted->tree, mounted->inside, true, &node);

	if (r)
		return r;
	path = package_tree_path(node);
	if (!path || asprintf(ret, "%s%s", mounted->mount->real, path) < 0)
		return -ENOMEM;
	return 0;
}

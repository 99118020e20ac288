/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a root folder with ld.so.conf: files between NUL bytes, the path
 * in the first line of each. A file that starts with "L" is a library, whose
 * soname stands in the line after it; one that starts with "@" is a link to the
 * path behind it. Folders are those above the files.
 */
#include "base/map.h"
#include "read/ldconf.h"

#include <string.h>

#define MOST_FILES 64u

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

struct made_file {
	char *path;
	char *content;
	struct image *image;
};

struct made {
	struct source source;
	struct made_file files[MOST_FILES];
	size_t count;
};

static struct made_file *find(struct made *made, const char *path)
{
	unsigned links = 0;
	size_t i;

	for (i = 0; i < made->count; i++) {
		struct made_file *file = &made->files[i];

		if (strcmp(file->path, path))
			continue;
		if (file->content[0] != '@')
			return file;
		if (++links > 8)
			return NULL;
		path = file->content + 1;
		i = (size_t)-1;
	}
	return NULL;
}

static bool is_above(const char *folder, const char *path)
{
	size_t length = strlen(folder);

	if (length && folder[length - 1] == '/')
		length--;
	return !strncmp(folder, path, length) && path[length] == '/';
}

static bool is_folder(const struct made *made, const char *path)
{
	size_t i;

	for (i = 0; i < made->count; i++) {
		if (is_above(path, made->files[i].path))
			return true;
	}
	return false;
}

static int made_stat(struct source *source, const char *path, struct source_stat *ret)
{
	struct made *made = (struct made *)source;
	const struct made_file *file = find(made, path);

	if (!file && !is_folder(made, path))
		return -ENOENT;
	*ret = (struct source_stat){
		.kind = file ? SOURCE_FILE : SOURCE_FOLDER,
		.inode = file ? (uint64_t)(file - made->files) : hash_bytes(path, strlen(path)),
	};
	return 0;
}

static int made_open(struct source *source, const char *path, struct image **ret)
{
	struct made_file *file = find((struct made *)source, path);
	struct image *image;

	if (!file)
		return -ENOENT;
	if (!file->image) {
		image = image_new(path);
		if (!image)
			return -ENOMEM;
		image->is_elf = image->has_dynamic = file->content[0] == 'L';
		image->elf_type = ET_DYN;
		image->machine = machine_at((unsigned char)file->content[0] % 3);
		if (file->content[0] && file->content[1] == '\n')
			image->soname = file->content + 2;
		file->image = image;
	}
	*ret = file->image;
	return 0;
}

static int made_load(struct source *source, const char *path, size_t most, char **ret,
		     size_t *ret_size)
{
	const struct made_file *file = find((struct made *)source, path);

	if (!file)
		return -ENOENT;
	*ret_size = strlen(file->content);
	if (*ret_size > most)
		return -EFBIG;
	*ret = strdup(file->content);
	return *ret ? 0 : -ENOMEM;
}

static int made_list(struct source *source, const char *path, source_visit visit, void *data)
{
	struct made *made = (struct made *)source;
	size_t length = strlen(path);
	size_t i;
	int r = 0;

	if (length && path[length - 1] == '/')
		length--;
	for (i = 0; i < made->count && !r; i++) {
		char *name;

		if (!is_above(path, made->files[i].path))
			continue;
		name = strdup(made->files[i].path + length + 1);
		if (!name)
			return -ENOMEM;
		name[strcspn(name, "/")] = '\0';
		if (name[0])
			r = visit(data, name);
		free(name);
	}
	return r;
}

static int made_canonical(struct source *source, const char *path, char **ret)
{
	struct made *made = (struct made *)source;
	const struct made_file *file = find(made, path);

	if (!file && !is_folder(made, path))
		return -ENOENT;
	*ret = strdup(file ? file->path : path);
	return *ret ? 0 : -ENOMEM;
}

static const struct source_ops made_ops = {
	.stat = made_stat,
	.open = made_open,
	.load = made_load,
	.list = made_list,
	.canonical = made_canonical,
};

static void add_file(struct made *made, const char *piece, size_t length)
{
	const char *line = memchr(piece, '\n', length);
	struct made_file *file = &made->files[made->count];

	if (!line || line == piece || piece[0] != '/')
		return;
	file->path = strndup(piece, (size_t)(line - piece));
	file->content = strndup(line + 1, length - (size_t)(line + 1 - piece));
	if (!file->path || !file->content)
		abort();
	made->count++;
}

static void make(struct made *made, const char *text, size_t size)
{
	while (size && made->count < MOST_FILES) {
		size_t length = strnlen(text, size);
		size_t used = length < size ? length + 1 : length;

		add_file(made, text, length);
		text += used;
		size -= used;
	}
}

static void check(const struct library_cache *cache)
{
	size_t i;

	for (i = 0; i < cache->entries.count; i++) {
		const struct cache_entry *entry = &cache->entries.items[i];

		if (!entry->name || entry->path[0] != '/' || !entry->flags)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static const char *const system[] = { "/lib", "/usr/lib", NULL };
	struct made made = { .source = { &made_ops } };
	struct library_cache *cache;
	size_t i;

	make(&made, (const char *)bytes, size);
	if (ldconf_emulate(&made.source, "/etc/ld.so.conf", system, &cache))
		abort();
	check(cache);
	library_cache_free(cache);
	for (i = 0; i < made.count; i++) {
		free(made.files[i].path);
		free(made.files[i].content);
		image_free(made.files[i].image);
	}
	return 0;
}

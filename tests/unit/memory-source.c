/* SPDX-License-Identifier: Apache-2.0 */
/* A tree of made-up files; contract in memory-source.h. */
#include "memory-source.h"
#include "base/map.h"
#include "read/elf.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define MOST_LINKS 40
#define DEVICE 77

struct content {
	unsigned char *bytes; /* malloc'ed, of exactly `size`, so that sanitizers see overruns */
	size_t size;
	uint64_t inode;
	struct image *image;
	struct content *next;
};

struct node {
	const char *path;
	enum source_kind kind;
	const char *target;
	int error;
	struct content *content;
	struct node *next;
};

struct memory {
	struct source source;
	struct arena arena;
	struct map nodes; /* by path without links; "" is the root */
	struct node *first;
	struct content *contents;
	uint64_t last_inode;
	uint32_t image_count;
};

static struct memory *memory_of(struct source *source)
{
	return (struct memory *)source;
}

static void *must(void *pointer)
{
	if (!pointer) {
		fprintf(stderr, "memory-source: out of memory\n");
		abort();
	}
	return pointer;
}

static struct node *add_node(struct memory *memory, const char *path, enum source_kind kind)
{
	struct node *node = map_get(&memory->nodes, path);
	char *slash;

	if (node) {
		node->kind = kind;
		return node;
	}
	node = must(arena_alloc(&memory->arena, sizeof(*node)));
	node->path = must(arena_strdup(&memory->arena, path));
	node->kind = kind;
	node->content = must(arena_alloc(&memory->arena, sizeof(*node->content)));
	node->content->inode = ++memory->last_inode;
	node->next = memory->first;
	memory->first = node;
	if (map_set(&memory->nodes, node->path, node))
		must(NULL);
	if (path[0]) {
		char *parent = must(arena_strdup(&memory->arena, path));

		slash = strrchr(parent, '/');
		*slash = '\0';
		if (!map_get(&memory->nodes, parent))
			add_node(memory, parent, SOURCE_FOLDER);
	}
	return node;
}

void memory_source_folder(struct source *source, const char *path)
{
	add_node(memory_of(source), strcmp(path, "/") ? path : "", SOURCE_FOLDER);
}

void memory_source_link(struct source *source, const char *path, const char *target)
{
	struct memory *memory = memory_of(source);
	struct node *node = add_node(memory, path, SOURCE_LINK);

	node->target = must(arena_strdup(&memory->arena, target));
}

void memory_source_file(struct source *source, const char *path, const void *bytes, size_t size)
{
	struct memory *memory = memory_of(source);
	struct content *content = add_node(memory, path, SOURCE_FILE)->content;

	content->bytes = must(malloc(size ? size : 1));
	content->size = size;
	if (size)
		memcpy(content->bytes, bytes, size);
	content->next = memory->contents;
	memory->contents = content;
}

void memory_source_text(struct source *source, const char *path, const char *text)
{
	memory_source_file(source, path, text, strlen(text));
}

void memory_source_same(struct source *source, const char *path, const char *old)
{
	struct memory *memory = memory_of(source);
	const struct node *same = must(map_get(&memory->nodes, old));

	add_node(memory, path, SOURCE_FILE)->content = same->content;
}

void memory_source_error(struct source *source, const char *path, int error)
{
	add_node(memory_of(source), path, SOURCE_OTHER)->error = error;
}

static void leave(char *path)
{
	char *slash = strrchr(path, '/');

	if (slash)
		*slash = '\0';
}

static int walk(struct memory *memory, char at[PATH_MAX], const char *path, unsigned *links);

/* Goes from `at` to what is called `name` there. */
static int step(struct memory *memory, char at[PATH_MAX], const char *name, size_t length,
		unsigned *links)
{
	size_t before = strlen(at);
	const struct node *node;

	if (length == 2 && !memcmp(name, "..", 2)) {
		leave(at);
		return 0;
	}
	if (!length || (length == 1 && name[0] == '.'))
		return 0;
	if (before + length + 2 > PATH_MAX)
		return -ENAMETOOLONG;
	at[before] = '/';
	memcpy(at + before + 1, name, length);
	at[before + 1 + length] = '\0';
	node = map_get(&memory->nodes, at);
	if (!node || node->error)
		return node ? node->error : -ENOENT;
	if (node->kind != SOURCE_LINK)
		return 0;
	if (++*links > MOST_LINKS)
		return -ELOOP;
	at[node->target[0] == '/' ? 0 : before] = '\0';
	return walk(memory, at, node->target, links);
}

static int walk(struct memory *memory, char at[PATH_MAX], const char *path, unsigned *links)
{
	while (*path) {
		size_t length = strcspn(path, "/");
		const struct node *node;
		int r = step(memory, at, path, length, links);

		if (r)
			return r;
		path += length;
		if (*path != '/')
			break;
		path++;
		node = map_get(&memory->nodes, at);
		if (node->kind != SOURCE_FOLDER)
			return -ENOTDIR;
	}
	return 0;
}

static int find(struct memory *memory, const char *path, struct node **ret)
{
	char at[PATH_MAX] = "";
	unsigned links = 0;
	int r = path[0] == '/' ? walk(memory, at, path, &links) : -EINVAL;

	if (!r)
		*ret = map_get(&memory->nodes, at);
	return r;
}

static int memory_stat(struct source *source, const char *path, struct source_stat *ret)
{
	struct node *node;
	int r = find(memory_of(source), path, &node);

	if (r)
		return r;
	*ret = (struct source_stat){
		.kind = node->kind,
		.device = DEVICE,
		.inode = node->content->inode,
		.size = node->content->size,
		.mode = node->kind == SOURCE_FOLDER ? S_IFDIR | 0755 : S_IFREG | 0755,
	};
	return 0;
}

static int find_file(struct memory *memory, const char *path, struct content **ret)
{
	struct node *node;
	int r = find(memory, path, &node);

	if (r)
		return r;
	if (node->kind != SOURCE_FILE)
		return node->kind == SOURCE_FOLDER ? -EISDIR : -EINVAL;
	*ret = node->content;
	return 0;
}

static int memory_open(struct source *source, const char *path, struct image **ret)
{
	struct memory *memory = memory_of(source);
	struct content *content;
	int r = find_file(memory, path, &content);

	if (r)
		return r;
	if (!content->image) {
		struct image *image = must(image_new(path));

		image->bytes = content->bytes;
		image->size = content->size;
		image->device = DEVICE;
		image->inode = content->inode;
		image->mode = S_IFREG | 0755;
		if (elf_read(image))
			must(NULL);
		image->id = memory->image_count++;
		content->image = image;
	}
	*ret = content->image;
	return 0;
}

static int memory_load(struct source *source, const char *path, size_t most, char **ret,
		       size_t *ret_size)
{
	struct content *content;
	int r = find_file(memory_of(source), path, &content);

	if (r)
		return r;
	if (content->size > most)
		return -EFBIG;
	*ret = must(malloc(content->size + 1));
	if (content->size)
		memcpy(*ret, content->bytes, content->size);
	(*ret)[content->size] = '\0';
	*ret_size = content->size;
	return 0;
}

static int memory_list(struct source *source, const char *path, source_visit visit, void *data)
{
	struct memory *memory = memory_of(source);
	const struct node *node;
	struct node *folder;
	size_t length;
	int r = find(memory, path, &folder);

	if (!r && folder->kind != SOURCE_FOLDER)
		r = -ENOTDIR;
	length = r ? 0 : strlen(folder->path);
	for (node = memory->first; node && !r; node = node->next) {
		if (!strncmp(node->path, folder->path, length) && node->path[length] == '/' &&
		    !strchr(node->path + length + 1, '/'))
			r = visit(data, node->path + length + 1);
	}
	return r;
}

static int memory_canonical(struct source *source, const char *path, char **ret)
{
	struct node *node;
	int r = find(memory_of(source), path, &node);

	if (r)
		return r;
	*ret = must(strdup(node->path[0] ? node->path : "/"));
	return 0;
}

static void memory_free(struct source *source)
{
	struct memory *memory = memory_of(source);
	struct content *content;

	for (content = memory->contents; content; content = content->next) {
		image_free(content->image);
		free(content->bytes);
	}
	map_done(&memory->nodes);
	arena_done(&memory->arena);
	free(memory);
}

static const struct source_ops memory_ops = {
	.stat = memory_stat,
	.open = memory_open,
	.load = memory_load,
	.list = memory_list,
	.canonical = memory_canonical,
	.free = memory_free,
};

struct source *memory_source_new(void)
{
	struct memory *memory = must(calloc(1, sizeof(*memory)));

	memory->source.ops = &memory_ops;
	add_node(memory, "", SOURCE_FOLDER);
	return &memory->source;
}

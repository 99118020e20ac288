/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A library, a file that it refers to and a package, all from the bytes: the types are
 * read over all of them. Before the parts stand the sizes of the first two, 32 bits
 * each, little-endian; the package is what is left.
 */
#include "read/dwarf-types.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

struct parts {
	struct file other;
	struct file package;
};

/* Any path is a file; all but packages are the same one. */
static int map(void *data, const char *path, struct file *ret)
{
	const struct parts *parts = data;
	size_t length = strlen(path);

	*ret = length > 4 && !strcmp(path + length - 4, ".dwp") ? parts->package : parts->other;
	return 0;
}

static char *real(void *data, const char *path)
{
	(void)data;
	return strdup(path);
}

static struct file take(const uint8_t **bytes, size_t *left, size_t size)
{
	struct file file = { .bytes = *bytes, .size = size_min(size, *left), .is_borrowed = true };

	*bytes += file.size;
	*left -= file.size;
	if (!file.size)
		file.bytes = NULL;
	return file;
}

static void look_at(const struct types *types)
{
	size_t i;
	uint32_t k;

	for (i = 0; i < types->items.count; i++) {
		const struct type *t = &types->items.items[i];

		if (t->target >= types->items.count || t->owner >= types->items.count ||
		    (uint64_t)t->first_part + t->part_count > types->parts.count)
			abort();
		for (k = 0; k < t->part_count; k++) {
			if (type_parts(types, t)[k].type >= types->items.count)
				abort();
		}
	}
}

static void read_types(struct debug_files *files)
{
	struct type_root roots[] = { { .name = "f", .address = 0x1000 },
				     { .name = "g", .address = 0x1139 } };
	struct types *types;
	struct fault fault;

	if (!files->main != !!files->problem)
		abort();
	if (types_from_dwarf(files, roots, ARRAY_SIZE(roots), true, &types, &fault))
		return;
	look_at(types);
	types_free(types);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static const char *const dirs[] = { "/d" };
	struct parts parts;
	struct debug_search search = {
		.dirs = dirs, .dir_count = 1, .map = map, .real = real, .data = &parts
	};
	struct debug_files *files;
	struct file library;
	size_t left = size;
	uint32_t sizes[2];

	if (size < 8)
		return 0;
	sizes[0] = elf_u32(__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__, bytes);
	sizes[1] = elf_u32(__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__, bytes + 4);
	bytes += 8;
	left -= 8;
	library = take(&bytes, &left, sizes[0]);
	parts.other = take(&bytes, &left, sizes[1]);
	parts.package = take(&bytes, &left, left);
	if (debug_files_open("/l/x", library.bytes, library.size, &search, &files))
		return 0;
	read_types(files);
	debug_files_free(files);
	return 0;
}

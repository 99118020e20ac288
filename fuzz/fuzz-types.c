/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as an ELF file with debug information: all its types are read and looked at. */
#include "read/dwarf-types.h"

#include <string.h>

#define MOST_NAMES 256u /* whose end is looked for */

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void look_at(const struct types *types)
{
	unsigned names = 0;
	size_t length = 0;
	size_t i;
	uint32_t k;

	for (i = 0; i < types->items.count; i++) {
		const struct type *t = &types->items.items[i];
		const struct type_part *parts = type_parts(types, t);

		if (!type_kind_text(t->kind) || t->target >= types->items.count ||
		    t->owner >= types->items.count ||
		    (uint64_t)t->first_part + t->part_count > types->parts.count)
			abort();
		if (t->name && names++ < MOST_NAMES)
			length += strlen(t->name);
		for (k = 0; k < t->part_count; k++) {
			if (parts[k].type >= types->items.count)
				abort();
			if (parts[k].name && names++ < MOST_NAMES)
				length += strlen(parts[k].name);
		}
	}
	if (length > (size_t)1 << 40)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct type_root roots[] = { { .name = "a", .address = 0x1000 },
				     { .name = "b", .address = 0x1000 },
				     { .name = "c", .address = 0x1139 } };
	struct debug_files *files;
	struct types *types;
	struct fault fault;

	if (debug_files_open(NULL, bytes, size, NULL, &files))
		return 0;
	if (!types_from_dwarf(files, roots, ARRAY_SIZE(roots), true, &types, &fault)) {
		look_at(types);
		types_free(types);
	}
	debug_files_free(files);
	return 0;
}

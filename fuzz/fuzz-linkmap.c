/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a linker's map; what it says is looked up again. */
#include "read/linkmap.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void check(bool holds)
{
	if (!holds)
		abort();
}

static void look_up(const struct linkmap *map)
{
	size_t i;

	for (i = 0; i < map->reasons.count; i++)
		check(linkmap_find_reason(map, map->reasons.items[i].member) != NULL);
	for (i = 0; i < map->symbols.count; i++) {
		const struct linkmap_symbol *symbol = &map->symbols.items[i];

		check(linkmap_find_symbol(map, symbol->name) != NULL);
		check(symbol->first <= map->files.count &&
		      symbol->count <= map->files.count - symbol->first);
		check(symbol->next == NO_LINKMAP_SYMBOL || symbol->next < i);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct linkmap *map;
	struct fault fault;
	int r = linkmap_read((const char *)bytes, size, &map, &fault);

	check(r != -ENOMEM && (!r || fault.rule));
	if (r)
		return 0;
	look_up(map);
	linkmap_free(map);
	return 0;
}

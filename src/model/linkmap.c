/* SPDX-License-Identifier: Apache-2.0 */
/* Look-up in a linker's map; contract in model/linkmap.h. */
#include "model/linkmap.h"

const struct linkmap_symbol *linkmap_find_symbol(const struct linkmap *map, const char *name)
{
	uintptr_t number = (uintptr_t)map_get(&map->by_symbol, name);

	return number ? &map->symbols.items[number - 1] : NULL;
}

const struct linkmap_reason *linkmap_find_reason(const struct linkmap *map, const char *member)
{
	uintptr_t number = (uintptr_t)map_get(&map->by_member, member);

	return number ? &map->reasons.items[number - 1] : NULL;
}

void linkmap_free(struct linkmap *map)
{
	if (!map)
		return;
	array_done(&map->inputs);
	array_done(&map->reasons);
	array_done(&map->symbols);
	array_done(&map->files);
	map_done(&map->by_symbol);
	map_done(&map->by_member);
	map_done(&map->names);
	arena_done(&map->arena);
	free(map);
}

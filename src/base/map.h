/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A hash map from strings to pointers. Keys are borrowed: the caller keeps
 * them alive as long as the map. Values must not be NULL. The hash is seeded
 * per process, so that no input can aim at it; nothing depends on its order.
 */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include "base/common.h"

struct map_slot {
	const char *key;
	void *value;
	uint64_t hash;
};

struct map {
	struct map_slot *slots;
	size_t count;
	size_t capacity; /* a power of two, or 0 */
};

uint64_t hash_bytes(const void *bytes, size_t length);
void *map_get(const struct map *map, const char *key);
/* Adds or replaces. 0 or -ENOMEM. */
int map_set(struct map *map, const char *key, void *value) MUST_CHECK;
void map_done(struct map *map);

#endif

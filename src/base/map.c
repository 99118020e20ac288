/* SPDX-License-Identifier: Apache-2.0 */
/* Open addressing with linear probing over XXH3; contract in base/map.h. */
#include "base/map.h"

#include <pthread.h>
#include <string.h>
#include <sys/random.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

static uint64_t seed;
static pthread_once_t seed_once = PTHREAD_ONCE_INIT;

static void make_seed(void)
{
	if (getrandom(&seed, sizeof(seed), GRND_NONBLOCK) != sizeof(seed))
		seed = (uint64_t)(uintptr_t)&seed;
}

uint64_t hash_bytes(const void *bytes, size_t length)
{
	pthread_once(&seed_once, make_seed);
	return XXH3_64bits_withSeed(bytes, length, seed);
}

static struct map_slot *find_slot(const struct map *map, const char *key, uint64_t hash)
{
	size_t at = hash & (map->capacity - 1);

	for (;;) {
		struct map_slot *slot = &map->slots[at];

		if (!slot->key || (slot->hash == hash && !strcmp(slot->key, key)))
			return slot;
		at = (at + 1) & (map->capacity - 1);
	}
}

void *map_get(const struct map *map, const char *key)
{
	if (!map->count)
		return NULL;
	return find_slot(map, key, hash_bytes(key, strlen(key)))->value;
}

static int grow(struct map *map)
{
	struct map bigger = { .capacity = map->capacity ? map->capacity * 2 : 16 };
	size_t i;

	bigger.slots = calloc(bigger.capacity, sizeof(*bigger.slots));
	if (!bigger.slots)
		return -ENOMEM;
	for (i = 0; i < map->capacity; i++) {
		struct map_slot *old = &map->slots[i];

		if (old->key)
			*find_slot(&bigger, old->key, old->hash) = *old;
	}
	bigger.count = map->count;
	free(map->slots);
	*map = bigger;
	return 0;
}

int map_set(struct map *map, const char *key, void *value)
{
	uint64_t hash = hash_bytes(key, strlen(key));
	struct map_slot *slot;

	if (map->count * 4 >= map->capacity * 3 && grow(map))
		return -ENOMEM;
	slot = find_slot(map, key, hash);
	if (!slot->key)
		map->count++;
	*slot = (struct map_slot){ key, value, hash };
	return 0;
}

void map_done(struct map *map)
{
	free(map->slots);
	*map = (struct map){ 0 };
}

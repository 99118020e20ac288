/* SPDX-License-Identifier: Apache-2.0 */
/* Look-up in a library cache as glibc's loader does it; contract in model/loader.h. */
#include "model/loader.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Reads a run of digits. Wraps at 32 bits, as the loader's int does in practice. */
static uint32_t take_number(const char **at)
{
	uint32_t value = 0;

	while (is_digit(**at))
		value = value * 10 + (uint32_t)(*(*at)++ - '0');
	return value;
}

int library_name_compare(const char *a, const char *b)
{
	while (*a) {
		if (is_digit(*a) && is_digit(*b)) {
			int32_t difference = (int32_t)(take_number(&a) - take_number(&b));

			if (difference)
				return difference;
		} else if (is_digit(*a) || is_digit(*b)) {
			return is_digit(*a) ? 1 : -1;
		} else if (*a != *b) {
			return *a - *b;
		} else {
			a++;
			b++;
		}
	}
	return *a - *b;
}

const struct cache_entry *library_cache_find(const struct library_cache *cache, const char *name,
					     size_t *ret_count)
{
	const struct cache_entry *entries = cache->entries.items;
	size_t left = 0;
	size_t end = cache->entries.count; /* one past the last entry in question */

	*ret_count = 0;
	while (left < end) {
		size_t middle = left + (end - left - 1) / 2;
		int order = library_name_compare(name, entries[middle].name);
		size_t first = middle;

		if (order < 0) {
			left = middle + 1;
			continue;
		}
		if (order > 0) {
			end = middle;
			continue;
		}
		while (first > 0 && !library_name_compare(name, entries[first - 1].name))
			first--;
		while (middle < end && !library_name_compare(name, entries[middle].name))
			middle++;
		*ret_count = middle - first;
		return &entries[first];
	}
	return NULL;
}

void library_cache_free(struct library_cache *cache)
{
	if (!cache)
		return;
	array_done(&cache->entries);
	arena_done(&cache->arena);
	free(cache->content);
	free(cache);
}

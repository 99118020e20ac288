/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as ld.so.cache, of loaders of both byte orders; each name is looked up. */
#include "read/ldcache.h"

#include <string.h>

#define MOST_LOOK_UPS 256u

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void look_up(const struct library_cache *cache)
{
	size_t count, i;

	for (i = 0; i < cache->entries.count && i < MOST_LOOK_UPS; i++) {
		const struct cache_entry *entry = &cache->entries.items[i];
		const struct cache_entry *found = library_cache_find(cache, entry->name, &count);

		/* Out of order it need not be found; but what is found has the name. */
		if (!found != !count || (found && library_name_compare(found->name, entry->name)))
			abort();
		if (strlen(entry->path) > 4096 || (entry->hwcap && strlen(entry->hwcap) > 4096))
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	unsigned big;

	for (big = 0; big < 2; big++) {
		struct library_cache *cache;
		struct fault fault;
		int r = ldcache_read(bytes, size, big, &cache, &fault);

		if (r && !fault.rule)
			abort();
		if (r)
			continue;
		look_up(cache);
		library_cache_free(cache);
	}
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a header: its identifiers are words of it. */
#include "read/header.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct arena arena = { 0 };
	struct map names = { 0 };
	size_t i;

	if (header_names((const char *)bytes, size, &arena, &names))
		abort();
	for (i = 0; i < names.capacity; i++) {
		const char *name = names.slots[i].key;

		if (name && (!*name || !memmem(bytes, size, name, strlen(name)) ||
			     (*name >= '0' && *name <= '9')))
			abort();
	}
	map_done(&names);
	arena_done(&arena);
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as preprocessed text; each name that it declares stands in it, or in an asm label. */
#include "read/declared.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static bool is_public(void *data, const char *path)
{
	return strlen(path) % 2 == (size_t)(data != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct arena arena = { 0 };
	struct map names = { 0 };
	struct declared_question question = { is_public, NULL, &arena, &names };
	size_t i;

	if (declared_read((const char *)bytes, size, &question))
		abort();
	for (i = 0; i < names.capacity; i++) {
		if (names.slots[i].key && strlen(names.slots[i].key) > size)
			abort();
	}
	map_done(&names);
	arena_done(&arena);
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a .pc file, and the words of its fields. */
#include "read/pkgconfig.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void read_words(struct arena *arena, const char *field)
{
	const char *word;

	while (!pkgconfig_word(&field, arena, &word) && word)
		;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct arena arena = { 0 };
	struct pkgconfig pc;

	if (!pkgconfig_read((const char *)bytes, size, "/usr/lib/pkgconfig", &arena, &pc)) {
		read_words(&arena, pc.cflags);
		read_words(&arena, pc.libs);
		read_words(&arena, pc.needs);
	}
	arena_done(&arena);
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Any text as what a preprocessor wrote, as C and as C++: items are sorted and lie in it. */
#include "read/declared.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static bool owns(void *data, const char *file, bool is_system)
{
	(void)data;
	return *file != '<' && !is_system;
}

static void check(const struct declared *declared, size_t size)
{
	size_t i;

	for (i = 0; i < declared->items.count; i++) {
		const struct declared_item *item = &declared->items.items[i];

		if (!item->name || !item->form || !item->file ||
		    strlen(item->form) > 64 * size + 64)
			abort();
		if (item->kind != DECLARED_MACRO && item->parameter_count &&
		    (item->first_parameter > declared->parameters.count ||
		     item->parameter_count > declared->parameters.count - item->first_parameter))
			abort();
		if (i && item[-1].kind > item->kind)
			abort();
		if (declared_match(declared, item) != item)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct declared_source source = { .owns = owns };
	int i;

	for (i = 0; i < 2; i++) {
		struct declared *declared;

		source.is_cxx = i;
		if (declared_read((const char *)bytes, size, &source, &declared))
			abort();
		check(declared, size);
		declared_free(declared);
	}
	return 0;
}

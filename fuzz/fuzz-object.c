/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as an ELF file with sections; every section and symbol is looked at. */
#include "read/object.h"

#include <string.h>

#define MOST_STRINGS 256u /* whose end is looked for: they may all be the same long one */

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void check_string(const struct object_file *object, const char *text, unsigned *strings)
{
	if (text && ++*strings < MOST_STRINGS && strlen(text) >= object->size)
		abort();
}

static void walk_sections(const struct object_file *object)
{
	struct object_section section;
	unsigned strings = 0;
	uint32_t i;

	for (i = 0; i < object->section_count; i++) {
		struct table t;

		if (!object_section(object, i, &section))
			abort();
		check_string(object, section.name, &strings);
		t = object_section_bytes(object, &section);
		if (t.bytes && (t.bytes < object->bytes ||
				t.size > object->size - (size_t)(t.bytes - object->bytes)))
			abort();
	}
	if (object_section(object, object->section_count, &section))
		abort();
}

static void walk_symbols(const struct object_file *object)
{
	unsigned strings = 0;
	struct symbol symbol;
	uint32_t i;

	for (i = 0; i < object->symbol_count; i++) {
		if (!object_symbol(object, i, &symbol))
			continue;
		check_string(object, symbol.name, &strings);
		object_symbol_section(object, &symbol);
	}
	if (object_symbol(object, object->symbol_count, &symbol))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct object_file object;

	object_read(bytes, size, &object);
	walk_sections(&object);
	walk_symbols(&object);
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes through the ELF reader and the accessors that engines use. */
#include "read/elf.h"

#include <string.h>

#define MOST_STRINGS 256u /* whose end is looked for: they may all be the same long one */

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void check(bool holds)
{
	if (!holds)
		abort();
}

static void walk_symbols(const struct image *image)
{
	size_t count = image->symbols.size / image_symbol_size(image);
	unsigned strings = 0;
	struct symbol symbol;
	uint32_t i;

	for (i = 0; i < count; i++) {
		if (image_symbol(image, i, &symbol) && strings++ < MOST_STRINGS)
			check(strlen(symbol.name) < image->size);
		if (image_versym(image, i) & VERSION_HIDDEN)
			strings++;
	}
	check(!image_symbol(image, UINT32_MAX, &symbol));
}

static void walk_versions(struct image *image)
{
	int r = image_load_versions(image);
	size_t i;

	check(r != -ENOMEM && (!r || image->fault.rule));
	for (i = 0; i < image->version_count && i < MOST_STRINGS; i++) {
		if (image->versions[i].name)
			check(strlen(image->versions[i].name) < image->size);
	}
	for (i = 0; i < image->definitions.count && i < MOST_STRINGS; i++)
		check(image->definitions.items[i].name && image->definitions.items[i].parents);
	check(image_load_versions(image) == r);
}

static void walk_references(struct image *image)
{
	int r = image_load_references(image);
	size_t i;

	check(r != -ENOMEM && (r != -EBADMSG || image->fault.rule));
	check(image_load_references(image) == r);
	for (i = 0; i < image->references.count; i++)
		check(image->references.items[i].symbol < image->symbols.size);
}

static void walk_texts(const struct image *image)
{
	size_t i;

	for (i = 0; i < image->needs.count && i < MOST_STRINGS; i++)
		check(strlen(image->needs.items[i].name) < image->size);
	if (image->interpreter)
		check(strlen(image->interpreter) < image->size);
	if (image->soname)
		check(strlen(image->soname) < image->size);
	for (i = 0; i < image->dlopen_notes.count; i++)
		check(image->dlopen_notes.items[i].sonames != NULL);
	if (image->build_id)
		check(image_range(image, (uint64_t)(image->build_id - image->bytes),
				  image->build_id_size) != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct image *image = image_new("fuzz");

	if (!image)
		return 0;
	image->bytes = bytes;
	image->size = size;
	check(elf_read(image) == 0);
	if (image->is_elf) {
		walk_texts(image);
		walk_symbols(image);
		walk_versions(image);
		walk_references(image);
		image_is_program(image);
		image_is_debug_file(image);
	}
	image_free(image);
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Two files, OLD and NEW, behind four bytes that tell OLD's size: their interfaces compared both
 * ways. */
#include "engine/compare/compare.h"
#include "engine/compare/corpus.h"
#include "read/elf.h"
#include "read/object.h"

#include <string.h>

#define HEAD 4

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

struct side {
	struct image *image;
	struct object_file sections;
	struct corpus *corpus;
};

static bool side_read(struct side *side, const uint8_t *bytes, size_t size)
{
	struct fault fault;

	side->image = image_new("fuzz");
	if (!side->image)
		return false;
	side->image->bytes = bytes;
	side->image->size = size;
	if (elf_read(side->image) || !side->image->is_elf)
		return false;
	object_read(bytes, size, &side->sections);
	return !corpus_from_image(side->image, &side->sections, "fuzz", &fault, &side->corpus);
}

static void side_done(struct side *side)
{
	corpus_free(side->corpus);
	image_free(side->image);
}

static void compare_sides(const struct side *old, const struct side *new)
{
	const struct corpus *siblings[] = { old->corpus, new->corpus, NULL };
	const struct compare_options options = {
		.libc = LIBC_GLIBC,
		.new_file = &new->sections,
		.old_siblings = siblings,
		.new_siblings = siblings + 1,
	};
	struct comparison *comparison;

	if (compare(old->corpus, new->corpus, &options, &comparison))
		abort();
	comparison_free(comparison);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct side old = { 0 };
	struct side new = { 0 };
	uint32_t length;

	if (size < HEAD)
		return 0;
	memcpy(&length, bytes, HEAD);
	if (length > size - HEAD)
		return 0;
	if (side_read(&old, bytes + HEAD, length) &&
	    side_read(&new, bytes + HEAD + length, size - HEAD - length)) {
		compare_sides(&old, &new);
		compare_sides(&new, &old);
		compare_sides(&old, &old);
	}
	side_done(&old);
	side_done(&new);
	return 0;
}

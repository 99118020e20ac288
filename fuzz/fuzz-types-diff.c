/* SPDX-License-Identifier: Apache-2.0 */
/* Two baselines with types behind two bytes that tell the first one's size: compared both ways. */
#include "engine/compare/compare.h"
#include "read/baseline.h"

#include <string.h>

#define HEAD 2

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static struct corpus *side_read(const uint8_t *bytes, size_t size)
{
	struct corpus *corpus = NULL;
	struct fault fault;

	if (!baseline_is((const char *)bytes, size) ||
	    baseline_read((const char *)bytes, size, "fuzz", &fault, &corpus))
		return NULL;
	return corpus;
}

/* A symbol that stands there twice is not itself. */
static bool has_twins(const struct corpus *corpus)
{
	size_t i;

	for (i = 1; i < corpus->symbols.count; i++) {
		if (!corpus_symbol_compare(&corpus->symbols.items[i - 1],
					   &corpus->symbols.items[i]))
			return true;
	}
	return false;
}

static void compare_sides(const struct corpus *old, const struct corpus *new)
{
	const struct compare_options options = { .libc = LIBC_GLIBC };
	struct comparison *comparison;
	size_t i;

	if (compare(old, new, &options, &comparison))
		abort();
	/* No type differs from itself. */
	for (i = 0; old == new && !has_twins(old) && i < comparison->findings.items.count; i++) {
		if (comparison->findings.items.items[i].by_types &&
		    comparison->findings.items.items[i].verdict != VERDICT_OK)
			abort();
	}
	comparison_free(comparison);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct corpus *old, *new;
	size_t length;

	if (size < HEAD)
		return 0;
	length = (size_t)bytes[0] << 8 | bytes[1];
	if (length > size - HEAD)
		return 0;
	old = side_read(bytes + HEAD, length);
	new = side_read(bytes + HEAD + length, size - HEAD - length);
	if (old)
		compare_sides(old, old);
	if (old && new) {
		compare_sides(old, new);
		compare_sides(new, old);
	}
	corpus_free(old);
	corpus_free(new);
	return 0;
}

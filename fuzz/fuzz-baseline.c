/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a baseline, and what is read back through the accessors. */
#include "read/baseline.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void check(bool holds)
{
	if (!holds)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct corpus *corpus;
	struct fault fault;
	size_t i, count;
	int r;

	if (!baseline_is((const char *)bytes, size))
		return 0;
	r = baseline_read((const char *)bytes, size, "fuzz", &fault, &corpus);
	check(r != -ENOMEM && (!r || fault.rule));
	if (r)
		return 0;
	check(corpus->machine != NULL);
	for (i = 0; i < corpus->symbols.count; i++) {
		const struct corpus_symbol *s = &corpus->symbols.items[i];

		check(s->name[0] && corpus_find(corpus, s->name, &count) && count);
		check(!s->version || corpus_node_find(corpus, s->version));
	}
	corpus_free(corpus);
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Symbols that are gone from the interface, but not from the file: what .symtab, where it was not
 * stripped, tells. */
#include "engine/compare/renames.h"

#include <string.h>

static size_t find_gone(const struct renames *r, const char *name)
{
	size_t low = 0;
	size_t high = r->c->gone.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(name, gone_at(r, middle)->name);

		if (!order)
			return middle;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return SIZE_MAX;
}

void renames_find_hidden(struct renames *r)
{
	const struct object_file *file = r->c->options->new_file;
	uint32_t i;

	for (i = 1; file && i < file->symbol_count; i++) {
		struct symbol s;
		size_t gone;

		if (!object_symbol(file, i, &s) || s.section == SHN_UNDEF ||
		    (s.binding != STB_LOCAL && s.visibility != STV_HIDDEN &&
		     s.visibility != STV_INTERNAL))
			continue;
		gone = find_gone(r, s.name);
		if (gone != SIZE_MAX)
			r->hidden[gone] = true;
	}
}

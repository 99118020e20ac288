/* SPDX-License-Identifier: Apache-2.0 */
/* Symbols that are gone from the interface, but not from the file: what .symtab, where it was not
 * stripped, tells. */
#include "engine/compare/renames.h"

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
		gone = symbols_find(r->c->gone.items, r->c->gone.count, s.name);
		if (gone != SIZE_MAX)
			r->hidden[gone] = true;
	}
}

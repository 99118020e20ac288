/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pure virtual functions, of which gcc tells in debug information only that they are
 * virtual; the virtual table shows it, where it is exported. Contract in
 * engine/compare/corpus.h.
 */
#include "engine/compare/corpus.h"
#include "engine/compare/cxx-name.h"

#include <stdlib.h>
#include <string.h>

#define HEAD_WORDS 2 /* of a table: the offset to the top, the type information */
#define MOST_SLOTS 65536
#define MOST_BASES 256 /* that are looked at for a virtual one */

/* What stands before the functions is then of another length. */
static bool has_virtual_base(const struct types *types, const struct type *t, unsigned *left)
{
	uint32_t i;

	for (i = 0; i < t->part_count; i++) {
		const struct type_part *p = &type_parts(types, t)[i];

		if (p->kind != PART_BASE)
			continue;
		if (p->is_virtual || !*left)
			return true;
		--*left;
		if (has_virtual_base(types, type_at(types, types_strip(types, p->type)), left))
			return true;
	}
	return false;
}

static int by_place(const void *a, const void *b)
{
	const struct corpus_link *x = a;
	const struct corpus_link *y = b;
	int order = strcmp(x->class, y->class);

	return order ? order : x->place < y->place ? -1 : x->place > y->place;
}

/* Is it pure by the table of its class? 1, 0 or -ENOMEM. */
static int is_pure(const struct corpus *corpus, const struct type_part *method)
{
	AUTO_FREE char *class = NULL;
	struct plain_name name;
	struct corpus_link key = { .place = (uint32_t)method->place + HEAD_WORDS };
	const struct corpus_link *found;

	if (!plain_name_parse(method->name, &name) || !name.nested)
		return 0;
	class = plain_name_class(&name);
	if (!class)
		return -ENOMEM;
	key.class = class;
	found = bsearch(&key, corpus->slots.items, corpus->slots.count, sizeof(key), by_place);
	return found && !strcmp(found->target, "__cxa_pure_virtual");
}

int corpus_mark_pure(struct corpus *corpus)
{
	struct types *types = corpus->types;
	size_t i;
	uint32_t k;
	int r = 0;

	for (i = 0; corpus->slots.count && i < types->items.count; i++) {
		const struct type *t = &types->items.items[i];
		unsigned left = MOST_BASES;

		if (!type_is_record(t) || has_virtual_base(types, t, &left))
			continue;
		for (k = 0; r >= 0 && k < t->part_count; k++) {
			struct type_part *p = &types->parts.items[t->first_part + k];

			if (p->kind != PART_METHOD || !p->name || p->is_pure ||
			    p->place >= MOST_SLOTS)
				continue;
			r = is_pure(corpus, p);
			p->is_pure = r > 0;
		}
	}
	return r < 0 ? r : 0;
}

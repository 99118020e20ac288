/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One name for two types in one library: what its parts promise each other, and
 * programs, is not the same. Only what came with NEW is told.
 */
#include "base/map.h"
#include "base/numbers.h"
#include "engine/compare/parts.h"

#include <string.h>

static bool is_told_by_name(const struct type *t)
{
	return t->name && !t->is_declared && (type_is_record(t) || t->kind == TYPE_ENUM) &&
	       !strstr(t->name, "(anonymous") && !strchr(t->name, '<');
}

static uint64_t key_of(const struct type *t)
{
	/* struct, class and union are of one kind. */
	return hash_bytes(t->name, strlen(t->name)) + (t->kind == TYPE_ENUM);
}

/* The same members at the same places; what they hold has a name of its own. */
static bool is_same(const struct types *types, const struct type *a, const struct type *b)
{
	uint32_t i;

	if (a->size != b->size || a->part_count != b->part_count)
		return false;
	for (i = 0; i < a->part_count; i++) {
		const struct type_part *x = &type_parts(types, a)[i];
		const struct type_part *y = &type_parts(types, b)[i];

		if (x->kind != y->kind || x->place != y->place || x->bits != y->bits)
			return false;
		if (x->name && y->name && strcmp(x->name, y->name) != 0)
			return false;
	}
	return true;
}

/* Notes the names that stand for two: key → number of the second one. */
static int find_conflicts(const struct types *types, struct numbers *ret)
{
	struct numbers first = { 0 };
	size_t i;
	int r = 0;

	for (i = 0; !r && i < types->items.count; i++) {
		const struct type *t = &types->items.items[i];
		uint32_t other;

		if (!is_told_by_name(t))
			continue;
		other = numbers_get(&first, key_of(t));
		if (other == NUMBERS_NONE)
			r = numbers_add(&first, key_of(t), (uint32_t)i);
		else if (!is_same(types, type_at(types, other), t))
			r = numbers_add(ret, key_of(t), (uint32_t)i);
	}
	numbers_done(&first);
	return r;
}

static int tell(struct compare *c, const struct type *t)
{
	const char *name = compare_text(c, "%s", t->name);
	struct finding *finding =
		name ? compare_add(c, "abi/type-odr-conflict", name,
				   compare_text(c, "%s stands for two types in %s", name,
						c->out->new_path))
		     : NULL;

	if (!finding)
		return -ENOMEM;
	finding->by_types = true;
	return 0;
}

int compare_odr(struct compare *c)
{
	struct numbers old = { 0 };
	struct numbers new = { 0 };
	size_t i;
	int r = 0;

	/* What headers define took the place of some; then the others say nothing. */
	if (!c->old->types || !c->new->types || c->old->has_headers || c->new->has_headers)
		return 0;
	r = find_conflicts(c->old->types, &old);
	if (!r)
		r = find_conflicts(c->new->types, &new);
	for (i = 0; !r && i < c->new->types->items.count; i++) {
		const struct type *t = &c->new->types->items.items[i];

		if (is_told_by_name(t) && numbers_get(&new, key_of(t)) == i &&
		    numbers_get(&old, key_of(t)) == NUMBERS_NONE)
			r = tell(c, t);
	}
	numbers_done(&old);
	numbers_done(&new);
	return r;
}

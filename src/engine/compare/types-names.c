/* SPDX-License-Identifier: Apache-2.0 */
/* Names that stand for several types of one library. Contract in engine/compare/types.h. */
#include "base/map.h"
#include "engine/compare/cxx-name.h"
#include "engine/compare/types.h"

#include <string.h>

#define MOST_VARIANTS 256 /* of one name, that are looked at */

/* struct, class and union are of one kind. */
static unsigned kind_of(const struct type *t)
{
	return type_is_record(t) ? TYPE_STRUCT : t->kind;
}

static bool has_variants(const struct type *t)
{
	return t->name && (type_is_record(t) || t->kind == TYPE_ENUM || t->kind == TYPE_TYPEDEF);
}

static uint64_t key_of(const struct type *t)
{
	return hash_bytes(t->name, strlen(t->name)) + kind_of(t);
}

static int index_names(const struct types *types, struct type_names *names)
{
	size_t i;
	int r = 0;

	names->next = malloc((types->items.count + 1) * sizeof(*names->next));
	if (!names->next)
		return -ENOMEM;
	for (i = 0; !r && i < types->items.count; i++) {
		const struct type *t = &types->items.items[i];
		uint32_t first;

		names->next[i] = NUMBERS_NONE;
		if (!has_variants(t) || t->is_declared)
			continue;
		first = numbers_get(&names->first, key_of(t));
		if (first == NUMBERS_NONE) {
			r = numbers_add(&names->first, key_of(t), (uint32_t)i);
			continue;
		}
		names->next[i] = names->next[first];
		names->next[first] = (uint32_t)i;
	}
	return r;
}

int types_index_names(struct type_diff *d)
{
	int r = index_names(d->old, &d->old_names);

	return r ? r : index_names(d->new, &d->new_names);
}

void types_names_done(struct type_names *names)
{
	numbers_done(&names->first);
	free(names->next);
}

static bool alike(struct type_diff *d, const struct type *old, const struct type *new,
		  bool with_names)
{
	uint32_t i;

	if (old->kind == TYPE_UNION ? new->kind != TYPE_UNION : new->kind == TYPE_UNION)
		return false;
	if (old->size != new->size || old->part_count != new->part_count)
		return false;
	for (i = 0; i < old->part_count; i++) {
		const struct type_part *o = &type_parts(d->old, old)[i];
		const struct type_part *n = &type_parts(d->new, new)[i];

		if (o->kind != n->kind || o->place != n->place || o->bits != n->bits)
			return false;
		if (with_names &&
		    (o->name && n->name ? strcmp(o->name, n->name) != 0 : o->name != n->name))
			return false;
	}
	return true;
}

bool types_alike(struct type_diff *d, const struct type *old, const struct type *new)
{
	return alike(d, old, new, true);
}

bool types_alike_places(struct type_diff *d, const struct type *old, const struct type *new)
{
	return alike(d, old, new, false);
}

/* Do two typedefs name types of one kind and name? */
static bool same_target(struct type_diff *d, const struct type *old, const struct type *new)
{
	const struct type *o = type_at(d->old, old->target);
	const struct type *n = type_at(d->new, new->target);

	return kind_of(o) == kind_of(n) && cxx_same_name(o->name, n->name) && o->size == n->size;
}

static bool fits(struct type_diff *d, type_id old, type_id new)
{
	const struct type *o = type_at(d->old, old);
	const struct type *n = type_at(d->new, new);

	if (o->kind == TYPE_TYPEDEF)
		return same_target(d, o, n);
	return !o->is_declared && !n->is_declared && types_alike(d, o, n);
}

/* The first of that name; NUMBERS_NONE when there is one only. */
static uint32_t variants(const struct types *types, const struct type_names *names, type_id id)
{
	const struct type *t = type_at(types, id);
	uint32_t first = has_variants(t) ? numbers_get(&names->first, key_of(t)) : NUMBERS_NONE;

	return first == NUMBERS_NONE || names->next[first] == NUMBERS_NONE ? NUMBERS_NONE : first;
}

void types_choose(struct type_diff *d, type_id *old, type_id *new)
{
	uint32_t of_old = variants(d->old, &d->old_names, *old);
	uint32_t of_new = variants(d->new, &d->new_names, *new);
	unsigned count;
	uint32_t i;

	if ((of_old == NUMBERS_NONE && of_new == NUMBERS_NONE) ||
	    kind_of(type_at(d->old, *old)) != kind_of(type_at(d->new, *new)) || fits(d, *old, *new))
		return;
	for (i = of_new, count = 0; i != NUMBERS_NONE && count < MOST_VARIANTS;
	     i = d->new_names.next[i], count++) {
		if (fits(d, *old, i)) {
			*new = i;
			return;
		}
	}
	for (i = of_old, count = 0; i != NUMBERS_NONE && count < MOST_VARIANTS;
	     i = d->old_names.next[i], count++) {
		if (fits(d, i, *new)) {
			*old = i;
			return;
		}
	}
}

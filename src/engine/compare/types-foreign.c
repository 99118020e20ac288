/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Types of the C++ library and of Boost in the interface of another library: what
 * they are called inside is of no interest, but what stands at which place, and what
 * the library's own types in it are. Contract in engine/compare/types-record.h.
 */
#include "engine/compare/types-record.h"

#include <stdlib.h>
#include <string.h>

#define MOST_DEPTH 16
#define MOST_CONTENTS 256

/* Something that is no struct, at a place of one. */
struct content {
	uint64_t place; /* bits from the start */
	uint64_t size;	/* bytes */
	type_id type;
	const char *name; /* of the member that holds it, or NULL */
	uint32_t number;  /* in the order of the source */
};

struct contents {
	struct content items[MOST_CONTENTS];
	uint32_t count;
};

bool types_is_foreign(const struct records *r)
{
	const char *library = r->d->c->out->name;
	const char *name = r->old->name;

	if (!name)
		return false;
	return (!strncmp(name, "std::", 5) && strncmp(library, "libstdc++", 9) &&
		strncmp(library, "libc++", 6)) ||
	       (!strncmp(name, "boost::", 7) && strncmp(library, "libboost", 8));
}

/* The parts of a record and of those in it. False: there is what places do not tell. */
static bool collect(const struct types *types, const struct type *t, uint64_t place, unsigned depth,
		    struct contents *ret)
{
	uint32_t i;

	for (i = 0; i < t->part_count; i++) {
		const struct type_part *p = &type_parts(types, t)[i];
		const struct type *of = type_at(types, types_strip(types, p->type));
		struct content content = { place + p->place, 0, p->type, p->name, ret->count };

		if ((p->kind != PART_MEMBER && p->kind != PART_BASE) || p->is_virtual || p->bits ||
		    depth > MOST_DEPTH)
			return false;
		if (type_is_record(of) && !of->is_declared) {
			if (!collect(types, of, content.place, depth + 1, ret))
				return false;
			continue;
		}
		if (ret->count == MOST_CONTENTS || !types_size(types, p->type, &content.size))
			return false;
		ret->items[ret->count++] = content;
	}
	return true;
}

static int by_place(const void *a, const void *b)
{
	const struct content *x = a;
	const struct content *y = b;

	return x->place != y->place ? (x->place < y->place ? -1 : 1)
				    : (x->number < y->number ? -1 : x->number > y->number);
}

static bool same_places(const struct contents *old, const struct contents *new)
{
	uint32_t i;

	if (!old->count || old->count != new->count)
		return false;
	for (i = 0; i < old->count; i++) {
		if (old->items[i].place != new->items[i].place ||
		    old->items[i].size != new->items[i].size)
			return false;
	}
	return true;
}

/* What it holds may be the library's own. */
static int follow_part(struct records *r, type_id old, type_id new, const struct type_part *step)
{
	enum value_change change;
	int e = types_compare_value(r->d, r->pair, old, new, REACH_VALUE, step, &change);

	if (e || change <= VALUE_TAG)
		return e;
	return types_record_note(r, "abi/std-type-in-interface",
				 compare_text(r->d->c,
					      "%s of another library: %s holds another type",
					      r->subject, step->name ? step->name : "a member"));
}

static int follow_parts(struct records *r)
{
	uint32_t i;
	int e = 0;

	for (i = 0; !e && i < r->old->part_count; i++) {
		const struct type_part *o = &type_parts(r->d->old, r->old)[i];
		const struct type_part *n = &type_parts(r->d->new, r->new)[i];
		struct type_part step = *o;

		if (o->kind == PART_METHOD)
			continue;
		if (o->kind == PART_BASE)
			step.name = type_at(r->d->old, types_strip(r->d->old, o->type))->name;
		e = follow_part(r, o->type, n->type, &step);
	}
	return e;
}

/* The same in other structs: a base took a member's place, or what is empty came or went. */
static int compare_contents(struct records *r, bool *ret_same)
{
	AUTO_FREE struct contents *old = calloc(1, sizeof(*old));
	AUTO_FREE struct contents *new = calloc(1, sizeof(*new));
	uint32_t i;
	int e = old && new ? 0 : -ENOMEM;

	*ret_same = !e && collect(r->d->old, r->old, 0, 0, old) &&
		    collect(r->d->new, r->new, 0, 0, new);
	if (!*ret_same)
		return e;
	qsort(old->items, old->count, sizeof(*old->items), by_place);
	qsort(new->items, new->count, sizeof(*new->items), by_place);
	*ret_same = same_places(old, new);
	for (i = 0; !e && *ret_same && i < old->count; i++) {
		const struct type_part step = { .name = old->items[i].name, .kind = PART_MEMBER };

		e = follow_part(r, old->items[i].type, new->items[i].type, &step);
	}
	return e;
}

int types_compare_foreign(struct records *r)
{
	bool is_same = false;
	int e = 0;

	if (r->old->size == r->new->size) {
		if (types_alike_places(r->d, r->old, r->new))
			return follow_parts(r);
		if (types_align(r->d->old, r->d->pairs.items[r->pair].old) ==
		    types_align(r->d->new, r->d->pairs.items[r->pair].new))
			e = compare_contents(r, &is_same);
	}
	if (e || is_same)
		return e;
	return types_record_note(r, "abi/std-type-in-interface",
				 compare_text(r->d->c, "%s of another library: %s", r->subject,
					      types_sizes_text(r)));
}

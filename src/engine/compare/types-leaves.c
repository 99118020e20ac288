/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The members of two structs, and which of one is which of the other: by name, then by
 * place. Contract in engine/compare/types-record.h.
 */
#include "engine/compare/types-record.h"

#include <string.h>
#include <strings.h>

#define MOST_DEPTH 16	   /* of anonymous structs in each other */
#define MOST_NEIGHBOURS 64 /* members of a union that are looked at */

static int collect(struct type_diff *d, const struct types *types, const struct type *t,
		   uint64_t place, unsigned depth, struct leaves *ret)
{
	const struct type_part *parts = type_parts(types, t);
	uint32_t i;

	for (i = 0; i < t->part_count; i++) {
		const struct type_part *p = &parts[i];
		type_id inner = types_strip(types, p->type);
		struct leaf leaf = { .part = p, .place = place + p->place, .depth = depth };
		uint64_t size;
		int r;

		if (!ret->left) {
			d->is_cut = true;
			return 0;
		}
		ret->left--;
		if (p->kind != PART_MEMBER)
			continue;
		if (!p->name && depth < MOST_DEPTH && type_is_record(type_at(types, inner))) {
			r = collect(d, types, type_at(types, inner), leaf.place, depth + 1, ret);
			if (r)
				return r;
			continue;
		}
		/* The pointer to the virtual table is told with the table. */
		if (!p->name || !strncmp(p->name, "_vptr", 5))
			continue;
		leaf.is_function_pointer =
			type_at(types, inner)->kind == TYPE_POINTER &&
			type_at(types, types_strip(types, type_at(types, inner)->target))->kind ==
				TYPE_FUNCTION;
		leaf.bits = p->bits							  ? p->bits
			    : types_size(types, p->type, &size) && size <= UINT64_MAX / 8 ? size * 8
											  : 0;
		if (array_push(&ret->list, leaf))
			return -ENOMEM;
	}
	return 0;
}

static int by_name(const void *a, const void *b)
{
	const struct leaf *x = *(const struct leaf *const *)a;
	const struct leaf *y = *(const struct leaf *const *)b;
	int order = strcmp(x->part->name, y->part->name);

	return order ? order : x < y ? -1 : x > y;
}

static struct leaf **sorted(struct type_diff *d, struct leaves *leaves)
{
	struct leaf **order = arena_array(&d->scratch, leaves->list.count + 1, sizeof(*order));
	size_t i;

	for (i = 0; order && i < leaves->list.count; i++)
		order[i] = &leaves->list.items[i];
	if (order)
		qsort(order, leaves->list.count, sizeof(*order), by_name);
	return order;
}

/* Members of one name on both sides are each other's like. */
static int match_names(struct records *r)
{
	struct leaf **old = sorted(r->d, &r->old_leaves);
	struct leaf **new = sorted(r->d, &r->new_leaves);
	size_t i = 0;
	size_t k = 0;

	if (!old || !new)
		return -ENOMEM;
	while (i < r->old_leaves.list.count && k < r->new_leaves.list.count) {
		int order = strcmp(old[i]->part->name, new[k]->part->name);

		if (!order) {
			old[i]->like = new[k];
			new[k++]->like = old[i++];
		} else if (order < 0) {
			i++;
		} else {
			k++;
		}
	}
	return 0;
}

/* A member that keeps a place free. */
bool leaf_is_reserved(const char *name)
{
	static const char *const words[] = { "reserved", "unused", "pad",   "spare",	"filler",
					     "future",	 "dummy",  "__res", "expansion" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++) {
		if (strcasestr(name, words[i]))
			return true;
	}
	return false;
}

int leaf_by_place(const void *a, const void *b)
{
	const struct leaf *x = *(const struct leaf *const *)a;
	const struct leaf *y = *(const struct leaf *const *)b;

	return x->place != y->place ? (x->place < y->place ? -1 : 1) : x < y ? -1 : x > y;
}

/* What has no like by name, by place. */
static struct leaf **unmatched(struct type_diff *d, struct leaves *leaves, size_t *ret_count)
{
	struct leaf **order = arena_array(&d->scratch, leaves->list.count + 1, sizeof(*order));
	size_t count = 0;
	size_t i;

	for (i = 0; order && i < leaves->list.count; i++) {
		if (!leaves->list.items[i].like)
			order[count++] = &leaves->list.items[i];
	}
	if (order)
		qsort(order, count, sizeof(*order), leaf_by_place);
	*ret_count = count;
	return order;
}

/* Without a like by name: one of the same place and size was renamed. */
static int match_places(struct records *r)
{
	size_t old_count, new_count;
	struct leaf **old = unmatched(r->d, &r->old_leaves, &old_count);
	struct leaf **new = unmatched(r->d, &r->new_leaves, &new_count);
	size_t i = 0;
	size_t k = 0;

	if (!old || !new)
		return -ENOMEM;
	while (i < old_count && k < new_count) {
		if (old[i]->place != new[k]->place) {
			if (old[i]->place < new[k]->place)
				i++;
			else
				k++;
			continue;
		}
		if (old[i]->bits == new[k]->bits && !old[i]->part->bits == !new[k]->part->bits) {
			old[i]->like = new[k];
			new[k]->like = old[i];
			old[i]->is_renamed = true;
		}
		i++;
		k++;
	}
	return 0;
}

bool leaf_is_within(const struct leaf *inner, const struct leaf *outer)
{
	return outer->place <= inner->place &&
	       inner->place + inner->bits <= outer->place + outer->bits;
}

/* Bits of a free place of OLD that a member lies in; a name that ends earlier now, too. */
bool leaf_was_reserved(const struct records *r, const struct leaf *new)
{
	size_t i;

	for (i = 0; i < r->reserved_count; i++) {
		if (leaf_is_within(new, r->reserved[i]))
			return true;
	}
	return false;
}

/* A new member that shares the place of one that is where it was, a little before or behind it. */
bool leaves_is_overlaid(const struct leaves *leaves, size_t at)
{
	size_t i = at > MOST_NEIGHBOURS ? at - MOST_NEIGHBOURS : 0;

	for (; i < leaves->list.count && i < at + MOST_NEIGHBOURS; i++) {
		const struct leaf *l = &leaves->list.items[i];

		if (l->like && l->like->place == l->place && l->like->bits == l->bits &&
		    leaf_is_within(&leaves->list.items[at], l))
			return true;
	}
	return false;
}

static int find_reserved(struct records *r)
{
	size_t i;

	r->reserved =
		arena_array(&r->d->scratch, r->old_leaves.list.count + 1, sizeof(*r->reserved));
	if (!r->reserved)
		return -ENOMEM;
	for (i = 0; i < r->old_leaves.list.count && r->reserved_count < 64; i++) {
		if (leaf_is_reserved(r->old_leaves.list.items[i].part->name))
			r->reserved[r->reserved_count++] = &r->old_leaves.list.items[i];
	}
	return 0;
}

int leaves_match(struct records *r)
{
	int e = collect(r->d, r->d->old, r->old, 0, 0, &r->old_leaves);

	if (!e)
		e = collect(r->d, r->d->new, r->new, 0, 0, &r->new_leaves);
	if (!e)
		e = match_names(r);
	if (!e && r->old->kind != TYPE_UNION)
		e = match_places(r);
	return e ? e : find_reserved(r);
}

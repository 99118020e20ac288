/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Members that both sides have, and what became of the others. Contract in
 * engine/compare/types-record.h.
 */
#include "engine/compare/types-record.h"

#include <inttypes.h>
#include <string.h>

/* Where a member is, in words. */
static const char *at_text(struct type_diff *d, const struct leaf *leaf)
{
	if (leaf->part->bits || leaf->place % 8)
		return compare_text(d->c, "bit %" PRIu64, leaf->place);
	return compare_text(d->c, "byte %" PRIu64, leaf->place / 8);
}

/* "a, b and 3 more" of the leaves that are wanted. */
static const char *list_leaves(struct records *r, const struct leaves *leaves, enum leaf_fate fate)
{
	const char *list = "";
	size_t count = 0;
	size_t i;

	for (i = 0; list && i < leaves->list.count; i++) {
		const struct leaf *leaf = &leaves->list.items[i];

		if (leaf->fate != fate)
			continue;
		if (++count <= 4)
			list = compare_text(r->d->c, "%s%s%s", list, count > 1 ? ", " : "",
					    leaf->part->name);
	}
	if (list && count > 4)
		list = compare_text(r->d->c, "%s and %zu more", list, count - 4);
	return list;
}

static size_t count_fate(const struct leaves *leaves, enum leaf_fate fate)
{
	size_t count = 0;
	size_t i;

	for (i = 0; i < leaves->list.count; i++)
		count += leaves->list.items[i].fate == fate;
	return count;
}

static const char *plural(size_t count)
{
	return count == 1 ? "member" : "members";
}

/* The same name, or the same place: does its type mean the same? */
static int compare_leaf(struct records *r, struct leaf *old)
{
	const struct leaf *new = old->like;
	enum value_change change;
	const char *before, *after, *rule;
	struct finding *finding;
	int e = types_compare_value(r->d, r->pair, old->part->type, new->part->type, REACH_VALUE,
				    old->part, &change);

	if (e)
		return e;
	/* Fewer free places, or others: what took them is told. */
	if (leaf_is_reserved(old->part->name) &&
	    (change == VALUE_ARRAY || leaf_is_reserved(new->part->name)))
		return 0;
	if (old->bits != new->bits)
		r->is_explained = true;
	if ((old->part->bits || new->part->bits) && old->bits != new->bits) {
		r->is_explained = true;
		return types_record_note(
			r, "abi/struct-bitfield-moved",
			compare_text(r->d->c, "%s: %s had %" PRIu64 " bits, has %" PRIu64,
				     r->subject, old->part->name, old->bits, new->bits));
	}
	if (change == VALUE_SAME || change == VALUE_SPELLING || change == VALUE_RESTRICT ||
	    change == VALUE_VOID_POINTER)
		return 0;
	if (old->is_renamed && leaf_is_reserved(old->part->name))
		return 0;
	before = types_old_text(r->d, old->part->type);
	after = types_new_text(r->d, new->part->type);
	if (!before || !after)
		return -ENOMEM;
	if (change == VALUE_ATOMIC)
		rule = "abi/type-atomic-changed";
	else if (change == VALUE_TAG)
		rule = "abi/typedef-tag-changed";
	else if (change <= VALUE_POINTEE_UNCONST)
		rule = "abi/type-volatile-const-member";
	else if (change == VALUE_SIGN)
		rule = old->part->bits ? "abi/struct-bitfield-signedness"
				       : "abi/struct-field-signedness";
	else if (old->is_last && (!old->bits || !new->bits) && change >= VALUE_ARRAY)
		rule = "abi/struct-fam-element-changed";
	else if (old->is_last && !old->bits && change >= VALUE_POINTEE)
		rule = "abi/struct-fam-element-changed";
	else if (old->bits != new->bits)
		rule = "abi/struct-field-retyped";
	else if (change == VALUE_ARRAY)
		rule = "abi/struct-array-shape";
	else
		rule = "abi/struct-field-kind-same-size";
	if (!strcmp(rule, "abi/struct-field-retyped") && r->old->kind == TYPE_UNION)
		rule = "abi/union-grown";
	finding = types_add(r->d, r->pair, rule, true, r->subject,
			    compare_text(r->d->c, "%s: %s was %s, is %s", r->subject,
					 old->part->name, before, after));
	if (!finding)
		return -ENOMEM;
	finding->before = before;
	finding->after = after;
	return 0;
}

/* Members without a like may have taken its place, or keep it free under other names. */
static enum leaf_fate fate_of_gone(const struct records *r, const struct leaf *old)
{
	enum leaf_fate fate = LEAF_GONE;
	bool was_free = false;
	size_t i;

	for (i = 0; i < r->reserved_count; i++)
		was_free |= r->reserved[i] == old;
	for (i = 0; was_free && i < r->new_leaves.list.count; i++) {
		const struct leaf *new = &r->new_leaves.list.items[i];

		if (new->like || !leaf_is_within(new, old))
			continue;
		if (!leaf_is_reserved(new->part->name))
			return LEAF_RESERVED_USED;
		fate = LEAF_KEPT;
	}
	return fate;
}

static enum leaf_fate fate_of_kept(const struct leaf *old)
{
	bool was_free = leaf_is_reserved(old->part->name);

	if (old->is_renamed && was_free)
		return leaf_is_reserved(old->like->part->name) ? LEAF_KEPT : LEAF_RESERVED_USED;
	if (old->is_renamed)
		return LEAF_RENAMED;
	if (old->place != old->like->place)
		return was_free && leaf_is_within(old->like, old) ? LEAF_KEPT : LEAF_MOVED;
	return !old->depth && old->like->depth ? LEAF_WRAPPED : LEAF_KEPT;
}

static int compare_leaves(struct records *r)
{
	size_t i;
	int e = 0;

	for (i = 0; !e && i < r->old_leaves.list.count; i++) {
		struct leaf *old = &r->old_leaves.list.items[i];

		old->is_last = i + 1 == r->old_leaves.list.count;
		if (!old->like) {
			old->fate = fate_of_gone(r, old);
			continue;
		}
		e = compare_leaf(r, old);
		old->fate = fate_of_kept(old);
		if (!e && !old->part->is_mutable && old->like->part->is_mutable)
			e = types_record_note(r, "abi/class-mutable-added",
					      compare_text(r->d->c, "%s: %s is mutable now",
							   r->subject, old->part->name));
	}
	return e;
}

static bool has_moved(const struct records *r)
{
	return count_fate(&r->old_leaves, LEAF_MOVED) > 0;
}

/* Members that OLD had not: at the end, in what was padding, or in between. */
static void place_added(struct records *r)
{
	uint64_t last = 0;
	bool moved = has_moved(r);
	size_t i;

	for (i = 0; i < r->new_leaves.list.count; i++) {
		const struct leaf *l = &r->new_leaves.list.items[i];

		if (l->like && l->place > last)
			last = l->place;
	}
	for (i = 0; i < r->new_leaves.list.count; i++) {
		struct leaf *l = &r->new_leaves.list.items[i];

		if (l->like)
			continue;
		if (leaf_was_reserved(r, l))
			l->fate = leaf_is_reserved(l->part->name) ? LEAF_KEPT : LEAF_RESERVED_USED;
		else if (leaves_is_overlaid(&r->new_leaves, i))
			l->fate = LEAF_OVERLAID;
		else if (!l->bits)
			l->fate = l->place >= last ? LEAF_APPENDED : LEAF_KEPT;
		else if (!moved && r->old->size == r->new->size)
			l->fate = LEAF_IN_PADDING;
		else if (l->place >= last && !moved)
			l->fate = LEAF_APPENDED;
		else if (l->place >= last && l->place / 8 >= r->old->size)
			l->fate = LEAF_APPENDED;
		else
			l->fate = LEAF_INSERTED;
	}
}

/* All that clients fill is pointers to functions. */
static bool is_table(const struct leaves *leaves)
{
	size_t functions = 0;
	size_t i;

	for (i = 0; i < leaves->list.count; i++)
		functions += leaves->list.items[i].is_function_pointer;
	return functions >= 2 && functions * 2 > leaves->list.count;
}

static bool all_private(const struct records *r, enum leaf_fate fate)
{
	const struct leaves *leaves = &r->new_leaves;
	size_t i;

	for (i = 0; i < leaves->list.count; i++) {
		uint8_t access = leaves->list.items[i].part->access;

		/* What is not told is as the keyword has it. */
		if (leaves->list.items[i].fate == fate && access < 2 &&
		    (access || r->new->kind != TYPE_CLASS))
			return false;
	}
	return true;
}

static int tell_added(struct records *r, enum leaf_fate fate, const char *rule, const char *how)
{
	size_t count = count_fate(&r->new_leaves, fate);
	struct finding *finding;
	const char *list, *sizes;

	if (!count)
		return 0;
	r->is_explained |= fate == LEAF_INSERTED || fate == LEAF_APPENDED;
	list = list_leaves(r, &r->new_leaves, fate);
	sizes = types_sizes_text(r);
	if (!list || !sizes)
		return -ENOMEM;
	finding = types_add(r->d, r->pair, rule, true, r->subject,
			    compare_text(r->d->c, "%s: %s %s %s: %s", r->subject, plural(count),
					 list, how, sizes));
	if (!finding)
		return -ENOMEM;
	/* Whoever has a value of it has too little room. */
	if (fate == LEAF_APPENDED && r->old->size != r->new->size &&
	    r->d->pairs.items[r->pair].reach == REACH_VALUE)
		finding->verdict = VERDICT_BREAK;
	return 0;
}

static int tell_union_members(struct records *r)
{
	size_t added = 0;
	size_t i;
	const char *list;
	int e = 0;

	for (i = 0; i < r->new_leaves.list.count; i++) {
		struct leaf *l = &r->new_leaves.list.items[i];

		if (!l->like) {
			l->fate = LEAF_APPENDED;
			added++;
		}
	}
	list = list_leaves(r, &r->new_leaves, LEAF_APPENDED);
	if (!list)
		return -ENOMEM;
	if (r->old->size != r->new->size && (added || !r->is_explained)) {
		r->is_explained = true;
		return types_record_note(r, "abi/union-grown",
					 compare_text(r->d->c, "%s: %s%s%s", r->subject,
						      types_sizes_text(r), added ? ", with " : "",
						      list));
	}
	if (added)
		e = types_record_note(r, "abi/union-member-added-fits",
				      compare_text(r->d->c, "%s: %s new", r->subject, list));
	return e;
}

static int tell_fates(struct records *r)
{
	bool is_union = r->old->kind == TYPE_UNION;
	size_t count;
	int e = 0;

	if (!is_union)
		place_added(r);
	if ((count = count_fate(&r->old_leaves, LEAF_GONE))) {
		r->is_explained = true;
		e = types_record_note(
			r, is_union ? "abi/union-member-removed" : "abi/struct-field-removed",
			compare_text(r->d->c, "%s: %s %s gone: %s", r->subject, plural(count),
				     list_leaves(r, &r->old_leaves, LEAF_GONE),
				     types_sizes_text(r)));
	}
	if (!e && (count = count_fate(&r->old_leaves, LEAF_RENAMED))) {
		const char *after = "";
		size_t i;

		for (i = 0; i < r->old_leaves.list.count; i++) {
			if (r->old_leaves.list.items[i].fate == LEAF_RENAMED)
				r->old_leaves.list.items[i].like->fate = LEAF_RENAMED;
		}
		after = list_leaves(r, &r->new_leaves, LEAF_RENAMED);
		e = types_record_note(r, "abi/struct-field-renamed",
				      compare_text(r->d->c, "%s: %s %s renamed to %s", r->subject,
						   plural(count),
						   list_leaves(r, &r->old_leaves, LEAF_RENAMED),
						   after ? after : ""));
	}
	if (!e && (count_fate(&r->old_leaves, LEAF_RESERVED_USED) ||
		   count_fate(&r->new_leaves, LEAF_RESERVED_USED)))
		e = types_record_note(
			r, "abi/struct-reserved-used",
			compare_text(r->d->c, "%s: reserved place is used now", r->subject));
	if (!e && count_fate(&r->old_leaves, LEAF_WRAPPED))
		e = types_record_note(
			r, "abi/struct-field-wrapped",
			compare_text(r->d->c, "%s: %s in an anonymous struct or union now",
				     r->subject, list_leaves(r, &r->old_leaves, LEAF_WRAPPED)));
	if (e)
		return e;
	if (is_union)
		return tell_union_members(r);
	e = tell_added(r, LEAF_OVERLAID, "abi/union-member-added-fits",
		       "added beside others at the same place");
	if (!e)
		e = tell_added(r, LEAF_INSERTED, "abi/struct-field-inserted", "inserted");
	if (!e)
		e = tell_added(r, LEAF_IN_PADDING, "abi/struct-field-in-padding",
			       "added in what was padding");
	if (!e)
		e = tell_added(r, LEAF_APPENDED,
			       is_table(&r->old_leaves)	       ? "abi/struct-callback-table-grown"
			       : all_private(r, LEAF_APPENDED) ? "abi/class-private-field-added"
							       : "abi/struct-field-appended",
			       "added at the end");
	return e;
}

/* Did the members that both have change their order? */
static bool is_reordered(struct records *r)
{
	size_t count = 0;
	size_t i;
	struct leaf **order =
		arena_array(&r->d->scratch, r->old_leaves.list.count + 1, sizeof(*order));

	if (!order) {
		r->d->c->no_memory = true;
		return false;
	}
	for (i = 0; i < r->old_leaves.list.count; i++) {
		if (r->old_leaves.list.items[i].like)
			order[count++] = &r->old_leaves.list.items[i];
	}
	qsort(order, count, sizeof(*order), leaf_by_place);
	for (i = 1; i < count; i++) {
		if (order[i - 1]->place < order[i]->place &&
		    order[i - 1]->like->place > order[i]->like->place)
			return true;
	}
	return false;
}

/* Members that moved for no reason that was told. */
static int tell_moves(struct records *r)
{
	const struct leaf *first = NULL;
	size_t i;

	if (r->old->kind == TYPE_UNION || !has_moved(r))
		return 0;
	for (i = 0; i < r->old_leaves.list.count && !first; i++) {
		if (r->old_leaves.list.items[i].fate == LEAF_MOVED)
			first = &r->old_leaves.list.items[i];
	}
	if (is_reordered(r))
		return types_record_note(r, "abi/struct-field-reordered",
					 compare_text(r->d->c, "%s: %s moved from %s to %s",
						      r->subject, first->part->name,
						      at_text(r->d, first),
						      at_text(r->d, first->like)));
	if (r->is_explained)
		return 0;
	r->is_explained = true;
	return types_record_note(
		r, first->part->bits ? "abi/struct-bitfield-moved" : "abi/struct-packing-changed",
		compare_text(r->d->c, "%s: %s moved from %s to %s", r->subject, first->part->name,
			     at_text(r->d, first), at_text(r->d, first->like)));
}

int types_compare_members(struct records *r)
{
	int e = compare_leaves(r);

	if (!e)
		e = tell_fates(r);
	return e ? e : tell_moves(r);
}

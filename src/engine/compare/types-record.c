/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Structs, classes and unions of both sides: members by name, then by place. What
 * a member's own type holds is another pair; here only its size counts, as the
 * reason why others moved. Contract in engine/compare/types.h.
 */
#include "engine/compare/types-record.h"

#include <inttypes.h>
#include <string.h>

#define MOST_DEPTH 16	   /* of anonymous structs in each other */
#define MOST_PARTS 1000000 /* of one struct, with all in it */

static int note(struct records *r, const char *rule, const char *message)
{
	return types_note(r->d, r->pair, rule, true, r->subject, message);
}

/* Where a member is, in words. */
static const char *at_text(struct type_diff *d, const struct leaf *leaf)
{
	if (leaf->part->bits || leaf->place % 8)
		return compare_text(d->c, "bit %" PRIu64, leaf->place);
	return compare_text(d->c, "byte %" PRIu64, leaf->place / 8);
}

static const char *sizes_text(struct records *r)
{
	if (r->old->size == r->new->size)
		return compare_text(r->d->c, "%" PRIu64 " bytes as before", r->old->size);
	return compare_text(r->d->c, "%" PRIu64 " → %" PRIu64 " bytes", r->old->size, r->new->size);
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
	/* Fewer free places: what took them is told. */
	if (change == VALUE_ARRAY && leaf_is_reserved(old->part->name))
		return 0;
	if (old->bits != new->bits)
		r->is_explained = true;
	if ((old->part->bits || new->part->bits) && old->bits != new->bits) {
		r->is_explained = true;
		return note(r, "abi/struct-bitfield-moved",
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
			e = note(r, "abi/class-mutable-added",
				 compare_text(r->d->c, "%s: %s is mutable now", r->subject,
					      old->part->name));
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
	sizes = sizes_text(r);
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
		return note(r, "abi/union-grown",
			    compare_text(r->d->c, "%s: %s%s%s", r->subject, sizes_text(r),
					 added ? ", with " : "", list));
	}
	if (added)
		e = note(r, "abi/union-member-added-fits",
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
		e = note(r, is_union ? "abi/union-member-removed" : "abi/struct-field-removed",
			 compare_text(r->d->c, "%s: %s %s gone: %s", r->subject, plural(count),
				      list_leaves(r, &r->old_leaves, LEAF_GONE), sizes_text(r)));
	}
	if (!e && (count = count_fate(&r->old_leaves, LEAF_RENAMED))) {
		const char *after = "";
		size_t i;

		for (i = 0; i < r->old_leaves.list.count; i++) {
			if (r->old_leaves.list.items[i].fate == LEAF_RENAMED)
				r->old_leaves.list.items[i].like->fate = LEAF_RENAMED;
		}
		after = list_leaves(r, &r->new_leaves, LEAF_RENAMED);
		e = note(r, "abi/struct-field-renamed",
			 compare_text(r->d->c, "%s: %s %s renamed to %s", r->subject, plural(count),
				      list_leaves(r, &r->old_leaves, LEAF_RENAMED),
				      after ? after : ""));
	}
	if (!e && (count_fate(&r->old_leaves, LEAF_RESERVED_USED) ||
		   count_fate(&r->new_leaves, LEAF_RESERVED_USED)))
		e = note(r, "abi/struct-reserved-used",
			 compare_text(r->d->c, "%s: reserved place is used now", r->subject));
	if (!e && count_fate(&r->old_leaves, LEAF_WRAPPED))
		e = note(r, "abi/struct-field-wrapped",
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
		return note(r, "abi/struct-field-reordered",
			    compare_text(r->d->c, "%s: %s moved from %s to %s", r->subject,
					 first->part->name, at_text(r->d, first),
					 at_text(r->d, first->like)));
	if (r->is_explained)
		return 0;
	r->is_explained = true;
	return note(
		r, first->part->bits ? "abi/struct-bitfield-moved" : "abi/struct-packing-changed",
		compare_text(r->d->c, "%s: %s moved from %s to %s", r->subject, first->part->name,
			     at_text(r->d, first), at_text(r->d, first->like)));
}

/* To what an object is aligned in effect. */
static uint64_t align_of(const struct records *r, bool is_new)
{
	const struct type_pair *pair = &r->d->pairs.items[r->pair];

	return is_new ? types_align(r->d->new, pair->new) : types_align(r->d->old, pair->old);
}

/*
 * Does the end of the class stay free of members of classes that derive from it?
 * Itanium C++ ABI 2.2 "POD for the purpose of layout", by the rules of C++98.
 */
static bool is_plain(const struct types *types, const struct type *t)
{
	uint32_t i;

	if (t->has_constructor || t->call == TYPE_CALL_BY_REFERENCE)
		return false;
	for (i = 0; i < t->part_count; i++) {
		const struct type_part *p = &type_parts(types, t)[i];
		uint8_t access = p->access ? p->access : t->kind == TYPE_CLASS ? 3 : 1;

		if (p->kind != PART_MEMBER || access != 1)
			return false;
	}
	return true;
}

/* Room behind the last member. */
static bool has_tail(const struct records *r)
{
	uint64_t end = 0;
	size_t i;

	for (i = 0; i < r->old_leaves.list.count; i++) {
		const struct leaf *l = &r->old_leaves.list.items[i];

		if (l->place + l->bits > end)
			end = l->place + l->bits;
	}
	return r->old->size <= UINT64_MAX / 8 && end < r->old->size * 8;
}

static int tell_tail(struct records *r)
{
	bool was = is_plain(r->d->old, r->old);

	if (r->old->size != r->new->size || was == is_plain(r->d->new, r->new) || !has_tail(r))
		return 0;
	return note(r, "abi/class-pod-for-layout-lost",
		    compare_text(
			    r->d->c,
			    "%s: classes that derive from it may%s place members in its last bytes",
			    r->subject, was ? " now" : " no longer"));
}

static int tell_size(struct records *r)
{
	int e = 0;

	if (r->old->align != r->new->align && align_of(r, false) != align_of(r, true))
		e = note(r, "abi/type-align-changed",
			 compare_text(r->d->c,
				      "%s: its alignment is set to %" PRIu64 ", was %" PRIu64
				      " (0: as its members need)",
				      r->subject, r->new->align, r->old->align));
	else if (r->old->size != r->new->size && !r->is_explained)
		e = note(r, "abi/type-size-changed",
			 compare_text(r->d->c, "%s: %s", r->subject, sizes_text(r)));
	return e;
}

static const struct type *base_of(const struct types *types, const struct type_part *p)
{
	return type_at(types, types_strip(types, p->type));
}

/* Anonymous structs in place count as their members; all others by what they are. */
static bool is_inline(const struct types *types, const struct type_part *p)
{
	return !p->name && type_is_record(type_at(types, types_strip(types, p->type)));
}

/*
 * Most types have not changed: the same parts at the same places, which then only
 * lead on. False: they must be looked at one by one.
 */
static int is_kept(struct records *r, const struct type *old, const struct type *new,
		   unsigned depth, bool *ret)
{
	const struct type_part *o = type_parts(r->d->old, old);
	const struct type_part *n = type_parts(r->d->new, new);
	uint32_t i;
	int e = 0;

	*ret = old->kind == new->kind && old->call == new->call &&
	       old->has_constructor == new->has_constructor && old->size == new->size &&
	       old->align == new->align && old->part_count == new->part_count &&depth < MOST_DEPTH;
	for (i = 0; *ret && i < old->part_count; i++) {
		*ret = o[i].kind == n[i].kind && o[i].place == n[i].place &&
		       o[i].bits == n[i].bits && o[i].is_virtual == n[i].is_virtual &&
		       o[i].is_pure == n[i].is_pure && o[i].is_mutable == n[i].is_mutable &&
		       o[i].access == n[i].access &&
		       (o[i].name && n[i].name ? !strcmp(o[i].name, n[i].name)
					       : o[i].name == n[i].name);
	}
	for (i = 0; !e && *ret && i < old->part_count; i++) {
		enum value_change change = VALUE_SAME;
		struct type_part step = o[i];
		uint64_t before, after;

		if (step.kind == PART_METHOD)
			continue;
		if (is_inline(r->d->old, &o[i]) && is_inline(r->d->new, &n[i])) {
			e = is_kept(r, base_of(r->d->old, &o[i]), base_of(r->d->new, &n[i]),
				    depth + 1, ret);
			continue;
		}
		if (step.kind == PART_BASE)
			step.name = base_of(r->d->old, &o[i])->name;
		e = types_compare_value(r->d, r->pair, o[i].type, n[i].type, REACH_VALUE, &step,
					&change);
		/* Of a base, what becomes of classes that derive from it is told of them. */
		*ret = change <= VALUE_SPELLING &&
		       !(step.kind == PART_BASE && types_size(r->d->old, o[i].type, &before) &&
			 types_size(r->d->new, n[i].type, &after) && before != after);
	}
	return e;
}

/* A type of the C++ library or of Boost in the interface of another library. */
static bool is_foreign(const struct records *r)
{
	const char *library = r->d->c->out->name;
	const char *name = r->old->name;

	if (!name)
		return false;
	return (!strncmp(name, "std::", 5) && strncmp(library, "libstdc++", 9) &&
		strncmp(library, "libc++", 6)) ||
	       (!strncmp(name, "boost::", 7) && strncmp(library, "libboost", 8));
}

/* What it holds may be the library's own. */
static int follow_parts(struct records *r)
{
	uint32_t i;
	int e = 0;

	for (i = 0; !e && i < r->old->part_count; i++) {
		const struct type_part *o = &type_parts(r->d->old, r->old)[i];
		const struct type_part *n = &type_parts(r->d->new, r->new)[i];
		struct type_part step = *o;
		enum value_change change;

		if (o->kind == PART_METHOD)
			continue;
		if (o->kind == PART_BASE)
			step.name = base_of(r->d->old, o)->name;
		e = types_compare_value(r->d, r->pair, o->type, n->type, REACH_VALUE, &step,
					&change);
		if (!e && change > VALUE_TAG)
			e = note(r, "abi/std-type-in-interface",
				 compare_text(r->d->c,
					      "%s of another library: %s holds another type",
					      r->subject, step.name ? step.name : "a member"));
	}
	return e;
}

/* Its own members are of no interest: does it take the place of the old one? */
static int compare_foreign(struct records *r)
{
	if (r->old->size == r->new->size && types_alike_places(r->d, r->old, r->new))
		return follow_parts(r);
	return note(r, "abi/std-type-in-interface",
		    compare_text(r->d->c, "%s of another library: %s", r->subject, sizes_text(r)));
}

static int compare_definitions(struct records *r)
{
	bool was_union = r->old->kind == TYPE_UNION;
	bool is_same;
	int e = is_kept(r, r->old, r->new, 0, &is_same);

	if (e || is_same)
		return e;
	if (is_foreign(r))
		return compare_foreign(r);
	if (was_union != (r->new->kind == TYPE_UNION))
		return note(r, "abi/type-tag-kind-changed",
			    compare_text(r->d->c, "%s is a %s now", r->subject,
					 type_kind_text(r->new->kind)));
	e = leaves_match(r);
	if (!e)
		e = types_compare_bases(r);
	if (!e)
		e = types_compare_methods(r);
	if (!e)
		e = compare_leaves(r);
	if (!e)
		e = tell_fates(r);
	if (!e)
		e = tell_moves(r);
	if (!e)
		e = tell_size(r);
	if (!e)
		e = tell_tail(r);
	return e;
}

/* Headers do not define it: programs have pointers to it only, and nothing that it leads to. */
static int compare_opaque(struct records *r)
{
	if (r->new->seen == TYPE_PUBLIC)
		return note(r, "abi/type-became-complete",
			    compare_text(r->d->c, "%s: its headers define it now", r->subject));
	if (r->old->is_declared || r->new->is_declared || types_alike(r->d, r->old, r->new))
		return 0;
	return note(r, "abi/type-opaque-changed",
		    compare_text(r->d->c, "%s: it changed, but no header defines it", r->subject));
}

static bool all_reserved(const struct leaves *leaves)
{
	size_t i;

	for (i = 0; i < leaves->list.count; i++) {
		if (leaves->list.items[i].part->name[0] != '_')
			return false;
	}
	return leaves->list.count > 0;
}

static bool is_cxx(const struct types *types, const struct type *t)
{
	uint32_t i;

	for (i = 0; i < t->part_count; i++) {
		if (type_parts(types, t)[i].kind != PART_MEMBER)
			return true;
	}
	return t->kind == TYPE_CLASS || t->has_constructor || t->call;
}

/*
 * A struct of C whose members all begin with an underscore holds nothing for programs, if
 * macros of its header do not use them: its size is what counts.
 */
static int lower_internal(struct records *r, size_t first)
{
	struct findings *list = &r->d->c->out->findings;
	size_t i;
	int e = 0;

	if (is_cxx(r->d->old, r->old) || is_cxx(r->d->new, r->new) ||
	    r->old->size != r->new->size || !all_reserved(&r->old_leaves) ||
	    !all_reserved(&r->new_leaves))
		return 0;
	for (i = first; !e && i < list->items.count; i++) {
		struct finding *f = &list->items.items[i];

		if (f->verdict != VERDICT_BREAK)
			continue;
		f->verdict = VERDICT_RISK;
		e = finding_why(list, f,
				"the names of its members say that they are not for programs");
	}
	return e;
}

int types_compare_record(struct type_diff *d, uint32_t number)
{
	const struct type_pair *pair = &d->pairs.items[number];
	struct records r = {
		.d = d,
		.pair = number,
		.old_leaves.left = MOST_PARTS,
		.new_leaves.left = MOST_PARTS,
	};
	size_t first;
	int e;

	r.old = type_at(d->old, pair->old);
	r.new = type_at(d->new, pair->new);
	if (r.old->is_declared && r.new->is_declared)
		return 0;
	r.subject = types_subject(d, number);
	if (!r.subject)
		return -ENOMEM;
	if (types_seen(d, number) == TYPE_OPAQUE)
		return compare_opaque(&r);
	if (r.old->is_declared || r.new->is_declared)
		return types_note(d, number, "abi/type-definition-lost", false, r.subject,
				  compare_text(d->c, "%s is described by %s only", r.subject,
					       r.old->is_declared ? "NEW" : "OLD"));
	first = d->c->out->findings.items.count;
	e = types_seen(d, number) == TYPE_PUBLIC && r.new->seen == TYPE_OPAQUE
		    ? note(&r, "abi/type-became-opaque",
			   compare_text(d->c, "%s: its headers no longer define it", r.subject))
		    : 0;
	if (!e)
		e = compare_definitions(&r);
	if (!e)
		e = lower_internal(&r, first);
	array_done(&r.old_leaves.list);
	array_done(&r.new_leaves.list);
	return e;
}

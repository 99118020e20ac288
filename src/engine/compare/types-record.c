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

int types_record_note(struct records *r, const char *rule, const char *message)
{
	return types_note(r->d, r->pair, rule, true, r->subject, message);
}

const char *types_sizes_text(struct records *r)
{
	if (r->old->size == r->new->size)
		return compare_text(r->d->c, "%" PRIu64 " bytes as before", r->old->size);
	return compare_text(r->d->c, "%" PRIu64 " → %" PRIu64 " bytes", r->old->size, r->new->size);
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
	return types_record_note(
		r, "abi/class-pod-for-layout-lost",
		compare_text(
			r->d->c,
			"%s: classes that derive from it may%s place members in its last bytes",
			r->subject, was ? " now" : " no longer"));
}

static int tell_size(struct records *r)
{
	int e = 0;

	if (r->old->align != r->new->align && align_of(r, false) != align_of(r, true))
		e = types_record_note(r, "abi/type-align-changed",
				      compare_text(r->d->c,
						   "%s: its alignment is set to %" PRIu64
						   ", was %" PRIu64 " (0: as its members need)",
						   r->subject, r->new->align, r->old->align));
	else if (r->old->size != r->new->size && !r->is_explained)
		e = types_record_note(
			r, "abi/type-size-changed",
			compare_text(r->d->c, "%s: %s", r->subject, types_sizes_text(r)));
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

static int compare_definitions(struct records *r)
{
	bool was_union = r->old->kind == TYPE_UNION;
	bool is_same;
	int e = is_kept(r, r->old, r->new, 0, &is_same);

	if (e || is_same)
		return e;
	if (types_is_foreign(r))
		return types_compare_foreign(r);
	if (was_union != (r->new->kind == TYPE_UNION))
		return types_record_note(r, "abi/type-tag-kind-changed",
					 compare_text(r->d->c, "%s is a %s now", r->subject,
						      type_kind_text(r->new->kind)));
	e = leaves_match(r);
	if (!e)
		e = types_compare_bases(r);
	if (!e)
		e = types_compare_methods(r);
	if (!e)
		e = types_compare_members(r);
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
		return types_record_note(
			r, "abi/type-became-complete",
			compare_text(r->d->c, "%s: its headers define it now", r->subject));
	if (r->old->is_declared || r->new->is_declared || types_alike(r->d, r->old, r->new))
		return 0;
	return types_record_note(
		r, "abi/type-opaque-changed",
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

static bool has_members_only(const struct types *types, const struct type *t)
{
	uint32_t i;

	for (i = 0; i < t->part_count; i++) {
		if (type_parts(types, t)[i].kind != PART_MEMBER)
			return false;
	}
	return t->part_count > 0;
}

/* Nothing was in it, or nothing is: then there is nothing in it to compare. */
static bool is_empty_changed(const struct records *r)
{
	return (!r->old->part_count && has_members_only(r->d->new, r->new)) ||
	       (!r->new->part_count &&has_members_only(r->d->old, r->old));
}

static int tell_empty(struct records *r)
{
	const char *sizes = types_sizes_text(r);

	return sizes ? types_record_note(r, "abi/struct-empty-changed",
					 compare_text(r->d->c, "%s: it %s; %s", r->subject,
						      r->old->part_count
							      ? "is empty now"
							      : "was empty, and is no longer",
						      sizes))
		     : -ENOMEM;
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
		    ? types_record_note(
			      &r, "abi/type-became-opaque",
			      compare_text(d->c, "%s: its headers no longer define it", r.subject))
		    : 0;
	if (!e)
		e = is_empty_changed(&r) ? tell_empty(&r) : compare_definitions(&r);
	if (!e)
		e = lower_internal(&r, first);
	array_done(&r.old_leaves.list);
	array_done(&r.new_leaves.list);
	return e;
}

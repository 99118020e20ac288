/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Base classes and virtual functions of both sides (Itanium C++ ABI 2.4, 2.5).
 * Contract in engine/compare/types-record.h.
 */
#include "engine/compare/cxx-name.h"
#include "engine/compare/types-record.h"

#include <inttypes.h>
#include <string.h>

#define MOST_DEPTH 16 /* of bases of bases */
#define MOST_SLOTS 65536
#define NO_SLOT UINT64_MAX /* the debug information does not tell it */

static const char *base_name(const struct types *types, const struct type_part *base)
{
	const struct type *t = type_at(types, types_strip(types, base->type));

	return t->name ? t->name : "?";
}

static const struct type *base_type(const struct types *types, const struct type_part *base)
{
	return type_at(types, types_strip(types, base->type));
}

static const struct type_part *find_base(const struct types *types, const struct type *t,
					 const char *name)
{
	uint32_t i;

	for (i = 0; i < t->part_count; i++) {
		const struct type_part *p = &type_parts(types, t)[i];

		if (p->kind == PART_BASE && cxx_same_name(base_name(types, p), name))
			return p;
	}
	return NULL;
}

static size_t count_parts(const struct types *types, const struct type *t, uint8_t kind)
{
	size_t count = 0;
	uint32_t i;

	for (i = 0; i < t->part_count; i++)
		count += type_parts(types, t)[i].kind == kind;
	return count;
}

/* Nothing of it takes room in a class that derives from it. */
static bool is_empty(const struct types *types, const struct type *t, unsigned depth)
{
	uint32_t i;

	if (depth > MOST_DEPTH || t->size > 1 || t->is_declared)
		return false;
	for (i = 0; i < t->part_count; i++) {
		const struct type_part *p = &type_parts(types, t)[i];

		if (p->kind != PART_BASE || p->is_virtual ||
		    !is_empty(types, base_type(types, p), depth + 1))
			return false;
	}
	return true;
}

static bool is_polymorphic(const struct types *types, const struct type *t, unsigned depth)
{
	uint32_t i;

	if (depth > MOST_DEPTH)
		return false;
	for (i = 0; i < t->part_count; i++) {
		const struct type_part *p = &type_parts(types, t)[i];

		if (p->kind == PART_METHOD || (p->kind == PART_BASE && p->is_virtual) ||
		    (p->kind == PART_MEMBER && p->name && !strncmp(p->name, "_vptr", 5)) ||
		    (p->kind == PART_BASE && is_polymorphic(types, base_type(types, p), depth + 1)))
			return true;
	}
	return false;
}

/* 1 public, 2 protected, 3 private; what is not told is as the keyword has it. */
static uint8_t access_of(const struct type *t, const struct type_part *base)
{
	return base->access ? base->access : t->kind == TYPE_CLASS ? 3 : 1;
}

/* The base grew or shrank: what is behind it in classes that derive from it moves. */
static int tell_layout(struct records *r, const struct type_part *old, const struct type_part *new)
{
	uint64_t before, after;

	if (!types_size(r->d->old, old->type, &before) ||
	    !types_size(r->d->new, new->type, &after) || before == after)
		return 0;
	r->is_explained = true;
	return types_record_note(
		r, "abi/base-layout-changed",
		compare_text(r->d->c, "%s: its base %s has %" PRIu64 " bytes, had %" PRIu64,
			     r->subject, base_name(r->d->old, old), after, before));
}

static int compare_base(struct records *r, const struct type_part *old, const struct type_part *new)
{
	const char *name = base_name(r->d->old, old);
	struct type_part step = { .name = name, .kind = PART_BASE };
	enum value_change change;
	int e = types_compare_value(r->d, r->pair, old->type, new->type, REACH_VALUE, &step,
				    &change);

	if (!e && old->is_virtual != new->is_virtual) {
		r->is_explained = true;
		e = types_record_note(
			r, "abi/base-virtual-changed",
			compare_text(r->d->c, "%s: its base %s is %s", r->subject, name,
				     new->is_virtual ? "virtual now" : "no longer virtual"));
	}
	/* Of DWARF 2, compilers do not agree on what is not told. */
	if (!e && access_of(r->old, old) < access_of(r->new, new) &&
	    (old->access || types_tell(r->d, false, 3)) &&
	    (new->access || types_tell(r->d, true, 3)))
		e = types_record_note(
			r, "abi/base-access-changed",
			compare_text(r->d->c, "%s: its base %s is %s now", r->subject, name,
				     access_of(r->new, new) == 3 ? "private" : "protected"));
	return e ? e : tell_layout(r, old, new);
}

/* Bases that both have, in another order. */
static bool has_other_order(const struct records *r)
{
	const struct type_part *last = NULL;
	uint32_t i;

	for (i = 0; i < r->old->part_count; i++) {
		const struct type_part *p = &type_parts(r->d->old, r->old)[i];
		const struct type_part *new =
			p->kind == PART_BASE ? find_base(r->d->new, r->new, base_name(r->d->old, p))
					     : NULL;

		if (!new)
			continue;
		if (last && new < last)
			return true;
		last = new;
	}
	return false;
}

static int tell_added_base(struct records *r, const struct type_part *base)
{
	const char *name = base_name(r->d->new, base);
	bool fits = !base->is_virtual && is_empty(r->d->new, base_type(r->d->new, base), 0) &&
		    r->old->size == r->new->size;

	r->is_explained |= !fits;
	return types_record_note(
		r, fits ? "abi/base-added-empty" : "abi/base-added",
		compare_text(r->d->c, "%s: it has a base %s now", r->subject, name));
}

static int tell_removed_base(struct records *r, const struct type_part *base)
{
	bool fits = !base->is_virtual && is_empty(r->d->old, base_type(r->d->old, base), 0) &&
		    r->old->size == r->new->size;
	struct finding *finding = types_add(r->d, r->pair, "abi/base-removed", true, r->subject,
					    compare_text(r->d->c, "%s: its base %s is gone",
							 r->subject, base_name(r->d->old, base)));

	if (!finding)
		return -ENOMEM;
	r->is_explained |= !fits;
	/* Nothing of an empty one is anywhere. */
	if (fits)
		finding->verdict = VERDICT_OK;
	return 0;
}

int types_compare_bases(struct records *r)
{
	const struct type_part *old = type_parts(r->d->old, r->old);
	const struct type_part *new = type_parts(r->d->new, r->new);
	uint32_t i;
	int e = 0;

	for (i = 0; !e && i < r->old->part_count; i++) {
		const struct type_part *like;

		if (old[i].kind != PART_BASE)
			continue;
		like = find_base(r->d->new, r->new, base_name(r->d->old, &old[i]));
		if (like) {
			e = compare_base(r, &old[i], like);
			continue;
		}
		e = tell_removed_base(r, &old[i]);
	}
	for (i = 0; !e && i < r->new->part_count; i++) {
		if (new[i].kind == PART_BASE &&
		    !find_base(r->d->old, r->old, base_name(r->d->new, &new[i])))
			e = tell_added_base(r, &new[i]);
	}
	if (!e && has_other_order(r)) {
		r->is_explained = true;
		e = types_record_note(
			r, "abi/base-order-changed",
			compare_text(r->d->c, "%s: its bases changed their order", r->subject));
	}
	return e;
}

/* A class has one; some compilers give its mangled name, others that of the source. */
static bool is_destructor_name(const char *text)
{
	struct plain_name name;

	return text[0] == '~' ||
	       (plain_name_parse(text, &name) && *name.last == 'D' && name.last_length == 2);
}

static bool is_destructor(const struct type_part *method)
{
	return method->name && is_destructor_name(method->name);
}

static bool has_destructor(const struct types *types, const struct type *t)
{
	uint32_t i;

	for (i = 0; i < t->part_count; i++) {
		const struct type_part *p = &type_parts(types, t)[i];

		if (p->kind == PART_METHOD && is_destructor(p))
			return true;
	}
	return false;
}

/* The base that shares the table of the class; NULL: none. */
static const struct type *primary_base(const struct types *types, const struct type *t)
{
	uint32_t i;

	for (i = 0; i < t->part_count; i++) {
		const struct type_part *p = &type_parts(types, t)[i];

		if (p->kind == PART_BASE && !p->is_virtual && !p->place &&
		    is_polymorphic(types, base_type(types, p), 0))
			return base_type(types, p);
	}
	return NULL;
}

/* Slots of its table, as far as its functions and those of its primary bases tell. */
static uint64_t count_slots(const struct types *types, const struct type *t)
{
	unsigned char used[MOST_SLOTS / 8] = { 0 };
	uint64_t count = 0;
	uint64_t known = 0;
	bool has_unknown = false;
	unsigned depth;

	for (depth = 0; t && depth < MOST_DEPTH; depth++) {
		uint32_t i;

		for (i = 0; i < t->part_count; i++) {
			const struct type_part *p = &type_parts(types, t)[i];
			uint64_t end = p->place + (is_destructor(p) ? 2 : 1);

			if (p->kind != PART_METHOD)
				continue;
			has_unknown |= p->place == NO_SLOT && is_destructor(p);
			for (; p->place < MOST_SLOTS && end > p->place && end <= MOST_SLOTS;
			     end--) {
				count = end > count ? end : count;
				known += !(used[(end - 1) / 8] & 1u << (end - 1) % 8);
				used[(end - 1) / 8] |= (unsigned char)(1u << (end - 1) % 8);
			}
		}
		t = primary_base(types, t);
	}
	/* gcc does not tell where a destructor stands: in a gap, or behind all others. */
	return count + (has_unknown && known == count ? 2 : 0);
}

/* Functions of one name and parameters, but for the class. */
static bool same_method(const char *a, const char *b)
{
	struct plain_name x, y;

	if (!strcmp(a, b))
		return true;
	if (is_destructor_name(a) || is_destructor_name(b))
		return is_destructor_name(a) && is_destructor_name(b);
	if (!plain_name_parse(a, &x) || !plain_name_parse(b, &y))
		return false;
	/* With what follows: "3fooEiv". */
	return !strcmp(x.last, y.last);
}

static const struct type_part *find_method(const struct types *types, const struct type *t,
					   const char *name)
{
	uint32_t i;

	for (i = 0; i < t->part_count; i++) {
		const struct type_part *p = &type_parts(types, t)[i];

		if (p->kind == PART_METHOD && p->name && name && same_method(p->name, name))
			return p;
	}
	return NULL;
}

/* Does another base than the primary one have it? */
static bool overrides_secondary(const struct types *types, const struct type *t, const char *name)
{
	const struct type *primary = primary_base(types, t);
	uint32_t i;

	for (i = 0; name && i < t->part_count; i++) {
		const struct type_part *p = &type_parts(types, t)[i];

		if (p->kind == PART_BASE && base_type(types, p) != primary &&
		    find_method(types, base_type(types, p), name))
			return true;
	}
	return false;
}

/* Does a primary base have it? */
static bool primary_has(const struct types *types, const struct type *t, const char *name)
{
	unsigned depth;

	for (depth = 0; name && depth < MOST_DEPTH; depth++) {
		t = primary_base(types, t);
		if (!t)
			return false;
		if (find_method(types, t, name))
			return true;
	}
	return false;
}

/* For people: the name as it is in the source, where it can be told. */
static const char *method_text(struct records *r, const struct type_part *method)
{
	struct cxx_name name;

	if (!method->name)
		return "?";
	if (cxx_name_parse(&r->d->c->out->findings.arena, method->name, &name)) {
		r->d->c->no_memory = true;
		return NULL;
	}
	return name.text && *name.text ? name.text : method->name;
}

static int note_method(struct records *r, const char *rule, const struct type_part *method,
		       const char *what)
{
	const char *text = method_text(r, method);

	return text ? types_record_note(r, rule,
					compare_text(r->d->c, "%s: %s %s", r->subject, text, what))
		    : -ENOMEM;
}

struct methods {
	struct records *r;
	uint64_t old_slots;  /* of OLD's table */
	uint64_t base_slots; /* of NEW's, that its primary base has */
	bool has_added;
	bool has_removed;
};

/* "_ZTV" and the name of the class? */
static bool is_of_class(struct records *r, const char *symbol)
{
	struct cxx_name name;
	size_t length = r->old->name ? strlen(r->old->name) : 0;
	size_t whole;

	if (!length || strncmp(symbol, "_ZTV", 4))
		return false;
	if (cxx_name_parse(&r->d->scratch, symbol, &name)) {
		r->d->c->no_memory = true;
		return false;
	}
	/* "vtable for n::C" */
	whole = strlen(name.text);
	return whole > length && name.text[whole - length - 1] == ' ' &&
	       !strcmp(name.text + whole - length, r->old->name);
}

/* Programs can neither make nor extend it: what they know of its table is used by the library only.
 */
static int tell_appended(struct records *r, const struct type_part *p)
{
	struct findings *list = &r->d->c->out->findings;
	size_t i;

	if (!r->old->is_closed || !r->new->is_closed)
		return note_method(r, "abi/vt-slot-appended", p,
				   "is new at the end of the virtual table");
	for (i = 0; i < list->items.count; i++) {
		struct finding *f = &list->items.items[i];

		if (strcmp(f->rule->id, "abi/vt-size-changed-elf") || f->verdict == VERDICT_OK ||
		    !is_of_class(r, f->subject))
			continue;
		f->verdict = VERDICT_OK;
		if (finding_why(list, f, "programs can neither make nor extend the class"))
			return -ENOMEM;
	}
	return note_method(r, "abi/vt-slot-appended-closed", p,
			   "is new at the end of a virtual table that no program extends");
}

/* Has a base a virtual destructor, so that this is no other? The first base is followed deeper. */
static bool base_has_destructor(const struct types *types, const struct type *t)
{
	const struct type *first = t;
	unsigned depth;

	for (depth = 0; first && depth < MOST_DEPTH; depth++) {
		uint32_t i;

		t = first;
		first = NULL;
		for (i = 0; i < t->part_count; i++) {
			const struct type_part *p = &type_parts(types, t)[i];

			if (p->kind != PART_BASE)
				continue;
			if (has_destructor(types, base_type(types, p)))
				return true;
			if (!first)
				first = base_type(types, p);
		}
	}
	return false;
}

static int tell_added_method(struct methods *m, const struct type_part *p)
{
	struct records *r = m->r;
	size_t count;

	/* It had one that the source does not write. */
	if (is_destructor(p) && base_has_destructor(r->d->new, r->new))
		return 0;
	if (p->place < m->base_slots)
		return note_method(r, "abi/vt-override-added-primary", p,
				   "overrides the base's now");
	m->has_added = true;
	if (primary_has(r->d->new, r->new, p->name))
		return note_method(
			r, "abi/vt-override-covariant", p,
			"overrides the base's in a place of its own now, for it returns another pointer");
	if (overrides_secondary(r->d->new, r->new, p->name))
		return note_method(r, "abi/vt-override-added-secondary", p,
				   "overrides another base's now");
	if (is_destructor(p))
		return note_method(r, "abi/vt-dtor-became-virtual", p, "is virtual now");
	if (p->name && corpus_find(r->d->c->old, p->name, &count))
		return note_method(r, "abi/vt-method-became-virtual", p, "is virtual now");
	if (p->is_pure)
		return note_method(r, "abi/vt-pure-added", p, "is a new pure virtual function");
	return p->place >= m->old_slots ? tell_appended(r, p)
					: note_method(r, "abi/vt-slot-inserted", p,
						      "is new in the midst of the virtual table");
}

static int tell_kept_method(struct methods *m, const struct type_part *old,
			    const struct type_part *new)
{
	if (!old->is_pure && new->is_pure)
		return note_method(m->r, "abi/vt-virtual-became-pure", old, "is pure now");
	if (old->is_pure && !new->is_pure)
		return note_method(m->r, "abi/vt-pure-became-virtual", old, "has a body now");
	return 0;
}

/* Did it go to a base that stands at the same place? */
static bool is_pulled_up(const struct records *r, const struct type_part *old)
{
	const struct type *t = primary_base(r->d->new, r->new);
	unsigned depth;

	for (depth = 0; t && depth < MOST_DEPTH; depth++) {
		const struct type_part *p = find_method(r->d->new, t, old->name);

		if (p)
			return p->place == old->place;
		t = primary_base(r->d->new, t);
	}
	return false;
}

static int compare_old_methods(struct methods *m, const struct type_part **ret_moved)
{
	struct records *r = m->r;
	const struct type *primary = primary_base(r->d->old, r->old);
	uint64_t base_slots = primary ? count_slots(r->d->old, primary) : 0;
	uint32_t i;
	int e = 0;

	*ret_moved = NULL;
	for (i = 0; !e && i < r->old->part_count; i++) {
		const struct type_part *old = &type_parts(r->d->old, r->old)[i];
		const struct type_part *new;

		if (old->kind != PART_METHOD || !old->name)
			continue;
		new = find_method(r->d->new, r->new, old->name);
		if (new) {
			if (new->place != old->place &&new->place != NO_SLOT &&
			    old->place != NO_SLOT && !*ret_moved)
				*ret_moved = old;
			e = tell_kept_method(m, old, new);
		} else if (old->place >= base_slots && !is_pulled_up(r, old) &&
			   !(is_destructor(old) && base_has_destructor(r->d->old, r->old))) {
			m->has_removed = true;
			e = note_method(r, "abi/vt-slot-removed", old,
					"is gone from the virtual table");
		}
	}
	return e;
}

/* Is it told already, by the symbols alone? */
static bool is_told(const struct records *r, const char *rule)
{
	const struct findings *list = &r->d->c->out->findings;
	size_t i;

	for (i = 0; i < list->items.count; i++) {
		const struct finding *f = &list->items.items[i];
		const char *name = r->old->name;

		if (!strcmp(f->rule->id, rule) && name && strstr(f->message, name))
			return true;
	}
	return false;
}

int types_compare_methods(struct records *r)
{
	const struct type *primary = primary_base(r->d->new, r->new);
	struct methods m = { .r = r };
	const struct type_part *moved;
	bool was = is_polymorphic(r->d->old, r->old, 0);
	bool is = is_polymorphic(r->d->new, r->new, 0);
	uint32_t i;
	int e;

	if (!was && !is)
		return 0;
	if (was != is) {
		r->is_explained = true;
		return types_record_note(
			r, "abi/vt-polymorphic-changed",
			compare_text(r->d->c, "%s: it has %s", r->subject,
				     is ? "virtual functions or bases now"
					: "no virtual functions or bases any more"));
	}
	if (count_parts(r->d->old, r->old, PART_METHOD) > MOST_SLOTS / 16 ||
	    count_parts(r->d->new, r->new, PART_METHOD) > MOST_SLOTS / 16) {
		r->d->is_cut = true;
		return 0;
	}
	m.old_slots = count_slots(r->d->old, r->old);
	m.base_slots = primary ? count_slots(r->d->new, primary) : 0;
	e = compare_old_methods(&m, &moved);
	for (i = 0; !e && i < r->new->part_count; i++) {
		const struct type_part *p = &type_parts(r->d->new, r->new)[i];

		if (p->kind == PART_METHOD && p->name && !find_method(r->d->old, r->old, p->name))
			e = tell_added_method(&m, p);
	}
	if (e || !moved || m.has_added || m.has_removed)
		return e;
	/* A longer table of the base moves all of them. */
	if (m.base_slots != (primary_base(r->d->old, r->old)
				     ? count_slots(r->d->old, primary_base(r->d->old, r->old))
				     : 0))
		return note_method(r, "abi/base-layout-changed", moved,
				   "has another place, as the table of the base has another size");
	return is_told(r, "abi/vt-slot-reordered")
		       ? 0
		       : note_method(r, "abi/vt-slot-reordered", moved,
				     "has another place in the virtual table");
}

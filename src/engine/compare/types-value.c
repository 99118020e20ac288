/* SPDX-License-Identifier: Apache-2.0 */
/* Two values beside each other, as a machine sees them. Contract in engine/compare/types.h. */
#include "engine/compare/cxx-name.h"
#include "engine/compare/types.h"
#include "model/dwarf-codes.h"

#include <string.h>

#define MOST_DEPTH 32 /* of pointers and arrays in each other */

/* One comparison: what it was asked for, and the worst that was found. */
struct values {
	struct type_diff *d;
	uint32_t from;
	const struct type_part *step;
	enum value_change change;
	unsigned outer_old, outer_new; /* qualifiers of the array that the value is in */
};

enum { HAS_CONST = 1, HAS_VOLATILE = 2, HAS_RESTRICT = 4, HAS_ATOMIC = 8 };

static void worsen(struct values *v, enum value_change change)
{
	if (change > v->change)
		v->change = change;
}

/* Takes the qualifiers off. */
static unsigned qualifiers(const struct types *types, type_id *id)
{
	unsigned found = 0;
	unsigned hops;

	for (hops = 0; hops < MOST_DEPTH; hops++) {
		const struct type *t = type_at(types, *id);

		switch (t->kind) {
		case TYPE_CONST:
			found |= HAS_CONST;
			break;
		case TYPE_VOLATILE:
			found |= HAS_VOLATILE;
			break;
		case TYPE_RESTRICT:
			found |= HAS_RESTRICT;
			break;
		case TYPE_ATOMIC:
			found |= HAS_ATOMIC;
			break;
		default:
			return found;
		}
		*id = t->target;
	}
	return found;
}

bool types_tell(struct type_diff *d, bool of_new, unsigned version)
{
	uint64_t has = (of_new ? d->c->new : d->c->old)->old_dwarf;

	if (!has || has >= version)
		return true;
	d->is_untold = true;
	return false;
}

/* Has one of them the qualifier, and the other could tell that it has none? */
static bool differ_in(struct values *v, unsigned old, unsigned new, unsigned qualifier,
		      unsigned version)
{
	return (old ^ new) & qualifier && types_tell(v->d, old & qualifier, version);
}

static bool same_name(const struct type *old, const struct type *new)
{
	return cxx_same_name(old->name, new->name);
}

/* The two without typedefs and qualifiers. True: they ended at a typedef that both have. */
static bool strip_both(struct values *v, type_id *old, type_id *new, unsigned *ret_old,
		       unsigned *ret_new)
{
	unsigned hops;

	*ret_old = *ret_new = 0;
	for (hops = 0; hops < MOST_DEPTH; hops++) {
		const struct type *o, *n;

		*ret_old |= qualifiers(v->d->old, old);
		*ret_new |= qualifiers(v->d->new, new);
		o = type_at(v->d->old, *old);
		n = type_at(v->d->new, *new);
		if (o->kind == TYPE_TYPEDEF && n->kind == TYPE_TYPEDEF && same_name(o, n))
			return true;
		if (o->kind != TYPE_TYPEDEF && n->kind != TYPE_TYPEDEF)
			return false;
		worsen(v, VALUE_SPELLING);
		if (o->kind == TYPE_TYPEDEF)
			*old = o->target;
		if (n->kind == TYPE_TYPEDEF)
			*new = n->target;
	}
	return false;
}

static bool is_unsigned(uint8_t encoding)
{
	return encoding == DW_ATE_unsigned || encoding == DW_ATE_unsigned_char ||
	       encoding == DW_ATE_boolean || encoding == DW_ATE_UTF;
}

static bool is_floating(uint8_t encoding)
{
	return encoding == DW_ATE_float || encoding == DW_ATE_complex_float ||
	       encoding == DW_ATE_decimal_float;
}

static bool is_scalar(const struct type *t)
{
	return t->kind == TYPE_BASE || t->kind == TYPE_ENUM;
}

/* Of an enumeration: that of its integer. */
static uint8_t encoding_of(const struct types *types, const struct type *t)
{
	const struct type *u;

	if (t->kind != TYPE_ENUM)
		return t->encoding;
	u = type_at(types, types_strip(types, t->target));
	/* Old compilers do not tell it. */
	return u->kind == TYPE_BASE ? u->encoding : DW_ATE_unsigned;
}

/* Sixteen bytes hold one of two formats. */
static bool is_other_format(const struct type *old, const struct type *new)
{
	bool is_quad = old->name && strstr(old->name, "128");

	return old->size == 16 && old->kind == TYPE_BASE &&
	       new->kind == TYPE_BASE &&is_quad != (new->name &&strstr(new->name, "128"));
}

/* Are all its values the same with and without a sign? */
static bool fits_both(const struct types *types, const struct type *enumeration)
{
	unsigned bits = enumeration->size < 8 ? (unsigned)enumeration->size * 8 : 64;
	uint32_t i;

	for (i = 0; bits && i < enumeration->part_count; i++) {
		if (type_parts(types, enumeration)[i].place >> (bits - 1))
			return false;
	}
	return bits;
}

static enum value_change compare_scalars(struct values *v, const struct type *old,
					 const struct type *new)
{
	uint8_t eo = encoding_of(v->d->old, old);
	uint8_t en = encoding_of(v->d->new, new);

	if (is_floating(eo) != is_floating(en))
		return VALUE_KIND;
	if (is_floating(eo)) {
		if (eo != en)
			return VALUE_KIND;
		if (old->size == new->size && !is_other_format(old, new))
			return same_name(old, new) ? VALUE_SAME : VALUE_SPELLING;
		return eo == DW_ATE_float ? VALUE_FORMAT : VALUE_COMPLEX;
	}
	if (en == DW_ATE_boolean && eo != DW_ATE_boolean)
		return VALUE_TO_BOOL;
	if (eo == DW_ATE_boolean && en != DW_ATE_boolean && new->size <= 4)
		return VALUE_FROM_BOOL;
	if (old->size != new->size)
		return old->size < new->size ? VALUE_WIDENED : VALUE_NARROWED;
	/* The sign of an enumeration is told where the enumeration is. */
	if (is_unsigned(eo) != is_unsigned(en))
		return old->kind == TYPE_ENUM && new->kind == TYPE_BASE &&fits_both(v->d->old, old)
			       ? VALUE_SPELLING
			       : VALUE_SIGN;
	return old->kind == new->kind &&same_name(old, new) ? VALUE_SAME : VALUE_SPELLING;
}

static int compare_values(struct values *v, type_id old, type_id new, enum type_reach reach,
			  unsigned depth);

static int queue(struct values *v, type_id old, type_id new, enum type_reach reach)
{
	return types_queue(v->d, v->from, old, new, reach, v->step);
}

static int compare_records(struct values *v, type_id old, type_id new, enum type_reach reach)
{
	const struct type *o = type_at(v->d->old, old);
	const struct type *n = type_at(v->d->new, new);

	if (same_name(o, n))
		return queue(v, old, new, reach);
	if (!types_alike(v->d, o, n)) {
		worsen(v, reach == REACH_VALUE ? VALUE_KIND : VALUE_OTHER_STRUCT);
		return 0;
	}
	worsen(v, VALUE_TAG);
	return queue(v, old, new, reach);
}

static uint64_t count_of(const struct type_part *dimension)
{
	return dimension->place == TYPE_FLEXIBLE ? 0 : dimension->place;
}

static bool has_flexible(const struct types *types, const struct type *t)
{
	return !t->part_count || !count_of(&type_parts(types, t)[0]);
}

/* The counts of an array and of those that are its elements. */
struct shape {
	uint64_t counts[MOST_DEPTH];
	uint32_t count;
	type_id element;
};

static void take_shape(const struct types *types, const struct type *array, struct shape *ret)
{
	const struct type *t = array;
	uint32_t i;

	ret->count = 0;
	while (t->kind == TYPE_ARRAY && t->is_vector == array->is_vector &&
	       t->part_count <= MOST_DEPTH - ret->count) {
		for (i = 0; i < t->part_count; i++)
			ret->counts[ret->count++] = count_of(&type_parts(types, t)[i]);
		ret->element = t->target;
		t = type_at(types, types_strip(types, t->target));
		if (!array->part_count)
			break;
	}
}

/* The same, though the rows of one have a name. */
static bool same_shape(struct values *v, const struct type *old, const struct type *new,
		       type_id *ret_old, type_id *ret_new)
{
	struct shape o = { .element = old->target };
	struct shape n = { .element = new->target };

	take_shape(v->d->old, old, &o);
	take_shape(v->d->new, new, &n);
	*ret_old = o.element;
	*ret_new = n.element;
	return o.count && o.count == n.count &&
	       !memcmp(o.counts, n.counts, o.count * sizeof(*o.counts));
}

static int compare_arrays(struct values *v, const struct type *old, const struct type *new,
			  enum type_reach reach, unsigned depth)
{
	const struct type_part *o = type_parts(v->d->old, old);
	const struct type_part *n = type_parts(v->d->new, new);
	struct values element = { v->d, v->from, v->step, VALUE_SAME, v->outer_old, v->outer_new };
	type_id before = old->target;
	type_id after = new->target;
	uint32_t i;
	int r;

	if (old->part_count != new->part_count && same_shape(v, old, new, &before, &after)) {
		worsen(v, VALUE_SPELLING);
	} else if (old->part_count != new->part_count ||
		   has_flexible(v->d->old, old) != has_flexible(v->d->new, new)) {
		before = old->target;
		after = new->target;
		worsen(v, VALUE_ARRAY);
	}
	r = compare_values(&element, before, after, reach, depth);
	for (i = 0; i < old->part_count && old->part_count == new->part_count; i++) {
		/* [0] and [] are the same. */
		if (o[i].place != n[i].place && (count_of(&o[i]) || count_of(&n[i])))
			worsen(v, VALUE_ARRAY);
	}
	if (old->is_vector && new->is_vector &&
	    (v->change == VALUE_ARRAY || element.change > VALUE_SPELLING))
		worsen(v, VALUE_VECTOR);
	worsen(v, element.change);
	return r;
}

/* How far programs depend on what holds the value. */
static enum type_reach reach_of(const struct values *v)
{
	return v->from & EDGE_SYMBOL ? REACH_VALUE
				     : (enum type_reach)v->d->pairs.items[v->from].reach;
}

/* What a pointer points to. */
static int compare_pointees(struct values *v, type_id old, type_id new, unsigned depth)
{
	struct values inner = { v->d, v->from, v->step, VALUE_SAME, 0, 0 };
	unsigned qo, qn;
	bool is_typedef = strip_both(&inner, &old, &new, &qo, &qn);
	const struct type *o = type_at(v->d->old, old);
	const struct type *n = type_at(v->d->new, new);
	int r = 0;

	if (inner.change == VALUE_SPELLING)
		worsen(v, VALUE_SPELLING);
	inner.change = VALUE_SAME;
	if ((qo ^ qn) & HAS_CONST)
		worsen(v, qn & HAS_CONST ? VALUE_POINTEE_CONST : VALUE_POINTEE_UNCONST);
	if ((qo ^ qn) & HAS_VOLATILE)
		worsen(v, VALUE_QUALIFIER);
	if (differ_in(v, qo, qn, HAS_ATOMIC, 5))
		worsen(v, VALUE_ATOMIC);
	if (is_typedef)
		return queue(v, old, new, REACH_POINTER);
	if (o->kind == TYPE_UNKNOWN || n->kind == TYPE_UNKNOWN)
		return 0;
	if (o->kind == TYPE_VOID || n->kind == TYPE_VOID) {
		if (o->kind != n->kind)
			worsen(v, VALUE_VOID_POINTER);
		return 0;
	}
	if (o->kind == TYPE_POINTER || n->kind == TYPE_POINTER) {
		if (o->kind != n->kind) {
			worsen(v, VALUE_LEVEL);
			return 0;
		}
		/* A pointer to a pointer is a pointer to something else when that one is. */
		if (depth < MOST_DEPTH)
			r = compare_pointees(&inner, o->target, n->target, depth + 1);
		worsen(v, inner.change);
		return r;
	}
	if (o->kind == TYPE_FUNCTION && n->kind == TYPE_FUNCTION)
		return queue(v, old, new, reach_of(v));
	r = compare_values(&inner, old, new, REACH_POINTER, depth + 1);
	switch (inner.change) {
	case VALUE_NARROWED:
	case VALUE_WIDENED:
	case VALUE_TO_BOOL:
	case VALUE_FROM_BOOL:
	case VALUE_FORMAT:
	case VALUE_COMPLEX:
	case VALUE_ARRAY:
	case VALUE_KIND:
	case VALUE_LEVEL:
		worsen(v, VALUE_POINTEE);
		break;
	default:
		worsen(v, inner.change);
	}
	return r;
}

static bool is_pointer(const struct type *t)
{
	return t->kind == TYPE_POINTER || t->kind == TYPE_REFERENCE ||
	       t->kind == TYPE_RVALUE_REFERENCE;
}

/* A union, or a struct of one member, that has the number at its start: the same bytes. */
static bool holds_first(const struct types *types, const struct type *record,
			const struct type *number)
{
	const struct type_part *parts = type_parts(types, record);
	uint32_t i;

	if (!type_is_record(record) || number->kind != TYPE_BASE || record->size != number->size ||
	    (record->kind != TYPE_UNION && record->part_count != 1))
		return false;
	for (i = 0; i < record->part_count && i < 64; i++) {
		const struct type *t = type_at(types, types_strip(types, parts[i].type));

		if (parts[i].kind == PART_MEMBER && !parts[i].place && !parts[i].bits &&
		    t->kind == TYPE_BASE && t->size == number->size &&
		    t->encoding == number->encoding)
			return true;
	}
	return false;
}

static int compare_kinds(struct values *v, type_id old, type_id new, enum type_reach reach,
			 unsigned depth)
{
	const struct type *o = type_at(v->d->old, old);
	const struct type *n = type_at(v->d->new, new);

	/* What is not known is counted, not judged. */
	if (o->kind == TYPE_UNKNOWN || n->kind == TYPE_UNKNOWN)
		return 0;
	if (o->kind == TYPE_ENUM && n->kind == TYPE_ENUM) {
		if (!same_name(o, n))
			worsen(v, VALUE_SPELLING);
		return queue(v, old, new, reach);
	}
	if (is_scalar(o) && is_scalar(n)) {
		worsen(v, compare_scalars(v, o, n));
		return 0;
	}
	if (is_pointer(o) && is_pointer(n)) {
		if (o->kind != n->kind && types_tell(v->d, o->kind == TYPE_RVALUE_REFERENCE, 4))
			worsen(v, VALUE_SPELLING);
		return compare_pointees(v, o->target, n->target, depth);
	}
	if (type_is_record(o) && type_is_record(n))
		return compare_records(v, old, new, reach);
	if (o->kind != n->kind && (holds_first(v->d->old, o, n) || holds_first(v->d->new, n, o))) {
		worsen(v, VALUE_TAG);
		return 0;
	}
	if (o->kind != n->kind) {
		worsen(v, is_pointer(o) || is_pointer(n) ? VALUE_LEVEL : VALUE_KIND);
		return 0;
	}
	switch (o->kind) {
	case TYPE_ARRAY:
		return compare_arrays(v, o, n, reach, depth);
	case TYPE_FUNCTION:
		return queue(v, old, new, reach);
	case TYPE_MEMBER_POINTER:
		return compare_values(v, o->target, n->target, REACH_POINTER, depth);
	default:
		return 0;
	}
}

static int compare_values(struct values *v, type_id old, type_id new, enum type_reach reach,
			  unsigned depth)
{
	unsigned qo, qn;
	bool is_typedef;

	if (depth++ > MOST_DEPTH)
		return 0;
	is_typedef = strip_both(v, &old, &new, &qo, &qn);
	qo |= v->outer_old;
	qn |= v->outer_new;
	/* Qualifiers of an array are those of its elements; compilers tell them at either, or both.
	 */
	if (!is_typedef && type_at(v->d->old, old)->kind == TYPE_ARRAY &&
	    type_at(v->d->new, new)->kind == TYPE_ARRAY) {
		v->outer_old = qo;
		v->outer_new = qn;
		return compare_kinds(v, old, new, reach, depth);
	}
	if ((qo ^ qn) & (HAS_CONST | HAS_VOLATILE))
		worsen(v, VALUE_QUALIFIER);
	if (is_typedef)
		return queue(v, old, new, reach);
	if (differ_in(v, qo, qn, HAS_RESTRICT, 3))
		worsen(v, qn & HAS_RESTRICT ? VALUE_RESTRICT : VALUE_SPELLING);
	if (differ_in(v, qo, qn, HAS_ATOMIC, 5))
		worsen(v, VALUE_ATOMIC);
	return compare_kinds(v, old, new, reach, depth);
}

int types_compare_value(struct type_diff *d, uint32_t from, type_id old, type_id new,
			enum type_reach reach, const struct type_part *step, enum value_change *ret)
{
	struct values v = { d, from, step, VALUE_SAME, 0, 0 };
	int r = compare_values(&v, old, new, reach, 0);

	*ret = v.change;
	return r;
}

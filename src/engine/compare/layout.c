/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Layouts of two machines, over the walk of engine/compare/types.h: what values lead
 * to, and what is told of a value by itself. Contract in engine/compare/layout.h.
 */
#include "engine/compare/layout.h"
#include "engine/compare/layout-pairs.h"
#include "engine/compare/layout-parts.h"
#include "engine/compare/layout-scalar.h"
#include "model/dwarf-codes.h"

#include <inttypes.h>
#include <string.h>

#define MOST_HOPS 64 /* of pointers and arrays in each other */

const char *layout_where(struct type_diff *d, bool is_other)
{
	const struct compare *c = d->c;

	if (!strcmp(c->old->machine, c->new->machine))
		return is_other ? "in B" : "in A";
	return compare_text(d->c, "on %s", is_other ? c->new->machine : c->old->machine);
}

const char *layout_sizes(struct type_diff *d, uint64_t one, uint64_t other)
{
	return compare_text(d->c, "has %" PRIu64 " byte%s %s, %" PRIu64 " %s", one,
			    one == 1 ? "" : "s", layout_where(d, false), other,
			    layout_where(d, true));
}

int layout_add(struct type_diff *d, uint32_t pair, const char *rule, bool is_machine,
	       const char *subject, const char *message)
{
	struct finding *finding = types_add(d, pair, rule, false, subject, message);

	if (!finding)
		return -ENOMEM;
	if (is_machine && finding->verdict > VERDICT_RISK)
		finding->verdict = VERDICT_RISK;
	finding->source = VERDICT_OK;
	finding->has_source = false;
	return 0;
}

static bool other_encoding(const struct type *one, const struct type *other)
{
	return one->kind == TYPE_BASE && other->kind == TYPE_BASE &&
	       one->encoding != other->encoding;
}

bool layout_other_format(struct type_diff *d, uint64_t one, uint64_t other)
{
	return strcmp(scalar_long_double(d->c->old, one), scalar_long_double(d->c->new, other)) !=
	       0;
}

/* Is there anything to say of a value by itself? `in_record`: its struct is told. */
static bool is_telling(struct type_diff *d, type_id one, type_id other, bool in_record)
{
	const struct type *o = scalar_element(d->old, one);
	const struct type *n = scalar_element(d->new, other);

	if (o->kind != n->kind)
		return false;
	if (o->kind == TYPE_ENUM)
		return o->has_size && n->has_size && o->size != n->size;
	if (o->kind != TYPE_BASE)
		return false;
	switch (scalar_cause_of(d->old, one)) {
	case SCALAR_CHAR:
		return other_encoding(o, n);
	case SCALAR_WCHAR:
		return !in_record && o->size != n->size;
	case SCALAR_LONG_DOUBLE:
		return !in_record &&
		       (o->size != n->size || layout_other_format(d, o->size, n->size));
	default:
		return false;
	}
}

static bool is_step(const struct type *t)
{
	switch (t->kind) {
	case TYPE_CONST:
	case TYPE_VOLATILE:
	case TYPE_RESTRICT:
	case TYPE_ATOMIC:
	case TYPE_ARRAY:
		return true;
	default:
		return t->kind == TYPE_TYPEDEF && t->name && strcmp(t->name, "wchar_t") != 0;
	}
}

static type_id next_step(const struct types *types, type_id id)
{
	unsigned hops;

	for (hops = 0; hops < MOST_HOPS && is_step(type_at(types, id)); hops++)
		id = type_at(types, id)->target;
	return id;
}

int layout_follow(struct type_diff *d, uint32_t from, type_id one, type_id other,
		  const struct type_part *step, bool in_record)
{
	enum type_reach reach = REACH_VALUE;
	unsigned hops;

	for (hops = 0; hops < MOST_HOPS; hops++) {
		const struct type *o, *n;

		/* Those of the C library differ, and nobody writes them anywhere. */
		if (scalar_is_foreign(d->old, one) &&
		    (in_record || scalar_cause_of(d->old, one) != SCALAR_TIME))
			return 0;
		one = next_step(d->old, one);
		other = next_step(d->new, other);
		o = type_at(d->old, one);
		n = type_at(d->new, other);
		if (o->kind == TYPE_POINTER || o->kind == TYPE_REFERENCE ||
		    o->kind == TYPE_RVALUE_REFERENCE) {
			if (n->kind != o->kind)
				return 0;
			one = o->target;
			other = n->target;
			in_record = false;
			reach = REACH_POINTER;
			continue;
		}
		if ((type_is_record(o) && type_is_record(n)) ||
		    (o->kind == TYPE_FUNCTION && n->kind == TYPE_FUNCTION) ||
		    is_telling(d, one, other, in_record))
			return types_queue(d, from, one, other, reach, step);
		return 0;
	}
	return 0;
}

static int start(struct type_diff *d, uint32_t place, type_id one, type_id other)
{
	const struct type *o = type_at(d->old, one);

	if (o->kind != type_at(d->new, other)->kind)
		return 0;
	if (o->kind == TYPE_FUNCTION)
		return types_queue(d, place | EDGE_SYMBOL, one, other, REACH_VALUE, NULL);
	return layout_follow(d, place | EDGE_SYMBOL, one, other, NULL, false);
}

static int visit_function(struct type_diff *d, uint32_t pair)
{
	const struct type *o = type_at(d->old, d->pairs.items[pair].old);
	const struct type *n = type_at(d->new, d->pairs.items[pair].new);
	uint32_t i;
	int r = layout_follow(d, pair, o->target, n->target, NULL, false);

	for (i = 0; !r && i < o->part_count && i < n->part_count; i++) {
		const struct type_part *p = &type_parts(d->old, o)[i];

		r = layout_follow(d, pair, p->type, type_parts(d->new, n)[i].type, p, false);
	}
	return r;
}

static int visit_scalar(struct type_diff *d, uint32_t pair)
{
	type_id one = d->pairs.items[pair].old;
	const struct type *o = scalar_element(d->old, one);
	const struct type *n = scalar_element(d->new, d->pairs.items[pair].new);
	const char *name = types_old_text(d, one);

	if (!name)
		return -ENOMEM;
	if (o->kind == TYPE_ENUM)
		return layout_add(
			d, pair, "abi/enum-size-changed", true, name,
			compare_text(d->c, "%s %s", name, layout_sizes(d, o->size, n->size)));
	switch (scalar_cause_of(d->old, one)) {
	case SCALAR_CHAR:
		return layout_add(
			d, pair, "abi/type-char-sign", false, name,
			compare_text(d->c, "char is %s %s, %s %s",
				     o->encoding == DW_ATE_signed_char ? "signed" : "unsigned",
				     layout_where(d, false),
				     n->encoding == DW_ATE_signed_char ? "signed" : "unsigned",
				     layout_where(d, true)));
	case SCALAR_WCHAR:
		return layout_add(
			d, pair, "abi/type-wchar-width", false, name,
			compare_text(d->c, "%s %s", name, layout_sizes(d, o->size, n->size)));
	case SCALAR_LONG_DOUBLE:
		return layout_add(d, pair, "abi/type-long-double-format", false, name,
				  o->size != n->size
					  ? compare_text(d->c, "%s %s", name,
							 layout_sizes(d, o->size, n->size))
					  : compare_text(d->c, "%s is %s %s, %s %s", name,
							 scalar_long_double(d->c->old, o->size),
							 layout_where(d, false),
							 scalar_long_double(d->c->new, n->size),
							 layout_where(d, true)));
	default:
		return 0;
	}
}

static int visit(struct type_diff *d, uint32_t pair)
{
	const struct type *o = type_at(d->old, d->pairs.items[pair].old);

	if (type_is_record(o))
		return layout_record(d, pair);
	return o->kind == TYPE_FUNCTION ? visit_function(d, pair) : visit_scalar(d, pair);
}

static int tell_order(struct compare *c)
{
	struct finding *finding;

	if (c->old->is_big == c->new->is_big)
		return 0;
	finding = compare_add(c, "abi/type-byte-order", c->out->name,
			      compare_text(c, "%s is %s-endian, %s is %s-endian", c->old->machine,
					   c->old->is_big ? "big" : "little", c->new->machine,
					   c->new->is_big ? "big" : "little"));
	if (!finding)
		return -ENOMEM;
	finding->has_source = false;
	return 0;
}

static int judge(struct compare *c)
{
	size_t alone;
	int r = layout_pair(c, &alone);

	if (!r)
		r = tell_order(c);
	if (!r)
		r = types_walk(c, start, visit);
	if (!r && alone)
		r = unchecked_add(
			&c->out->findings, c->out->name,
			compare_text(c, "the types of %zu symbol%s", alone, alone == 1 ? "" : "s"),
			"B does not export what A has under these names",
			"two builds of one source", alone, c->kept.count == 0);
	return r;
}

int compare_layout(const struct corpus *one, const struct corpus *other, struct comparison **ret)
{
	struct comparison *out = calloc(1, sizeof(*out));
	struct compare_options options = { .require_types = true };
	struct compare c = { .old = one, .new = other, .options = &options, .out = out };
	int r;

	if (!out)
		return -ENOMEM;
	out->old = one;
	out->is_layout = true;
	out->old_path = one->path;
	out->new_path = other->path;
	out->name = one->soname ? one->soname : path_name(one->path);
	out->old_count = one->symbols.count;
	out->new_count = other->symbols.count;
	r = judge(&c);
	if (c.no_memory)
		r = -ENOMEM;
	array_done(&c.kept);
	if (r) {
		comparison_free(out);
		return r;
	}
	comparison_conclude(out);
	*ret = out;
	return 0;
}

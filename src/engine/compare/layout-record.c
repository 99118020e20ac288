/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Structs on two machines. One is told by the first member that is to blame; one
 * that differs only since a struct in it does is not told, as that one is. Contract
 * in engine/compare/layout-parts.h.
 */
#include "engine/compare/layout-parts.h"
#include "engine/compare/layout-scalar.h"

#include <inttypes.h>
#include <string.h>

#define MOST_DEPTH 16	  /* of structs without a name in each other */
#define MOST_LOOKED 64	  /* members that are looked over for one of a name */
#define MOST_PARTS 100000 /* of one struct, with all in it */

/* One struct on both machines. */
struct layout {
	struct type_diff *d;
	uint32_t pair;
	const struct type *one, *other;
	uint32_t parts_left;
	bool is_blurred;     /* places tell nothing more: what is before differs in itself */
	bool is_moved;	     /* a member that may follow one that is on one machine only */
	bool has_strangers;  /* members that are on one machine only */
	const char *rule;    /* of the first that is to blame; NULL: none as yet */
	const char *message; /* about it */
	bool is_machine;     /* a change between releases would break; this is another machine */
};

/* Two members that are one. */
struct member {
	const struct type_part *one, *other;
	uint64_t place_one, place_other; /* bits */
};

static void blame(struct layout *l, const char *rule, bool is_machine, const char *message)
{
	l->rule = rule;
	l->is_machine = is_machine;
	l->message = message;
}

/* "n (long)" */
static const char *member_text(struct layout *l, const struct type_part *part)
{
	const char *type = types_old_text(l->d, part->type);

	return compare_text(l->d->c, "%s (%s)", part->name ? part->name : "a base or a part",
			    type ? type : "");
}

static const char *rule_of(struct layout *l, type_id id)
{
	switch (scalar_cause_of(l->d->old, id)) {
	case SCALAR_TIME:
		return "abi/type-time-off-width";
	case SCALAR_WCHAR:
		return "abi/type-wchar-width";
	case SCALAR_LONG_DOUBLE:
		return "abi/type-long-double-format";
	default:
		return "abi/type-long-width";
	}
}

/* A struct or an enumeration that is told of by itself. */
static bool is_told_there(struct layout *l, const struct member *m)
{
	const struct type *o = scalar_element(l->d->old, m->one->type);
	const struct type *n = scalar_element(l->d->new, m->other->type);

	return (type_is_record(o) || o->kind == TYPE_ENUM) && o->size != n->size &&
	       !scalar_is_foreign(l->d->old, m->one->type);
}

static const char *place_text(struct layout *l, const struct type_part *part, uint64_t place)
{
	return part->bits || place % 8 ? compare_text(l->d->c, "bit %" PRIu64, place)
				       : compare_text(l->d->c, "byte %" PRIu64, place / 8);
}

static void judge_place(struct layout *l, const struct member *m)
{
	bool is_wide = scalar_holds_wide(l->d->old, m->one->type);

	if (l->is_blurred || m->place_one == m->place_other)
		return;
	if (l->has_strangers) {
		l->is_moved = true;
		return;
	}
	blame(l, is_wide ? "abi/type-align64-i386" : "abi/type-align-changed", !is_wide,
	      compare_text(l->d->c, "%s is at %s %s, %s %s", member_text(l, m->one),
			   place_text(l, m->one, m->place_one), layout_where(l->d, false),
			   place_text(l, m->other, m->place_other), layout_where(l->d, true)));
}

static void judge_member(struct layout *l, const struct member *m)
{
	uint64_t so = 0;
	uint64_t sn = 0;

	if (m->one->bits || m->other->bits) {
		judge_place(l, m);
		return;
	}
	if (!scalar_size(l->d->c->old, m->one->type, &so) ||
	    !scalar_size(l->d->c->new, m->other->type, &sn)) {
		l->is_blurred = true;
		return;
	}
	if (so != sn && is_told_there(l, m)) {
		l->is_blurred = true;
		return;
	}
	if (so != sn) {
		blame(l, rule_of(l, m->one->type), false,
		      compare_text(l->d->c, "%s %s", member_text(l, m->one),
				   layout_sizes(l->d, so, sn)));
		return;
	}
	if (scalar_cause_of(l->d->old, m->one->type) == SCALAR_LONG_DOUBLE) {
		uint64_t size = scalar_element(l->d->old, m->one->type)->size;

		if (layout_other_format(l->d, size, size)) {
			blame(l, "abi/type-long-double-format", false,
			      compare_text(l->d->c, "%s is %s %s, %s %s", member_text(l, m->one),
					   scalar_long_double(l->d->c->old, size),
					   layout_where(l->d, false),
					   scalar_long_double(l->d->c->new, size),
					   layout_where(l->d, true)));
			return;
		}
	}
	judge_place(l, m);
}

static bool is_data(const struct type_part *part)
{
	return part->kind == PART_MEMBER || part->kind == PART_BASE;
}

static bool same_part(const struct type_part *one, const struct type_part *other)
{
	if (one->kind != other->kind)
		return false;
	if (!one->name || !other->name)
		return one->name == other->name;
	return !strcmp(one->name, other->name);
}

/* The member of the other machine, from *at on, which then is behind it. */
static const struct type_part *find_part(const struct types *types, const struct type *record,
					 const struct type_part *wanted, uint32_t *at)
{
	const struct type_part *parts = type_parts(types, record);
	uint32_t i;

	for (i = *at; i < record->part_count && i - *at < MOST_LOOKED; i++) {
		if (!same_part(wanted, &parts[i]))
			continue;
		*at = i + 1;
		return &parts[i];
	}
	return NULL;
}

static uint32_t count_data(const struct types *types, const struct type *record)
{
	uint32_t count = 0;
	uint32_t i;

	for (i = 0; i < record->part_count; i++)
		count += is_data(&type_parts(types, record)[i]);
	return count;
}

static int judge_parts(struct layout *l, const struct type *one, const struct type *other,
		       const struct member *base, unsigned depth);

static int judge_part(struct layout *l, const struct member *m, unsigned depth)
{
	const struct type *o = scalar_element(l->d->old, m->one->type);
	const struct type *n = scalar_element(l->d->new, m->other->type);

	/* Its members are those of the struct that it is in. */
	if (m->one->kind == PART_MEMBER && !m->one->name && depth < MOST_DEPTH &&
	    type_is_record(o) && type_is_record(n) && !o->is_declared && !n->is_declared)
		return judge_parts(l, o, n, m, depth + 1);
	if (!l->rule)
		judge_member(l, m);
	return layout_follow(l->d, l->pair, m->one->type, m->other->type, m->one, true);
}

static int judge_parts(struct layout *l, const struct type *one, const struct type *other,
		       const struct member *base, unsigned depth)
{
	uint32_t at = 0;
	uint32_t i;
	int r = 0;

	l->has_strangers |= count_data(l->d->old, one) != count_data(l->d->new, other);
	for (i = 0; !r && i < one->part_count && l->parts_left; i++) {
		const struct type_part *part = &type_parts(l->d->old, one)[i];
		struct member m = { .one = part };

		l->parts_left--;
		if (!is_data(part))
			continue;
		m.other = find_part(l->d->new, other, part, &at);
		if (!m.other) {
			l->has_strangers = true;
			continue;
		}
		m.place_one = base->place_one + part->place;
		m.place_other = base->place_other + m.other->place;
		r = judge_part(l, &m, depth);
	}
	return r;
}

/* Is it a bit-field whose unit is of another size? That moves no bit, but the end. */
static bool has_other_unit(struct layout *l, const struct type_part *part)
{
	uint32_t at = 0;
	const struct type_part *like = find_part(l->d->new, l->other, part, &at);

	return part->bits && like &&
	       scalar_element(l->d->old, part->type)->size !=
		       scalar_element(l->d->new, like->type)->size;
}

/* No member is to blame, but what is behind the last, or members that are not on both. */
static void judge_end(struct layout *l)
{
	struct type_diff *d = l->d;
	const struct type_part *parts = type_parts(d->old, l->one);
	bool is_width = d->c->old->is_64 != d->c->new->is_64;
	uint32_t i;

	if (l->has_strangers) {
		blame(l, is_width ? "abi/type-long-width" : "abi/type-size-changed", !is_width,
		      "it has other members there");
		return;
	}
	for (i = 0; i < l->one->part_count; i++) {
		if (!is_data(&parts[i]))
			continue;
		if (has_other_unit(l, &parts[i])) {
			blame(l, rule_of(l, parts[i].type), false,
			      compare_text(d->c, "%s is part of another unit",
					   member_text(l, &parts[i])));
			return;
		}
		if (!scalar_holds_wide(d->old, parts[i].type))
			continue;
		blame(l, "abi/type-align64-i386", false,
		      compare_text(d->c, "%s is aligned in another way",
				   member_text(l, &parts[i])));
		return;
	}
	blame(l, "abi/type-align-changed", true, "its end is aligned in another way");
}

int layout_record(struct type_diff *d, uint32_t pair)
{
	struct layout l = {
		.d = d,
		.pair = pair,
		.one = type_at(d->old, d->pairs.items[pair].old),
		.other = type_at(d->new, d->pairs.items[pair].new),
		.parts_left = MOST_PARTS,
	};
	const char *subject, *sizes;
	int r;

	/* Programs see no more than pointers to it. */
	if (l.one->is_declared || l.other->is_declared || types_seen(d, pair) == TYPE_OPAQUE)
		return 0;
	r = judge_parts(&l, l.one, l.other, &(struct member){ 0 }, 0);
	if (r)
		return r;
	if (!l.rule && !l.is_blurred && (l.one->size != l.other->size || l.is_moved))
		judge_end(&l);
	if (!l.rule)
		return 0;
	subject = types_subject(d, pair);
	sizes = l.one->size == l.other->size
			? compare_text(d->c, "%" PRIu64 " bytes on both", l.one->size)
			: compare_text(d->c, "%" PRIu64 " → %" PRIu64 " bytes", l.one->size,
				       l.other->size);
	if (!subject || !l.message || !sizes)
		return -ENOMEM;
	return layout_add(d, pair, l.rule, l.is_machine, subject,
			  compare_text(d->c, "%s: %s; %s", subject, l.message, sizes));
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * s390x: ELF ABI s390x supplement §1.2.3 and 1.2.4. Contract in engine/compare/passing-parts.h.
 */
#include "engine/compare/passing-parts.h"

/* A struct with one member is as that member, be it deep inside. */
static struct passing_shape only_member(struct passing_walk *walk, struct passing_shape shape)
{
	unsigned depth;

	for (depth = 0; shape.kind == KIND_AGGREGATE && !shape.is_union; depth++) {
		const struct type_part *part;
		struct passing_shape inner = { 0 };
		uint32_t at = 0;
		unsigned count = 0;

		while (passing_spend(walk, depth) && (part = passing_next(walk, shape.type, &at))) {
			struct passing_shape one = passing_shape(walk, part->type);

			if (part->kind == PART_BASE && passing_is_empty(walk, &one, depth))
				continue;
			if (count++ || part->bits)
				return shape;
			inner = one;
		}
		if (!count || walk->is_exhausted)
			return shape;
		shape = inner;
	}
	return shape;
}

void passing_s390(struct passing_walk *walk, const struct passing_shape *shape, bool is_result,
		  struct passing *ret)
{
	struct passing_shape only = only_member(walk, *shape);
	bool is_aggregate = shape->kind == KIND_AGGREGATE || shape->kind == KIND_MEMBER_FUNCTION;
	bool is_small = shape->size == 1 || shape->size == 2 || shape->size == 4 ||
			shape->size == 8;

	ret->align = 8;
	/* Vectors are in registers of their own only where the processor is told to have some. */
	if ((only.kind == KIND_VECTOR && shape->size <= 16) ||
	    (only.kind == KIND_FLOAT && only.size == 2))
		return;
	if (!is_small || shape->kind == KIND_COMPLEX || (is_result && is_aggregate))
		passing_set(ret, is_result ? PASSING_MEMORY : PASSING_REFERENCE);
	else if (only.kind == KIND_FLOAT)
		passing_set_registers(ret, passing_float(only.size), 1);
	else if (shape->kind == KIND_INTEGER)
		passing_set_integer(ret, shape, 8);
	else
		passing_set_registers(ret, PASSING_INTEGER, 1);
}

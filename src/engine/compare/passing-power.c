/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ppc64le: Power Architecture 64-bit ELF V2 ABI 1.5 §2.2.4 and 2.2.5.
 * Contract in engine/compare/passing-parts.h.
 */
#include "engine/compare/passing-parts.h"

#define MOST_SAME 8

static void set_whole(struct passing_walk *walk, const struct passing_shape *shape, bool is_result,
		      struct passing *ret)
{
	if (is_result && shape->size > 16)
		passing_set(ret, PASSING_MEMORY);
	else if (!shape->size)
		passing_set(ret, PASSING_NOTHING);
	else
		passing_set_registers(ret, PASSING_INTEGER,
				      shape->size > 64 ? 8 : (shape->size + 7) / 8);
	if (shape->kind == KIND_AGGREGATE && passing_align(walk, shape, true) >= 16)
		ret->align = 16;
}

void passing_power(struct passing_walk *walk, const struct passing_shape *shape, bool is_result,
		   struct passing *ret)
{
	uint64_t size;
	bool is_vector;
	unsigned count = passing_homogeneous(walk, shape, MOST_SAME, &size, &is_vector);

	ret->align = 8;
	/* Long double is one of two kinds of the same size; vectors of others than 16 bytes and
	 * half precision are up to the compiler. */
	if ((count && (size == 2 || (size == 16) != is_vector)) ||
	    (!count && shape->kind == KIND_VECTOR))
		return;
	if (!count && shape->kind == KIND_INTEGER && shape->size < 8) {
		passing_set_integer(ret, shape, 8);
	} else if (!count) {
		set_whole(walk, shape, is_result, ret);
	} else {
		passing_set_registers(ret, passing_float(size), count);
		ret->align = is_vector ? 16 : 8;
		/* Its parts are arguments of their own, with room for each. */
		if (shape->kind == KIND_COMPLEX && !is_result)
			ret->size = 16;
	}
}

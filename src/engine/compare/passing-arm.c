/* SPDX-License-Identifier: Apache-2.0 */
/*
 * aarch64: AAPCS64 §6.8 and 6.9. arm: AAPCS32 §6.4 to 6.6 and 7.1, with and without
 * registers for floats. Contract in engine/compare/passing-parts.h.
 */
#include "engine/compare/passing-parts.h"

#include <elf.h>

#define MOST_SAME 4 /* members of a homogeneous struct */

void passing_aarch64(struct passing_walk *walk, const struct passing_shape *shape, bool is_result,
		     struct passing *ret)
{
	uint64_t size;
	bool is_vector;
	unsigned count = passing_homogeneous(walk, shape, MOST_SAME, &size, &is_vector);

	/* Alignment that the type as a whole asks for does not count. */
	ret->align = passing_align(walk, shape, false) >= 16 ? 16 : 8;
	/* Vectors of other sizes than registers are up to the compiler. */
	if (shape->kind == KIND_VECTOR && shape->size < 8)
		return;
	if (count)
		passing_set_registers(ret, passing_float(size), count);
	else if (shape->size > 16)
		passing_set(ret, is_result ? PASSING_MEMORY : PASSING_REFERENCE);
	else if (shape->kind == KIND_AGGREGATE && !shape->size)
		passing_set(ret, PASSING_NOTHING);
	else
		passing_set_registers(ret, PASSING_INTEGER, (shape->size + 7) / 8);
}

/* Floats, vectors, and structs of nothing else: whether they have registers is told by the file. */
static bool is_float(struct passing_walk *walk, const struct passing_shape *shape,
		     struct passing *ret)
{
	uint64_t size;
	bool is_vector;
	unsigned count = passing_homogeneous(walk, shape, MOST_SAME, &size, &is_vector);
	bool is_hard = walk->machine->flags & EF_ARM_ABI_FLOAT_HARD;
	bool is_soft = walk->machine->flags & EF_ARM_ABI_FLOAT_SOFT;

	if (!count || walk->machine->is_variadic)
		return shape->kind == KIND_VECTOR;
	/* Half precision and vectors depend on the processor, in structs too. */
	if (is_vector || size == 2 || is_hard == is_soft)
		return true;
	if (is_hard)
		passing_set_registers(ret, passing_float(size), count);
	return is_hard;
}

void passing_arm(struct passing_walk *walk, const struct passing_shape *shape, bool is_result,
		 struct passing *ret)
{
	bool is_composite = shape->kind == KIND_AGGREGATE || shape->kind == KIND_COMPLEX ||
			    shape->kind == KIND_MEMBER_FUNCTION;

	ret->align = passing_align(walk, shape, false) >= 8 ? 8 : 4;
	if (is_float(walk, shape, ret))
		return;
	/* There is no such thing, or not with all compilers. */
	if ((shape->kind == KIND_INTEGER && shape->size > 8) ||
	    (shape->kind == KIND_FLOAT && shape->size != 4 && shape->size != 8))
		return;
	if (shape->kind == KIND_INTEGER && shape->size < 4)
		passing_set_integer(ret, shape, 4);
	else if (is_result && is_composite && shape->size > 4)
		passing_set(ret, PASSING_MEMORY);
	else if (!shape->size)
		passing_set(ret, PASSING_NOTHING);
	else
		passing_set_registers(ret, PASSING_INTEGER,
				      shape->size > 16 ? 4 : (shape->size + 3) / 4);
}

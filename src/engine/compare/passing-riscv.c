/* SPDX-License-Identifier: Apache-2.0 */
/*
 * riscv64: RISC-V psABI 1.0 §2.1 and 2.2, with the registers for floats that the
 * file asks for. Contract in engine/compare/passing-parts.h.
 */
#include "engine/compare/passing-parts.h"

#include <elf.h>

/* The one or two fields of a struct that may be in registers of their own. */
struct fields {
	struct passing_walk *walk;
	uint64_t widest; /* float with a register, bytes */
	unsigned count;
	unsigned floats;
	uint8_t classes[2];
};

static bool add_field(struct fields *f, bool is_float, uint64_t size)
{
	if (f->count == ARRAY_SIZE(f->classes))
		return false;
	f->classes[f->count++] = (uint8_t)(is_float ? passing_float(size) : PASSING_INTEGER);
	f->floats += is_float;
	return true;
}

static bool flatten(struct fields *f, const struct passing_shape *shape, unsigned depth);

static bool flatten_array(struct fields *f, const struct passing_shape *shape, unsigned depth)
{
	struct passing_shape element = passing_element(f->walk, shape);
	uint64_t i;

	if (shape->is_flexible)
		return false;
	for (i = 0; i < shape->count; i++) {
		unsigned before = f->count;

		if (!flatten(f, &element, depth + 1))
			return false;
		if (f->count == before)
			break;
	}
	return true;
}

static bool flatten_parts(struct fields *f, const struct passing_shape *shape, unsigned depth)
{
	const struct type_part *part;
	uint32_t at = 0;

	while ((part = passing_next(f->walk, shape->type, &at))) {
		struct passing_shape inner = passing_shape(f->walk, part->type);
		bool fits = part->bits ? part->bits <= 64 && add_field(f, false, 8)
				       : flatten(f, &inner, depth + 1);

		if (!fits)
			return false;
	}
	return true;
}

/* False: it is to be passed as a whole. */
static bool flatten(struct fields *f, const struct passing_shape *shape, unsigned depth)
{
	uint64_t part = shape->size / 2;

	if (!passing_spend(f->walk, depth))
		return false;
	switch (shape->kind) {
	case KIND_ARRAY:
		return flatten_array(f, shape, depth);
	case KIND_AGGREGATE:
		return !shape->is_union && flatten_parts(f, shape, depth);
	case KIND_INTEGER:
		/* Pointers have no part in this. */
		return !shape->is_pointer && shape->size <= 8 && add_field(f, false, shape->size);
	case KIND_FLOAT:
		return shape->size <= f->widest && add_field(f, true, shape->size);
	case KIND_COMPLEX:
		return part <= f->widest && add_field(f, true, part) && add_field(f, true, part);
	default:
		return false;
	}
}

static bool in_fields(struct passing_walk *walk, const struct passing_shape *shape,
		      struct passing *ret)
{
	unsigned abi = walk->machine->flags & EF_RISCV_FLOAT_ABI;
	struct fields f = {
		.walk = walk,
		.widest = abi == EF_RISCV_FLOAT_ABI_SINGLE   ? 4
			  : abi == EF_RISCV_FLOAT_ABI_DOUBLE ? 8
							     : 0,
	};
	unsigned i;

	if (shape->kind == KIND_INTEGER || !flatten(&f, shape, 0) || !f.floats)
		return false;
	passing_set_registers(ret, PASSING_INTEGER, f.count);
	for (i = 0; i < f.count; i++)
		ret->classes[i] = f.classes[i];
	return true;
}

static bool is_half(const struct passing_shape *shape)
{
	return (shape->kind == KIND_FLOAT && shape->size == 2) ||
	       (shape->kind == KIND_COMPLEX && shape->size == 4);
}

void passing_riscv(struct passing_walk *walk, const struct passing_shape *shape, bool is_result,
		   struct passing *ret)
{
	unsigned abi = walk->machine->flags & EF_RISCV_FLOAT_ABI;

	ret->align = passing_align(walk, shape, true) >= 16 ? 16 : 8;
	/* Depends on extensions of the processor. */
	if (shape->kind == KIND_VECTOR || abi == EF_RISCV_FLOAT_ABI_QUAD ||
	    passing_holds(walk, shape, is_half, 0))
		return;
	if (in_fields(walk, shape, ret))
		return;
	if (shape->kind == KIND_INTEGER && shape->size < 8) {
		passing_set_integer(ret, shape, 8);
		/* One of four bytes is extended by its sign even if it has none. */
		if (shape->size == 4)
			ret->extension = PASSING_SIGN;
	} else if (shape->size > 16) {
		passing_set(ret, is_result ? PASSING_MEMORY : PASSING_REFERENCE);
	} else if (!shape->size) {
		passing_set(ret, PASSING_NOTHING);
	} else {
		passing_set_registers(ret, PASSING_INTEGER, (shape->size + 7) / 8);
	}
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * x86-64: System V psABI 1.0 §3.2.3, in classes of eight bytes each. i386: System V
 * psABI 1.1 §2.2.3 and 2.2.4, with struct results in memory as on Linux.
 * Contract in engine/compare/passing-parts.h.
 */
#include "engine/compare/passing-parts.h"

#include <string.h>

#define MOST_BYTES 64 /* of what may be in registers: one vector */

/* Classes of a type, by place; X87 of a complex number count as memory in a struct. */
struct eightbytes {
	struct passing_walk *walk;
	uint8_t classes[MOST_BYTES / 8];
	bool is_memory;
};

static void merge(struct eightbytes *e, uint64_t place, enum passing_class class)
{
	uint8_t *to;

	/* Behind the end of the struct: damage. */
	if (place >= MOST_BYTES) {
		e->walk->is_exhausted = true;
		return;
	}
	to = &e->classes[place / 8];
	if (*to == class || class == PASSING_NONE)
		return;
	if (*to == PASSING_NONE)
		*to = (uint8_t) class;
	else if (*to == PASSING_INTEGER || class == PASSING_INTEGER)
		*to = PASSING_INTEGER;
	else if (*to == PASSING_X87 || *to == PASSING_X87_UP || class == PASSING_X87 ||
		 class == PASSING_X87_UP)
		e->is_memory = true;
	else
		*to = PASSING_SSE;
}

static void merge_float(struct eightbytes *e, uint64_t place, uint64_t size, bool is_x87)
{
	merge(e, place, is_x87 ? PASSING_X87 : PASSING_SSE);
	if (size == 16)
		merge(e, place + 8, is_x87 ? PASSING_X87_UP : PASSING_SSE_UP);
}

static void merge_bits(struct eightbytes *e, uint64_t bit, uint64_t bits)
{
	uint64_t i;

	if (bit >= 8 * MOST_BYTES || bits > 8 * MOST_BYTES) {
		e->walk->is_exhausted = true;
		return;
	}
	for (i = bit / 64; i <= (bit + bits - 1) / 64; i++)
		merge(e, i * 8, PASSING_INTEGER);
}

static void classify_scalar(struct eightbytes *e, const struct passing_shape *shape, uint64_t place)
{
	uint64_t part = shape->kind == KIND_COMPLEX || shape->kind == KIND_MEMBER_FUNCTION
				? shape->size / 2
				: shape->size;
	uint64_t i;

	if (place % part) {
		e->is_memory = true;
		return;
	}
	switch (shape->kind) {
	case KIND_INTEGER:
	case KIND_MEMBER_FUNCTION:
		for (i = 0; i < shape->size; i += 8)
			merge(e, place + i, PASSING_INTEGER);
		return;
	case KIND_FLOAT:
	case KIND_COMPLEX:
		if (part == 12)
			e->walk->is_exhausted = true;
		for (i = 0; i < shape->size; i += part)
			merge_float(e, place + i, part, part == 16 && shape->is_long_double);
		return;
	case KIND_VECTOR:
		/* Compilers do not agree on those of less than eight bytes. */
		if (shape->size < 8)
			e->walk->is_exhausted = true;
		for (i = 0; i < shape->size; i += 8)
			merge(e, place + i, i ? PASSING_SSE_UP : PASSING_SSE);
		return;
	default:
		e->walk->is_exhausted = true;
	}
}

static void classify(struct eightbytes *e, const struct passing_shape *shape, uint64_t place,
		     unsigned depth);

static void classify_array(struct eightbytes *e, const struct passing_shape *shape, uint64_t place,
			   unsigned depth)
{
	struct passing_shape element = passing_element(e->walk, shape);
	uint64_t i;

	if (!element.size)
		return;
	for (i = 0; i < shape->count && !e->is_memory && !e->walk->is_exhausted; i++) {
		struct eightbytes one = { .walk = e->walk };
		unsigned k;

		/* gcc looks at the first element's alignment only. */
		classify(i ? &one : e, &element, place + i * element.size, depth + 1);
		for (k = 0; i && k < ARRAY_SIZE(one.classes); k++)
			merge(e, 8 * k, one.classes[k]);
	}
}

static void classify(struct eightbytes *e, const struct passing_shape *shape, uint64_t place,
		     unsigned depth)
{
	const struct type_part *part;
	uint32_t at = 0;

	if (!passing_spend(e->walk, depth))
		return;
	if (place > MOST_BYTES || shape->size > MOST_BYTES - place) {
		e->walk->is_exhausted = true;
		return;
	}
	if (shape->kind == KIND_ARRAY) {
		classify_array(e, shape, place, depth);
		return;
	}
	if (shape->kind != KIND_AGGREGATE) {
		classify_scalar(e, shape, place);
		return;
	}
	while (!e->is_memory && !e->walk->is_exhausted &&
	       (part = passing_next(e->walk, shape->type, &at))) {
		struct passing_shape inner = passing_shape(e->walk, part->type);

		if (part->place / 8 > MOST_BYTES)
			e->walk->is_exhausted = true;
		else if (part->bits)
			merge_bits(e, place * 8 + part->place, part->bits);
		else
			classify(e, &inner, place + part->place / 8, depth + 1);
	}
}

/* §3.2.3, the steps after all fields are merged. */
static void clean_up(struct eightbytes *e, uint64_t count)
{
	uint64_t i;

	for (i = 0; i < count; i++) {
		uint8_t before = i ? e->classes[i - 1] : PASSING_NONE;

		if (count > 2 && e->classes[i] != (i ? PASSING_SSE_UP : PASSING_SSE))
			e->is_memory = true;
		if (e->classes[i] == PASSING_SSE_UP && before != PASSING_SSE &&
		    before != PASSING_SSE_UP)
			e->classes[i] = PASSING_SSE;
		if (e->classes[i] == PASSING_X87_UP && before != PASSING_X87)
			e->is_memory = true;
	}
}

static bool is_x87(const struct eightbytes *e)
{
	return memchr(e->classes, PASSING_X87, sizeof(e->classes)) != NULL;
}

static void set_classes(struct passing *ret, const struct eightbytes *e, uint64_t count)
{
	ret->how = PASSING_REGISTERS;
	ret->count = (uint8_t)count;
	memcpy(ret->classes, e->classes, count);
}

/* Complex long double is returned in two places of the x87 stack, but in no struct. */
static bool is_complex_x87(const struct passing_shape *shape)
{
	return shape->kind == KIND_COMPLEX && shape->size == 32 && shape->is_long_double;
}

void passing_x86_64(struct passing_walk *walk, const struct passing_shape *shape, bool is_result,
		    struct passing *ret)
{
	struct eightbytes e = { .walk = walk };
	uint64_t count = (shape->size + 7) / 8;

	ret->align = passing_align(walk, shape, true);
	if (ret->align < 8)
		ret->align = 8;
	if (shape->kind == KIND_AGGREGATE && passing_is_empty(walk, shape, 0)) {
		passing_set(ret, PASSING_NOTHING);
		return;
	}
	if (is_result && is_complex_x87(shape)) {
		passing_set_registers(ret, PASSING_X87, 2);
		return;
	}
	if (shape->size > MOST_BYTES) {
		passing_set(ret, PASSING_MEMORY);
		return;
	}
	classify(&e, shape, 0, 0);
	clean_up(&e, count);
	if (e.is_memory || (!is_result && is_x87(&e)))
		passing_set(ret, PASSING_MEMORY);
	else
		set_classes(ret, &e, count);
}

static void i386_result(const struct passing_shape *shape, struct passing *ret)
{
	switch (shape->kind) {
	case KIND_INTEGER:
		passing_set_registers(ret, PASSING_INTEGER, shape->size > 4 ? 2 : 1);
		break;
	case KIND_FLOAT:
		/* Half and quadruple precision: not all compilers know them. */
		if (shape->size != 2 && shape->size != 16)
			passing_set_registers(ret, PASSING_X87, 1);
		break;
	case KIND_COMPLEX:
		if (shape->size == 8)
			passing_set_registers(ret, PASSING_INTEGER, 2);
		else if (shape->size != 4 && shape->size != 32)
			passing_set(ret, PASSING_MEMORY);
		break;
	default:
		passing_set(ret, PASSING_MEMORY);
	}
}

/* Vectors, and what stands on 16 bytes like them, depend on options of the compiler. */
static bool is_wide(const struct passing_shape *shape)
{
	return shape->kind == KIND_VECTOR || (shape->kind == KIND_FLOAT && shape->size == 16) ||
	       (shape->kind == KIND_COMPLEX && shape->size == 32);
}

void passing_i386(struct passing_walk *walk, const struct passing_shape *shape, bool is_result,
		  struct passing *ret)
{
	if (passing_holds(walk, shape, is_wide, 0))
		return;
	ret->align = 4;
	if (is_result)
		i386_result(shape, ret);
	else
		passing_set(ret, shape->size ? PASSING_MEMORY : PASSING_NOTHING);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* What the rules of the machines share; only engine/compare/passing*.c know of it. */
#ifndef ENGINE_COMPARE_PASSING_PARTS_H
#define ENGINE_COMPARE_PASSING_PARTS_H

#include "engine/compare/passing.h"

#define PASSING_DEPTH 64      /* of structs in each other */
#define PASSING_BUDGET 100000 /* members that are looked at for one type */

/* What a type without parts is. */
enum passing_kind {
	KIND_UNKNOWN,
	KIND_VOID,
	KIND_INTEGER, /* pointers, enums and truth values too */
	KIND_FLOAT,
	KIND_COMPLEX, /* of two floats */
	KIND_VECTOR,
	KIND_MEMBER_FUNCTION, /* pointer to one: two words */
	KIND_AGGREGATE,
	KIND_ARRAY,
};

/* A type without names and qualifiers. */
struct passing_shape {
	enum passing_kind kind;
	const struct type *type; /* NULL: void, or unknown */
	uint64_t size;
	bool is_signed;
	bool is_pointer;
	bool is_union;
	bool is_flexible;    /* array without a count */
	bool is_long_double; /* float: that of the processor, where there are several of its size */
	uint64_t count;	     /* array: of elements */
	type_id element;     /* array: their type */
};

struct passing_walk {
	const struct types *types;
	const struct passing_machine *machine;
	uint32_t budget;   /* members left */
	bool is_exhausted; /* too much, too deep, damaged or unknown: nothing may be said */
};

/* Takes one member from the budget. */
bool passing_spend(struct passing_walk *walk, unsigned depth);
/* Where it is unknown, nothing may be said of what it is a part of: that is noted in `walk`. */
struct passing_shape passing_shape(struct passing_walk *walk, type_id type);
/* The type of an array's elements, all dimensions at once. */
struct passing_shape passing_element(struct passing_walk *walk, const struct passing_shape *array);
/*
 * The next part with a place, from *at on: a member or a base that is not virtual;
 * NULL: no more.
 */
const struct type_part *passing_next(const struct passing_walk *walk, const struct type *type,
				     uint32_t *at);
/* Alignment by members. `own`: with what the type itself asks for. At least 1. */
uint64_t passing_align(struct passing_walk *walk, const struct passing_shape *shape, bool own);
/* Holds no data: empty structs in C++, which have a size. */
bool passing_is_empty(struct passing_walk *walk, const struct passing_shape *shape, unsigned depth);
/* A class whose values only its own code can copy or give up. */
bool passing_is_by_reference(struct passing_walk *walk, const struct passing_shape *shape,
			     unsigned depth);
/* Is it, or holds it, something without parts that `is` tells? */
bool passing_holds(struct passing_walk *walk, const struct passing_shape *shape,
		   bool (*is)(const struct passing_shape *shape), unsigned depth);
/*
 * Up to `most` floats or vectors of one kind and nothing else: how many; 0: it is
 * not. *ret_size: bytes of one.
 */
unsigned passing_homogeneous(struct passing_walk *walk, const struct passing_shape *shape,
			     unsigned most, uint64_t *ret_size, bool *ret_vector);
enum passing_class passing_float(uint64_t size);

/* Fill ret, which is zeroed but for its size. */
void passing_set(struct passing *ret, enum passing_how how);
void passing_set_registers(struct passing *ret, enum passing_class class, uint64_t count);
/* An integer that the caller makes as wide as `width` bytes. */
void passing_set_integer(struct passing *ret, const struct passing_shape *shape, uint64_t width);

/* The rules; `shape` is neither unknown, void, an array nor by reference. */
void passing_x86_64(struct passing_walk *walk, const struct passing_shape *shape, bool is_result,
		    struct passing *ret);
void passing_i386(struct passing_walk *walk, const struct passing_shape *shape, bool is_result,
		  struct passing *ret);
void passing_aarch64(struct passing_walk *walk, const struct passing_shape *shape, bool is_result,
		     struct passing *ret);
void passing_arm(struct passing_walk *walk, const struct passing_shape *shape, bool is_result,
		 struct passing *ret);
void passing_riscv(struct passing_walk *walk, const struct passing_shape *shape, bool is_result,
		   struct passing *ret);
void passing_power(struct passing_walk *walk, const struct passing_shape *shape, bool is_result,
		   struct passing *ret);
void passing_s390(struct passing_walk *walk, const struct passing_shape *shape, bool is_result,
		  struct passing *ret);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Types as the rules for passing them see them. Types come from files: they may
 * hold themselves, be of any size, and hold the same one in exponential number;
 * each look into a type is bounded in depth and in members. Contract in
 * engine/compare/passing-parts.h.
 */
#include "engine/compare/passing-parts.h"

#include <elf.h>
#include <string.h>

#define MOST_HOPS 256		     /* through typedefs, qualifiers and arrays */
#define MOST_BYTES (UINT64_MAX / 64) /* of a type; no sum or count of bits overflows below it */

/* DWARF 5 §7.8 */
enum {
	ENCODING_ADDRESS = 0x01,
	ENCODING_BOOLEAN = 0x02,
	ENCODING_COMPLEX = 0x03,
	ENCODING_FLOAT = 0x04,
	ENCODING_SIGNED = 0x05,
	ENCODING_SIGNED_CHAR = 0x06,
	ENCODING_UNSIGNED = 0x07,
	ENCODING_UNSIGNED_CHAR = 0x08,
	ENCODING_UTF = 0x10,
	ENCODING_UCS = 0x11,
	ENCODING_ASCII = 0x12,
};

bool passing_spend(struct passing_walk *walk, unsigned depth)
{
	if (!walk->budget || depth > PASSING_DEPTH)
		walk->is_exhausted = true;
	else
		walk->budget--;
	return !walk->is_exhausted;
}

static uint64_t address_size(const struct passing_walk *walk)
{
	return walk->machine->is_64 ? 8 : 4;
}

static const struct type *type_of(const struct passing_walk *walk, type_id id)
{
	return id < walk->types->items.count ? &walk->types->items.items[id] : NULL;
}

static bool is_power(uint64_t number)
{
	return number && !(number & (number - 1));
}

static bool is_layer(const struct type *type)
{
	return type->kind == TYPE_TYPEDEF || type->kind == TYPE_CONST ||
	       type->kind == TYPE_VOLATILE || type->kind == TYPE_RESTRICT ||
	       type->kind == TYPE_ATOMIC;
}

static struct passing_shape integer(const struct type *type, uint64_t size, bool is_signed)
{
	return (struct passing_shape){
		.kind = is_power(size) && size <= 16 ? KIND_INTEGER : KIND_UNKNOWN,
		.type = type,
		.size = size,
		.is_signed = is_signed,
	};
}

static struct passing_shape pointer(const struct passing_walk *walk, const struct type *type)
{
	struct passing_shape shape = integer(type, address_size(walk), false);

	shape.is_pointer = true;
	return shape;
}

static struct passing_shape floating(const struct type *type)
{
	const char *name = type->name ? type->name : "";
	bool is_complex = type->encoding == ENCODING_COMPLEX;
	uint64_t part = is_complex ? type->size / 2 : type->size;
	struct passing_shape shape = {
		.kind = is_complex ? KIND_COMPLEX : KIND_FLOAT,
		.type = type,
		.size = type->size,
	};

	/* "long double", "_Float64x", "__float80", and Fortran's "real(kind=10)". */
	shape.is_long_double = strstr(name, "long double") || strstr(name, "64x") ||
			       strstr(name, "float80") || strstr(name, "kind=10");
	/* clang names no complex type in full. */
	if (is_complex && !strstr(name, "128") && !strstr(name, "kind=16"))
		shape.is_long_double = true;
	if (!shape.is_long_double && (strstr(name, "80") || strstr(name, "ibm")))
		shape.kind = KIND_UNKNOWN;
	if (part != 2 && part != 4 && part != 8 && part != 12 && part != 16)
		shape.kind = KIND_UNKNOWN;
	/* bfloat16 has rules of its own. */
	if (strstr(name, "bf16") || strstr(name, "bfloat"))
		shape.kind = KIND_UNKNOWN;
	return shape;
}

static struct passing_shape basic(const struct type *type)
{
	if (!type->has_size || (type->name && strstr(type->name, "BitInt")))
		return (struct passing_shape){ .type = type };
	switch (type->encoding) {
	case ENCODING_COMPLEX:
	case ENCODING_FLOAT:
		return floating(type);
	case ENCODING_SIGNED:
	case ENCODING_SIGNED_CHAR:
		return integer(type, type->size, true);
	case ENCODING_ADDRESS:
	case ENCODING_BOOLEAN:
	case ENCODING_UNSIGNED:
	case ENCODING_UNSIGNED_CHAR:
	case ENCODING_UTF:
	case ENCODING_UCS:
	case ENCODING_ASCII:
		return integer(type, type->size, false);
	default:
		return (struct passing_shape){ .type = type };
	}
}

/* Through what has no place of its own in memory; NULL: to void, or nowhere. */
static const struct type *strip(const struct passing_walk *walk, type_id id, bool *ret_atomic)
{
	const struct type *type = type_of(walk, id);
	unsigned hops;

	*ret_atomic = false;
	for (hops = 0; type && is_layer(type); hops++) {
		*ret_atomic |= type->kind == TYPE_ATOMIC;
		type = hops < MOST_HOPS ? type_of(walk, type->target) : NULL;
	}
	return type;
}

/* By its underlying type; without one C's are unsigned, but for one that is negative. */
static struct passing_shape enumeration(struct passing_walk *walk, const struct type *type)
{
	const struct type_part *parts = type_parts(walk->types, type);
	bool is_atomic, is_signed = false;
	const struct type *under = strip(walk, type->target, &is_atomic);
	uint32_t i;

	if (!type->has_size)
		return under && under->kind == TYPE_BASE ? basic(under)
							 : (struct passing_shape){ .type = type };
	if (under && under->kind == TYPE_BASE) {
		is_signed = basic(under).is_signed;
	} else if (type->encoding) {
		is_signed = type->encoding == ENCODING_SIGNED ||
			    type->encoding == ENCODING_SIGNED_CHAR;
	} else {
		for (i = 0; i < type->part_count && !is_signed; i++)
			is_signed = parts[i].kind == PART_ENUMERATOR && (int64_t)parts[i].place < 0;
	}
	return integer(type, type->size, is_signed);
}

static struct passing_shape member_pointer(struct passing_walk *walk, const struct type *type)
{
	bool is_atomic;
	const struct type *target = strip(walk, type->target, &is_atomic);
	struct passing_shape shape = pointer(walk, type);

	if (!target || target->kind == TYPE_UNKNOWN)
		return (struct passing_shape){ .type = type };
	if (target->kind == TYPE_FUNCTION)
		shape = (struct passing_shape){ .kind = KIND_MEMBER_FUNCTION,
						.type = type,
						.size = 2 * address_size(walk) };
	return shape;
}

static struct passing_shape single(struct passing_walk *walk, const struct type *type)
{
	struct passing_shape shape = { .type = type };

	switch (type->kind) {
	case TYPE_VOID:
		shape.kind = KIND_VOID;
		return shape;
	case TYPE_BASE:
		return basic(type);
	case TYPE_POINTER:
	case TYPE_REFERENCE:
	case TYPE_RVALUE_REFERENCE:
		return pointer(walk, type);
	case TYPE_UNSPECIFIED:
		return type->name && strstr(type->name, "nullptr") ? pointer(walk, type) : shape;
	case TYPE_MEMBER_POINTER:
		return member_pointer(walk, type);
	case TYPE_ENUM:
		return type->is_declared ? shape : enumeration(walk, type);
	case TYPE_STRUCT:
	case TYPE_CLASS:
	case TYPE_UNION:
		if (type->is_declared || !type->has_size)
			return shape;
		shape.kind = KIND_AGGREGATE;
		shape.size = type->size;
		shape.is_union = type->kind == TYPE_UNION;
		return shape;
	default:
		return shape;
	}
}

/* Elements in all dimensions of one array type. */
static bool multiply(const struct passing_walk *walk, const struct type *type,
		     struct passing_shape *shape)
{
	const struct type_part *parts = type_parts(walk->types, type);
	uint32_t i;
	bool any = false;

	for (i = 0; i < type->part_count; i++) {
		if (parts[i].kind != PART_DIMENSION)
			continue;
		any = true;
		if (parts[i].place == TYPE_FLEXIBLE)
			shape->is_flexible = true;
		else if (__builtin_mul_overflow(shape->count, parts[i].place, &shape->count))
			return false;
	}
	shape->is_flexible |= !any;
	return true;
}

/* Goes to the type of an array's elements. */
static struct passing_shape array_shape(struct passing_walk *walk, const struct type *type)
{
	struct passing_shape shape = { .kind = KIND_ARRAY, .count = 1 };
	struct passing_shape element;
	bool is_vector = type->is_vector;
	unsigned hops;

	for (hops = 0; type && type->kind == TYPE_ARRAY; hops++) {
		bool is_atomic;

		if (type->is_vector != is_vector)
			break;
		if (hops == MOST_HOPS || !multiply(walk, type, &shape))
			return (struct passing_shape){ 0 };
		shape.element = type->target;
		type = strip(walk, type->target, &is_atomic);
	}
	if (!type || (type->kind == TYPE_ARRAY && is_vector))
		return (struct passing_shape){ 0 };
	element = type->kind == TYPE_ARRAY ? array_shape(walk, type) : single(walk, type);
	if (shape.is_flexible)
		shape.count = 0;
	if (element.kind == KIND_UNKNOWN || element.kind == KIND_VOID ||
	    __builtin_mul_overflow(shape.count, element.size, &shape.size) ||
	    shape.size > MOST_BYTES)
		return (struct passing_shape){ 0 };
	if (is_vector)
		shape.kind = is_power(shape.size) ? KIND_VECTOR : KIND_UNKNOWN;
	return shape;
}

struct passing_shape passing_shape(struct passing_walk *walk, type_id id)
{
	bool is_atomic;
	const struct type *type = strip(walk, id, &is_atomic);
	struct passing_shape shape = { 0 };

	if (type)
		shape = type->kind == TYPE_ARRAY ? array_shape(walk, type) : single(walk, type);
	if (shape.size > MOST_BYTES || (is_atomic && shape.kind == KIND_AGGREGATE))
		shape.kind = KIND_UNKNOWN;
	if (shape.kind == KIND_UNKNOWN)
		walk->is_exhausted = true;
	return shape;
}

struct passing_shape passing_element(struct passing_walk *walk, const struct passing_shape *array)
{
	return passing_shape(walk, array->element);
}

const struct type_part *passing_next(const struct passing_walk *walk, const struct type *type,
				     uint32_t *at)
{
	const struct type_part *parts = type_parts(walk->types, type);

	while (*at < type->part_count) {
		const struct type_part *part = &parts[(*at)++];

		if (part->kind == PART_MEMBER || (part->kind == PART_BASE && !part->is_virtual))
			return part;
	}
	return NULL;
}

static uint64_t lowest_bit(uint64_t number)
{
	return number & -number;
}

/* Of a type without parts. */
static uint64_t scalar_align(const struct passing_walk *walk, const struct passing_shape *shape)
{
	uint16_t machine = walk->machine->elf_machine;
	uint64_t most = machine == EM_386 ? 4 : machine == EM_ARM || machine == EM_S390 ? 8 : 16;
	uint64_t align = shape->size;

	if (shape->kind == KIND_COMPLEX || shape->kind == KIND_MEMBER_FUNCTION)
		align /= 2;
	if (shape->kind == KIND_VECTOR && machine == EM_X86_64)
		most = 64;
	align = is_power(align) ? align : lowest_bit(align);
	return align > most ? most : align ? align : 1;
}

/* What typedefs of the member's type, and the member itself, ask for. */
static uint64_t asked_align(const struct passing_walk *walk, const struct type_part *part)
{
	const struct type *type = type_of(walk, part->type);
	uint64_t align = part->align;
	unsigned hops;

	for (hops = 0; type && is_layer(type) && hops < MOST_HOPS; hops++) {
		if (type->align > align)
			align = type->align;
		type = type_of(walk, type->target);
	}
	return is_power(align) ? align : 1;
}

static uint64_t align_at(struct passing_walk *walk, const struct passing_shape *shape, bool own,
			 unsigned depth);

static uint64_t part_align(struct passing_walk *walk, const struct type_part *part, unsigned depth)
{
	struct passing_shape shape = passing_shape(walk, part->type);
	uint64_t align = asked_align(walk, part);
	uint64_t natural = align_at(walk, &shape, true, depth + 1);
	if (natural > align)
		align = natural;
	/* Where it stands tells whether the struct is packed. */
	if (!part->bits && part->place / 8 % align)
		align = lowest_bit(part->place / 8);
	return align;
}

static uint64_t align_at(struct passing_walk *walk, const struct passing_shape *shape, bool own,
			 unsigned depth)
{
	const struct type_part *part;
	struct passing_shape element;
	uint64_t align = 1;
	uint32_t at = 0;

	if (shape->kind == KIND_ARRAY) {
		element = passing_element(walk, shape);
		return passing_spend(walk, depth) ? align_at(walk, &element, own, depth + 1) : 1;
	}
	if (shape->kind != KIND_AGGREGATE)
		return scalar_align(walk, shape);
	while (passing_spend(walk, depth) && (part = passing_next(walk, shape->type, &at))) {
		uint64_t other = part_align(walk, part, depth);

		if (other > align)
			align = other;
	}
	/* A packed one again: no struct ends before its alignment does. */
	if (shape->size % align)
		align = lowest_bit(shape->size);
	if (own && is_power(shape->type->align) && shape->type->align > align)
		align = shape->type->align;
	return align;
}

uint64_t passing_align(struct passing_walk *walk, const struct passing_shape *shape, bool own)
{
	return align_at(walk, shape, own, 0);
}

bool passing_is_empty(struct passing_walk *walk, const struct passing_shape *shape, unsigned depth)
{
	const struct type_part *part;
	struct passing_shape inner;
	uint32_t at = 0;

	if (!passing_spend(walk, depth))
		return false;
	if (shape->kind == KIND_ARRAY) {
		inner = passing_element(walk, shape);
		return !shape->count || passing_is_empty(walk, &inner, depth + 1);
	}
	if (shape->kind != KIND_AGGREGATE)
		return false;
	while ((part = passing_next(walk, shape->type, &at))) {
		inner = passing_shape(walk, part->type);
		if (!passing_is_empty(walk, &inner, depth + 1))
			return false;
	}
	return true;
}

static bool has_virtual(const struct passing_walk *walk, const struct type *type)
{
	const struct type_part *parts = type_parts(walk->types, type);
	uint32_t i;

	for (i = 0; i < type->part_count; i++) {
		if (parts[i].kind == PART_METHOD ||
		    (parts[i].kind == PART_BASE && parts[i].is_virtual))
			return true;
	}
	return false;
}

bool passing_is_by_reference(struct passing_walk *walk, const struct passing_shape *shape,
			     unsigned depth)
{
	const struct type_part *part;
	struct passing_shape inner;
	uint32_t at = 0;

	if (!passing_spend(walk, depth))
		return false;
	if (shape->kind == KIND_ARRAY) {
		inner = passing_element(walk, shape);
		return passing_is_by_reference(walk, &inner, depth + 1);
	}
	if (shape->kind != KIND_AGGREGATE || shape->type->call == TYPE_CALL_BY_VALUE)
		return false;
	if (shape->type->call == TYPE_CALL_BY_REFERENCE || has_virtual(walk, shape->type))
		return true;
	while ((part = passing_next(walk, shape->type, &at))) {
		inner = passing_shape(walk, part->type);
		if (passing_is_by_reference(walk, &inner, depth + 1))
			return true;
	}
	return false;
}

bool passing_holds(struct passing_walk *walk, const struct passing_shape *shape,
		   bool (*is)(const struct passing_shape *shape), unsigned depth)
{
	const struct type_part *part;
	struct passing_shape inner;
	uint32_t at = 0;

	if (!passing_spend(walk, depth))
		return false;
	if (shape->kind == KIND_ARRAY) {
		inner = passing_element(walk, shape);
		return passing_holds(walk, &inner, is, depth + 1);
	}
	if (shape->kind != KIND_AGGREGATE)
		return is(shape);
	while ((part = passing_next(walk, shape->type, &at))) {
		inner = passing_shape(walk, part->type);
		if (passing_holds(walk, &inner, is, depth + 1))
			return true;
	}
	return false;
}

struct homogeneous {
	struct passing_walk *walk;
	unsigned most;
	uint64_t size; /* of one; 0: none was met */
	bool is_vector;
};

static bool count_one(struct homogeneous *h, const struct passing_shape *shape)
{
	bool is_vector = shape->kind == KIND_VECTOR;
	uint64_t size = shape->kind == KIND_COMPLEX ? shape->size / 2 : shape->size;

	if (is_vector ? size != 8 && size != 16 : !is_power(size) || size > 16)
		return false;
	if (h->size && (h->size != size || h->is_vector != is_vector))
		return false;
	h->size = size;
	h->is_vector = is_vector;
	return true;
}

static bool count_same(struct homogeneous *h, const struct passing_shape *shape, unsigned depth,
		       uint64_t *ret);

static bool count_parts(struct homogeneous *h, const struct passing_shape *shape, unsigned depth,
			uint64_t *ret)
{
	const struct type_part *part;
	uint32_t at = 0;

	*ret = 0;
	while ((part = passing_next(h->walk, shape->type, &at))) {
		struct passing_shape inner = passing_shape(h->walk, part->type);
		uint64_t count;

		if (part->kind == PART_BASE && passing_is_empty(h->walk, &inner, depth + 1))
			continue;
		if (part->bits || !count_same(h, &inner, depth + 1, &count))
			return false;
		*ret = !shape->is_union ? *ret + count : count > *ret ? count : *ret;
		if (*ret > h->most)
			return false;
	}
	return true;
}

/* False: something else is there, there are too many, or there is room between them. */
static bool count_same(struct homogeneous *h, const struct passing_shape *shape, unsigned depth,
		       uint64_t *ret)
{
	struct passing_shape element;

	if (!passing_spend(h->walk, depth))
		return false;
	switch (shape->kind) {
	case KIND_FLOAT:
	case KIND_VECTOR:
	case KIND_COMPLEX:
		*ret = shape->kind == KIND_COMPLEX ? 2 : 1;
		return count_one(h, shape);
	case KIND_ARRAY:
		element = passing_element(h->walk, shape);
		if (shape->is_flexible || !count_same(h, &element, depth + 1, ret))
			return false;
		if (__builtin_mul_overflow(*ret, shape->count, ret) || *ret > h->most)
			return false;
		break;
	case KIND_AGGREGATE:
		if (!count_parts(h, shape, depth, ret))
			return false;
		break;
	default:
		return false;
	}
	return *ret * h->size == shape->size;
}

unsigned passing_homogeneous(struct passing_walk *walk, const struct passing_shape *shape,
			     unsigned most, uint64_t *ret_size, bool *ret_vector)
{
	struct homogeneous h = { .walk = walk, .most = most };
	uint64_t count;

	if (!count_same(&h, shape, 0, &count) || walk->is_exhausted || count > most)
		return 0;
	*ret_size = h.size;
	*ret_vector = h.is_vector;
	return (unsigned)count;
}

enum passing_class passing_float(uint64_t size)
{
	return size == 2   ? PASSING_FLOAT_2
	       : size == 4 ? PASSING_FLOAT_4
	       : size == 8 ? PASSING_FLOAT_8
			   : PASSING_FLOAT_16;
}

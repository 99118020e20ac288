/* SPDX-License-Identifier: Apache-2.0 */
/* Accessors of model/types.h. */
#include "model/types.h"

#define MOST_ALIGN_DEPTH                                                                           \
	4 /* and parts: alignment is looked for no deeper, as damage can branch                    \
	   */
#define MOST_PARTS 64
#define MOST_HOPS 64 /* of typedefs and arrays, which in damage go in circles */

const char *type_kind_text(enum type_kind kind)
{
	static const char *const texts[] = {
		[TYPE_VOID] = "void",
		[TYPE_UNKNOWN] = "unknown",
		[TYPE_BASE] = "base",
		[TYPE_POINTER] = "pointer",
		[TYPE_REFERENCE] = "reference",
		[TYPE_RVALUE_REFERENCE] = "rvalue-reference",
		[TYPE_MEMBER_POINTER] = "member-pointer",
		[TYPE_CONST] = "const",
		[TYPE_VOLATILE] = "volatile",
		[TYPE_RESTRICT] = "restrict",
		[TYPE_ATOMIC] = "atomic",
		[TYPE_TYPEDEF] = "typedef",
		[TYPE_STRUCT] = "struct",
		[TYPE_CLASS] = "class",
		[TYPE_UNION] = "union",
		[TYPE_ENUM] = "enum",
		[TYPE_ARRAY] = "array",
		[TYPE_FUNCTION] = "function",
		[TYPE_UNSPECIFIED] = "unspecified",
	};

	return texts[kind];
}

bool type_is_record(const struct type *type)
{
	return type->kind == TYPE_STRUCT || type->kind == TYPE_CLASS || type->kind == TYPE_UNION;
}

type_id types_strip(const struct types *types, type_id id)
{
	unsigned hops;

	for (hops = 0; hops < MOST_HOPS; hops++) {
		const struct type *t = type_at(types, id);

		if (t->kind != TYPE_TYPEDEF && t->kind != TYPE_CONST && t->kind != TYPE_VOLATILE &&
		    t->kind != TYPE_RESTRICT)
			break;
		id = t->target;
	}
	return id;
}

/* All elements of an array; false: too many to be true. */
static bool count_elements(const struct types *types, const struct type *array, uint64_t *ret)
{
	uint64_t count = 1;
	uint32_t i;

	for (i = 0; i < array->part_count; i++) {
		uint64_t n = type_parts(types, array)[i].place;

		if (__builtin_mul_overflow(count, n == TYPE_FLEXIBLE ? 0 : n, &count))
			return false;
	}
	*ret = array->part_count ? count : 0;
	return true;
}

bool types_size(const struct types *types, type_id id, uint64_t *ret)
{
	uint64_t factor = 1;
	unsigned hops;

	for (hops = 0; hops < MOST_HOPS; hops++) {
		const struct type *t = type_at(types, types_strip(types, id));
		uint64_t count;

		if (t->has_size)
			return !__builtin_mul_overflow(factor, t->size, ret);
		if (t->kind == TYPE_ATOMIC) {
			id = t->target;
			continue;
		}
		if (t->kind != TYPE_ARRAY || !count_elements(types, t, &count) ||
		    __builtin_mul_overflow(factor, count, &factor))
			return false;
		id = t->target;
	}
	return false;
}

static uint64_t align_of(const struct types *types, type_id id, unsigned depth)
{
	const struct type *t = type_at(types, types_strip(types, id));
	uint64_t most = t->align;
	uint32_t i;

	if (!depth)
		return 0;
	switch (t->kind) {
	case TYPE_ARRAY:
	case TYPE_ATOMIC:
		return align_of(types, t->target, depth - 1);
	case TYPE_STRUCT:
	case TYPE_CLASS:
	case TYPE_UNION:
		for (i = 0; i < t->part_count && i < MOST_PARTS; i++) {
			const struct type_part *p = &type_parts(types, t)[i];
			uint64_t align = p->kind == PART_MEMBER || p->kind == PART_BASE
						 ? align_of(types, p->type, depth - 1)
						 : 0;

			/* A place that is no multiple of it shows that the struct is packed. */
			while (align > 1 && !p->bits && p->place % (align * 8))
				align /= 2;
			if (align > most)
				most = align;
		}
		return most;
	default:
		return most > t->size ? most : t->size;
	}
}

uint64_t types_align(const struct types *types, type_id id)
{
	return align_of(types, id, MOST_ALIGN_DEPTH);
}

void types_free(struct types *types)
{
	if (!types)
		return;
	types_free(types->adopted);
	array_done(&types->items);
	array_done(&types->parts);
	array_done(&types->origins);
	arena_done(&types->arena);
	free(types);
}

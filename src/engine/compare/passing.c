/* SPDX-License-Identifier: Apache-2.0 */
/* What all machines have in common of passing values. Contract in engine/compare/passing.h. */
#include "engine/compare/passing.h"
#include "engine/compare/passing-parts.h"

#include <elf.h>
#include <string.h>

#define RISCV_RVE 0x8 /* e_flags: half of the registers */

typedef void (*passing_rule)(struct passing_walk *walk, const struct passing_shape *shape,
			     bool is_result, struct passing *ret);

void passing_set(struct passing *ret, enum passing_how how)
{
	ret->how = (uint8_t)how;
}

void passing_set_registers(struct passing *ret, enum passing_class class, uint64_t count)
{
	ret->how = PASSING_REGISTERS;
	ret->count = (uint8_t)(count > ARRAY_SIZE(ret->classes) ? ARRAY_SIZE(ret->classes) : count);
	memset(ret->classes, class, ret->count);
}

void passing_set_integer(struct passing *ret, const struct passing_shape *shape, uint64_t width)
{
	passing_set_registers(ret, PASSING_INTEGER, 1);
	if (shape->size < width)
		ret->extension = shape->is_signed ? PASSING_SIGN : PASSING_ZERO;
}

/* NULL: nothing is known of it. */
static passing_rule rule_of(const struct passing_machine *machine)
{
	bool is_little_64 = machine->is_64 && !machine->is_big;

	switch (machine->elf_machine) {
	case EM_X86_64:
		return is_little_64 ? passing_x86_64 : NULL;
	case EM_386:
		return passing_i386;
	case EM_AARCH64:
		return is_little_64 ? passing_aarch64 : NULL;
	case EM_ARM:
		return machine->is_big ? NULL : passing_arm;
	case EM_RISCV:
		return is_little_64 && !(machine->flags & RISCV_RVE) ? passing_riscv : NULL;
	case EM_PPC64:
		return is_little_64 && (machine->flags & EF_PPC64_ABI) != 1 ? passing_power : NULL;
	case EM_S390:
		return machine->is_64 && machine->is_big ? passing_s390 : NULL;
	default:
		return NULL;
	}
}

/*
 * Behind a pointer any alignment does, up to the one from which compilers use
 * instructions that depend on it.
 */
static void align_pointed(struct passing_walk *walk, const struct passing_shape *shape,
			  bool is_result, struct passing *ret)
{
	bool is_pointed = ret->how == (is_result ? PASSING_MEMORY : PASSING_REFERENCE);
	uint64_t align = is_pointed ? passing_align(walk, shape, true) : 0;

	if (is_pointed)
		ret->align = align > 8 ? align : 8;
	else if (is_result)
		ret->align = 0;
}

static void by_machine(struct passing_walk *walk, const struct passing_shape *shape, bool is_result,
		       struct passing *ret)
{
	passing_rule rule = rule_of(walk->machine);

	if (!rule || shape->kind == KIND_UNKNOWN || shape->kind == KIND_ARRAY)
		return;
	if (shape->kind == KIND_VOID) {
		passing_set(ret, PASSING_NOTHING);
	} else if (passing_is_by_reference(walk, shape, 0)) {
		passing_set(ret, is_result ? PASSING_MEMORY : PASSING_REFERENCE);
	} else {
		rule(walk, shape, is_result, ret);
	}
	align_pointed(walk, shape, is_result, ret);
	if (walk->is_exhausted)
		ret->how = PASSING_UNKNOWN;
}

void passing_of(const struct types *types, type_id type, const struct passing_machine *machine,
		bool is_result, struct passing *ret)
{
	struct passing_walk walk = {
		.types = types,
		.machine = machine,
		.budget = PASSING_BUDGET,
	};
	struct passing_shape shape = passing_shape(&walk, type);

	*ret = (struct passing){ .size = shape.size };
	by_machine(&walk, &shape, is_result, ret);
	if (ret->how == PASSING_UNKNOWN || ret->how == PASSING_NOTHING)
		*ret = (struct passing){ .how = ret->how };
}

bool passing_equal(const struct passing *a, const struct passing *b)
{
	return a->how != PASSING_UNKNOWN && a->how == b->how && a->extension == b->extension &&
	       a->size == b->size && a->align == b->align && a->count == b->count &&
	       !memcmp(a->classes, b->classes, a->count);
}

static unsigned count_of(const struct passing *passing, enum passing_class first,
			 enum passing_class last)
{
	unsigned i, count = 0;

	for (i = 0; i < passing->count; i++)
		count += passing->classes[i] >= first && passing->classes[i] <= last;
	return count;
}

static const char *registers_text(struct arena *arena, const struct passing *passing)
{
	unsigned integers = count_of(passing, PASSING_INTEGER, PASSING_INTEGER);
	unsigned others = count_of(passing, PASSING_SSE, PASSING_SSE) +
			  count_of(passing, PASSING_FLOAT_2, PASSING_FLOAT_16);
	unsigned x87 = count_of(passing, PASSING_X87, PASSING_X87);

	if (x87)
		return x87 == 1 ? "on the x87 stack" : "in 2 places of the x87 stack";
	if (integers && others)
		return arena_printf(arena, "in %u integer and %u vector register%s", integers,
				    others, others == 1 ? "" : "s");
	return arena_printf(arena, "in %u %s register%s", integers + others,
			    integers ? "integer" : "vector", integers + others == 1 ? "" : "s");
}

const char *passing_text(struct arena *arena, const struct passing *passing)
{
	switch (passing->how) {
	case PASSING_NOTHING:
		return "not at all";
	case PASSING_REGISTERS:
		return registers_text(arena, passing);
	case PASSING_MEMORY:
		return "in memory";
	case PASSING_REFERENCE:
		return "by hidden reference";
	default:
		return "in an unknown way";
	}
}

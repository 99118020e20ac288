/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a value of a type is when a function is called or returns: in which kinds
 * of registers, in memory, behind a pointer. Two types may stand for each other
 * between a caller and a function that were built apart only where this is equal.
 *
 * What compilers of GNU/Linux do is followed, gcc where they differ. Debug
 * information does not tell everything that matters: unnamed bit-fields, and that a
 * struct is packed where its members would stand at the same places without.
 */
#ifndef ENGINE_COMPARE_PASSING_H
#define ENGINE_COMPARE_PASSING_H

#include "model/types.h"

struct passing_machine {
	uint16_t elf_machine;
	bool is_64;
	bool is_big;
	bool is_variadic; /* the function is: some machines then use other registers */
	uint32_t flags;	  /* e_flags, of a file that the linker made where the machine is arm */
};

enum passing_how {
	PASSING_UNKNOWN,   /* the type, or the machine's rule for it, is not known */
	PASSING_NOTHING,   /* void, empty structs: there is nothing to pass */
	PASSING_REGISTERS, /* as long as there are any left, else in memory */
	PASSING_MEMORY,	   /* argument: on the stack; result: where the caller says */
	PASSING_REFERENCE, /* argument: a pointer to it */
};

enum passing_class {
	PASSING_NONE, /* padding only */
	PASSING_INTEGER,
	PASSING_SSE,	/* x86: eight bytes in a vector register */
	PASSING_SSE_UP, /* the next eight bytes in the same one */
	PASSING_X87,
	PASSING_X87_UP,
	PASSING_FLOAT_2, /* elsewhere: so many bytes in a register for floats and vectors */
	PASSING_FLOAT_4,
	PASSING_FLOAT_8,
	PASSING_FLOAT_16,
};

enum passing_extension {
	PASSING_NOT_EXTENDED, /* the rest of the register holds anything */
	PASSING_SIGN,
	PASSING_ZERO,
};

struct passing {
	uint8_t how;	   /* enum passing_how */
	uint8_t extension; /* enum passing_extension, where the machine demands it */
	uint8_t count;
	uint8_t classes[8]; /* enum passing_class, of _REGISTERS, in order */
	uint64_t size;	    /* bytes that it takes there; of _REFERENCE behind the pointer */
	uint64_t align; /* of its place in memory, and of pairs of registers; 0: does not matter */
};

/* How a value of `type` is handed to a function, or with `is_result` back from it. */
void passing_of(const struct types *types, type_id type, const struct passing_machine *machine,
		bool is_result, struct passing *ret);
/* False where either is not known. */
bool passing_equal(const struct passing *a, const struct passing *b);
/* Words for messages, "in 1 integer and 1 vector register"; NULL: out of memory. */
const char *passing_text(struct arena *arena, const struct passing *passing);

#endif

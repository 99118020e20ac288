/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The types of two releases side by side; only types*.c and layout*.c here know of it.
 * From each exported symbol that both have, pairs of types are visited, breadth
 * first, each pair once: what differs in the pair itself is a finding there, what
 * differs deeper is found in another pair. So each cause is told once, and the way
 * on which it was reached is the shortest.
 */
#ifndef ENGINE_COMPARE_TYPES_H
#define ENGINE_COMPARE_TYPES_H

#include "base/numbers.h"
#include "engine/compare/parts.h"

/* How far programs depend on what a type holds. */
enum type_reach {
	REACH_POINTER, /* only pointers to it cross the interface, as far as is known */
	REACH_VALUE,   /* its values do, or programs need its definition */
};

#define PAIR_NONE UINT32_MAX

struct type_pair {
	type_id old, new;
	uint32_t parent;   /* pair that it was reached by; PAIR_NONE: a symbol itself */
	uint32_t symbol;   /* place in `kept` of the symbol at the start of the way */
	const char *step;  /* the member or parameter that led here; NULL: none */
	uint8_t step_kind; /* enum part_kind */
	uint8_t reach;
	bool is_done;
	bool is_root_function;
};

/* What of `from` leads to `to`; of symbols the place in `kept`, with EDGE_SYMBOL. */
struct type_edge {
	uint32_t from, to;
};

#define EDGE_SYMBOL 0x80000000u

/* A finding about a pair, whose interfaces are counted at the end. */
struct type_cause {
	size_t finding;
	uint32_t pair;
};

/* Types of one side by name. A name can stand for several, in different units. */
struct type_names {
	struct numbers first;
	uint32_t *next; /* by type: another of that name, or NUMBERS_NONE */
};

struct type_diff {
	struct compare *c;
	const struct types *old, *new;
	struct arena scratch; /* of what is no part of a finding */
	struct array_of(struct type_pair) pairs;
	struct array_of(struct type_edge) edges;
	struct array_of(struct type_cause) causes;
	struct array_of(uint32_t) by_value, by_pointer; /* pairs to be visited */
	struct numbers numbers;				/* of pairs, by both ids */
	struct numbers told;				/* findings, by rule, subject, message */
	struct type_names old_names, new_names;
	size_t most_pairs;
	bool is_cut;	/* there were more */
	size_t blind;	/* symbols that neither side describes */
	bool is_untold; /* one side's DWARF is too old to tell what the other tells */
};

/* The difference of two values, as the machine sees it. The later, the worse. */
enum value_change {
	VALUE_SAME,	 /* here; what they hold or point to is another pair */
	VALUE_SPELLING,	 /* another name for the same */
	VALUE_QUALIFIER, /* const or volatile of the value itself */
	VALUE_POINTEE_CONST,
	VALUE_POINTEE_UNCONST,
	VALUE_RESTRICT,
	VALUE_VOID_POINTER,
	VALUE_TAG, /* another struct of the same layout */
	VALUE_FROM_BOOL,
	VALUE_SIGN,
	VALUE_ATOMIC,
	VALUE_OTHER_STRUCT, /* pointer to another struct, of another layout */
	VALUE_POINTEE,	    /* pointer to something of another kind or size */
	VALUE_NARROWED,
	VALUE_WIDENED,
	VALUE_TO_BOOL,
	VALUE_FORMAT,  /* of floating point */
	VALUE_COMPLEX, /* the same of complex and decimal numbers */
	VALUE_ARRAY,   /* another count or shape */
	VALUE_VECTOR,
	VALUE_LEVEL, /* value and pointer, or pointers to pointers */
	VALUE_KIND,  /* integer, float, struct … */
};

/*
 * What differs between two values; pairs that they lead to are queued. `step` is
 * the member or parameter that holds them.
 */
int types_compare_value(struct type_diff *d, uint32_t from, type_id old, type_id new,
			enum type_reach reach, const struct type_part *step,
			enum value_change *ret) MUST_CHECK;
/*
 * Can the debug information of OLD, or of NEW, tell what this version of DWARF brought?
 * If not, that is noted, and nothing can be drawn from what it does not tell.
 */
bool types_tell(struct type_diff *d, bool of_new, unsigned version);
/* The same members at the same places; what they hold is not looked at. */
bool types_alike(struct type_diff *d, const struct type *old, const struct type *new);
/* The same, whatever the members are called. */
bool types_alike_places(struct type_diff *d, const struct type *old, const struct type *new);
int types_index_names(struct type_diff *d) MUST_CHECK;
void types_names_done(struct type_names *names);
/*
 * Where a name stands for several types, a declaration may have led to the wrong
 * one: takes those that are alike, where there are such.
 */
void types_choose(struct type_diff *d, type_id *old, type_id *new);
/* Queues what the types of an exported symbol, at this place of `kept`, lead to. */
typedef int (*types_starter)(struct type_diff *d, uint32_t place, type_id old, type_id new);
/* Looks at one pair. */
typedef int (*types_visitor)(struct type_diff *d, uint32_t pair);
/*
 * The walk: from the symbols of `kept` over all pairs that are queued on the way, then
 * what was found with its interfaces, then what could not be looked at. 0 or -ENOMEM.
 */
int types_walk(struct compare *c, types_starter start, types_visitor visit) MUST_CHECK;
/* Visits a pair later, unless it was. 0 or -ENOMEM. */
int types_queue(struct type_diff *d, uint32_t from, type_id old, type_id new, enum type_reach reach,
		const struct type_part *step) MUST_CHECK;

/* Each visits one pair of its kind. 0 or -ENOMEM. */
int types_compare_record(struct type_diff *d, uint32_t pair) MUST_CHECK;
int types_compare_enum(struct type_diff *d, uint32_t pair) MUST_CHECK;
int types_compare_typedef(struct type_diff *d, uint32_t pair) MUST_CHECK;
int types_compare_function(struct type_diff *d, uint32_t pair) MUST_CHECK;

/* The text of a type of OLD or NEW; NULL: no memory, which is noted. */
const char *types_old_text(struct type_diff *d, type_id id);
const char *types_new_text(struct type_diff *d, type_id id);

/* What a pair is called: a type without a name by what holds it. NULL: no memory, which is noted.
 */
const char *types_subject(struct type_diff *d, uint32_t pair);

/* Do OLD's public headers define it? A type without a name is as visible as what holds it. */
enum type_seen types_seen(const struct type_diff *d, uint32_t pair);

/*
 * A finding about a pair. `layout`: it hurts only programs that see what the type
 * holds, so it is a risk where pointers alone cross the interface. NULL: no memory.
 */
struct finding *types_add(struct type_diff *d, uint32_t pair, const char *rule, bool layout,
			  const char *subject, const char *message);
int types_note(struct type_diff *d, uint32_t pair, const char *rule, bool layout,
	       const char *subject, const char *message) MUST_CHECK;

/* Interfaces that reach each cause, and the shortest way to it. 0 or -ENOMEM. */
int types_tell_ways(struct type_diff *d) MUST_CHECK;

#endif

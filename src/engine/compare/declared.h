/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the public headers of two releases declare, side by side: macros, functions,
 * constants, names. Only engine/compare/declared*.c and renames.c know of it.
 */
#ifndef ENGINE_COMPARE_DECLARED_H
#define ENGINE_COMPARE_DECLARED_H

#include "engine/compare/parts.h"

/* One side: what its headers declare, and what its library exports. */
struct declared_side {
	const struct corpus *corpus;
	const struct declared *declared;
	struct map symbols; /* by the name in the source: the first such symbol */
};

struct declared_diff {
	struct compare *c;
	struct declared_side old, new;
	struct arena arena;
};

/* The symbol of what is declared; NULL: this library exports none. */
const struct corpus_symbol *declared_symbol(const struct declared_side *side,
					    const struct declared_item *item);
/* Has a program its own copy of it: an inline function, a constant, a template? */
bool declared_is_copied(const struct declared_item *item);
/* The new form of a function: of the same parameters, or the only one of the name. NULL: none. */
const struct declared_item *declared_partner(const struct declared_diff *d,
					     const struct declared_item *old);
/* Is the name declared in NEW as a class, so that its members can be compared? */
bool declared_class_remains(const struct declared_diff *d, const struct declared_item *member);
/* The class of a member: its name without the last component, in the comparison's arena. */
const char *declared_class(const struct declared_diff *d, const struct declared_item *member);

/*
 * A finding about `item`, which stands in a header of the side that it is of. NULL: no
 * memory. `message` as by compare_text().
 */
struct finding *declared_add(struct declared_diff *d, const char *rule,
			     const struct declared_item *item, const char *message);
/* The same, with nothing to change. 0 or -ENOMEM. */
int declared_note(struct declared_diff *d, const char *rule, const struct declared_item *item,
		  const char *before, const char *after, const char *message) MUST_CHECK;

/* Did types tell of the enumerator? One cause is told once. */
bool declared_enum_is_told(const struct compare *c, const char *enumerator);

/* Each compares one part. 0 or -ENOMEM. */
int declared_macros(struct declared_diff *d) MUST_CHECK;
int declared_functions(struct declared_diff *d) MUST_CHECK; /* that both declare */
int declared_variables(struct declared_diff *d) MUST_CHECK;
int declared_classes(struct declared_diff *d) MUST_CHECK;
int declared_gone(struct declared_diff *d) MUST_CHECK;
int declared_new(struct declared_diff *d) MUST_CHECK; /* what NEW alone declares */

#endif

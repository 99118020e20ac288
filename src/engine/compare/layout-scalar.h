/* SPDX-License-Identifier: Apache-2.0 */
/* What kind of value differs between machines; only engine/compare/layout*.c know of it. */
#ifndef ENGINE_COMPARE_LAYOUT_SCALAR_H
#define ENGINE_COMPARE_LAYOUT_SCALAR_H

#include "model/corpus.h"

enum scalar_cause {
	SCALAR_WORD, /* long, pointers and all that follows them */
	SCALAR_TIME, /* of times, and of places in files */
	SCALAR_WCHAR,
	SCALAR_LONG_DOUBLE,
	SCALAR_CHAR, /* plain */
};

/* By the names on the way down to it, and by what it is. */
enum scalar_cause scalar_cause_of(const struct types *types, type_id id);
/* The element of an array, without typedefs and qualifiers. */
const struct type *scalar_element(const struct types *types, type_id id);
/* A struct of the C library, whose members are nobody's business. */
bool scalar_is_foreign(const struct types *types, type_id id);
/* Bytes of a value; false: not known. */
bool scalar_size(const struct corpus *corpus, type_id id, uint64_t *ret);
/* Is there an integer or a floating number of eight bytes in it? */
bool scalar_holds_wide(const struct types *types, type_id id);
/* The format of long double, by machine and size, as a word. */
const char *scalar_long_double(const struct corpus *corpus, uint64_t size);

#endif

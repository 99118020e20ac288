/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parts of a C++ name (Itanium C++ ABI 5.1) that a comparison pairs names
 * by: from the demangled text, and for plain names from the mangled one.
 */
#ifndef ENGINE_COMPARE_CXX_NAME_H
#define ENGINE_COMPARE_CXX_NAME_H

#include "base/arena.h"

/* All in the arena that it was made with. */
struct cxx_name {
	const char *text; /* demangled; "" for a name that is not C++ */
	const char *
		qualified; /* of a function without return type and parameters; NULL: no function */
	const char *last;  /* its last component, inside `qualified` */
	const char *parameters;
	const char *qualifiers; /* " const", " &&", or "" */
};

/* A mangled name whose scopes are plain identifiers. */
struct plain_name {
	const char *
		scope; /* "3foo3Bar" of _ZNK3foo3Bar3bazEv and of _ZN3foo3BarC1Ev; "" for _Z3foov */
	size_t scope_length;
	const char *last; /* "3baz", "C1" */
	size_t last_length;
	bool nested;
};

/* 0 or -ENOMEM. */
int cxx_name_parse(struct arena *arena, const char *mangled, struct cxx_name *ret) MUST_CHECK;
/* False for names with templates, operators, substitutions; those say nothing here. */
bool plain_name_parse(const char *mangled, struct plain_name *ret);
/* The class of a nested one, as it follows _ZTV: "1A", "N1n1AE"; to be freed. NULL: no memory. */
char *plain_name_class(const struct plain_name *name);
/* "C1" to "C3", "D0" to "D2"; "C4" and "D4" of gcc's debug information stand for all. */
bool plain_name_is_special(const struct plain_name *name);

/*
 * Do two names of types mean the same? Compilers write the arguments of templates in ways
 * of their own; those are compared by their words. NULL is a name like others.
 */
bool cxx_same_name(const char *a, const char *b);

/* Copies of a text, NULL when out of memory. */
const char *cxx_without_tags(struct arena *arena, const char *text);	  /* [abi:…] */
const char *cxx_without_arguments(struct arena *arena, const char *text); /* of templates */
const char *cxx_without(struct arena *arena, const char *text, const char *word);
/* With the names of strings as the old ABI of libstdc++ has them. */
const char *cxx_with_old_strings(struct arena *arena, const char *text);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The dynamic symbols of an image in Debian's way of writing: "name@VERSION", "name@Base"
 * without a version. The whole table counts, whether the loader's hash table reaches a
 * symbol or not, as objdump shows it to dpkg.
 */
#ifndef ENGINE_DEPS_DYNAMIC_SYMBOLS_H
#define ENGINE_DEPS_DYNAMIC_SYMBOLS_H

#include "model/image.h"

struct dynamic_symbol {
	const char *name; /* as in the file */
	const char *text; /* "name@VERSION" */
	const char *file; /* the library that had its version at link time; NULL: not told */
	bool weak;
};

struct dynamic_symbols array_of(struct dynamic_symbol);

/* What it defines for others; in the order of its table. Texts live in `arena`. 0 or -ENOMEM. */
int dynamic_symbols_defined(struct image *image, struct arena *arena, struct dynamic_symbols *ret,
			    struct fault *ret_fault) MUST_CHECK;
/* What it needs of others, also what it holds a copy of. */
int dynamic_symbols_undefined(struct image *image, struct arena *arena, struct dynamic_symbols *ret,
			      struct fault *ret_fault) MUST_CHECK;

#endif

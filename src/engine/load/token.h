/* SPDX-License-Identifier: Apache-2.0 */
/* Dynamic string tokens and search path lists (spec: ld.so(8), glibc's dl-load.c rules). */
#ifndef ENGINE_LOAD_TOKEN_H
#define ENGINE_LOAD_TOKEN_H

#include "model/loader.h"

struct token_values {
	const char *origin;
	const char *lib;
	const char *platform; /* NULL: not known */
	bool skip_empty;      /* musl: an empty element of a list means nothing */
};

struct folder_list {
	const char **items; /* no trailing slash, but for "/"; "" is the current folder */
	size_t count;
};

/*
 * Expands $ORIGIN, $LIB, $PLATFORM and their ${…} forms; other $words stay.
 * Returns "" when a token has no value, the text itself when there is nothing
 * to expand, NULL when out of memory.
 */
const char *token_expand(struct arena *arena, const char *text, const struct token_values *values);

/*
 * Splits a path list at each of the characters in `separators`. Elements are
 * expanded; an empty one means the current folder; duplicates are dropped.
 * A wholly empty text gives no folder. 0 or -ENOMEM.
 */
int token_split(struct arena *arena, const char *text, const char *separators,
		const struct token_values *values, struct folder_list *ret) MUST_CHECK;

#endif

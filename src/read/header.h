/* SPDX-License-Identifier: Apache-2.0 */
/* The identifiers in a C or C++ header: what it may declare. */
#ifndef READ_HEADER_H
#define READ_HEADER_H

#include "base/arena.h"
#include "base/map.h"

/*
 * Adds each identifier of `text` that stands outside comments and literals to
 * `names`, with itself as value; the copies are in `arena`. It is not parsed:
 * which of them are declared is not told. 0 or -ENOMEM.
 */
int header_names(const char *text, size_t size, struct arena *arena, struct map *names) MUST_CHECK;
/* Only those that a parenthesis follows, as the name of a function that is declared. */
int header_functions(const char *text, size_t size, struct arena *arena,
		     struct map *names) MUST_CHECK;

#endif

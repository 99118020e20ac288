/* SPDX-License-Identifier: Apache-2.0 */
/*
 * POSIX extended regular expressions (POSIX.1-2017, XBD 9.4) over bytes, with the
 * \w \W \s \S \b \B \< \> \` \' of the GNU C Library, for patterns that nobody has
 * vetted: a search takes time up to the product of both lengths, and no memory.
 * (regcomp() of that library may take exponential time, and when it is out of
 * memory frees twice.) Back-references are refused. Classes are those of the C
 * locale.
 */
#ifndef BASE_REGEXP_H
#define BASE_REGEXP_H

#include "base/arena.h"

struct regexp;

/*
 * *ret lives in `arena`. *ret_fault: what is wrong with the pattern, NULL for
 * nothing; *ret is then not set. 0 or -ENOMEM.
 */
int regexp_compile(struct arena *arena, const char *pattern, struct regexp **ret,
		   const char **ret_fault) MUST_CHECK;
/* Does it match anywhere in `text`? Not for two threads at once. */
bool regexp_search(struct regexp *regexp, const char *text);

#endif

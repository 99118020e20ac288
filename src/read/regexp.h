/* SPDX-License-Identifier: Apache-2.0 */
/* POSIX extended regular expressions from files, of bounded cost. */
#ifndef READ_REGEXP_H
#define READ_REGEXP_H

#include "base/arena.h"

#include <regex.h>

/*
 * Compiles `pattern`; *ret, in `arena`, is to be regfree()d. *ret_fault: what is
 * wrong with the pattern, NULL for nothing; *ret is then not set. Refused too is
 * what could take a matcher very long: back-references, deep nesting, and
 * repetitions that multiply. 0 or -ENOMEM.
 */
int regexp_compile(struct arena *arena, const char *pattern, regex_t **ret,
		   const char **ret_fault) MUST_CHECK;

#endif

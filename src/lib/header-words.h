/* SPDX-License-Identifier: Apache-2.0 */
/* The words of public headers, without a compiler. */
#ifndef LIB_HEADER_WORDS_H
#define LIB_HEADER_WORDS_H

#include "lib/context.h"

/*
 * Adds the identifiers of `headers`: files, folders or packages of them, NULL-terminated or
 * NULL, to `names`, and what looks like functions to `functions`, unless that is
 * NULL; the words belong to the report. What cannot be read becomes an error of the
 * report. 0 or -ENOMEM.
 */
int header_words_read(struct abifit_system *system, struct abifit_report *report,
		      const char *const *headers, struct map *names,
		      struct map *functions) MUST_CHECK;
/*
 * Adds what the headers declare for others, as a C compiler reads them, to `names`:
 * functions and variables. A header that does not compile becomes an error of the
 * report. `compiler` NULL: cc; `flags`: NULL-terminated, or NULL. 0 or -ENOMEM.
 */
int header_declared_read(struct abifit_report *report, const char *const *headers,
			 const char *compiler, const char *const *flags,
			 struct map *names) MUST_CHECK;

#endif

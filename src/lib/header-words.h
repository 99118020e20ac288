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

#endif

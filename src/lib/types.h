/* SPDX-License-Identifier: Apache-2.0 */
/* The types of a library's exported symbols, from its debug information. */
#ifndef LIB_TYPES_H
#define LIB_TYPES_H

#include "model/corpus.h"
#include "read/debug-files.h"

/*
 * Adds to the interface of the library at `path` the types that its debug
 * information tells, wherever that is; what is not there is told by
 * corpus->no_types. 0 or -ENOMEM.
 */
int corpus_read_types(struct corpus *corpus, const char *path,
		      const struct debug_search *search) MUST_CHECK;

/*
 * Lets the types of an object that includes the public headers stand for the
 * library's own. 0 or -ENOMEM.
 */
int corpus_adopt_headers(struct corpus *corpus, const char *bytes, size_t size) MUST_CHECK;

#endif

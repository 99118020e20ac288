/* SPDX-License-Identifier: Apache-2.0 */
/* What public headers declare besides types. */
#ifndef LIB_HEADERS_DECLARED_H
#define LIB_HEADERS_DECLARED_H

#include "model/corpus.h"

/* What is the library's own among all that its headers include. */
struct own_headers {
	const char *const *files; /* their canonical paths */
	size_t count;
	const char *const *folders; /* that they are in */
	size_t folder_count;
	bool is_cxx;
};

/* The arguments of a compiler that write what headers_declared() reads; NULL-terminated. */
extern const char *const headers_declared_arguments[];

/* Reads the text that the compiler wrote into corpus->declared. 0 or -ENOMEM. */
int headers_declared(const char *text, size_t size, const struct own_headers *own,
		     struct corpus *corpus) MUST_CHECK;

#endif

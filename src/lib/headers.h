/* SPDX-License-Identifier: Apache-2.0 */
/* Public headers: what programs see of a library's types. */
#ifndef LIB_HEADERS_H
#define LIB_HEADERS_H

#include "lib/corpora.h"

/*
 * Compiles a unit that includes the headers, and lets the types that it defines
 * stand for those of the library. A header that does not compile becomes an error
 * of the report. What they include is looked for in the system. 0 or -ENOMEM.
 */
int corpus_read_headers(const struct abifit_system *system, struct abifit_report *report,
			struct corpus *corpus, const struct side_types *types) MUST_CHECK;

#endif

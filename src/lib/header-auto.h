/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which headers are a library's own? Those that dpkg lists for the package with the link that the
 * linker follows to it, else those that a .pc file of pkg-config tells; for a library in a
 * package, those of the -dev package beside it.
 */
#ifndef LIB_HEADER_AUTO_H
#define LIB_HEADER_AUTO_H

#include "lib/header-folder.h"
#include "model/corpus.h"

/* Stands for the headers that are found so. */
#define HEADERS_AUTO "auto"

struct header_found {
	struct array_of(const char *) paths; /* of this machine: headers, folders, a package */
	struct header_arguments arguments;
	const char *from; /* who told, for people; NULL: nothing was found */
};

/* Strings are in `arena`. The lists are the caller's in any case. 0 or -ENOMEM. */
int header_auto_find(const struct abifit_system *system, const struct corpus *corpus,
		     struct arena *arena, struct header_found *ret) MUST_CHECK;
void header_found_done(struct header_found *found);

#endif

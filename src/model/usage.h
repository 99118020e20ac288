/* SPDX-License-Identifier: Apache-2.0 */
/* What programs take of a library, and what another release of it does to them; made by
 * engine/compare/usage.c. */
#ifndef MODEL_USAGE_H
#define MODEL_USAGE_H

#include "base/map.h"
#include "model/finding.h"

/* What the given programs, and what they load, take of one library. */
struct usage {
	struct arena arena;
	struct map uses; /* "name", "name@VERSION"; "@VERSION" for a version that is asked for →
			    struct use */
	size_t programs; /* that load the library */
	size_t affected;
};

struct use {
	bool bound;  /* with exactly this version; for a plain name: by a reference without version
		      */
	bool strong; /* not only where it is defined */
	bool any;    /* a plain name: with whatever version */
	bool copied; /* a program holds a copy of the variable */
};

/* One of the programs. */
struct program_use {
	const char *path;
	enum verdict verdict; /* OK: NEW changes nothing for it */
	bool broken_before;   /* it does not run with OLD either */
	size_t library_count; /* compared libraries that it loads */
	size_t binding_count; /* references that OLD's satisfy */
	const char **reasons; /* NULL-terminated; NULL: none */
};

#endif

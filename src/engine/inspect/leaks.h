/* SPDX-License-Identifier: Apache-2.0 */
/* Which exported symbols of a file are not its own? */
#ifndef ENGINE_INSPECT_LEAKS_H
#define ENGINE_INSPECT_LEAKS_H

#include "base/map.h"
#include "model/leaks.h"
#include "model/source.h"

/* Where a symbol comes from, as an archive tells. */
struct leak_origin {
	const char *archive;
	const char *member; /* NULL: the object itself */
};

struct leak_question {
	struct image *image;
	const char *path;
	const char *name;	   /* its soname or file name */
	const struct map *origins; /* symbol → struct leak_origin; NULL: no archives were given */
	const struct map *headers; /* identifiers of public headers; NULL: none were given */
	struct source *source;	   /* the system, for its libraries */
	const char *const *folders; /* where it has them, NULL-terminated */
};

/* Damage is in the image's fault or in *ret_fault. 0 or -ENOMEM. */
int leaks_find(const struct leak_question *question, struct fault *ret_fault,
	       struct leaks **ret) MUST_CHECK;
/* NULL is fine. */
void leaks_free(struct leaks *leaks);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Fills model/linkmap.h from pieces of lines; part of read/linkmap.h. */
#ifndef READ_LINKMAP_BUILD_H
#define READ_LINKMAP_BUILD_H

#include "model/linkmap.h"

struct slice {
	const char *text;
	size_t length;
};

struct linkmap_build {
	struct linkmap *map;
	struct array_of(char) key; /* a slice with a NUL, to look it up */
	struct map inputs;	   /* names in map->inputs */
	const char *last;	   /* the name that was interned before */
};

/* All return 0 or -ENOMEM. Blanks at the end of a name are dropped. */

int linkmap_intern(struct linkmap_build *build, struct slice name, const char **ret) MUST_CHECK;
/* True for a file that the map named before. Out of memory counts as false. */
bool linkmap_is_known(struct linkmap_build *build, struct slice name);
int linkmap_add_input(struct linkmap_build *build, struct slice name, const char **ret) MUST_CHECK;
int linkmap_add_reason(struct linkmap_build *build, const char *member, struct slice referrer,
		       struct slice symbol) MUST_CHECK;
/* Starts the table of definers and referrers: what was known of definers only is dropped. */
void linkmap_begin_references(struct linkmap_build *build);
int linkmap_add_symbol(struct linkmap_build *build, struct slice name) MUST_CHECK;
/* A file of the symbol that was added last; nothing if there is none. */
int linkmap_add_file(struct linkmap_build *build, struct slice name) MUST_CHECK;
int linkmap_add_definition(struct linkmap_build *build, struct slice symbol,
			   const char *file) MUST_CHECK;
void linkmap_build_done(struct linkmap_build *build);

#endif

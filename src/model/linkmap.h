/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a linker wrote down about a link (`-Map`, `--cref`, `--why-extract`):
 * which objects went in, for whose sake, and which symbols they share. Objects
 * are named as the linker does: "main.o", "libx.a(foo.o)".
 */
#ifndef MODEL_LINKMAP_H
#define MODEL_LINKMAP_H

#include "base/arena.h"
#include "base/array.h"
#include "base/map.h"

#define NO_LINKMAP_SYMBOL UINT32_MAX

/* A member of an archive, or a library linked as needed, and what asked for it. */
struct linkmap_reason {
	const char *member;
	const char *referrer;
	const char *symbol; /* as the linker writes it, perhaps demangled, without version */
};

/* One symbol and the objects and libraries that define or refer to it. */
struct linkmap_symbol {
	const char *name;    /* as the linker writes it, perhaps demangled, without version */
	const char *version; /* NULL: none told */
	uint32_t first;	     /* in linkmap->files; the definer, if there is one, comes first */
	uint32_t count;
	uint32_t next; /* another symbol of this name, or NO_LINKMAP_SYMBOL */
};

struct linkmap {
	struct arena arena;
	bool has_cross_reference;	      /* else `symbols` tells definers only */
	struct array_of(const char *) inputs; /* each object with some section, once, in order */
	struct array_of(struct linkmap_reason) reasons;
	struct array_of(struct linkmap_symbol) symbols;
	struct array_of(const char *) files; /* of all symbols */
	struct map by_symbol;		     /* name → number in `symbols`, plus 1 */
	struct map by_member;		     /* member → number in `reasons`, plus 1 */
	struct map names;		     /* every name of a file */
};

/* The last symbol of this name in the map; others follow by `next`. NULL: none. */
const struct linkmap_symbol *linkmap_find_symbol(const struct linkmap *map, const char *name);
/* Why a member was taken in, or NULL when it is not told. */
const struct linkmap_reason *linkmap_find_reason(const struct linkmap *map, const char *member);
void linkmap_free(struct linkmap *map);

#endif

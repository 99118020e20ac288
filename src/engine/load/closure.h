/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Builds a closure: what the loader maps for a program, in which order, and
 * the order in which it relocates it (glibc dl-deps.c, dl-sort-maps.c; musl
 * ldso/dynlink.c load_deps).
 */
#ifndef ENGINE_LOAD_CLOSURE_H
#define ENGINE_LOAD_CLOSURE_H

#include "engine/load/search.h"

/* Maps of one closure from names to object numbers; kept by a thread and reused. */
struct closure_names {
	struct map requests; /* names and sonames: what satisfies a request */
	struct map aliases;  /* names only: what satisfies a version need */
};

void closure_names_done(struct closure_names *names);
/* Sets the aliases of a closure that was built earlier. 0 or -ENOMEM. */
int closure_names_fill(struct closure_names *names, const struct closure *closure) MUST_CHECK;

/*
 * Fills `closure` for the program `image`, whose path inside the system is
 * `path`. Missing libraries are objects without image. 0, -ENOMEM, or -E2BIG
 * (more than MOST_OBJECTS objects). `names` describes the closure afterwards.
 */
int closure_build(struct search *search, struct closure_names *names, struct image *image,
		  const char *path, const char *origin, struct closure *ret) MUST_CHECK;

/*
 * Adds what dlopen(`name`) from object `requester` would map, as group `group`.
 * *ret_root is the object, or NO_OBJECT when it was refused (*ret_found tells).
 */
int closure_dlopen(struct search *search, struct closure_names *names, struct closure *closure,
		   uint32_t requester, const char *name, uint16_t group, uint32_t *ret_root,
		   struct found *ret_found) MUST_CHECK;

/* The breadth-first list of `root` and what it needs: a dlopened object's own scope. */
int closure_local_scope(const struct closure *closure, uint32_t root, uint32_t **ret,
			size_t *ret_count) MUST_CHECK;

/* The object that was requested by `name` or has that path, or NO_OBJECT. */
uint32_t closure_alias(const struct closure_names *names, const char *name);

/* Fills closure->order for a glibc of `version`. 0 or -ENOMEM. */
int closure_sort(struct closure *closure, uint32_t version) MUST_CHECK;

#endif

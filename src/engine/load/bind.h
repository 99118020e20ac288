/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Binds the references of a closure to definitions, in the loader's order
 * (glibc dl-lookup.c, dl-reloc.c). One `struct binder` serves one thread.
 */
#ifndef ENGINE_LOAD_BIND_H
#define ENGINE_LOAD_BIND_H

#include "base/map.h"
#include "engine/load/index.h"
#include "model/closure.h"

/* How a reference ended. */
struct binding {
	uint32_t provider; /* object number, NO_OBJECT: nothing satisfies it */
	uint32_t symbol;   /* in the provider */
};

/* A list of objects to be looked through, in order. */
struct scope {
	const uint32_t *objects;
	size_t count;
};

/* Called for each reference that is worth a second look. 0 or a negative errno class. */
typedef int (*bind_visit)(void *data, uint32_t object, const struct index_image *entry,
			  uint32_t reference, const struct binding *binding, unsigned choices);

struct binder {
	const struct symbol_index *index;
	uint32_t *position; /* image id → place in the scope, plus `base` */
	uint32_t *object_of; /* place in the scope → object number */
	size_t object_capacity;
	uint32_t base;
	uint32_t scope_size;
	struct map unique; /* name of an STB_GNU_UNIQUE symbol → struct binding, arena of it below */
	struct arena arena;
};

int binder_init(struct binder *binder, const struct symbol_index *index) MUST_CHECK;
void binder_done(struct binder *binder);
/* Forgets the unique symbols: a new closure begins. */
void binder_reset(struct binder *binder);
/* Sets the scope for what is bound next: `first`, then `second`, each object once. */
int binder_scope(struct binder *binder, const struct closure *closure, struct scope first,
		 struct scope second) MUST_CHECK;
/*
 * Binds all references of one object. `ret` (entry->count bindings) may be
 * NULL. `visit` is called for references without a definition, with more than
 * one definition in scope (`choices`), for copy relocations, for thread-local
 * symbols met by other ones, for versions that are not the default, and with
 * musl for all. 0, or what visit returned, or -ENOMEM.
 */
int binder_bind(struct binder *binder, const struct closure *closure, uint32_t object,
		struct binding *ret, bind_visit visit, void *data) MUST_CHECK;

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A bump allocator: many small objects with one lifetime, freed in one call.
 * All functions return NULL when out of memory. Memory is zeroed and aligned
 * to 8 bytes (strings: to 1). Not safe for use from two threads at once.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/common.h"

struct arena_chunk;

struct arena {
	struct arena_chunk *chunks;
	unsigned char *next;
	size_t left;
	size_t chunk_size;
};

void *arena_alloc(struct arena *arena, size_t size);
void *arena_array(struct arena *arena, size_t count, size_t item_size);
void *arena_copy(struct arena *arena, const void *bytes, size_t size);
char *arena_strdup(struct arena *arena, const char *text);
char *arena_strndup(struct arena *arena, const char *text, size_t length);
char *arena_printf(struct arena *arena, const char *format, ...) PRINTF_LIKE(2, 3);
void arena_done(struct arena *arena);

#endif

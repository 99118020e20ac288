/* SPDX-License-Identifier: Apache-2.0 */
/* Chunked bump allocator; contract in base/arena.h. */
#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define FIRST_CHUNK 1000
#define LARGEST_CHUNK (256 * 1024)

struct arena_chunk {
	struct arena_chunk *older;
	_Alignas(8) unsigned char bytes[];
};

/* An object of its own chunk, so that a big one does not end the current chunk early. */
static void *alloc_alone(struct arena *arena, size_t size)
{
	struct arena_chunk *chunk;
	size_t total;

	if (__builtin_add_overflow(size, sizeof(*chunk), &total))
		return NULL;
	chunk = calloc(1, total);
	if (!chunk)
		return NULL;
	if (arena->chunks) {
		chunk->older = arena->chunks->older;
		arena->chunks->older = chunk;
	} else {
		arena->chunks = chunk;
	}
	return chunk->bytes;
}

static int add_chunk(struct arena *arena)
{
	size_t size = arena->chunk_size ? arena->chunk_size * 2 : FIRST_CHUNK;
	struct arena_chunk *chunk;

	if (size > LARGEST_CHUNK)
		size = LARGEST_CHUNK;
	chunk = calloc(1, sizeof(*chunk) + size);
	if (!chunk)
		return -ENOMEM;
	chunk->older = arena->chunks;
	arena->chunks = chunk;
	arena->chunk_size = size;
	arena->next = chunk->bytes;
	arena->left = size;
	return 0;
}

static void *alloc_aligned(struct arena *arena, size_t size, size_t align)
{
	size_t pad = -(uintptr_t)arena->next & (align - 1);
	void *result;

	if (size > LARGEST_CHUNK / 4)
		return alloc_alone(arena, size);
	while (arena->left < size + pad) {
		if (add_chunk(arena))
			return NULL;
		pad = 0;
	}
	result = arena->next + pad;
	arena->next += size + pad;
	arena->left -= size + pad;
	return result;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	return alloc_aligned(arena, size ? size : 1, 8);
}

void *arena_array(struct arena *arena, size_t count, size_t item_size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, item_size, &bytes))
		return NULL;
	return arena_alloc(arena, bytes);
}

void *arena_copy(struct arena *arena, const void *bytes, size_t size)
{
	void *copy = arena_alloc(arena, size);

	if (copy && size)
		memcpy(copy, bytes, size);
	return copy;
}

char *arena_strndup(struct arena *arena, const char *text, size_t length)
{
	char *copy = alloc_aligned(arena, length + 1, 1);

	if (!copy)
		return NULL;
	memcpy(copy, text, length);
	copy[length] = '\0';
	return copy;
}

char *arena_strdup(struct arena *arena, const char *text)
{
	return arena_strndup(arena, text, strlen(text));
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	va_list args;
	va_list again;
	char *text = NULL;
	int length;

	va_start(args, format);
	va_copy(again, args);
	length = vsnprintf(NULL, 0, format, args);
	if (length >= 0)
		text = alloc_aligned(arena, (size_t)length + 1, 1);
	if (text)
		vsnprintf(text, (size_t)length + 1, format, again);
	va_end(again);
	va_end(args);
	return text;
}

void arena_done(struct arena *arena)
{
	struct arena_chunk *chunk = arena->chunks;

	while (chunk) {
		struct arena_chunk *older = chunk->older;

		free(chunk);
		chunk = older;
	}
	*arena = (struct arena){ 0 };
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Small macros that every layer uses; nothing of the field. */
#ifndef BASE_COMMON_H
#define BASE_COMMON_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))
#define CLEANUP(fn) __attribute__((cleanup(fn)))

static inline size_t size_min(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* The last component of a path. */
static inline const char *path_name(const char *path)
{
	const char *slash = __builtin_strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static inline void free_pointer(void *p)
{
	free(*(void **)p);
}

/* Frees a malloc'ed pointer at the end of its scope. */
#define AUTO_FREE CLEANUP(free_pointer)

#endif

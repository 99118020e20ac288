/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Growable arrays. `struct array_of(int) a = {0};` starts empty; array_push()
 * returns 0 or -ENOMEM and leaves the array as it was on failure. The items
 * belong to the array and may move at each push.
 */
#ifndef BASE_ARRAY_H
#define BASE_ARRAY_H

#include "base/common.h"

#define array_of(type)                                                                             \
	{                                                                                          \
		type *items;                                                                       \
		size_t count;                                                                      \
		size_t capacity;                                                                   \
	}

int array_reserve_bytes(void **items, size_t *capacity, size_t need, size_t item_size) MUST_CHECK;

/* Makes room for `need` items in all. 0 or -ENOMEM. */
#define array_reserve(a, need)                                                                     \
	((need) <= (a)->capacity                                                                   \
		 ? 0                                                                               \
		 : array_reserve_bytes((void **)&(a)->items, &(a)->capacity, (need),               \
				       sizeof((a)->items[0])))

#define array_push(a, ...)                                                                         \
	(array_reserve((a), (a)->count + 1)                                                        \
		 ? -ENOMEM                                                                         \
		 : ((a)->items[(a)->count++] = (__VA_ARGS__), 0))

#define array_done(a)                                                                              \
	do {                                                                                       \
		free((a)->items);                                                                  \
		(a)->items = NULL;                                                                 \
		(a)->count = (a)->capacity = 0;                                                    \
	} while (0)

#endif

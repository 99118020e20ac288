/* SPDX-License-Identifier: Apache-2.0 */
/* Growth of the arrays of base/array.h: doubling, overflow-checked. */
#include "base/array.h"

int array_reserve_bytes(void **items, size_t *capacity, size_t need, size_t item_size)
{
	size_t wanted = *capacity ? *capacity : 8;
	size_t bytes;
	void *grown;

	while (wanted < need) {
		if (__builtin_mul_overflow(wanted, 2, &wanted))
			return -ENOMEM;
	}
	if (__builtin_mul_overflow(wanted, item_size, &bytes))
		return -ENOMEM;
	grown = realloc(*items, bytes);
	if (!grown)
		return -ENOMEM;
	*items = grown;
	*capacity = wanted;
	return 0;
}

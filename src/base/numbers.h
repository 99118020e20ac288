/* SPDX-License-Identifier: Apache-2.0 */
/* A hash map from 64-bit numbers to 32-bit ones. Nothing depends on its order. */
#ifndef BASE_NUMBERS_H
#define BASE_NUMBERS_H

#include "base/common.h"

#define NUMBERS_NONE UINT32_MAX /* no such number; it can be no value */

struct numbers_slot {
	uint64_t key;
	uint32_t value; /* and one more, so that a free place is all zero */
};

struct numbers {
	struct numbers_slot *slots;
	size_t count;
	size_t capacity; /* a power of two, or 0 */
	uint64_t secret;
};

uint32_t numbers_get(const struct numbers *numbers, uint64_t key);
/* Adds, unless the number is there already: then that stands. 0 or -ENOMEM. */
int numbers_add(struct numbers *numbers, uint64_t key, uint32_t value) MUST_CHECK;
void numbers_done(struct numbers *numbers);

/* Spreads a number over all bits. */
static inline uint64_t number_mix(uint64_t n)
{
	n = (n ^ n >> 32) * UINT64_C(0xd6e8feb86659fd93);
	n = (n ^ n >> 32) * UINT64_C(0xd6e8feb86659fd93);
	return n ^ n >> 32;
}

#endif

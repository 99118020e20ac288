/* SPDX-License-Identifier: Apache-2.0 */
/* Open addressing, at most half full. Contract in base/numbers.h. */
#include "base/numbers.h"
#include "base/map.h"

#include <string.h>

/* Files choose the numbers: without a secret they could choose ones that collide. */
static uint64_t secret(void)
{
	static uint64_t value;

	if (!value)
		value = hash_bytes("numbers", 7) | 1;
	return value;
}

static size_t place_of(const struct numbers *numbers, uint64_t key)
{
	size_t at = (size_t)number_mix(key + secret()) & (numbers->capacity - 1);

	while (numbers->values[at] != NUMBERS_NONE && numbers->keys[at] != key)
		at = (at + 1) & (numbers->capacity - 1);
	return at;
}

uint32_t numbers_get(const struct numbers *numbers, uint64_t key)
{
	return numbers->capacity ? numbers->values[place_of(numbers, key)] : NUMBERS_NONE;
}

static int grow(struct numbers *numbers)
{
	size_t capacity = numbers->capacity ? numbers->capacity * 2 : 64;
	struct numbers wider = { .capacity = capacity, .count = numbers->count };
	size_t i;

	wider.keys = malloc(capacity * sizeof(*wider.keys));
	wider.values = malloc(capacity * sizeof(*wider.values));
	if (!wider.keys || !wider.values) {
		numbers_done(&wider);
		return -ENOMEM;
	}
	memset(wider.values, 0xff, capacity * sizeof(*wider.values));
	for (i = 0; i < numbers->capacity; i++) {
		size_t at;

		if (numbers->values[i] == NUMBERS_NONE)
			continue;
		at = place_of(&wider, numbers->keys[i]);
		wider.keys[at] = numbers->keys[i];
		wider.values[at] = numbers->values[i];
	}
	numbers_done(numbers);
	*numbers = wider;
	return 0;
}

int numbers_add(struct numbers *numbers, uint64_t key, uint32_t value)
{
	size_t at;

	if (numbers->count >= numbers->capacity / 2 && grow(numbers))
		return -ENOMEM;
	at = place_of(numbers, key);
	if (numbers->values[at] != NUMBERS_NONE)
		return 0;
	numbers->keys[at] = key;
	numbers->values[at] = value;
	numbers->count++;
	return 0;
}

void numbers_done(struct numbers *numbers)
{
	free(numbers->keys);
	free(numbers->values);
	*numbers = (struct numbers){ 0 };
}

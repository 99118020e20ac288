/* SPDX-License-Identifier: Apache-2.0 */
/* Open addressing, at most half full. Contract in base/numbers.h. */
#include "base/numbers.h"
#include "base/map.h"

static struct numbers_slot *slot_of(const struct numbers *numbers, uint64_t key)
{
	size_t at = (size_t)number_mix(key + numbers->secret) & (numbers->capacity - 1);

	while (numbers->slots[at].value && numbers->slots[at].key != key)
		at = (at + 1) & (numbers->capacity - 1);
	return &numbers->slots[at];
}

uint32_t numbers_get(const struct numbers *numbers, uint64_t key)
{
	return numbers->capacity ? slot_of(numbers, key)->value - 1 : NUMBERS_NONE;
}

static int grow(struct numbers *numbers)
{
	size_t capacity = numbers->capacity ? numbers->capacity * 2 : 64;
	struct numbers wider = { .capacity = capacity, .count = numbers->count };
	size_t i;

	/* Files choose the numbers: without a secret they could choose ones that collide. */
	wider.secret = hash_bytes("numbers", 7);
	wider.slots = calloc(capacity, sizeof(*wider.slots));
	if (!wider.slots)
		return -ENOMEM;
	for (i = 0; i < numbers->capacity; i++) {
		if (numbers->slots[i].value)
			*slot_of(&wider, numbers->slots[i].key) = numbers->slots[i];
	}
	numbers_done(numbers);
	*numbers = wider;
	return 0;
}

int numbers_add(struct numbers *numbers, uint64_t key, uint32_t value)
{
	struct numbers_slot *slot;

	if (numbers->count >= numbers->capacity / 2 && grow(numbers))
		return -ENOMEM;
	slot = slot_of(numbers, key);
	if (slot->value)
		return 0;
	*slot = (struct numbers_slot){ key, value + 1 };
	numbers->count++;
	return 0;
}

void numbers_done(struct numbers *numbers)
{
	free(numbers->slots);
	*numbers = (struct numbers){ 0 };
}

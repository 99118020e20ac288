/* SPDX-License-Identifier: Apache-2.0 */
/* Accessors of model/declared.h. */
#include "model/declared.h"

#include <string.h>

#define LONGEST_WORD 4096

static int compare_names(const struct declared_item *a, const struct declared_item *b)
{
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	return strcmp(a->name, b->name);
}

static int by_name(const void *a, const void *b)
{
	const struct declared_item *x = a;
	const struct declared_item *y = b;
	int order = compare_names(x, y);

	if (order)
		return order;
	order = strcmp(x->form, y->form);
	if (order)
		return order;
	/* The last definition of a macro counts. */
	if (x->kind == DECLARED_MACRO)
		return (x->first_parameter > y->first_parameter) -
		       (x->first_parameter < y->first_parameter);
	order = strcmp(x->file, y->file);
	return order ? order : (x->line > y->line) - (x->line < y->line);
}

static void merge(struct declared *declared, struct declared_item *into,
		  const struct declared_item *item)
{
	uint32_t i;

	if (item->kind == DECLARED_MACRO) {
		*into = *item;
		return;
	}
	into->flags |= item->flags;
	into->attributes |= item->attributes;
	into->body = into->body ? into->body : item->body;
	into->label = into->label ? into->label : item->label;
	into->access = into->access ? into->access : item->access;
	into->value = into->value ? into->value : item->value;
	for (i = 0; i < into->parameter_count && i < item->parameter_count; i++) {
		struct declared_parameter *p =
			&declared->parameters.items[into->first_parameter + i];

		if (!p->value)
			p->value = declared->parameters.items[item->first_parameter + i].value;
	}
}

/* Macros that were undefined in the end. */
static void drop_undefined(struct declared *declared)
{
	struct declared_item *items = declared->items.items;
	size_t kept = 0;
	size_t i;

	for (i = 0; i < declared->items.count; i++) {
		if (items[i].kind != DECLARED_MACRO || items[i].value)
			items[kept++] = items[i];
	}
	declared->items.count = kept;
}

void declared_finish(struct declared *declared)
{
	struct declared_item *items = declared->items.items;
	size_t kept = 0;
	size_t i;

	if (declared->items.count)
		qsort(items, declared->items.count, sizeof(*items), by_name);
	for (i = 0; i < declared->items.count; i++) {
		if (kept && !compare_names(&items[kept - 1], &items[i]) &&
		    !strcmp(items[kept - 1].form, items[i].form))
			merge(declared, &items[kept - 1], &items[i]);
		else
			items[kept++] = items[i];
	}
	declared->items.count = kept;
	drop_undefined(declared);
}

const struct declared_item *declared_find(const struct declared *declared, enum declared_kind kind,
					  const char *name, size_t *ret_count)
{
	const struct declared_item wanted = { .kind = (uint8_t)kind, .name = name };
	size_t low = 0;
	size_t high = declared->items.count;
	size_t end;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_names(&declared->items.items[middle], &wanted) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (end = low;
	     end < declared->items.count && !compare_names(&declared->items.items[end], &wanted);)
		end++;
	*ret_count = end - low;
	return end > low ? &declared->items.items[low] : NULL;
}

const struct declared_item *declared_match(const struct declared *declared,
					   const struct declared_item *like)
{
	size_t count, i;
	const struct declared_item *found =
		declared_find(declared, (enum declared_kind)like->kind, like->name, &count);

	for (i = 0; i < count; i++) {
		if (!strcmp(found[i].form, like->form))
			return &found[i];
	}
	return NULL;
}

bool declared_has(const struct declared *declared, const char *name)
{
	static const enum declared_kind kinds[] = {
		DECLARED_MACRO,	  DECLARED_FUNCTION, DECLARED_VARIABLE, DECLARED_ENUMERATOR,
		DECLARED_TYPEDEF, DECLARED_RECORD,   DECLARED_USING,
	};
	size_t count, i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (declared_find(declared, kinds[i], name, &count))
			return true;
	}
	return false;
}

static size_t count_of(const struct map *map, const char *word)
{
	const size_t *count = map_get(map, word);

	return count ? *count : 0;
}

size_t declared_uses(const struct declared *declared, const char *word)
{
	return count_of(&declared->words, word);
}

size_t declared_mentions(const struct declared *declared, const char *word)
{
	return count_of(&declared->mentions, word);
}

int declared_use(struct declared *declared, struct map *map, const char *word, size_t length)
{
	char buffer[LONGEST_WORD];
	size_t *count;
	char *copy;

	if (length >= sizeof(buffer))
		return 0;
	memcpy(buffer, word, length);
	buffer[length] = '\0';
	count = map_get(map, buffer);
	if (count) {
		++*count;
		return 0;
	}
	copy = arena_strndup(&declared->arena, word, length);
	count = arena_alloc(&declared->arena, sizeof(*count));
	if (!copy || !count)
		return -ENOMEM;
	*count = 1;
	return map_set(map, copy, count);
}

const char *declared_last(const char *name)
{
	const char *at = name;
	const char *next;

	while ((next = strstr(at, "::")))
		at = next + 2;
	return at;
}

void declared_free(struct declared *declared)
{
	if (!declared)
		return;
	array_done(&declared->items);
	array_done(&declared->parameters);
	map_done(&declared->words);
	map_done(&declared->mentions);
	arena_done(&declared->arena);
	free(declared);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Types of public headers take the place of the library's own. Contract in model/types.h. */
#include "base/map.h"
#include "base/numbers.h"
#include "model/types.h"

#include <string.h>

struct adoption {
	struct types *types;
	const struct types *headers;
	struct numbers by_name; /* of headers: those that are defined */
	type_id *places;	/* of types: what stands for each now */
	size_t own_count;
};

static bool has_tag(const struct type *t)
{
	return t->name && (type_is_record(t) || t->kind == TYPE_ENUM || t->kind == TYPE_TYPEDEF);
}

/* struct, class and union are of one kind. */
static uint64_t key_of(const struct type *t)
{
	unsigned kind = type_is_record(t) ? TYPE_STRUCT : t->kind;

	return number_mix(hash_bytes(t->name, strlen(t->name)) + kind);
}

static int index_headers(struct adoption *a)
{
	size_t i;
	int r = 0;

	for (i = 0; !r && i < a->headers->items.count; i++) {
		const struct type *t = &a->headers->items.items[i];

		if (has_tag(t) && !t->is_declared)
			r = numbers_add(&a->by_name, key_of(t), (uint32_t)i);
	}
	return r;
}

static type_id moved(const struct adoption *a, type_id id)
{
	/* What headers only declare, the library may define. */
	return id ? (type_id)(id + a->own_count) : TYPE_ID_VOID;
}

static int append(struct adoption *a)
{
	size_t first = a->types->parts.count;
	size_t i;

	if (a->own_count + a->headers->items.count >= UINT32_MAX ||
	    first + a->headers->parts.count >= UINT32_MAX)
		return -ENOMEM;
	for (i = 0; i < a->headers->items.count; i++) {
		struct type t = a->headers->items.items[i];

		t.first_part += (uint32_t)first;
		t.target = moved(a, t.target);
		t.owner = moved(a, t.owner);
		if (has_tag(&t))
			t.seen = t.is_declared ? TYPE_OPAQUE : TYPE_PUBLIC;
		if (array_push(&a->types->items, t))
			return -ENOMEM;
	}
	for (i = 0; i < a->headers->parts.count; i++) {
		struct type_part p = a->headers->parts.items[i];

		p.type = moved(a, p.type);
		if (array_push(&a->types->parts, p))
			return -ENOMEM;
	}
	return 0;
}

static void place_all(struct adoption *a)
{
	size_t i;

	for (i = 0; i < a->own_count; i++) {
		struct type *t = &a->types->items.items[i];
		uint32_t found = has_tag(t) ? numbers_get(&a->by_name, key_of(t)) : NUMBERS_NONE;

		a->places[i] = found == NUMBERS_NONE ? (type_id)i : moved(a, found);
		/* An instance of a template that no header needs may be needed by a program. */
		if (has_tag(t) && found == NUMBERS_NONE && !strchr(t->name, '<'))
			t->seen = TYPE_OPAQUE;
	}
}

/* Headers only declare some; the library's own definition is still what there is to compare. */
static int find_defined(struct adoption *a)
{
	struct numbers own = { 0 };
	size_t i;
	int r = 0;

	for (i = 0; !r && i < a->own_count; i++) {
		const struct type *t = &a->types->items.items[i];

		if (has_tag(t) && !t->is_declared && a->places[i] == i)
			r = numbers_add(&own, key_of(t), (uint32_t)i);
	}
	for (; !r && i < a->types->items.count; i++) {
		const struct type *t = &a->types->items.items[i];
		uint32_t found = has_tag(t) && t->is_declared ? numbers_get(&own, key_of(t))
							      : NUMBERS_NONE;

		a->places[i] = found == NUMBERS_NONE ? (type_id)i : found;
	}
	numbers_done(&own);
	return r;
}

static void redirect(struct adoption *a, uint32_t *roots, size_t root_count)
{
	size_t i;

	for (i = 0; i < a->types->items.count; i++) {
		struct type *t = &a->types->items.items[i];

		t->target = a->places[t->target];
		t->owner = a->places[t->owner];
	}
	for (i = 0; i < a->types->parts.count; i++)
		a->types->parts.items[i].type = a->places[a->types->parts.items[i].type];
	for (i = 0; i < root_count; i++) {
		if (roots[i] != UINT32_MAX)
			roots[i] = a->places[roots[i]];
	}
}

int types_adopt(struct types *types, struct types *headers, uint32_t *roots, size_t root_count,
		type_id *ret_base)
{
	struct adoption a = { .types = types, .headers = headers, .own_count = types->items.count };
	int r = index_headers(&a);

	a.places = malloc((types->items.count + headers->items.count + 1) * sizeof(*a.places));
	if (!a.places)
		r = -ENOMEM;
	if (!r)
		r = append(&a);
	if (!r) {
		place_all(&a);
		r = find_defined(&a);
	}
	if (!r) {
		redirect(&a, roots, root_count);
		types->adopted = headers;
	}
	*ret_base = (type_id)a.own_count;
	numbers_done(&a.by_name);
	free(a.places);
	return r;
}

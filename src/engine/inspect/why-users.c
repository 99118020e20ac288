/* SPDX-License-Identifier: Apache-2.0 */
/* Other files of the closure that need the same, with the way that leads to them. */
#include "engine/inspect/why-ask.h"

#include <string.h>

#define SOME_SYMBOLS 20u

/* The way from the program down to an object, by the names that were asked for. */
static const char **chain_to(struct asker *a, uint32_t object)
{
	const struct object *objects = a->closure->objects.items;
	size_t length = 0;
	const char **chain;
	uint32_t at;

	for (at = object; at != NO_OBJECT && length <= MOST_OBJECTS; at = objects[at].requester)
		length++;
	chain = arena_array(&a->why->arena, length + 1, sizeof(*chain));
	for (at = object; chain && length--; at = objects[at].requester) {
		chain[length] = at ? arena_strdup(&a->why->arena, objects[at].requested)
				   : a->why->file;
		if (!chain[length])
			return NULL;
	}
	return chain;
}

/* A library is needed by who names it; a version or a symbol by who imports it or names it. */
static bool names_it(const struct asker *a, const struct object *object)
{
	const struct image *image = object->image;
	uint32_t i;

	if ((a->why->kinds & WHY_LIBRARY) && a->target != NO_OBJECT) {
		for (i = 0; i < object->needed_count; i++) {
			if (object->needed[i] == a->target)
				return true;
		}
	}
	for (i = 0; (a->why->kinds & WHY_VERSION) && i < image->version_needs.count; i++) {
		if (!strcmp(image->version_needs.items[i].name, a->why->what))
			return true;
	}
	return false;
}

static int count_imports(struct asker *a, struct why_user *user)
{
	size_t used = 0;
	size_t i;

	user->symbols = arena_array(&a->why->arena, SOME_SYMBOLS + 1, sizeof(*user->symbols));
	if (!user->symbols)
		return -ENOMEM;
	for (i = 0; i < a->imports.count; i++) {
		const struct show_import *import = &a->imports.items[i];
		bool matches;
		int r = ask_matches(a, import, &matches);

		if (r)
			return r;
		if (!matches)
			continue;
		user->strong_count += !import->weak;
		user->weak_count += import->weak;
		if (used < SOME_SYMBOLS)
			user->symbols[used++] = import->name;
	}
	return 0;
}

static int ask_user(struct asker *a, uint32_t number)
{
	const struct object *object = &a->closure->objects.items[number];
	struct why_user user = { 0 };
	int r = ask_load(a, object->image, number);

	if (!r)
		r = count_imports(a, &user);
	if (r || (!user.strong_count && !user.weak_count && !names_it(a, object)))
		return r;
	user.path = ask_path(a, number);
	user.chain = chain_to(a, number);
	if (!user.path || !user.chain)
		return -ENOMEM;
	if (!a->why->kinds)
		a->why->kinds = WHY_SYMBOL;
	return array_push(&a->why->users, user);
}

int ask_users(struct asker *a)
{
	uint32_t i;
	int r = 0;

	for (i = 1; i < a->closure->objects.count && !r; i++) {
		if (a->closure->objects.items[i].image && i != a->target)
			r = ask_user(a, i);
	}
	return r;
}

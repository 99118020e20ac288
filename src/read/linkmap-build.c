/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of a linker's map; contract in read/linkmap-build.h. */
#include "read/linkmap-build.h"

#include <string.h>

static struct slice trim(struct slice name)
{
	while (name.length && name.text[name.length - 1] == ' ')
		name.length--;
	return name;
}

/* The name with a NUL behind it, until the next call. NULL: out of memory. */
static const char *make_key(struct linkmap_build *build, struct slice name)
{
	if (array_reserve(&build->key, name.length + 1))
		return NULL;
	memcpy(build->key.items, name.text, name.length);
	build->key.items[name.length] = '\0';
	return build->key.items;
}

int linkmap_intern(struct linkmap_build *build, struct slice name, const char **ret)
{
	struct linkmap *map = build->map;
	const char *key, *kept;

	name = trim(name);
	/* The name may hold NUL bytes, the last one none. */
	if (build->last && strlen(build->last) == name.length &&
	    !memcmp(build->last, name.text, name.length)) {
		*ret = build->last;
		return 0;
	}
	key = make_key(build, name);
	if (!key)
		return -ENOMEM;
	kept = map_get(&map->names, key);
	if (!kept) {
		kept = arena_strdup(&map->arena, key);
		if (!kept || map_set(&map->names, kept, (void *)kept))
			return -ENOMEM;
	}
	build->last = kept;
	*ret = kept;
	return 0;
}

bool linkmap_is_known(struct linkmap_build *build, struct slice name)
{
	const char *key = make_key(build, trim(name));

	return key && map_get(&build->map->names, key);
}

int linkmap_add_input(struct linkmap_build *build, struct slice name, const char **ret)
{
	int r = linkmap_intern(build, name, ret);

	if (r || map_get(&build->inputs, *ret))
		return r;
	r = map_set(&build->inputs, *ret, build);
	return r ? r : array_push(&build->map->inputs, *ret);
}

/* Parts "name@@VERSION". */
static int take_symbol(struct linkmap *map, struct slice text, const char **ret_name,
		       const char **ret_version)
{
	const char *at;

	text = trim(text);
	at = text.length > 1 ? memchr(text.text + 1, '@', text.length - 1) : NULL;
	*ret_name =
		arena_strndup(&map->arena, text.text, at ? (size_t)(at - text.text) : text.length);
	*ret_version = NULL;
	if (!*ret_name)
		return -ENOMEM;
	if (!at)
		return 0;
	text.length -= (size_t)(at - text.text);
	while (text.length && *at == '@') {
		at++;
		text.length--;
	}
	*ret_version = arena_strndup(&map->arena, at, text.length);
	return *ret_version ? 0 : -ENOMEM;
}

int linkmap_add_reason(struct linkmap_build *build, const char *member, struct slice referrer,
		       struct slice symbol)
{
	struct linkmap *map = build->map;
	struct linkmap_reason reason = { .member = member };
	const char *version;
	int r = linkmap_intern(build, referrer, &reason.referrer);

	if (!r)
		r = take_symbol(map, symbol, &reason.symbol, &version);
	if (!r)
		r = array_push(&map->reasons, reason);
	if (r || map_get(&map->by_member, member))
		return r;
	return map_set(&map->by_member, member, (void *)(uintptr_t)map->reasons.count);
}

void linkmap_begin_references(struct linkmap_build *build)
{
	struct linkmap *map = build->map;

	if (map->has_cross_reference)
		return;
	map->has_cross_reference = true;
	map->symbols.count = 0;
	map->files.count = 0;
	map_done(&map->by_symbol);
}

int linkmap_add_symbol(struct linkmap_build *build, struct slice name)
{
	struct linkmap *map = build->map;
	struct linkmap_symbol symbol = {
		.first = (uint32_t)map->files.count,
		.next = NO_LINKMAP_SYMBOL,
	};
	uintptr_t known;
	int r = take_symbol(map, name, &symbol.name, &symbol.version);

	if (r)
		return r;
	known = (uintptr_t)map_get(&map->by_symbol, symbol.name);
	if (known)
		symbol.next = (uint32_t)(known - 1);
	if (map->symbols.count >= NO_LINKMAP_SYMBOL || array_push(&map->symbols, symbol))
		return -ENOMEM;
	return map_set(&map->by_symbol, symbol.name, (void *)(uintptr_t)map->symbols.count);
}

static int push_file(struct linkmap *map, const char *file)
{
	if (map->files.count >= UINT32_MAX)
		return -ENOMEM;
	map->symbols.items[map->symbols.count - 1].count++;
	return array_push(&map->files, file);
}

int linkmap_add_file(struct linkmap_build *build, struct slice name)
{
	const char *file;
	int r;

	if (!build->map->symbols.count)
		return 0;
	r = linkmap_intern(build, name, &file);
	return r ? r : push_file(build->map, file);
}

int linkmap_add_definition(struct linkmap_build *build, struct slice symbol, const char *file)
{
	int r;

	if (build->map->has_cross_reference)
		return 0;
	r = linkmap_add_symbol(build, symbol);
	return r ? r : push_file(build->map, file);
}

void linkmap_build_done(struct linkmap_build *build)
{
	array_done(&build->key);
	map_done(&build->inputs);
}

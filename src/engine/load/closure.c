/* SPDX-License-Identifier: Apache-2.0 */
/* Breadth-first loading; contract in engine/load/closure.h. */
#include "engine/load/closure.h"

#include <string.h>

/*
 * The loader's work list. Filters are put in before the object that names
 * them, so a list with marks, not a plain queue.
 */
struct work {
	struct search *search;
	struct closure_names *names;
	struct closure *closure;
	struct array_of(uint32_t) list; /* objects in scope order */
	struct array_of(bool) done;	/* beside it */
	struct array_of(bool) listed;	/* by object number */
	uint16_t group;
};

static void clear_map(struct map *map)
{
	if (map->count)
		memset(map->slots, 0, map->capacity * sizeof(*map->slots));
	map->count = 0;
}

/* Object numbers are kept in maps as pointers, 0 being "none". */
static uint32_t get_number(const struct map *map, const char *name)
{
	uintptr_t value = (uintptr_t)map_get(map, name);

	return value ? (uint32_t)(value - 1) : NO_OBJECT;
}

static int set_first(struct map *map, const char *name, uint32_t object)
{
	return map_get(map, name) ? 0 : map_set(map, name, (void *)((uintptr_t)object + 1));
}

int closure_names_fill(struct closure_names *names, const struct closure *closure)
{
	uint32_t i;

	clear_map(&names->requests);
	clear_map(&names->aliases);
	for (i = 0; i < closure->objects.count; i++) {
		const struct object_names *n = closure->objects.items[i].names;

		for (; n; n = n->next) {
			if (set_first(&names->aliases, n->name, i))
				return -ENOMEM;
		}
	}
	return 0;
}

void closure_names_done(struct closure_names *names)
{
	map_done(&names->requests);
	map_done(&names->aliases);
}

uint32_t closure_alias(const struct closure_names *names, const char *name)
{
	return get_number(&names->aliases, name);
}

static int add_name(struct closure_names *names, struct closure *closure, uint32_t object,
		    const char *name)
{
	struct object *o = &closure->objects.items[object];
	struct object_names *entry = arena_alloc(&closure->arena, sizeof(*entry));

	if (!entry)
		return -ENOMEM;
	*entry = (struct object_names){ name, o->names };
	o->names = entry;
	/* What is missing satisfies no later request: the loader looks for it again. */
	if (o->image && set_first(&names->requests, name, object))
		return -ENOMEM;
	return set_first(&names->aliases, name, object);
}

static const char *folder_of(struct arena *arena, const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return ".";
	return slash == path ? "/" : arena_strndup(arena, path, (size_t)(slash - path));
}

static bool bends_search(const struct search *search, const struct image *image)
{
	return image->rpath || (search->loader->kind == LIBC_MUSL && image->runpath);
}

static int new_object(struct search *search, struct closure_names *names, struct closure *closure,
		      uint32_t requester, const char *name, const struct found *found,
		      uint32_t *ret)
{
	struct object o = {
		.image = found->image,
		.path = found->path ? found->path : name,
		.requester = requester,
		.found_by = found->image ? found->found_by : FOUND_MISSING,
		.found_object = found->found_object,
		.hwcap = found->hwcap,
		.requested = name,
		.refusal = found->refusal,
	};
	uint32_t number = (uint32_t)closure->objects.count;
	int r;

	if (number >= MOST_OBJECTS)
		return -E2BIG;
	if (o.image) {
		const char *path = *o.path == '/' || !strcmp(search->environment->cwd, "/")
					   ? o.path
					   : arena_printf(&closure->arena, "%s/%s",
							  search->environment->cwd, o.path);

		o.origin = path ? folder_of(&closure->arena, path) : NULL;
		if (!o.origin)
			return -ENOMEM;
		o.rpath_reaches =
			bends_search(search, o.image) ||
			(requester != NO_OBJECT && closure->objects.items[requester].rpath_reaches);
	}
	if (array_push(&closure->objects, o))
		return -ENOMEM;
	r = add_name(names, closure, number, o.path);
	if (!r && strcmp(o.path, name))
		r = add_name(names, closure, number, name);
	if (!r && o.image && o.image->soname && search->loader->kind == LIBC_GLIBC)
		r = set_first(&names->requests, o.image->soname, number);
	*ret = number;
	return r;
}

static uint32_t same_file(const struct closure *closure, const struct image *image)
{
	uint32_t i;

	/* The program itself was mapped by the kernel: the loader does not know its file. */
	for (i = 1; i < closure->objects.count; i++) {
		if (closure->objects.items[i].image == image)
			return i;
	}
	return NO_OBJECT;
}

static int adopt(struct search *search, struct closure_names *names, struct closure *closure,
		 uint32_t requester, const char *name, const struct found *found, uint32_t *ret)
{
	uint32_t known = found->image ? same_file(closure, found->image) : NO_OBJECT;

	if (known == NO_OBJECT)
		return new_object(search, names, closure, requester, name, found, ret);
	*ret = known;
	return add_name(names, closure, known, name);
}

static int expand_name(struct search *search, struct closure *closure, uint32_t requester,
		       const char **name)
{
	const struct object *o = &closure->objects.items[requester == NO_OBJECT ? 0 : requester];
	struct token_values values = {
		.origin = o->origin,
		.lib = search->loader->lib_token,
		.platform = search->loader->platform,
	};

	if (!strchr(*name, '$') || search->loader->kind == LIBC_MUSL)
		return 0;
	*name = token_expand(&closure->arena, *name, &values);
	return *name ? 0 : -ENOMEM;
}

/* What musl itself is asked for under many names. */
static bool is_musl_builtin(const char *name)
{
	static const char *const names[] = { "libc.",  "libpthread.", "librt.",	 "libm.",
					     "libdl.", "libutil.",    "libxnet." };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		if (!strncmp(name, names[i], strlen(names[i])))
			return true;
	}
	return false;
}

static uint32_t loader_object(const struct closure *closure)
{
	uint32_t i;

	for (i = 0; i < closure->objects.count; i++) {
		if (closure->objects.items[i].is_loader)
			return i;
	}
	return NO_OBJECT;
}

static const char *base_name(const char *path)
{
	return path_name(path);
}

/* musl: the short name is that of the file found by search, not of a path with a slash. */
static int request_musl(struct search *search, struct closure_names *names, struct closure *closure,
			uint32_t requester, const char *name, struct found *found, uint32_t *ret)
{
	bool direct = strchr(name, '/') != NULL;
	int r;

	*ret = NO_OBJECT;
	if (!direct && is_musl_builtin(name)) {
		*ret = loader_object(closure);
		return *ret == NO_OBJECT ? 0 : add_name(names, closure, *ret, name);
	}
	if (!direct) {
		*ret = get_number(&names->requests, name);
		if (*ret != NO_OBJECT)
			return 0;
	}
	r = direct ? search_path(search, name, FOUND_DIRECT, NULL, found)
		   : search_library(search, closure, requester, name, NULL, found);
	if (r)
		return r;
	r = adopt(search, names, closure, requester, name, found, ret);
	if (!r && !direct && found->image)
		r = set_first(&names->requests, base_name(found->path), *ret);
	return r;
}

static int request_glibc(struct search *search, struct closure_names *names,
			 struct closure *closure, uint32_t requester, const char *name,
			 struct found *found, uint32_t *ret)
{
	int r = expand_name(search, closure, requester, &name);

	if (r)
		return r;
	*ret = NO_OBJECT;
	if (!*name)
		return 0;
	*ret = get_number(&names->requests, name);
	if (*ret != NO_OBJECT) {
		/* Matched by soname only: from now on it is a name of the object. */
		return get_number(&names->aliases, name) == NO_OBJECT
			       ? add_name(names, closure, *ret, name)
			       : 0;
	}
	r = strchr(name, '/') ? search_path(search, name, FOUND_DIRECT, NULL, found)
			      : search_library(search, closure, requester, name, NULL, found);
	return r ? r : adopt(search, names, closure, requester, name, found, ret);
}

/* The loader is there from the start; the first need for it tells the name it goes by. */
static void name_loader(struct object *o, const char *name)
{
	if (o->is_loader && o->requested == o->path)
		o->requested = name;
}

static int request(struct work *w, uint32_t requester, const char *name, uint32_t *ret)
{
	struct found found = { 0 };
	int r = w->search->loader->kind == LIBC_MUSL
			? request_musl(w->search, w->names, w->closure, requester, name, &found,
				       ret)
			: request_glibc(w->search, w->names, w->closure, requester, name, &found,
					ret);

	if (r || *ret == NO_OBJECT)
		return r;
	name_loader(&w->closure->objects.items[*ret], name);
	while (w->listed.count <= *ret) {
		if (array_push(&w->listed, false))
			return -ENOMEM;
		w->closure->objects.items[*ret].group = w->group;
	}
	return 0;
}

static int list_append(struct work *w, uint32_t object)
{
	if (array_push(&w->list, object) || array_push(&w->done, false))
		return -ENOMEM;
	w->listed.items[object] = true;
	return 0;
}

static int list_insert(struct work *w, size_t at, uint32_t object)
{
	int r = list_append(w, object);
	size_t tail = w->list.count - 1 - at;

	if (r)
		return r;
	memmove(&w->list.items[at + 1], &w->list.items[at], tail * sizeof(uint32_t));
	memmove(&w->done.items[at + 1], &w->done.items[at], tail * sizeof(bool));
	w->list.items[at] = object;
	w->done.items[at] = false;
	return 0;
}

static void list_remove(struct work *w, size_t at)
{
	size_t tail = w->list.count - 1 - at;

	memmove(&w->list.items[at], &w->list.items[at + 1], tail * sizeof(uint32_t));
	memmove(&w->done.items[at], &w->done.items[at + 1], tail * sizeof(bool));
	w->list.count--;
	w->done.count--;
}

/* A filtee goes right before its filter, unless it is already further ahead. */
static int place_filtee(struct work *w, size_t *at, uint32_t object)
{
	size_t i;
	int r;

	if (w->listed.items[object]) {
		for (i = *at + 1; i < w->list.count && w->list.items[i] != object; i++)
			;
		if (i == w->list.count)
			return 0;
		list_remove(w, i);
	}
	r = list_insert(w, *at, object);
	if (!r)
		(*at)++;
	return r;
}

/* A filter whose filtee is missing cannot be loaded; an auxiliary one can. */
static int take_filtee(struct work *w, size_t *at, uint32_t requester, const struct need *need,
		       uint32_t *ret)
{
	int r = request(w, requester, need->name, ret);

	if (r || *ret == NO_OBJECT)
		return r;
	if (!w->closure->objects.items[*ret].image && need->kind == NEED_AUXILIARY) {
		*ret = NO_OBJECT;
		return 0;
	}
	return place_filtee(w, at, *ret);
}

static int take_needs(struct work *w, size_t at)
{
	uint32_t self = w->list.items[at];
	struct image *image = w->closure->objects.items[self].image;
	uint32_t *needed;
	uint32_t count = 0;
	size_t i;
	int r = 0;

	w->done.items[at] = true;
	if (!image || !image->needs.count)
		return 0;
	needed = arena_array(&w->closure->arena, image->needs.count, sizeof(*needed));
	if (!needed)
		return -ENOMEM;
	for (i = 0; i < image->needs.count && !r; i++) {
		const struct need *need = &image->needs.items[i];
		uint32_t object = NO_OBJECT;

		if (need->kind == NEED_LIBRARY || w->search->loader->kind == LIBC_MUSL) {
			if (need->kind != NEED_LIBRARY)
				continue;
			r = request(w, self, need->name, &object);
			if (!r && object != NO_OBJECT && !w->listed.items[object])
				r = list_append(w, object);
		} else {
			r = take_filtee(w, &at, self, need, &object);
		}
		needed[count++] = object;
	}
	w->closure->objects.items[self].needed = needed;
	w->closure->objects.items[self].needed_count = count;
	return r;
}

static int drain(struct work *w, size_t from)
{
	size_t at = from;

	while (at < w->list.count) {
		int r;

		if (w->done.items[at]) {
			at++;
			continue;
		}
		r = take_needs(w, at);
		if (r)
			return r;
	}
	return 0;
}

static int add_program(struct work *w, struct image *image, const char *path, const char *origin)
{
	struct found found = {
		.image = image,
		.path = path,
		.found_by = FOUND_MAIN,
		.found_object = NO_OBJECT,
	};
	uint32_t number;
	int r = new_object(w->search, w->names, w->closure, NO_OBJECT, path, &found, &number);

	if (r)
		return r;
	if (origin)
		w->closure->objects.items[0].origin = origin;
	return array_push(&w->listed, false) ? -ENOMEM : list_append(w, number);
}

/* The loader is there before anything else, but in scope only when something needs it. */
static int add_loader(struct work *w)
{
	const struct loader *loader = w->search->loader;
	struct found found = {
		.image = loader->image,
		.path = loader->interpreter,
		.found_by = FOUND_INTERPRETER,
		.found_object = NO_OBJECT,
	};
	uint32_t number;
	int r;

	if (!loader->image || loader->image == w->closure->objects.items[0].image)
		return 0;
	r = new_object(w->search, w->names, w->closure, NO_OBJECT, found.path, &found, &number);
	if (r)
		return r;
	w->closure->objects.items[number].is_loader = true;
	return array_push(&w->listed, false);
}

static int preload(struct work *w, const char *name)
{
	uint32_t object;
	int r = request(w, NO_OBJECT, name, &object);

	if (r || object == NO_OBJECT)
		return r;
	w->closure->objects.items[object].is_preload = true;
	if (!w->closure->objects.items[object].image)
		return 0; /* a warning, no failure */
	return w->listed.items[object] ? 0 : list_append(w, object);
}

static int add_preloads(struct work *w)
{
	const char *const *given = w->search->environment->preload;
	const struct loader *loader = w->search->loader;
	size_t i;
	int r = 0;

	for (i = 0; !r && given && given[i]; i++) {
		/* Set-user-id programs take only plain names, from the system folders. */
		if (w->search->environment->secure && strchr(given[i], '/'))
			continue;
		r = preload(w, given[i]);
	}
	for (i = 0; !r && i < loader->preload_file.count; i++)
		r = preload(w, loader->preload_file.items[i]);
	return r;
}

static void work_done(struct work *w)
{
	array_done(&w->list);
	array_done(&w->done);
	array_done(&w->listed);
}

/* musl lists itself where it is first needed, and at the end if nothing needs it. */
static int scope_loader_last(struct work *w)
{
	uint32_t self = loader_object(w->closure);

	if (w->search->loader->kind != LIBC_MUSL || self == NO_OBJECT || w->listed.items[self])
		return 0;
	return list_append(w, self);
}

int closure_build(struct search *search, struct closure_names *names, struct image *image,
		  const char *path, const char *origin, struct closure *ret)
{
	struct work w = { .search = search, .names = names, .closure = ret };
	size_t i;
	int r;

	clear_map(&names->requests);
	clear_map(&names->aliases);
	*ret = (struct closure){ .loader = search->loader };
	r = add_program(&w, image, path, origin);
	if (!r)
		r = add_loader(&w);
	if (!r)
		r = add_preloads(&w);
	if (!r)
		r = drain(&w, 0);
	if (!r)
		r = scope_loader_last(&w);
	for (i = 0; !r && i < w.list.count; i++)
		r = array_push(&ret->scope, w.list.items[i]);
	work_done(&w);
	return r;
}

int closure_dlopen(struct search *search, struct closure_names *names, struct closure *closure,
		   uint32_t requester, const char *name, uint16_t group, uint32_t *ret_root,
		   struct found *ret_found)
{
	struct work w = { .search = search, .names = names, .closure = closure, .group = group };
	size_t known = closure->objects.count;
	size_t i;
	int r = 0;

	*ret_found = (struct found){ 0 };
	for (i = 0; !r && i < known; i++)
		r = array_push(&w.listed, false);
	if (!r)
		r = request(&w, requester, name, ret_root);
	if (!r && *ret_root != NO_OBJECT) {
		const struct object *o = &closure->objects.items[*ret_root];

		ret_found->refusal = o->refusal;
		ret_found->path = o->path;
		ret_found->image = o->image;
		if (o->image && *ret_root >= known) {
			r = list_append(&w, *ret_root);
			if (!r)
				r = drain(&w, 0);
		}
	}
	work_done(&w);
	return r;
}

int closure_local_scope(const struct closure *closure, uint32_t root, uint32_t **ret,
			size_t *ret_count)
{
	uint32_t *list = calloc(closure->objects.count, sizeof(*list));
	AUTO_FREE bool *listed = calloc(closure->objects.count, sizeof(*listed));
	size_t count = 0;
	size_t at;
	uint32_t i;

	if (!list || !listed) {
		free(list);
		return -ENOMEM;
	}
	list[count++] = root;
	listed[root] = true;
	for (at = 0; at < count; at++) {
		const struct object *o = &closure->objects.items[list[at]];

		for (i = 0; i < o->needed_count; i++) {
			uint32_t need = o->needed[i];

			if (need == NO_OBJECT || listed[need] ||
			    !closure->objects.items[need].image)
				continue;
			listed[need] = true;
			list[count++] = need;
		}
	}
	*ret = list;
	*ret_count = count;
	return 0;
}

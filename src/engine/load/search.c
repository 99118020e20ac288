/* SPDX-License-Identifier: Apache-2.0 */
/* The search for a library; contract in engine/load/search.h. */
#include "engine/load/query.h"
#include "engine/load/verify.h"

#include <string.h>

int search_init(struct search *search, struct source *source, const struct loader *loader,
		const struct environment *environment)
{
	*search = (struct search){
		.source = source,
		.loader = loader,
		.environment = environment,
		.version = environment->libc_version ? environment->libc_version : loader->version,
	};
	search->system.items = (const char **)loader->system_folders.items;
	search->system.count = loader->system_folders.count;
	return 0;
}

void search_done(struct search *search)
{
	map_done(&search->plain);
	map_done(&search->folders);
	arena_done(&search->arena);
}

void trail_done(struct trail *trail)
{
	array_done(&trail->items);
}

bool search_is_system_folder(const struct loader *loader, const char *folder, size_t length)
{
	size_t i;

	for (i = 0; i < loader->system_folders.count; i++) {
		const char *system = loader->system_folders.items[i];

		if (strlen(system) == length && !memcmp(system, folder, length))
			return true;
	}
	return false;
}

static int split_for(struct query *q, const char *text, const char *separators, uint32_t object,
		     struct folder_list *ret)
{
	const struct object *o = &q->closure->objects.items[object];
	struct token_values values = {
		.origin = o->origin,
		.lib = q->search->loader->lib_token,
		.platform = q->search->loader->platform,
		.skip_empty = q->search->loader->kind == LIBC_MUSL,
	};

	return token_split(&q->search->arena, text, separators, &values, ret);
}

static int try_rpath_of(struct query *q, uint32_t object)
{
	const struct image *image = q->closure->objects.items[object].image;
	struct folder_list list;
	int r;

	if (!image || !image->rpath)
		return 0;
	r = split_for(q, image->rpath, ":", object, &list);
	return r ? r : query_try_folders(q, &list, FOUND_RPATH, object);
}

static int try_rpaths(struct query *q)
{
	uint32_t at = q->requester;
	bool did_program = false;

	while (at != NO_OBJECT && !q->ended) {
		int r = try_rpath_of(q, at);

		if (r)
			return r;
		did_program |= at == 0;
		at = q->closure->objects.items[at].requester;
	}
	return did_program || q->ended ? 0 : try_rpath_of(q, 0);
}

static int try_library_path(struct query *q)
{
	struct search *search = q->search;
	const char *text = search->environment->library_path;
	bool tokens;
	int r;

	if (!text || search->environment->secure)
		return 0;
	tokens = strchr(text, '$') != NULL;
	if (tokens || !search->library_path_split) {
		r = split_for(q, text, search->loader->kind == LIBC_MUSL ? ":\n" : ":;", 0,
			      &search->library_path);
		if (r)
			return r;
		search->library_path_split = true;
	}
	return query_try_folders(q, &search->library_path, FOUND_LIBRARY_PATH, NO_OBJECT);
}

static int try_runpath(struct query *q)
{
	const struct image *image;
	struct folder_list list;
	int r;

	if (q->requester == NO_OBJECT)
		return 0;
	image = q->closure->objects.items[q->requester].image;
	if (!image->runpath)
		return 0;
	r = split_for(q, image->runpath, ":", q->requester, &list);
	return r ? r : query_try_folders(q, &list, FOUND_RUNPATH, q->requester);
}

static bool entry_fits(const struct search *search, const struct cache_entry *entry)
{
	const struct machine *machine = search->loader->machine;
	const struct environment *environment = search->environment;

	if (!machine || !entry->flags ||
	    (entry->flags != machine->cache_ids[0] && entry->flags != machine->cache_ids[1]))
		return false;
	if (entry->legacy_hwcap)
		return false; /* needs processor facts that the baseline does not have */
	if (entry->os_version && environment->kernel_known && search->version &&
	    search->version < GLIBC(2, 36)) {
		uint32_t kernel = environment->kernel[0] << 16 | environment->kernel[1] << 8 |
				  environment->kernel[2];

		return entry->os_version <= kernel;
	}
	return true;
}

/* The best hardware variant, else the first plain entry. */
static const struct cache_entry *choose_entry(const struct search *search, const char *name)
{
	const struct machine *machine = search->loader->machine;
	const struct cache_entry *plain = NULL;
	const struct cache_entry *best = NULL;
	const struct cache_entry *entry;
	size_t count, i;

	entry = library_cache_find(search->loader->cache, name, &count);
	for (i = 0; i < count; i++) {
		if (!entry_fits(search, &entry[i]))
			continue;
		if (!entry[i].hwcap) {
			if (!plain)
				plain = &entry[i];
		} else if (query_level_usable(machine, search->environment->hwcap_level,
					      entry[i].hwcap) &&
			   (!best || query_level_usable(machine, entry[i].hwcap, best->hwcap))) {
			best = &entry[i];
		}
	}
	return best ? best : plain;
}

static int try_cache(struct query *q)
{
	const struct search *search = q->search;
	const struct object *o =
		&q->closure->objects.items[q->requester == NO_OBJECT ? 0 : q->requester];
	const struct cache_entry *entry;
	const char *slash;
	int r;

	if (!search->loader->cache || search->environment->no_cache ||
	    (q->requester == NO_OBJECT && search->environment->secure))
		return 0;
	entry = choose_entry(search, q->name);
	if (!entry)
		return query_note(q, "/etc/ld.so.cache", FOUND_CACHE, NO_OBJECT, "not listed");
	slash = strrchr(entry->path, '/');
	if (o->image && (o->image->flags_1 & DF_1_NODEFLIB) && slash &&
	    search_is_system_folder(search->loader, entry->path, (size_t)(slash - entry->path)))
		return query_note(q, entry->path, FOUND_CACHE, NO_OBJECT,
				  "a system folder, refused by DF_1_NODEFLIB");
	q->in_list = true;
	r = query_try_file(q, entry->path, FOUND_CACHE, NO_OBJECT);
	if (!r && q->ended && q->found.image)
		q->found.hwcap = entry->hwcap;
	return r;
}

static int try_system(struct query *q)
{
	const struct object *o =
		&q->closure->objects.items[q->requester == NO_OBJECT ? 0 : q->requester];

	if (o->image && (o->image->flags_1 & DF_1_NODEFLIB))
		return 0;
	return query_try_folders(q, &q->search->system, FOUND_DEFAULT, NO_OBJECT);
}

static int try_stand_ins(struct query *q)
{
	size_t i;

	for (i = 0; i < q->search->stand_in_count && !q->ended; i++) {
		const struct stand_in *s = &q->search->stand_ins[i];

		if (strcmp(s->name, q->name))
			continue;
		q->ended = true;
		if (!s->image)
			continue;
		q->found = (struct found){
			.refusal = verify_library(s->image, q->search->loader,
						  q->search->environment, q->search->version),
			.path = s->path,
			.found_by = FOUND_GIVEN,
			.found_object = NO_OBJECT,
		};
		if (!q->found.refusal.rule)
			q->found.image = s->image;
	}
	return 0;
}

static int search_glibc(struct query *q)
{
	const struct image *image =
		q->requester == NO_OBJECT ? NULL : q->closure->objects.items[q->requester].image;
	int (*const steps[])(struct query *) = { try_stand_ins, try_rpaths, try_library_path,
						 try_runpath,	try_cache,  try_system };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(steps) && !q->ended; i++) {
		int r;

		if (steps[i] == try_rpaths && image && image->runpath)
			continue;
		r = steps[i](q);
		if (r)
			return r;
	}
	return 0;
}

/* Any token besides $ORIGIN makes musl ignore the whole list. */
static bool musl_list_usable(const char *text)
{
	const char *dollar = text;

	while ((dollar = strchr(dollar, '$')) != NULL) {
		size_t length =
			strncmp(dollar, "${ORIGIN}", 9) ? strncmp(dollar, "$ORIGIN", 7) ? 0 : 7 : 9;

		if (!length)
			return false;
		dollar += length;
	}
	return true;
}

static int search_musl(struct query *q)
{
	const char *paths = q->search->loader->musl_path ? q->search->loader->musl_path
							 : "/lib:/usr/local/lib:/usr/lib";
	struct folder_list list;
	uint32_t at;
	int r = try_stand_ins(q);

	if (!r && !q->ended)
		r = try_library_path(q);
	for (at = q->requester; !r && !q->ended && at != NO_OBJECT;
	     at = q->closure->objects.items[at].requester) {
		const struct image *image = q->closure->objects.items[at].image;
		const char *text = image->runpath ? image->runpath : image->rpath;

		if (!text || !musl_list_usable(text))
			continue;
		r = split_for(q, text, ":\n", at, &list);
		if (!r)
			r = query_try_folders(q, &list,
					      image->runpath ? FOUND_RUNPATH : FOUND_RPATH, at);
	}
	if (r || q->ended)
		return r;
	r = split_for(q, paths, ":\n", 0, &list);
	return r ? r : query_try_folders(q, &list, FOUND_MUSL_PATH, NO_OBJECT);
}

static void conclude(struct query *q)
{
	if (q->found.image || (q->ended && q->found.refusal.rule))
		return;
	q->found = (struct found){
		.found_by = FOUND_MISSING,
		.found_object = NO_OBJECT,
		.refusal = q->found.refusal,
	};
	q->found.refusal.skip = false;
	if (q->wrong_class) {
		q->found.refusal.rule = "load/library-wrong-machine";
		q->found.refusal.text = q->search->loader->image->is_64
						? "wrong ELF class: ELFCLASS32"
						: "wrong ELF class: ELFCLASS64";
		q->found.refusal.reason = NULL;
	} else if (!q->found.refusal.rule) {
		q->found.refusal.rule = "load/library-missing";
		q->found.refusal.text = NOT_FOUND;
	}
}

/* True if the result depends on nothing but the name. */
static bool is_plain(const struct search *search, const struct closure *closure, uint32_t requester)
{
	const struct object *o = &closure->objects.items[requester == NO_OBJECT ? 0 : requester];

	if (search->environment->library_path && strchr(search->environment->library_path, '$'))
		return false;
	if (requester == NO_OBJECT)
		return !search->environment->secure && !(o->image->flags_1 & DF_1_NODEFLIB) &&
		       !o->rpath_reaches;
	return !o->rpath_reaches && !o->image->runpath && !(o->image->flags_1 & DF_1_NODEFLIB) &&
	       !closure->objects.items[0].rpath_reaches;
}

static int remember(struct search *search, const char *name, const struct found *found)
{
	struct found *copy = arena_copy(&search->arena, found, sizeof(*found));
	const char *key = arena_strdup(&search->arena, name);

	return copy && key ? map_set(&search->plain, key, copy) : -ENOMEM;
}

int search_library(struct search *search, const struct closure *closure, uint32_t requester,
		   const char *name, struct trail *trail, struct found *ret)
{
	struct query q = {
		.search = search,
		.closure = closure,
		.requester = requester,
		.name = name,
		.trail = trail,
	};
	bool plain = is_plain(search, closure, requester);
	int r;

	if (plain && !trail) {
		const struct found *known = map_get(&search->plain, name);

		if (known) {
			*ret = *known;
			return 0;
		}
	}
	r = search->loader->kind == LIBC_MUSL ? search_musl(&q) : search_glibc(&q);
	if (r)
		return r;
	conclude(&q);
	*ret = q.found;
	return plain && !trail ? remember(search, name, ret) : 0;
}

int search_path(struct search *search, const char *path, enum found_by found_by,
		struct trail *trail, struct found *ret)
{
	struct query q = { .search = search, .name = path, .trail = trail };
	int r = query_try_file(&q, path, found_by, NO_OBJECT);

	if (r)
		return r;
	conclude(&q);
	*ret = q.found;
	return 0;
}

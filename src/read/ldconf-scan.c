/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which libraries ldconfig lists for a folder, under which names, and in which
 * order. ldconfig meets the files of a folder in no order; here they are
 * sorted, which matters only where it would leave the outcome to chance.
 */
#include "base/map.h"
#include "read/ldconf.h"

#include <string.h>

/* The library chosen for one soname within a folder. */
struct choice {
	const char *soname;
	const char *name; /* of the file */
	const struct image *image;
	bool is_link;
	struct choice *next;
};

struct scan {
	struct source *source;
	const struct ldconf_folder *folder;
	char *canonical; /* the folder, links followed */
	struct arena arena;
	struct array_of(const char *) names;
	struct map by_soname;
	struct choice *choices; /* latest first */
};

static bool ends_in(const char *text, const char *end)
{
	size_t length = strlen(text);
	size_t n = strlen(end);

	return length >= n && !strcmp(text + length - n, end);
}

/* Names that package managers and prelink use while they replace a file. */
static bool is_temporary(const char *name)
{
	const char *prelink = strstr(name, ".#prelink#");

	return strchr(name, ';') || ends_in(name, ".dpkg-new") || ends_in(name, ".dpkg-tmp") ||
	       (prelink && (!prelink[10] || strlen(prelink) == strlen(".#prelink#.XXXXXX")));
}

static bool is_library_name(const char *name)
{
	bool prefixed = !strncmp(name, "lib", 3) || !strncmp(name, "ld-", 3);

	if (!(prefixed && strstr(name, ".so")) && strncmp(name, "ld.so.", 6) &&
	    strncmp(name, "ld64.so.", 8))
		return false;
	return !is_temporary(name);
}

static int visit_name(void *data, const char *name)
{
	struct scan *scan = data;
	const char *kept;

	if (!is_library_name(name))
		return 0;
	kept = arena_strdup(&scan->arena, name);
	return kept ? array_push(&scan->names, kept) : -ENOMEM;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool is_listed(const struct image *image)
{
	return image->is_elf && image->elf_type == ET_DYN && image->has_dynamic && image->machine &&
	       image->machine->cache_ids[0];
}

/* 0, -ENOMEM, or another error: then the name is passed over. */
static int is_symbolic_link(struct scan *scan, const char *path, const char *name, bool *ret)
{
	AUTO_FREE char *canonical = NULL;
	size_t length = strlen(scan->canonical);
	int r = source_canonical(scan->source, path, &canonical);

	if (r)
		return r;
	*ret = strncmp(canonical, scan->canonical, length) || canonical[length] != '/' ||
	       strcmp(canonical + length + 1, name);
	return 0;
}

/* True for `libx.so` as a link to a library of soname `libx.so.1`. */
static bool is_development_link(const char *name, const char *soname)
{
	return ends_in(name, ".so") && !strncmp(name, soname, strlen(name));
}

static int choose(struct scan *scan, struct choice new)
{
	struct choice *old = map_get(&scan->by_soname, new.soname);

	if (!old) {
		old = arena_copy(&scan->arena, &new, sizeof(new));
		if (!old)
			return -ENOMEM;
		old->next = scan->choices;
		scan->choices = old;
		return map_set(&scan->by_soname, old->soname, old);
	}
	if (new.is_link == old->is_link ? library_name_compare(old->name, new.name) < 0
					: old->is_link) {
		old->name = new.name;
		old->is_link = new.is_link;
		old->image = new.image;
	}
	return 0;
}

static int take_name(struct scan *scan, const char *name)
{
	const char *path = arena_printf(&scan->arena, "%s/%s", scan->folder->path, name);
	struct choice choice = { .name = name };
	struct image *image;
	int r;

	if (!path)
		return -ENOMEM;
	r = source_open(scan->source, path, &image);
	if (!r)
		r = is_symbolic_link(scan, path, name, &choice.is_link);
	if (r)
		return r == -ENOMEM ? r : 0;
	if (!is_listed(image))
		return 0;
	choice.image = image;
	choice.soname = image->soname ? image->soname : name;
	if (strcmp(name, choice.soname) && !is_development_link(name, choice.soname))
		choice.is_link = false;
	if (choice.is_link)
		choice.soname = name;
	return choose(scan, choice);
}

static uint8_t isa_level(const struct image *image)
{
	uint32_t needed = image->properties.has_isa_needed ? image->properties.isa_needed : 0;

	return needed ? (uint8_t)(31 - __builtin_clz(needed)) : 0;
}

static int add_entry(struct scan *scan, const struct choice *choice, struct library_cache *cache)
{
	const struct ldconf_folder *folder = scan->folder;
	struct cache_entry entry = {
		.name = arena_strdup(&cache->arena, choice->soname),
		.path = arena_printf(&cache->arena, "%s/%s", folder->path,
				     folder->hwcap ? choice->name : choice->soname),
		.flags = choice->image->machine->cache_ids[0],
		.isa_level = folder->hwcap ? isa_level(choice->image) : 0,
	};

	if (folder->hwcap)
		entry.hwcap = arena_strdup(&cache->arena, folder->hwcap);
	if (!entry.name || !entry.path || (folder->hwcap && !entry.hwcap))
		return -ENOMEM;
	return array_push(&cache->entries, entry);
}

static int scan_names(struct scan *scan, struct library_cache *cache)
{
	const struct choice *choice;
	size_t i;
	int r = 0;

	if (scan->names.count)
		qsort(scan->names.items, scan->names.count, sizeof(char *), compare_names);
	for (i = 0; i < scan->names.count && !r; i++)
		r = take_name(scan, scan->names.items[i]);
	for (choice = scan->choices; choice && !r; choice = choice->next)
		r = add_entry(scan, choice, cache);
	return r;
}

static int scan_folder(struct source *source, const struct ldconf_folder *folder,
		       struct library_cache *cache)
{
	struct scan scan = { .source = source, .folder = folder };
	int r = source_canonical(source, folder->path, &scan.canonical);

	if (!r)
		r = source_list(source, folder->path, visit_name, &scan);
	if (!r)
		r = scan_names(&scan, cache);
	free(scan.canonical);
	array_done(&scan.names);
	map_done(&scan.by_soname);
	arena_done(&scan.arena);
	return r == -ENOMEM ? r : 0;
}

static int compare_entries(const struct cache_entry *a, const struct cache_entry *b)
{
	int order = library_name_compare(b->name, a->name);

	if (!order)
		order = (b->flags > a->flags) - (b->flags < a->flags);
	if (!order)
		order = !a->hwcap - !b->hwcap;
	if (!order && a->hwcap)
		order = strcmp(a->hwcap, b->hwcap);
	return order;
}

static void merge(const struct cache_entry *from, size_t first, size_t middle, size_t end,
		  struct cache_entry *to)
{
	size_t a = first;
	size_t b = middle;
	size_t i;

	for (i = first; i < end; i++) {
		bool take_a = a < middle && (b >= end || compare_entries(&from[a], &from[b]) <= 0);

		to[i] = take_a ? from[a++] : from[b++];
	}
}

/* A stable merge sort: numbers that wrap are in no transitive order; qsort(3) may not bear it. */
static int sort_entries(struct library_cache *cache)
{
	size_t count = cache->entries.count;
	struct cache_entry *from = cache->entries.items;
	struct cache_entry *to = calloc(count + 1, sizeof(*to));
	struct cache_entry *spare = to;
	size_t width, i;

	if (!to)
		return -ENOMEM;
	for (width = 1; width < count; width *= 2) {
		struct cache_entry *swap = from;

		for (i = 0; i < count; i += 2 * width)
			merge(from, i, size_min(i + width, count), size_min(i + 2 * width, count),
			      to);
		from = to;
		to = swap;
	}
	if (from == spare)
		memcpy(cache->entries.items, from, count * sizeof(*from));
	free(spare);
	return 0;
}

int ldconf_emulate(struct source *source, const char *conf, const char *const *system,
		   struct library_cache **ret)
{
	struct library_cache *cache = calloc(1, sizeof(*cache));
	struct ldconf_folders folders = { 0 };
	size_t i;
	int r = cache ? ldconf_read(source, conf, system, &folders) : -ENOMEM;

	for (i = 0; i < folders.items.count && !r; i++)
		r = scan_folder(source, &folders.items.items[i], cache);
	ldconf_folders_done(&folders);
	if (!r)
		r = sort_entries(cache);
	if (r) {
		library_cache_free(cache);
		return r;
	}
	cache->emulated = true;
	*ret = cache;
	return 0;
}

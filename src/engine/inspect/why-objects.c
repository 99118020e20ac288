/* SPDX-License-Identifier: Apache-2.0 */
/* Which objects hold the references behind the causes; contract in engine/inspect/why.h. */
#include "engine/inspect/why.h"
#include "base/demangle.h"
#include "engine/inspect/members.h"

#include <stdio.h>
#include <string.h>

#define LONGEST_CHAIN 32u
#define MOST_USES 20000 /* places in one object that are looked up */

/* Maps keep pointers; a number is stored as one, plus 1 so that it is never NULL. */
static void *number_pointer(size_t number)
{
	return (void *)(uintptr_t)(number + 1);
}

int why_blame_init(struct why_blame *blame, struct why *why)
{
	size_t i;

	*blame = (struct why_blame){ .why = why };
	blame->next = calloc(why->causes.count + 1, sizeof(*blame->next));
	if (!blame->next)
		return -ENOMEM;
	for (i = why->causes.count; i-- > 0;) {
		const char *name = why->causes.items[i].import.name;

		blame->next[i] = (uint32_t)(uintptr_t)map_get(&blame->causes, name);
		if (map_set(&blame->causes, name, number_pointer(i)))
			return -ENOMEM;
	}
	return 0;
}

void why_blame_done(struct why_blame *blame)
{
	map_done(&blame->causes);
	map_done(&blame->reasons);
	free(blame->next);
	*blame = (struct why_blame){ 0 };
}

/* The references of one object to one symbol count as one, weak if all are. */
static int add_object(struct why_cause *cause, const char *file, const char *member, bool weak)
{
	struct why_objects *objects = &cause->objects;
	struct why_object *last = objects->count ? &objects->items[objects->count - 1] : NULL;

	if (last && last->file == file && last->member == member) {
		last->weak &= weak;
		return 0;
	}
	return array_push(objects,
			  (struct why_object){ .file = file, .member = member, .weak = weak });
}

/* `version` NULL: the reference does not name one, and the linker took the default. */
static int add_reference(struct why_blame *blame, const char *name, const char *version,
			 const char *file, const char *member, bool weak)
{
	uint32_t at = (uint32_t)(uintptr_t)map_get(&blame->causes, name);
	int r = 0;

	for (; at && !r; at = blame->next[at - 1]) {
		struct why_cause *cause = &blame->why->causes.items[at - 1];

		if (!version || (cause->import.version && !strcmp(version, cause->import.version)))
			r = add_object(cause, file, member, weak);
	}
	return r;
}

/* `wanted`, by symbol: the number of its first cause, plus 1; 0: it causes nothing. */
static int take_symbols(struct why_blame *blame, const struct object_file *object, uint32_t *wanted)
{
	struct name_budget budget = { (uint64_t)object->size * 8 + (1u << 20) };
	struct arena arena = { 0 };
	uint32_t i;
	int r = 0;

	for (i = 1; i < object->symbol_count && !r; i++) {
		const char *name, *version;
		enum version_mark mark;
		struct symbol s;

		if (!object_symbol(object, i, &s) || s.section != SHN_UNDEF || !s.name[0])
			continue;
		if (!name_budget_take(&budget, s.name))
			break;
		r = member_split_name(&arena, s.name, &name, &version, &mark);
		if (!r)
			r = add_reference(blame, name, version, blame->file, blame->member,
					  s.binding == STB_WEAK);
		if (!r)
			wanted[i] = (uint32_t)(uintptr_t)map_get(&blame->causes, name);
	}
	arena_done(&arena);
	return r;
}

/* The relocations of one section that are by symbols which are wanted. */
static int take_relocations(const struct object_file *object, const struct object_section *section,
			    const uint32_t *wanted, struct why_uses *uses)
{
	struct table table = object_section_bytes(object, section);
	size_t word = object->is_64 ? 8 : 4;
	size_t entry = word * (section->type == SHT_RELA ? 3 : 2);
	size_t at;

	for (at = 0; table.bytes && table.size - at >= entry; at += entry) {
		const unsigned char *bytes = table.bytes + at;
		uint64_t offset = object->is_64 ? elf_u64(object->swap, bytes)
						: elf_u32(object->swap, bytes);
		uint64_t symbol = object->is_64 ? elf_u64(object->swap, bytes + 8) >> 32
						: elf_u32(object->swap, bytes + 4) >> 8;

		if (symbol >= object->symbol_count || !wanted[symbol])
			continue;
		if (uses->count >= MOST_USES)
			return 0;
		if (array_push(uses, (struct why_use){ .cause = wanted[symbol] - 1,
						       .section = section->info,
						       .offset = offset }))
			return -ENOMEM;
	}
	return 0;
}

/* Sections of code and data; not those that tell debuggers. */
static bool is_loaded(const struct object_file *object, uint32_t section)
{
	struct object_section target;

	return object_section(object, section, &target) && target.flags & SHF_ALLOC;
}

static int take_uses(const struct object_file *object, const uint32_t *wanted,
		     struct why_uses *uses)
{
	struct object_section section;
	uint32_t i;
	int r = 0;

	for (i = 1; i < object->section_count && !r; i++) {
		if (!object_section(object, i, &section) ||
		    (section.type != SHT_RELA && section.type != SHT_REL) ||
		    !is_loaded(object, section.info))
			continue;
		r = take_relocations(object, &section, wanted, uses);
	}
	return r;
}

int why_object(struct why_blame *blame, const char *file, const char *member,
	       const struct object_file *object, struct why_uses *uses)
{
	struct arena *arena = &blame->why->arena;
	AUTO_FREE uint32_t *wanted = calloc((size_t)object->symbol_count + 1, sizeof(*wanted));
	int r;

	blame->file = arena_strdup(arena, file);
	blame->member = member ? arena_strdup(arena, member) : NULL;
	if (!wanted || !blame->file || (member && !blame->member))
		return -ENOMEM;
	blame->why->object_count++;
	blame->why->lto_count += object->has_lto;
	r = take_symbols(blame, object, wanted);
	return r || !uses || object->elf_type != ET_REL ? r : take_uses(object, wanted, uses);
}

/* "dir/libx.a(foo.o)" → "libx.a(foo.o)": the same file under another path. */
static const char *base_name(const char *path)
{
	const char *end = strchr(path, '(');
	const char *slash;

	slash = end ? memrchr(path, '/', (size_t)(end - path)) : strrchr(path, '/');
	return slash ? slash + 1 : path;
}

static bool is_shared(const char *file)
{
	const char *at = strstr(base_name(file), ".so");

	return at && (at[3] == '\0' || at[3] == '.');
}

/* The first file of a symbol that others define is the definer: for an import, a shared library. */
static int take_cross_reference(struct why_blame *blame, const char *name, const char *known_as)
{
	const struct linkmap *map = blame->map;
	const struct linkmap_symbol *symbol = linkmap_find_symbol(map, known_as);
	uint32_t i;
	int r = 0;

	while (symbol && !r) {
		for (i = 0; i < symbol->count && !r; i++) {
			const char *file = map->files.items[symbol->first + i];
			const char *copy = is_shared(file) ? NULL
							   : arena_strdup(&blame->why->arena, file);

			if (is_shared(file))
				continue;
			r = copy ? add_reference(blame, name, symbol->version, copy, NULL, false)
				 : -ENOMEM;
		}
		symbol = symbol->next == NO_LINKMAP_SYMBOL ? NULL
							   : &map->symbols.items[symbol->next];
	}
	return r;
}

static int take_all_references(struct why_blame *blame)
{
	char text[DEMANGLED_SIZE];
	size_t i;
	int r = 0;

	for (i = 0; i < blame->why->causes.count && !r; i++) {
		const char *name = blame->why->causes.items[i].import.name;

		if (i && !strcmp(name, blame->why->causes.items[i - 1].import.name))
			continue;
		r = take_cross_reference(blame, name, name);
		if (!r)
			r = demangle(name, text, sizeof(text));
		if (!r && text[0])
			r = take_cross_reference(blame, name, text);
	}
	return r;
}

static struct why_pull *copy_pulls(struct why_blame *blame,
				   const struct linkmap_reason *const *from, size_t count)
{
	struct arena *arena = &blame->why->arena;
	struct why_pull *pulls = arena_array(arena, count, sizeof(*pulls));
	size_t i;

	for (i = 0; pulls && i < count; i++) {
		pulls[i].referrer = arena_strdup(arena, from[i]->referrer);
		pulls[i].symbol = arena_strdup(arena, from[i]->symbol);
		if (!pulls[i].referrer || !pulls[i].symbol)
			return NULL;
	}
	return pulls;
}

static const struct linkmap_reason *find_reason(const struct why_blame *blame, const char *name)
{
	const struct linkmap_reason *reason = linkmap_find_reason(blame->map, name);

	return reason ? reason : map_get(&blame->reasons, base_name(name));
}

/* A library that the linker dropped unless something referred to it. */
static int take_library_reason(struct why_blame *blame)
{
	const struct linkmap_reason *reason = find_reason(blame, blame->why->what);

	if (!reason || !(blame->why->kinds & WHY_LIBRARY))
		return 0;
	blame->why->library_pull = copy_pulls(blame, &reason, 1);
	return blame->why->library_pull ? 0 : -ENOMEM;
}

int why_linker_map(struct why_blame *blame, const struct linkmap *map)
{
	size_t i;
	int r = 0;

	blame->map = map;
	blame->why->has_linker_map = true;
	blame->why->has_cross_reference = map->has_cross_reference;
	for (i = map->reasons.count; i-- > 0 && !r;)
		r = map_set(&blame->reasons, base_name(map->reasons.items[i].member),
			    &map->reasons.items[i]);
	if (!r && map->has_cross_reference && !blame->why->object_count)
		r = take_all_references(blame);
	return r ? r : take_library_reason(blame);
}

/* From one object up to the one that the user named on the command line. */
static int follow(struct why_blame *blame, struct why_object *object)
{
	const struct linkmap_reason *chain[LONGEST_CHAIN];
	AUTO_FREE char *name = NULL;
	const char *at = object->file;

	if (object->member) {
		if (asprintf(&name, "%s(%s)", object->file, object->member) < 0) {
			name = NULL;
			return -ENOMEM;
		}
		at = name;
	}
	while (object->pull_count < LONGEST_CHAIN) {
		const struct linkmap_reason *reason = find_reason(blame, at);

		if (!reason)
			break;
		chain[object->pull_count++] = reason;
		at = reason->referrer;
	}
	if (!object->pull_count)
		return 0;
	object->pulls = copy_pulls(blame, chain, object->pull_count);
	return object->pulls ? 0 : -ENOMEM;
}

int why_finish(struct why_blame *blame)
{
	struct why *why = blame->why;
	size_t i, k;
	int r = 0;

	for (i = 0; blame->map && i < why->causes.count && !r; i++) {
		for (k = 0; k < why->causes.items[i].objects.count && !r; k++)
			r = follow(blame, &why->causes.items[i].objects.items[k]);
	}
	why_blame_done(blame);
	return r;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The oldest releases that satisfy a file: of each family of versions that it
 * needs (GLIBC, GLIBCXX, …) the highest one, and who is to blame for it.
 */
#include "engine/inspect/parts.h"
#include "model/version-name.h"

#include <string.h>

#define NO_FLOOR UINT32_MAX

/* Version nodes that stand for an ability of the loader, not for a release. */
static const struct {
	const char *name;
	const char *meaning;
} markers[] = {
	{ "GLIBC_ABI_DT_RELR", "packed relocations: glibc 2.36 or newer" },
	{ "GLIBC_ABI_DT_X86_64_PLT", "a glibc that keeps DT_X86_64_PLT apart" },
	{ "GLIBC_ABI_GNU_TLS", "a glibc with the corrected TLS calls of i386" },
	{ "GLIBC_ABI_GNU2_TLS", "a glibc with the corrected TLS descriptors" },
	{ "GLIBC_PRIVATE", "internals of glibc: exactly the release that it was built with" },
};

struct floors {
	struct show *show;
	const struct version_need **sorted; /* by family and number */
	size_t count;
	uint32_t *rank_of;     /* version index → place in `sorted` plus 1; 0: none */
	uint32_t *floor_of;    /* place in `sorted` → number of its family's floor */
	uint32_t *strong_rank; /* floor → place plus 1 of the highest with a strong import */
};

static int compare_needs(const void *a, const void *b)
{
	const struct version_need *na = *(const struct version_need *const *)a;
	const struct version_need *nb = *(const struct version_need *const *)b;

	return version_name_compare(na->name, nb->name);
}

static const char *meaning_of(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(markers); i++) {
		if (!strcmp(markers[i].name, name))
			return markers[i].meaning;
	}
	return NULL;
}

static int add_floor(struct floors *f, const struct version_need *need)
{
	struct arena *arena = &f->show->arena;
	struct version_name name;
	struct show_floor floor = { .version = need->name, .need_weak = true };

	version_name_split(need->name, &name);
	floor.family = arena_strndup(arena, need->name, name.family_length);
	if (!name.count)
		floor.meaning = meaning_of(need->name);
	return floor.family ? array_push(&f->show->floors, floor) : -ENOMEM;
}

/* One floor a family; its version is the last of the family in sorted order. */
static int find_families(struct floors *f)
{
	size_t i;

	for (i = 0; i < f->count; i++) {
		const struct version_need *need = f->sorted[i];
		struct show_floor *floor;

		if (!i || !version_name_same_family(f->sorted[i - 1]->name, need->name)) {
			if (add_floor(f, need))
				return -ENOMEM;
		}
		floor = &f->show->floors.items[f->show->floors.count - 1];
		if (strcmp(floor->version, need->name))
			floor->need_weak = true;
		floor->version = need->name;
		floor->need_weak &= need->weak;
		f->floor_of[i] = (uint32_t)f->show->floors.count - 1;
		f->rank_of[need->index & VERSION_MASK] = (uint32_t)i + 1;
	}
	return 0;
}

/* The floor that asks for exactly the import's version, or NO_FLOOR. */
static uint32_t floor_of_import(const struct floors *f, const struct show_import *import)
{
	uint32_t rank = import->version ? f->rank_of[import->version_index] : 0;
	uint32_t floor = rank ? f->floor_of[rank - 1] : NO_FLOOR;

	if (floor == NO_FLOOR || strcmp(f->show->floors.items[floor].version, import->version))
		return NO_FLOOR;
	return floor;
}

static void note_strong(const struct floors *f, const struct show_import *import)
{
	uint32_t rank = import->version ? f->rank_of[import->version_index] : 0;

	if (rank && !import->weak && rank > f->strong_rank[f->floor_of[rank - 1]])
		f->strong_rank[f->floor_of[rank - 1]] = rank;
}

static void count_imports(struct floors *f)
{
	size_t i;

	for (i = 0; i < f->show->imports.count; i++) {
		const struct show_import *import = &f->show->imports.items[i];
		uint32_t floor = floor_of_import(f, import);

		note_strong(f, import);
		if (floor == NO_FLOOR)
			continue;
		if (import->weak)
			f->show->floors.items[floor].weak_count++;
		else
			f->show->floors.items[floor].strong_count++;
	}
}

static int list_imports(struct floors *f)
{
	size_t i;

	for (i = 0; i < f->show->floors.count; i++) {
		struct show_floor *floor = &f->show->floors.items[i];

		floor->imports = arena_array(&f->show->arena,
					     floor->strong_count + floor->weak_count,
					     sizeof(*floor->imports));
		if (!floor->imports)
			return -ENOMEM;
		if (f->strong_rank[i])
			floor->without_weak = f->sorted[f->strong_rank[i] - 1]->name;
		floor->strong_count = floor->weak_count = 0;
	}
	for (i = 0; i < f->show->imports.count; i++) {
		const struct show_import *import = &f->show->imports.items[i];
		uint32_t number = floor_of_import(f, import);
		struct show_floor *floor;

		if (number == NO_FLOOR)
			continue;
		floor = &f->show->floors.items[number];
		floor->imports[floor->strong_count + floor->weak_count] = (uint32_t)i;
		floor->strong_count += !import->weak;
		floor->weak_count += import->weak;
	}
	return 0;
}

int floors_fill(struct show *show)
{
	size_t count = show->image->version_needs.count;
	AUTO_FREE const struct version_need **sorted = calloc(count + 1, sizeof(*sorted));
	AUTO_FREE uint32_t *numbers = calloc(VERSION_MASK + 1 + 2 * (count + 1), sizeof(*numbers));
	struct floors f = { .show = show, .sorted = sorted, .count = count, .rank_of = numbers };
	size_t i;
	int r;

	if (!sorted || !numbers)
		return -ENOMEM;
	f.floor_of = numbers + VERSION_MASK + 1;
	f.strong_rank = f.floor_of + count + 1;
	for (i = 0; i < count; i++)
		sorted[i] = &show->image->version_needs.items[i];
	qsort(sorted, count, sizeof(*sorted), compare_needs);
	r = find_families(&f);
	if (r)
		return r;
	count_imports(&f);
	return list_imports(&f);
}

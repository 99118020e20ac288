/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in engine/inspect/show.h. */
#include "engine/inspect/show.h"
#include "engine/inspect/parts.h"
#include "engine/inspect/symbols.h"

#include <string.h>

static enum file_kind kind_of(const struct image *image)
{
	switch (image->elf_type) {
	case ET_REL:
		return FILE_OBJECT;
	case ET_CORE:
		return FILE_CORE;
	case ET_EXEC:
		return image->interpreter || image->has_dynamic ? FILE_PROGRAM : FILE_STATIC;
	case ET_DYN:
		if (image_is_program(image))
			return image->interpreter ? FILE_PIE : FILE_STATIC_PIE;
		return FILE_LIBRARY;
	default:
		return FILE_OTHER;
	}
}

static const struct {
	uint64_t bit;
	const char *word;
} flag_words[] = {
	{ DF_1_GROUP, "GROUP" },	 { DF_1_NODELETE, "NODELETE" },
	{ DF_1_INITFIRST, "INITFIRST" }, { DF_1_NOOPEN, "NOOPEN" },
	{ DF_1_ORIGIN, "ORIGIN" },	 { DF_1_INTERPOSE, "INTERPOSE" },
	{ DF_1_NODEFLIB, "NODEFLIB" },	 { DF_1_NODUMP, "NODUMP" },
	{ DF_1_GLOBAUDIT, "GLOBAUDIT" },
};

/* Those that change what the loader does; binding and PIE stand elsewhere. */
static int fill_flags(struct show *show)
{
	const struct image *image = show->image;
	size_t used = 0;
	size_t i;

	show->flags = arena_array(&show->arena, ARRAY_SIZE(flag_words) + 3, sizeof(*show->flags));
	if (!show->flags)
		return -ENOMEM;
	if (image->symbolic)
		show->flags[used++] = "SYMBOLIC";
	if (image->static_tls)
		show->flags[used++] = "STATIC_TLS";
	for (i = 0; i < ARRAY_SIZE(flag_words); i++) {
		if (image->flags_1 & flag_words[i].bit)
			show->flags[used++] = flag_words[i].word;
	}
	return 0;
}

/* Version tables name as much as the budget bears; past that they are left out. */
static bool version_names_bounded(const struct image *image, struct name_budget *budget)
{
	size_t i, k;

	for (i = 0; i < image->version_needs.count; i++) {
		if (!name_budget_take(budget, image->version_needs.items[i].name) ||
		    !name_budget_take(budget, image->version_needs.items[i].file))
			return false;
	}
	for (i = 0; i < image->definitions.count; i++) {
		const struct version_definition *d = &image->definitions.items[i];

		if (!name_budget_take(budget, d->name))
			return false;
		for (k = 0; d->parents && d->parents[k]; k++) {
			if (!name_budget_take(budget, d->parents[k]))
				return false;
		}
	}
	for (i = 0; i < image->needs.count; i++) {
		if (!name_budget_take(budget, image->needs.items[i].name))
			return false;
	}
	return true;
}

static int fill_nodes(struct show *show, uint32_t *counts)
{
	const struct image *image = show->image;
	size_t i;

	for (i = 0; i < show->exports.count; i++) {
		uint16_t versym = image_versym(image, show->exports.items[i].index);

		counts[versym & VERSION_MASK] += !show->exports.items[i].copied;
	}
	for (i = 0; i < image->definitions.count; i++) {
		const struct version_definition *d = &image->definitions.items[i];
		struct show_node node = { d, counts[d->index & VERSION_MASK] };

		if (array_push(&show->nodes, node))
			return -ENOMEM;
	}
	return 0;
}

static const char *isa_of(const struct image *image)
{
	static const char *const levels[] = { "x86-64-baseline", "x86-64-v2", "x86-64-v3",
					      "x86-64-v4" };
	uint32_t needed = image->properties.has_isa_needed ? image->properties.isa_needed : 0;
	unsigned highest;

	if (!needed)
		return NULL;
	highest = 31 - (unsigned)__builtin_clz(needed);
	return highest < ARRAY_SIZE(levels) ? levels[highest] : "a level that is not known here";
}

static bool has_text(const struct image *image, const char *text)
{
	return memmem(image->bytes, image->size, text, strlen(text)) != NULL;
}

/* Every glibc since 2.26 reads this variable; only a static program has its name inside. */
static void fill_static(struct show *show)
{
	if (show->kind != FILE_STATIC && show->kind != FILE_STATIC_PIE)
		return;
	show->static_glibc = has_text(show->image, "GLIBC_TUNABLES");
	show->static_nss = show->static_glibc && has_text(show->image, "/etc/nsswitch.conf");
}

static int fill_symbols(struct show *show, struct image *image)
{
	struct name_budget budget = name_budget(image);
	AUTO_FREE uint32_t *counts = calloc(VERSION_MASK + 1, sizeof(*counts));
	int r;

	if (!counts)
		return -ENOMEM;
	if (image_load_versions(image) == -ENOMEM)
		return -ENOMEM;
	if (!version_names_bounded(image, &budget)) {
		fault_set(&show->fault, "input/limit", ".dynstr",
			  "the names of its versions overlap too often");
		return 0;
	}
	r = symbols_exports(image, &budget, &show->exports, &show->fault);
	if (!r)
		r = symbols_imports(image, &budget, &show->imports, &show->fault);
	if (!r)
		r = fill_nodes(show, counts);
	return r ? r : floors_fill(show);
}

static int fill(struct show *show, struct image *image)
{
	int r = fill_flags(show);

	if (!r)
		r = fill_symbols(show, image);
	if (!r)
		r = hardening_fill(show);
	show->isa_needed = isa_of(image);
	show->uses_relr = image->relr.size;
	fill_static(show);
	return r;
}

int show_image(struct image *image, struct show **ret)
{
	struct show *show = calloc(1, sizeof(*show));
	int r;

	if (!show)
		return -ENOMEM;
	show->image = image;
	show->kind = kind_of(image);
	show->machine =
		machine_describe(image->elf_machine, image->is_64, image->is_big, image->elf_flags);
	r = fill(show, image);
	if (r) {
		show_free(show);
		return r;
	}
	*ret = show;
	return 0;
}

void show_free(struct show *show)
{
	if (!show)
		return;
	array_done(&show->nodes);
	array_done(&show->exports);
	array_done(&show->imports);
	array_done(&show->floors);
	array_done(&show->members);
	arena_done(&show->arena);
	free(show);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in engine/deps/dynamic-symbols.h. */
#include "engine/deps/dynamic-symbols.h"
#include "engine/inspect/symbols.h"

#include <string.h>

struct walk {
	struct image *image;
	struct arena *arena;
	struct name_budget budget;
	bool defined; /* which of them are wanted */
	struct dynamic_symbols *list;
};

static const struct version *version_of(const struct image *image, uint32_t index)
{
	uint16_t version = image_versym(image, index) & VERSION_MASK;

	if (version <= VER_NDX_GLOBAL || version >= image->version_count)
		return NULL;
	return image->versions[version].name ? &image->versions[version] : NULL;
}

static int add(struct walk *walk, const struct symbol *symbol)
{
	const struct version *version = version_of(walk->image, symbol->index);
	const char *text;

	if (!name_budget_take(&walk->budget, symbol->name) ||
	    !name_budget_take(&walk->budget, version ? version->name : NULL))
		return -EOVERFLOW;
	text = arena_printf(walk->arena, "%s@%s", symbol->name, version ? version->name : "Base");
	if (!text)
		return -ENOMEM;
	return array_push(walk->list, (struct dynamic_symbol){ symbol->name, text,
							       version ? version->file : NULL,
							       symbol->binding == STB_WEAK });
}

static bool is_wanted(const struct walk *walk, const struct symbol *symbol, bool copied)
{
	bool defined = symbol->section != SHN_UNDEF && !copied;

	if (!symbol->name[0] || symbol->type == STT_SECTION || symbol->type == STT_FILE)
		return false;
	return defined == walk->defined && (!defined || symbol->binding != STB_LOCAL);
}

static int walk_table(struct walk *walk, const uint8_t *copies, uint32_t count)
{
	uint32_t i;
	int r = 0;

	for (i = 1; !r && i < count; i++) {
		struct symbol symbol;

		if (image_symbol(walk->image, i, &symbol) && is_wanted(walk, &symbol, copies[i]))
			r = add(walk, &symbol);
	}
	return r;
}

static void mark_copies(const struct image *image, uint8_t *copies, uint32_t count)
{
	size_t i;

	for (i = 0; i < image->references.count; i++) {
		const struct reference *reference = &image->references.items[i];

		if (reference->class == CLASS_COPY && reference->symbol < count)
			copies[reference->symbol] = 1;
	}
}

static int collect(struct walk *walk, struct fault *ret_fault)
{
	uint32_t count = symbols_count(walk->image);
	AUTO_FREE uint8_t *copies = calloc((size_t)count + 1, 1);
	int r;

	*ret_fault = walk->image->fault;
	if (!copies || image_load_versions(walk->image) == -ENOMEM ||
	    image_load_references(walk->image) == -ENOMEM)
		return -ENOMEM;
	mark_copies(walk->image, copies, count);
	walk->budget = name_budget(walk->image);
	r = walk_table(walk, copies, count);
	if (r == -ENOMEM)
		return r;
	if (r)
		fault_set(ret_fault, "input/limit", ".dynstr",
			  "the names of its symbols overlap too often");
	if (walk->image->fault.rule)
		*ret_fault = walk->image->fault;
	return 0;
}

int dynamic_symbols_defined(struct image *image, struct arena *arena, struct dynamic_symbols *ret,
			    struct fault *ret_fault)
{
	struct walk walk = { .image = image, .arena = arena, .defined = true, .list = ret };

	return collect(&walk, ret_fault);
}

int dynamic_symbols_undefined(struct image *image, struct arena *arena, struct dynamic_symbols *ret,
			      struct fault *ret_fault)
{
	struct walk walk = { .image = image, .arena = arena, .list = ret };

	return collect(&walk, ret_fault);
}

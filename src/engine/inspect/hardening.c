/* SPDX-License-Identifier: Apache-2.0 */
/* What a file does, or fails to do, to make attacks harder. */
#include "engine/inspect/parts.h"

#include <string.h>

static const struct {
	uint16_t machine;
	uint32_t bit;
	const char *name;
} branch_features[] = {
	{ EM_X86_64, 1u << 0, "IBT" },	{ EM_X86_64, 1u << 1, "SHSTK" },
	{ EM_386, 1u << 0, "IBT" },	{ EM_386, 1u << 1, "SHSTK" },
	{ EM_AARCH64, 1u << 0, "BTI" }, { EM_AARCH64, 1u << 1, "PAC" },
	{ EM_AARCH64, 1u << 2, "GCS" },
};

static void fill_branch(const struct image *image, struct show_hardening *h)
{
	size_t used = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(branch_features); i++) {
		if (branch_features[i].machine == image->elf_machine &&
		    (image->properties.features & branch_features[i].bit))
			h->branch[used++] = branch_features[i].name;
	}
}

static void fill_segments(const struct image *image, struct show_hardening *h)
{
	size_t i;

	h->stack_unmarked = !image->has_stack;
	h->stack_exec = image->has_stack ? image->stack_exec
					 : image->machine && image->machine->stack_exec_default;
	for (i = 0; i < image->segment_count; i++) {
		const struct segment *s = &image->segments[i];

		if (s->type == PT_LOAD && (s->flags & PF_W) && (s->flags & PF_X))
			h->writable_code = true;
	}
}

/* Without a table of lazy calls nothing stays writable, whatever the flags say. */
static enum relro judge_relro(const struct image *image)
{
	if (!image->relro)
		return RELRO_NONE;
	return image->bind_now || !image->jump.size ? RELRO_FULL : RELRO_PARTIAL;
}

static bool is_fortified(const char *name)
{
	size_t length = strlen(name);

	return length > 6 && !memcmp(name, "__", 2) && !strcmp(name + length - 4, "_chk");
}

static bool is_protector(const char *name)
{
	return !strcmp(name, "__stack_chk_fail") || !strcmp(name, "__stack_chk_guard") ||
	       !strcmp(name, "__stack_smash_handler");
}

static int fill_imports(struct show *show, struct show_hardening *h)
{
	size_t i;

	for (i = 0; i < show->imports.count; i++) {
		h->fortified_count += is_fortified(show->imports.items[i].name);
		h->stack_protector |= is_protector(show->imports.items[i].name);
	}
	h->fortified = arena_array(&show->arena, h->fortified_count, sizeof(*h->fortified));
	if (!h->fortified)
		return -ENOMEM;
	h->fortified_count = 0;
	for (i = 0; i < show->imports.count; i++) {
		if (is_fortified(show->imports.items[i].name))
			h->fortified[h->fortified_count++] = (uint32_t)i;
	}
	return 0;
}

int hardening_fill(struct show *show)
{
	const struct image *image = show->image;
	struct show_hardening *h = &show->hardening;

	h->is_program = show->kind != FILE_LIBRARY;
	h->is_pie = show->kind == FILE_PIE || show->kind == FILE_STATIC_PIE;
	h->relro = judge_relro(image);
	h->bind_now = image->bind_now;
	h->text_relocations = image->text_relocations;
	h->imports_known = show->kind == FILE_PROGRAM || show->kind == FILE_PIE ||
			   show->kind == FILE_LIBRARY;
	fill_segments(image, h);
	fill_branch(image, h);
	return fill_imports(show, h);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Accessors of model/image.h: addresses, strings, symbols. */
#include "model/image.h"

#include <string.h>

struct image *image_new(const char *path)
{
	struct image *image = calloc(1, sizeof(*image));

	if (!image)
		return NULL;
	image->path = arena_strdup(&image->arena, path);
	if (!image->path) {
		image_free(image);
		return NULL;
	}
	return image;
}

void image_free(struct image *image)
{
	if (!image)
		return;
	array_done(&image->dlopen_notes);
	array_done(&image->needs);
	array_done(&image->definitions);
	array_done(&image->version_needs);
	array_done(&image->references);
	free(image->versions);
	arena_done(&image->arena);
	free(image);
}

void image_fail(struct image *image, const char *rule, const char *section, uint64_t offset,
		const char *text)
{
	if (image->fault.rule)
		return;
	image->fault = (struct fault){ rule, section, offset, text };
	image->fault_line = arena_printf(&image->arena, "%s+0x%llx: %s", section,
					 (unsigned long long)offset, text);
	if (!image->fault_line)
		image->fault_line = text;
}

void image_warn(struct image *image, const char *rule, const char *section, uint64_t offset,
		const char *text)
{
	if (!image->warning.rule)
		image->warning = (struct fault){ rule, section, offset, text };
}

struct table image_at_address(const struct image *image, uint64_t address)
{
	size_t i;

	for (i = 0; i < image->segment_count; i++) {
		const struct segment *s = &image->segments[i];
		uint64_t inside = address - s->address;
		const unsigned char *bytes;
		uint64_t left;

		if (s->type != PT_LOAD || address < s->address || inside >= s->file_size)
			continue;
		if (s->offset > image->size || inside >= image->size - s->offset)
			break;
		left = s->file_size - inside;
		bytes = image->bytes + s->offset + inside;
		if (left > image->size - s->offset - inside)
			left = image->size - s->offset - inside;
		return (struct table){ bytes, (size_t)left };
	}
	return (struct table){ 0 };
}

const char *image_string(const struct image *image, uint64_t offset)
{
	/* The reader ends the table at its last NUL, so each offset inside is a string. */
	if (offset >= image->strings.size)
		return NULL;
	return (const char *)image->strings.bytes + offset;
}

size_t image_symbol_size(const struct image *image)
{
	return image->is_64 ? sizeof(Elf64_Sym) : sizeof(Elf32_Sym);
}

bool image_symbol(const struct image *image, uint32_t index, struct symbol *ret)
{
	const unsigned char *at;
	uint32_t name;

	if (index >= image->symbols.size / image_symbol_size(image))
		return false;
	at = image->symbols.bytes + (size_t)index * image_symbol_size(image);
	name = elf_symbol_decode(at, image->is_64, image->swap, ret);
	ret->name = image_string(image, name);
	ret->index = index;
	return ret->name != NULL;
}

uint16_t image_versym(const struct image *image, uint32_t index)
{
	if (index >= image->versym.size / 2)
		return 1;
	return image_u16(image, image->versym.bytes + 2 * (size_t)index);
}

bool image_is_undecodable(const struct image *image)
{
	return image->versions_error == -EBADMSG || image->references_error == -EBADMSG;
}

bool image_is_debug_file(const struct image *image)
{
	size_t entry = image->is_64 ? sizeof(Elf64_Shdr) : sizeof(Elf32_Shdr);
	const unsigned char *header = image->bytes;
	const unsigned char *at;
	uint16_t count;

	if (!image->is_elf || image_u16(image, header + (image->is_64 ? 58 : 46)) != entry)
		return false;
	count = image_u16(image, header + (image->is_64 ? 60 : 48));
	at = image_range(image, image_word(image, header + (image->is_64 ? 40 : 32)), entry * count);
	for (; at && count; count--, at += entry) {
		if (image_u32(image, at + 4) == SHT_NOBITS &&
		    (image_word(image, at + 8) & SHF_EXECINSTR))
			return true;
	}
	return false;
}

/* A module that can be run as well (pam_cap.so) is called like a library and not marked as executable. */
static bool is_runnable_module(const struct image *image)
{
	const char *slash = strrchr(image->path, '/');

	return !(image->mode & 0111) && strstr(slash ? slash : image->path, ".so");
}

bool image_is_unusable(const struct image *image)
{
	return image->fault.rule && strcmp(image->fault.section, "PT_LOAD");
}

bool image_is_program(const struct image *image)
{
	return image->elf_type == ET_EXEC ||
	       (image->elf_type == ET_DYN && (image->flags_1 & DF_1_PIE)) ||
	       (image->elf_type == ET_DYN && image->interpreter && !image->soname &&
		!is_runnable_module(image));
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Accessors of model/object.h. */
#include "model/object.h"

/* Tables of strings end at their last NUL, so each offset inside is a string. */
static const char *get_string(const struct table *strings, uint32_t offset)
{
	return offset < strings->size ? (const char *)strings->bytes + offset : NULL;
}

bool object_section(const struct object_file *object, uint32_t index, struct object_section *ret)
{
	const unsigned char *at;

	if (index >= object->section_count)
		return false;
	at = object->sections +
	     (size_t)index * (object->is_64 ? sizeof(Elf64_Shdr) : sizeof(Elf32_Shdr));
	ret->name = get_string(&object->section_names, elf_u32(object->swap, at));
	ret->type = elf_u32(object->swap, at + 4);
	if (object->is_64) {
		ret->flags = elf_u64(object->swap, at + 8);
		ret->offset = elf_u64(object->swap, at + 24);
		ret->size = elf_u64(object->swap, at + 32);
		ret->link = elf_u32(object->swap, at + 40);
		ret->info = elf_u32(object->swap, at + 44);
		ret->align = elf_u64(object->swap, at + 48);
		ret->entry_size = elf_u64(object->swap, at + 56);
	} else {
		ret->flags = elf_u32(object->swap, at + 8);
		ret->offset = elf_u32(object->swap, at + 16);
		ret->size = elf_u32(object->swap, at + 20);
		ret->link = elf_u32(object->swap, at + 24);
		ret->info = elf_u32(object->swap, at + 28);
		ret->align = elf_u32(object->swap, at + 32);
		ret->entry_size = elf_u32(object->swap, at + 36);
	}
	return true;
}

struct table object_section_bytes(const struct object_file *object,
				  const struct object_section *section)
{
	if (section->type == SHT_NOBITS || section->offset > object->size ||
	    section->size > object->size - section->offset)
		return (struct table){ 0 };
	return (struct table){ object->bytes + section->offset, (size_t)section->size };
}

bool object_symbol(const struct object_file *object, uint32_t index, struct symbol *ret)
{
	const unsigned char *at;
	uint32_t name;

	if (index >= object->symbol_count)
		return false;
	at = object->symbols.bytes +
	     (size_t)index * (object->is_64 ? sizeof(Elf64_Sym) : sizeof(Elf32_Sym));
	name = elf_symbol_decode(at, object->is_64, object->swap, ret);
	ret->name = get_string(&object->symbol_names, name);
	ret->index = index;
	return ret->name != NULL;
}

uint32_t object_symbol_section(const struct object_file *object, const struct symbol *symbol)
{
	if (symbol->section != SHN_XINDEX)
		return symbol->section;
	if (symbol->index >= object->symbol_sections.size / 4)
		return SHN_XINDEX;
	return elf_u32(object->swap, object->symbol_sections.bytes + 4 * (size_t)symbol->index);
}

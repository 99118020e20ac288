/* SPDX-License-Identifier: Apache-2.0 */
/* Accessors of model/object.h. */
#include "model/object.h"

static uint16_t get_u16(const struct object_file *object, const unsigned char *at)
{
	uint16_t v;

	__builtin_memcpy(&v, at, sizeof(v));
	return object->swap ? __builtin_bswap16(v) : v;
}

static uint32_t get_u32(const struct object_file *object, const unsigned char *at)
{
	uint32_t v;

	__builtin_memcpy(&v, at, sizeof(v));
	return object->swap ? __builtin_bswap32(v) : v;
}

static uint64_t get_u64(const struct object_file *object, const unsigned char *at)
{
	uint64_t v;

	__builtin_memcpy(&v, at, sizeof(v));
	return object->swap ? __builtin_bswap64(v) : v;
}

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
	ret->name = get_string(&object->section_names, get_u32(object, at));
	ret->type = get_u32(object, at + 4);
	if (object->is_64) {
		ret->flags = get_u64(object, at + 8);
		ret->offset = get_u64(object, at + 24);
		ret->size = get_u64(object, at + 32);
		ret->link = get_u32(object, at + 40);
		ret->info = get_u32(object, at + 44);
		ret->entry_size = get_u64(object, at + 56);
	} else {
		ret->flags = get_u32(object, at + 8);
		ret->offset = get_u32(object, at + 16);
		ret->size = get_u32(object, at + 20);
		ret->link = get_u32(object, at + 24);
		ret->info = get_u32(object, at + 28);
		ret->entry_size = get_u32(object, at + 36);
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
	unsigned char info, other;

	if (index >= object->symbol_count)
		return false;
	at = object->symbols.bytes +
	     (size_t)index * (object->is_64 ? sizeof(Elf64_Sym) : sizeof(Elf32_Sym));
	if (object->is_64) {
		info = at[4];
		other = at[5];
		ret->section = get_u16(object, at + 6);
		ret->value = get_u64(object, at + 8);
		ret->size = get_u64(object, at + 16);
	} else {
		ret->value = get_u32(object, at + 4);
		ret->size = get_u32(object, at + 8);
		info = at[12];
		other = at[13];
		ret->section = get_u16(object, at + 14);
	}
	ret->name = get_string(&object->symbol_names, get_u32(object, at));
	ret->type = info & 0xf;
	ret->binding = info >> 4;
	ret->visibility = other & 3;
	ret->index = index;
	return ret->name != NULL;
}

uint32_t object_symbol_section(const struct object_file *object, const struct symbol *symbol)
{
	if (symbol->section != SHN_XINDEX)
		return symbol->section;
	if (symbol->index >= object->symbol_sections.size / 4)
		return SHN_XINDEX;
	return get_u32(object, object->symbol_sections.bytes + 4 * (size_t)symbol->index);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Section headers and the linker's symbol table (gABI chapter 4); contract in read/object.h. */
#include "read/object.h"

#include <string.h>

#define LTO_SECTION ".gnu.lto_"

static void fail(struct object_file *object, const char *rule, const char *section, uint64_t offset,
		 const char *text)
{
	if (!object->fault.rule)
		object->fault = (struct fault){ rule, section, offset, text };
}

static uint64_t get(const struct object_file *object, size_t at, unsigned width)
{
	uint64_t v = 0;
	unsigned i;

	for (i = 0; i < width; i++)
		v |= (uint64_t)object->bytes[at + i] << 8 * (object->is_big ? width - 1 - i : i);
	return v;
}

static bool read_header(struct object_file *object)
{
	struct elf_format format;

	if (!elf_format_read(object->bytes, object->size, &format, &object->fault))
		return false;
	object->is_64 = format.is_64;
	object->is_big = format.is_big;
	object->swap = format.swap;
	object->elf_type = (uint16_t)get(object, 16, 2);
	object->elf_machine = (uint16_t)get(object, 18, 2);
	object->elf_flags = (uint32_t)get(object, object->is_64 ? 48 : 36, 4);
	object->machine =
		machine_find(object->elf_machine, object->is_64, object->is_big, object->elf_flags);
	return true;
}

static struct table strings_at(struct object_file *object, uint32_t index, const char *what)
{
	struct object_section section;
	struct table t = { 0 };
	const unsigned char *end;

	if (!object_section(object, index, &section)) {
		fail(object, "input/malformed", what, index, "its string table is out of bounds");
		return t;
	}
	t = object_section_bytes(object, &section);
	if (!t.bytes) {
		fail(object, "input/truncated", what, section.offset,
		     "the file ends before its string table does");
		return t;
	}
	end = t.size ? memrchr(t.bytes, 0, t.size) : NULL;
	t.size = end ? (size_t)(end - t.bytes) + 1 : 0;
	return t;
}

/* Counts that do not fit the ELF header stand in the first section header. */
static void find_sections(struct object_file *object)
{
	uint64_t offset = get(object, object->is_64 ? 40 : 32, object->is_64 ? 8 : 4);
	size_t at = object->is_64 ? 58 : 46;
	size_t entry = object->is_64 ? sizeof(Elf64_Shdr) : sizeof(Elf32_Shdr);
	uint64_t count = get(object, at + 2, 2);
	uint32_t names = (uint32_t)get(object, at + 4, 2);
	struct object_section first;

	if (!offset)
		return;
	if (get(object, at, 2) != entry) {
		fail(object, "input/malformed", "ELF header", at,
		     "unexpected size of a section header");
		return;
	}
	if (offset > object->size || object->size - offset < entry) {
		fail(object, "input/truncated", "section headers", offset,
		     "the section headers lie outside the file");
		return;
	}
	object->sections = object->bytes + offset;
	object->section_count = 1;
	object_section(object, 0, &first);
	if (!count)
		count = first.size;
	if (names == SHN_XINDEX)
		names = first.link;
	if (count > (object->size - offset) / entry || count > UINT32_MAX) {
		fail(object, "input/truncated", "section headers", offset,
		     "the file ends before its section headers do");
		count = size_min((object->size - offset) / entry, UINT32_MAX);
	}
	object->section_count = (uint32_t)count;
	if (names)
		object->section_names = strings_at(object, names, "section headers");
}

static void take_symbols(struct object_file *object, const struct object_section *section)
{
	size_t entry = object->is_64 ? sizeof(Elf64_Sym) : sizeof(Elf32_Sym);

	object->symbols = object_section_bytes(object, section);
	if (!object->symbols.bytes) {
		fail(object, "input/truncated", ".symtab", section->offset,
		     "the file ends before its symbol table does");
		return;
	}
	if (section->entry_size != entry)
		fail(object, "input/malformed", ".symtab", section->offset,
		     "unexpected size of a symbol");
	else
		object->symbol_count = (uint32_t)size_min(object->symbols.size / entry, UINT32_MAX);
	object->symbol_names = strings_at(object, section->link, ".symtab");
}

static void find_symbols(struct object_file *object)
{
	struct object_section section;
	uint32_t table = 0;
	uint32_t i;

	for (i = 1; i < object->section_count; i++) {
		object_section(object, i, &section);
		if (section.type == SHT_SYMTAB && !table) {
			table = i;
			take_symbols(object, &section);
		} else if (section.name &&
			   !strncmp(section.name, LTO_SECTION, strlen(LTO_SECTION))) {
			object->has_lto = true;
		}
	}
	for (i = 1; table && i < object->section_count; i++) {
		object_section(object, i, &section);
		if (section.type == SHT_SYMTAB_SHNDX && section.link == table)
			object->symbol_sections = object_section_bytes(object, &section);
	}
}

void object_read(const unsigned char *bytes, size_t size, struct object_file *ret)
{
	*ret = (struct object_file){ .bytes = bytes, .size = size };
	ret->is_elf = read_header(ret);
	if (!ret->is_elf)
		return;
	find_sections(ret);
	find_symbols(ret);
}

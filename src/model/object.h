/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An ELF file seen by its section headers: relocatable objects, and whatever
 * else still has a symbol table for the linker. Nothing is decoded ahead; the
 * accessors read the file's bytes and check each index. Strings are slices of
 * the bytes. Specification: System V gABI chapter 4.
 */
#ifndef MODEL_OBJECT_H
#define MODEL_OBJECT_H

#include "model/image.h"

struct object_file {
	const unsigned char *bytes;
	size_t size;
	struct fault fault; /* the first damage found; NULL rule: none */
	bool is_elf;
	bool is_64;
	bool is_big;
	bool swap;
	uint16_t elf_type;
	uint16_t elf_machine;
	uint32_t elf_flags;
	const struct machine *machine; /* NULL: no row */

	const unsigned char *sections; /* header table; NULL: none */
	uint32_t section_count;
	struct table section_names;
	struct table symbols; /* SHT_SYMTAB; NULL bytes: stripped */
	uint32_t symbol_count;
	struct table symbol_names;
	struct table symbol_sections; /* SHT_SYMTAB_SHNDX: 32 bits a symbol */
	bool has_lto; /* holds code that the linker still has to compile; symbols are those of it */
};

struct object_section {
	const char *name; /* NULL: out of bounds */
	uint32_t type;	  /* SHT_ */
	uint32_t link;
	uint32_t info;
	uint64_t flags;
	uint64_t offset;
	uint64_t size;
	uint64_t align;
	uint64_t entry_size;
};

/* False for an index that is out of bounds. */
bool object_section(const struct object_file *object, uint32_t index, struct object_section *ret);
/* The bytes of a section in the file; none for SHT_NOBITS and for one that is cut off. */
struct table object_section_bytes(const struct object_file *object,
				  const struct object_section *section);
/*
 * False for an index or a name that is out of bounds. ret->section is st_shndx
 * as it stands in the file; object_symbol_section() knows of more sections.
 */
bool object_symbol(const struct object_file *object, uint32_t index, struct symbol *ret);
/* The section of a symbol, beyond 65280 too; SHN_UNDEF, or SHN_ABS and its like as they are. */
uint32_t object_symbol_section(const struct object_file *object, const struct symbol *symbol);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes small ELF files for tests, of either class and byte order: one PT_LOAD
 * over the whole file at address 0, a dynamic section, symbols behind DT_HASH,
 * version tables.
 */
#ifndef TESTS_UNIT_ELF_MAKER_H
#define TESTS_UNIT_ELF_MAKER_H

#include "base/common.h"

#include <elf.h>

struct elf_maker_symbol {
	const char *name;
	uint8_t binding;  /* STB_; 0 is local */
	uint8_t type;	  /* STT_ */
	bool undefined;
	uint16_t version; /* versym entry; used when any version is given */
};

struct elf_maker {
	uint16_t type; /* 0: ET_DYN */
	uint16_t machine; /* 0: EM_X86_64 */
	uint32_t flags;
	bool is_32;
	bool is_big;
	const char *interpreter;
	const char *soname;
	const char *rpath;
	const char *runpath;
	uint64_t flags_1;
	const char *needed[8];	      /* NULL-terminated */
	const char *defines[8];	      /* version nodes by index from 1, the first is the base */
	const char *needs_version[8]; /* versions of needed[0], by index after those of `defines` */
	struct elf_maker_symbol symbols[8]; /* ends at a NULL name; indices from 1 */
	const char *text;	      /* put into the file as it is, with `text_size` bytes */
	size_t text_size;
};

/* Fails the test when memory is out. The result is malloc'ed. */
unsigned char *elf_make(const struct elf_maker *maker, size_t *ret_size);

struct source;
/* Adds such a file to a memory source. */
void elf_make_in(struct source *source, const char *path, const struct elf_maker *maker);

#endif

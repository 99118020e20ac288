/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fields of ELF files as they stand in the bytes: both classes, both byte
 * orders. Whoever calls has checked that the bytes are there.
 * Specification: System V gABI chapter 4.
 */
#ifndef MODEL_ELF_BYTES_H
#define MODEL_ELF_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A damage seen while reading; NULL rule: none. */
struct fault {
	const char *rule; /* an input/... id of the catalogue */
	const char *section;
	uint64_t offset; /* from the start of the file, or of the table named by `section` */
	const char *text;
};

/* How the fields of one file are to be read. */
struct elf_format {
	bool is_64;
	bool is_big;
	bool swap; /* byte order differs from ours */
};

struct symbol {
	const char *name;
	uint64_t value;
	uint64_t size;
	uint8_t type;	    /* STT_ */
	uint8_t binding;    /* STB_ */
	uint8_t visibility; /* STV_ */
	uint8_t marks;	    /* the rest of st_other, which machines use */
	uint16_t section;   /* st_shndx */
	uint32_t index;
};

static inline uint16_t elf_u16(bool swap, const unsigned char *at)
{
	uint16_t v;

	__builtin_memcpy(&v, at, sizeof(v));
	return swap ? __builtin_bswap16(v) : v;
}

static inline uint32_t elf_u32(bool swap, const unsigned char *at)
{
	uint32_t v;

	__builtin_memcpy(&v, at, sizeof(v));
	return swap ? __builtin_bswap32(v) : v;
}

static inline uint64_t elf_u64(bool swap, const unsigned char *at)
{
	uint64_t v;

	__builtin_memcpy(&v, at, sizeof(v));
	return swap ? __builtin_bswap64(v) : v;
}

/*
 * Reads e_ident. True when the magic is there, class and byte order are known
 * and the ELF header is whole; else *ret_fault tells what is wrong, with no
 * rule for a file that is no ELF file at all.
 */
bool elf_format_read(const unsigned char *bytes, size_t size, struct elf_format *ret,
		     struct fault *ret_fault);
/* Decodes the symbol at `at`, all but its name and index; returns st_name. */
static inline uint32_t elf_symbol_decode(const unsigned char *at, bool is_64, bool swap,
					 struct symbol *ret)
{
	const unsigned char *info = at + (is_64 ? 4 : 12);

	if (is_64) {
		ret->value = elf_u64(swap, at + 8);
		ret->size = elf_u64(swap, at + 16);
	} else {
		ret->value = elf_u32(swap, at + 4);
		ret->size = elf_u32(swap, at + 8);
	}
	ret->type = info[0] & 0xf;
	ret->binding = info[0] >> 4;
	ret->visibility = info[1] & 3;
	ret->marks = info[1] & 0xfc;
	ret->section = elf_u16(swap, info + 2);
	return elf_u32(swap, at);
}

#endif

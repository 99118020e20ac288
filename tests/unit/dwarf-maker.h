/* SPDX-License-Identifier: Apache-2.0 */
/* Makes ELF files with debug sections for tests: from bytes that tests put together. */
#ifndef TESTS_UNIT_DWARF_MAKER_H
#define TESTS_UNIT_DWARF_MAKER_H

#include "base/common.h"

#include <elf.h>

struct buffer {
	unsigned char bytes[4096];
	size_t size;
	bool is_big;
};

void put(struct buffer *b, uint64_t value, unsigned width);
void put_at(struct buffer *b, size_t at, uint64_t value, unsigned width);
void put_uleb(struct buffer *b, uint64_t value);
void put_sleb(struct buffer *b, int64_t value);
void put_string(struct buffer *b, const char *text);
void put_bytes(struct buffer *b, const void *bytes, size_t size);
/* An attribute of an abbreviation. */
void put_spec(struct buffer *b, unsigned attribute, unsigned form);

struct made_section {
	const char *name;
	const struct buffer *content;
	uint32_t type; /* 0: SHT_PROGBITS */
	uint32_t link;
	uint32_t info;
	uint64_t flags;
	uint64_t entry_size;
};

/* Sections have indices from 1; the last one is the table of their names. Malloc'ed. */
unsigned char *make_file(const struct made_section *sections, size_t count, uint16_t type,
			 uint16_t machine, bool is_32, bool is_big, size_t *ret_size);

#endif

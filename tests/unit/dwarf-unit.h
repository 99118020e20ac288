/* SPDX-License-Identifier: Apache-2.0 */
/* A file with made-up units, and a cursor on the first: what tests of read/dwarf.h share. */
#ifndef TESTS_UNIT_DWARF_UNIT_H
#define TESTS_UNIT_DWARF_UNIT_H

#include "dwarf-maker.h"
#include "read/dwarf.h"

#define DAMAGED "input/damaged-debug-info"

/* Slots of the attributes that tests want. */
enum { NAME, TYPE, SIZE, VALUE, LOCATION, RANGES, LOW, DELETED };

/* A file with one unit, and the cursor on it. */
struct made {
	struct buffer info, types, abbrev, str, line_str, str_offsets, addr, ranges, rnglists;
	uint8_t version, address_size, offset_size;
	bool is_dwo;
	size_t start;	/* of the unit that is being made */
	size_t sibling; /* where a test's tree tells one */
	unsigned char *bytes;
	struct debug_sections sections;
	struct dwarf dwarf;
	struct dwarf_cursor cursor;
};

/* The sections of strings have something in them: "zero" at 0, "five" at 5; "line" at 0. */
struct made *new_made(uint8_t version, uint8_t address_size, uint8_t offset_size, bool is_big);
void free_made(struct made *m);
void begin_unit(struct made *m);
void end_unit(struct made *m);
void abbrev(struct buffer *b, uint64_t code, unsigned tag, bool has_children);
void end_abbrev(struct buffer *b);
/* What dwarf_init() gives. */
int open_file(struct made *m);
/* Opens, and enters the first unit: what dwarf_cursor_enter() gives. */
int enter(struct made *m);
/* The next entry must be one like that. */
void expect_entry(struct made *m, unsigned tag, unsigned depth);

#endif

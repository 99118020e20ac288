/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tables of abbreviations, made into programs: how to get over an entry's bytes
 * in few steps, and where in them the wanted values are.
 */
#ifndef READ_DWARF_ABBREV_H
#define READ_DWARF_ABBREV_H

#include "read/dwarf.h"

/* Slots that each `struct dwarf` has, behind those that its user wants. */
enum dwarf_own_slot {
	SLOT_STR_OFFSETS_BASE = DWARF_WANTED_MAX,
	SLOT_ADDR_BASE,
	SLOT_RNGLISTS_BASE,
	SLOT_LOCLISTS_BASE,
	SLOT_RANGES_BASE,
	SLOT_DWO_ID,
	SLOT_LOW_PC,
	SLOT_SIBLING,
};

/* How the bytes of a form are read. */
enum dwarf_load {
	LOAD_FIXED,
	LOAD_NOTHING,  /* no bytes: the value is 1 */
	LOAD_IMPLICIT, /* no bytes: the value stands in the table */
	LOAD_BLOCK16,
	/* From here on the length is in the bytes. */
	LOAD_ULEB,
	LOAD_SLEB,
	LOAD_STRING,
	LOAD_BLOCK1,
	LOAD_BLOCK2,
	LOAD_BLOCK4,
	LOAD_BLOCK,
	LOAD_INDIRECT,
};

struct dwarf_form_info {
	uint8_t load; /* enum dwarf_load */
	uint8_t size; /* of LOAD_FIXED: bytes */
	uint8_t kind; /* enum dwarf_kind; DWARF_NONE: no such form */
};

/* A wanted value: `offset` bytes behind a mark. */
struct dwarf_field {
	uint32_t offset; /* of LOAD_IMPLICIT: index of the constant */
	uint8_t mark;
	uint8_t slot;
	uint8_t load_size; /* load in the upper half, size in the lower one */
	uint8_t kind;
};

/* Go `skip` bytes on, then over one value; where that ends is the mark. */
struct dwarf_step {
	uint32_t skip;
	uint8_t load;
	uint8_t mark;
};

#define DWARF_NO_MARK (DWARF_SLOTS + 1) /* a mark that nobody looks at */

struct dwarf_abbrev {
	uint64_t code;
	uint64_t has;
	uint32_t field; /* the first of its fields, and of its steps */
	uint32_t step;
	uint32_t step_count;
	uint32_t tail; /* bytes behind the last step */
	uint16_t tag;
	bool has_children;
	bool is_unknown; /* has a form that is not known: its entries cannot be read */
};

struct dwarf_table {
	struct dwarf_table *next;
	uint64_t offset;
	uint8_t version;
	uint8_t address_size;
	uint8_t offset_size;
	bool is_damaged; /* its end is cut off */
	bool is_own;	 /* allocated for itself; what follows is in one piece with this */
	const struct dwarf_abbrev *abbrevs;
	size_t count;
	const struct dwarf_field *fields;
	const struct dwarf_step *steps;
	const int64_t *constants;
	uint32_t *by_code; /* indices sorted by code; NULL: codes are 1, 2, 3, ... */
};

/* The slot of an attribute; DWARF_SLOTS: not wanted. */
uint8_t dwarf_slot_of(const struct dwarf *dwarf, uint64_t attribute);
/* How a form is read in units like this one. */
struct dwarf_form_info dwarf_form_info(const struct dwarf_unit *unit, uint64_t form);
/* The table of the cursor's unit, from its cache. 0, -ENOMEM, or -EBADMSG with cursor->fault. */
int dwarf_table_get(struct dwarf_cursor *cursor, const struct dwarf_unit *unit,
		    const struct dwarf_table **ret) MUST_CHECK;
void dwarf_table_cache_done(struct dwarf_cursor *cursor);
const struct dwarf_abbrev *dwarf_abbrev_search(const struct dwarf_table *table, uint64_t code);

/* NULL: the table has no such code. */
static inline const struct dwarf_abbrev *dwarf_abbrev_find(const struct dwarf_table *table,
							   uint64_t code)
{
	if (code - 1 < table->count && table->abbrevs[code - 1].code == code)
		return &table->abbrevs[code - 1];
	return table->by_code ? dwarf_abbrev_search(table, code) : NULL;
}

/* Behind a value of a length that is in the bytes; past the end when it is cut off. */
const unsigned char *dwarf_skip(const struct dwarf_cursor *cursor, enum dwarf_load load,
				const unsigned char *at, const unsigned char *end);
/* The field of a slot that `abbrev->has` names. */
static inline const struct dwarf_field *
dwarf_field_find(const struct dwarf_table *table, const struct dwarf_abbrev *abbrev, unsigned slot)
{
	const struct dwarf_field *field = table->fields + abbrev->field;

	while (field->slot != slot)
		field++;
	return field;
}

/* A section of the file, loaded once for each cursor. False: damaged (cursor->damage) or absent. */
bool dwarf_section(struct dwarf_cursor *cursor, enum debug_section_id id, struct table *ret);
/* Entry `index` of the unit's part of .debug_addr. False: out of bounds. */
bool dwarf_address_by_index(struct dwarf_cursor *cursor, uint64_t index, uint64_t *ret);
/* Keeps the first value that could not be read. */
void dwarf_damage(struct dwarf_cursor *cursor, const char *section, uint64_t offset,
		  const char *text);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as an ELF file with debug information; every entry and every value is looked at. */
#include "read/dwarf.h"

#include <string.h>

#define MOST_STRINGS 256u /* whose end is looked for: they may all be the same long one */
#define MOST_VALUES 1000000u
#define MOST_SEEKS 256u

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* Besides the usual ones, some of vendors, and those that the reader itself wants. */
static const uint16_t wanted[] = {
	DW_AT_name,	     DW_AT_linkage_name,     DW_AT_type,
	DW_AT_byte_size,     DW_AT_const_value,	     DW_AT_ranges,
	DW_AT_low_pc,	     DW_AT_high_pc,	     DW_AT_location,
	DW_AT_specification, DW_AT_declaration,	     DW_AT_abstract_origin,
	DW_AT_signature,     DW_AT_sibling,	     DW_AT_GNU_deleted,
	DW_AT_GNU_dwo_id,    DW_AT_dwo_name,	     DW_AT_upper_bound,
	DW_AT_producer,	     DW_AT_str_offsets_base, DW_AT_data_member_location,
};

struct walk {
	struct dwarf *dwarf;
	struct dwarf_cursor *cursor;
	unsigned strings;
	unsigned values;
	unsigned seeks;
	unsigned char sum; /* of the bytes of blocks: each is read */
	uint64_t refs[MOST_SEEKS];
};

static void look_at(struct walk *w, const struct dwarf_value *value)
{
	struct dwarf_range range;
	uint64_t number;
	int64_t sign;
	size_t i;

	if (value->kind >= DWARF_RAW_STR)
		abort();
	if (value->kind == DWARF_BROKEN && !w->cursor->damage.rule && !w->cursor->out_of_memory)
		abort();
	if (value->kind == DWARF_STRING && w->strings++ < MOST_STRINGS)
		w->sum += (unsigned char)strlen(value->string);
	if (value->kind == DWARF_REF && w->seeks < MOST_SEEKS)
		w->refs[w->seeks++] = value->number;
	if (value->bytes) {
		for (i = 0; i < value->size; i++)
			w->sum += value->bytes[i];
	}
	dwarf_first_range(w->cursor, value, &range);
	dwarf_expression_address(w->cursor, value, &number);
	dwarf_expression_number(w->cursor, value, &number);
	dwarf_value_signed(value, &sign);
}

static void look_at_entry(struct walk *w)
{
	struct dwarf_value value;
	unsigned slot;

	for (slot = 0; slot < ARRAY_SIZE(wanted); slot++) {
		if (!dwarf_value(w->cursor, slot, &value) == dwarf_has(w->cursor, slot))
			abort();
		if (value.kind && w->values++ < MOST_VALUES)
			look_at(w, &value);
	}
}

/* All entries in order, inside of their unit. */
static size_t walk_unit(struct walk *w, const struct dwarf_unit *unit)
{
	struct dwarf_cursor *c = w->cursor;
	uint64_t last = unit->offset;
	size_t count = 0;
	int r = dwarf_cursor_enter(c, unit);

	while (!r && (r = dwarf_cursor_next(c)) > 0) {
		if (c->die.offset <= last || c->die.offset - unit->offset >= unit->size)
			abort();
		last = c->die.offset;
		count++;
		look_at_entry(w);
		r = 0;
	}
	if (r && r != -ENOMEM && !c->fault.rule)
		abort();
	return count;
}

/* Each second entry's inside is left out. */
static void skip_through(struct walk *w, const struct dwarf_unit *unit, size_t count)
{
	struct dwarf_cursor *c = w->cursor;
	size_t seen = 0;
	int r = dwarf_cursor_enter(c, unit);

	while (!r && (r = dwarf_cursor_next(c)) > 0)
		r = seen++ % 2 ? dwarf_cursor_skip(c) : 0;
	/* Jumps go forward, so that there are never more entries than bytes. */
	if (seen > unit->size || (!count && seen))
		abort();
}

static void seek_all(struct walk *w)
{
	unsigned i;

	for (i = 0; i < w->seeks; i++) {
		const struct dwarf_unit *unit = dwarf_unit_find(w->dwarf, w->refs[i]);
		unsigned seen = 0;

		if (!unit || dwarf_cursor_enter(w->cursor, unit) ||
		    !dwarf_cursor_seek(w->cursor, w->refs[i]))
			continue;
		while (seen++ < 16 && dwarf_cursor_next(w->cursor) > 0)
			look_at_entry(w);
	}
}

static void walk_all(struct debug_sections *sections, bool is_dwo)
{
	struct dwarf_cursor *cursor = malloc(sizeof(*cursor));
	struct walk w = { .cursor = cursor };
	struct dwarf dwarf;
	size_t i;
	int r = dwarf_init(&dwarf, sections, is_dwo, wanted, ARRAY_SIZE(wanted));

	if (!cursor)
		abort();
	if (r == -EBADMSG && !dwarf.fault.rule)
		abort();
	w.dwarf = &dwarf;
	dwarf_cursor_init(cursor, &dwarf);
	for (i = 0; !r && i < dwarf.units.count; i++) {
		const struct dwarf_unit *unit = &dwarf.units.items[i];

		if (dwarf_unit_find(&dwarf, unit->offset) != unit)
			abort();
		dwarf_unit_by_signature(&dwarf, unit->signature);
		skip_through(&w, unit, walk_unit(&w, unit));
	}
	seek_all(&w);
	dwarf_cursor_done(cursor);
	dwarf_done(&dwarf);
	free(cursor);
}

static void load_all(struct debug_sections *sections)
{
	struct fault fault;
	struct table t;
	unsigned i;

	for (i = 0; i < 2 * DEBUG_SECTION_COUNT; i++) {
		if (debug_section_get(sections, i / 2, i % 2, &t, &fault) || !t.size)
			continue;
		/* The bytes behind the end are there, too. */
		if (t.bytes[0] + t.bytes[t.size - 1] + t.bytes[t.size + DEBUG_PADDING - 1] > 765)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct debug_sections sections;
	int r = debug_sections_init(&sections, bytes, size);

	if (r == -EBADMSG && !sections.fault.rule && sections.object.is_elf)
		abort();
	if (sections.links.alt_file && strlen(sections.links.alt_file) >= size)
		abort();
	walk_all(&sections, false);
	walk_all(&sections, true);
	load_all(&sections);
	debug_sections_done(&sections);
	return 0;
}

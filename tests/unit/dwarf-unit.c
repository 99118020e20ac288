/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in tests/unit/dwarf-unit.h. */
#include "dwarf-unit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const uint16_t wanted[] = {
	[NAME] = DW_AT_name,	     [TYPE] = DW_AT_type,	    [SIZE] = DW_AT_byte_size,
	[VALUE] = DW_AT_const_value, [LOCATION] = DW_AT_location,   [RANGES] = DW_AT_ranges,
	[LOW] = DW_AT_low_pc,	     [DELETED] = DW_AT_GNU_deleted,
};

struct made *new_made(uint8_t version, uint8_t address_size, uint8_t offset_size, bool is_big)
{
	struct made *m = calloc(1, sizeof(*m));

	assert_non_null(m);
	m->version = version;
	m->address_size = address_size;
	m->offset_size = offset_size;
	m->info.is_big = m->types.is_big = m->abbrev.is_big = m->str.is_big = is_big;
	m->line_str.is_big = m->str_offsets.is_big = m->addr.is_big = is_big;
	m->ranges.is_big = m->rnglists.is_big = is_big;
	put_string(&m->str, "zero");
	put_string(&m->str, "five");
	put_string(&m->line_str, "line");
	return m;
}

void begin_unit(struct made *m)
{
	m->start = m->info.size;
	if (m->offset_size == 8)
		put(&m->info, UINT32_MAX, 4);
	put(&m->info, 0, m->offset_size);
	put(&m->info, m->version, 2);
	if (m->version >= 5) {
		put(&m->info, DW_UT_compile, 1);
		put(&m->info, m->address_size, 1);
		put(&m->info, 0, m->offset_size);
	} else {
		put(&m->info, 0, m->offset_size);
		put(&m->info, m->address_size, 1);
	}
}

void end_unit(struct made *m)
{
	size_t header = m->offset_size == 8 ? 12 : 4;

	put_at(&m->info, m->start + header - m->offset_size, m->info.size - m->start - header,
	       m->offset_size);
}

int open_file(struct made *m)
{
	const struct made_section sections[] = {
		{ .name = ".debug_info", .content = &m->info },
		{ .name = ".debug_types", .content = &m->types },
		{ .name = ".debug_abbrev", .content = &m->abbrev },
		{ .name = ".debug_str", .content = &m->str },
		{ .name = ".debug_line_str", .content = &m->line_str },
		{ .name = ".debug_str_offsets", .content = &m->str_offsets },
		{ .name = ".debug_addr", .content = &m->addr },
		{ .name = ".debug_ranges", .content = &m->ranges },
		{ .name = ".debug_rnglists", .content = &m->rnglists },
	};
	size_t size;
	int r;

	m->bytes = make_file(sections, ARRAY_SIZE(sections), ET_DYN, EM_X86_64,
			     m->address_size == 4, m->info.is_big, &size);
	assert_int_equal(debug_sections_init(&m->sections, m->bytes, size), 0);
	r = dwarf_init(&m->dwarf, &m->sections, m->is_dwo, wanted, ARRAY_SIZE(wanted));
	dwarf_cursor_init(&m->cursor, &m->dwarf);
	return r;
}

void free_made(struct made *m)
{
	dwarf_cursor_done(&m->cursor);
	dwarf_done(&m->dwarf);
	debug_sections_done(&m->sections);
	free(m->bytes);
	free(m);
}

int enter(struct made *m)
{
	assert_int_equal(open_file(m), 0);
	assert_true(m->dwarf.units.count > 0);
	return dwarf_cursor_enter(&m->cursor, &m->dwarf.units.items[0]);
}

void abbrev(struct buffer *b, uint64_t code, unsigned tag, bool has_children)
{
	put_uleb(b, code);
	put_uleb(b, tag);
	put(b, has_children, 1);
}

void end_abbrev(struct buffer *b)
{
	put_spec(b, 0, 0);
}

void expect_entry(struct made *m, unsigned tag, unsigned depth)
{
	assert_int_equal(dwarf_cursor_next(&m->cursor), 1);
	assert_int_equal(m->cursor.die.tag, tag);
	assert_int_equal(m->cursor.die.depth, depth);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* read/dwarf.c, dwarf-abbrev.c, dwarf-cursor.c over made-up units: order, jumps, damage. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "dwarf-unit.h"

/* A tree: unit { struct { member, member }, variable }, with codes as given. */
static struct made *make_tree(const uint64_t codes[4])
{
	struct made *m = new_made(5, 8, 4, false);

	abbrev(&m->abbrev, codes[0], DW_TAG_compile_unit, true);
	put_spec(&m->abbrev, DW_AT_name, DW_FORM_strp);
	end_abbrev(&m->abbrev);
	abbrev(&m->abbrev, codes[1], DW_TAG_structure_type, true);
	put_spec(&m->abbrev, DW_AT_sibling, DW_FORM_ref4);
	end_abbrev(&m->abbrev);
	abbrev(&m->abbrev, codes[2], DW_TAG_member, false);
	put_spec(&m->abbrev, DW_AT_GNU_deleted, DW_FORM_flag_present);
	put_spec(&m->abbrev, DW_AT_name, DW_FORM_string);
	end_abbrev(&m->abbrev);
	abbrev(&m->abbrev, codes[3], DW_TAG_variable, false);
	end_abbrev(&m->abbrev);
	put_uleb(&m->abbrev, 0);
	begin_unit(m);
	put_uleb(&m->info, codes[0]);
	put(&m->info, 5, 4);
	put_uleb(&m->info, codes[1]);
	m->sibling = m->info.size;
	put(&m->info, 0, 4);
	put_uleb(&m->info, codes[2]);
	put_string(&m->info, "a");
	put_uleb(&m->info, codes[2]);
	put_string(&m->info, "b");
	put(&m->info, 0, 1);
	put_at(&m->info, m->sibling, m->info.size - m->start, 4);
	put_uleb(&m->info, codes[3]);
	put(&m->info, 0, 1);
	end_unit(m);
	return m;
}

static void walks(void **state)
{
	static const uint64_t codes[][4] = {
		{ 1, 2, 3, 4 },
		{ 4, 3, 2, 1 },
		{ 1, 2, 3, UINT64_C(1) << 32 },
		{ UINT64_MAX, 128, 1 << 20, 1 },
	};
	struct dwarf_value value;
	unsigned i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(codes); i++) {
		struct made *m = make_tree(codes[i]);
		uint64_t parent;

		assert_int_equal(enter(m), 0);
		expect_entry(m, DW_TAG_compile_unit, 0);
		assert_int_equal(dwarf_value(&m->cursor, NAME, &value), DWARF_STRING);
		assert_string_equal(value.string, "five");
		expect_entry(m, DW_TAG_structure_type, 1);
		parent = m->cursor.die.offset;
		expect_entry(m, DW_TAG_member, 2);
		assert_int_equal(m->cursor.die.parent, parent);
		assert_true(dwarf_has(&m->cursor, DELETED));
		expect_entry(m, DW_TAG_member, 2);
		expect_entry(m, DW_TAG_variable, 1);
		assert_int_equal(dwarf_cursor_next(&m->cursor), 0);
		assert_int_equal(dwarf_cursor_next(&m->cursor), 0);

		assert_true(dwarf_cursor_seek(&m->cursor, parent));
		expect_entry(m, DW_TAG_structure_type, 0);
		expect_entry(m, DW_TAG_member, 1);
		expect_entry(m, DW_TAG_member, 1);
		assert_int_equal(dwarf_cursor_next(&m->cursor), 0);
		assert_false(dwarf_cursor_seek(&m->cursor, 3));
		assert_false(dwarf_cursor_seek(&m->cursor, m->info.size));
		free_made(m);
	}
}

static void skips(void **state)
{
	static const uint64_t codes[] = { 1, 2, 3, 4 };
	struct made *m = make_tree(codes);

	(void)state;
	assert_int_equal(enter(m), 0);
	expect_entry(m, DW_TAG_compile_unit, 0);
	expect_entry(m, DW_TAG_structure_type, 1);
	assert_int_equal(dwarf_cursor_skip(&m->cursor), 0);
	assert_int_equal(dwarf_cursor_skip(&m->cursor), 0);
	expect_entry(m, DW_TAG_variable, 1);
	assert_int_equal(dwarf_cursor_next(&m->cursor), 0);
	/* The first entry tells no sibling: its inside is gone over. */
	assert_int_equal(dwarf_cursor_enter(&m->cursor, m->cursor.unit), 0);
	expect_entry(m, DW_TAG_compile_unit, 0);
	assert_int_equal(dwarf_cursor_skip(&m->cursor), 0);
	assert_int_equal(dwarf_cursor_next(&m->cursor), 0);
	free_made(m);
}

static void refuses_siblings(void **state)
{
	static const uint32_t siblings[] = { 0, 12, 17, 21, 22, 200, UINT32_MAX };
	static const uint64_t codes[] = { 1, 2, 3, 4 };
	unsigned i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(siblings); i++) {
		struct made *m = make_tree(codes);
		bool is_inside = siblings[i] == 22;

		put_at(&m->info, m->sibling, siblings[i], 4);
		assert_int_equal(enter(m), 0);
		expect_entry(m, DW_TAG_compile_unit, 0);
		expect_entry(m, DW_TAG_structure_type, 1);
		assert_int_equal(dwarf_cursor_skip(&m->cursor), is_inside ? 0 : -EBADMSG);
		if (!is_inside) {
			assert_string_equal(m->cursor.fault.rule, DAMAGED);
			assert_int_equal(dwarf_cursor_next(&m->cursor), -EBADMSG);
		}
		free_made(m);
	}
}

/* One damaged unit does not keep the next one from being read. */
static void goes_on_with_the_next_unit(void **state)
{
	static const uint64_t codes[] = { 1, 2, 3, 4 };
	struct made *m = make_tree(codes);

	(void)state;
	m->info.bytes[m->sibling - 1] = 99; /* a code that is not there */
	begin_unit(m);
	put_uleb(&m->info, 4);
	end_unit(m);
	assert_int_equal(enter(m), 0);
	assert_int_equal(m->dwarf.units.count, 2);
	expect_entry(m, DW_TAG_compile_unit, 0);
	assert_int_equal(dwarf_cursor_next(&m->cursor), -EBADMSG);
	assert_string_equal(m->cursor.fault.section, ".debug_info");
	assert_int_equal(m->cursor.fault.offset, m->sibling - 1);
	assert_int_equal(dwarf_cursor_enter(&m->cursor, &m->dwarf.units.items[1]), 0);
	expect_entry(m, DW_TAG_variable, 0);
	assert_int_equal(dwarf_cursor_next(&m->cursor), 0);
	assert_ptr_equal(dwarf_unit_find(&m->dwarf, m->start + 3), &m->dwarf.units.items[1]);
	assert_ptr_equal(dwarf_unit_find(&m->dwarf, 0), &m->dwarf.units.items[0]);
	assert_null(dwarf_unit_find(&m->dwarf, m->info.size));
	free_made(m);
}

static void damaged_headers(void **state)
{
	static const struct {
		size_t at;
		unsigned width;
		uint64_t value;
		size_t units;
	} cases[] = {
		{ 0, 4, 0xffffff, 0 },			  /* longer than the section */
		{ 0, 4, 0xfffffff0, 0 },		  /* reserved */
		{ 0, 4, 3, 0 },				  /* ends inside its header */
		{ 4, 2, 6, 1 },				  /* version */
		{ 4, 2, 1, 1 },		 { 6, 1, 77, 1 }, /* type */
		{ 7, 1, 3, 1 },				  /* size of addresses */
		{ 8, 4, 4000, 1 },			  /* abbreviations */
	};
	static const uint64_t codes[] = { 1, 2, 3, 4 };
	unsigned i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct made *m = make_tree(codes);

		put_at(&m->info, cases[i].at, cases[i].value, cases[i].width);
		assert_int_equal(open_file(m), 0);
		assert_string_equal(m->dwarf.fault.rule, DAMAGED);
		assert_true(m->dwarf.units.count >= cases[i].units);
		if (cases[i].units) {
			assert_int_equal(dwarf_cursor_enter(&m->cursor, &m->dwarf.units.items[0]),
					 -EBADMSG);
			assert_string_equal(m->cursor.fault.rule, DAMAGED);
		}
		free_made(m);
	}
}

/* Whatever is cut off, reading ends, with a fault unless the cut is at a good place. */
static void cut_off(void **state)
{
	static const uint64_t codes[] = { 1, 2, 3, 4 };
	size_t whole = 0;
	size_t size;

	(void)state;
	for (size = 0; !whole || size < whole; size++) {
		struct made *m = make_tree(codes);
		int r;

		whole = m->abbrev.size - 1;
		m->abbrev.size = size;
		r = open_file(m);
		if (!r && m->dwarf.units.count) {
			r = dwarf_cursor_enter(&m->cursor, &m->dwarf.units.items[0]);
			while (!r && (r = dwarf_cursor_next(&m->cursor)) > 0)
				r = 0;
			/* The last abbreviation is whole when only the end of the table is not
			 * there. */
			assert_true(r == -EBADMSG || size == whole);
			assert_true(!r || m->cursor.fault.rule);
		}
		free_made(m);
	}
}

static void nested_too_deeply(void **state)
{
	struct made *m = new_made(4, 8, 4, false);
	unsigned i;
	int r = 0;

	(void)state;
	abbrev(&m->abbrev, 1, DW_TAG_lexical_block, true);
	end_abbrev(&m->abbrev);
	put_uleb(&m->abbrev, 0);
	begin_unit(m);
	while (m->info.size < sizeof(m->info.bytes))
		put(&m->info, 1, 1);
	end_unit(m);
	assert_int_equal(enter(m), 0);
	for (i = 0; i < sizeof(m->info.bytes) && !r; i++)
		r = dwarf_cursor_next(&m->cursor) - 1;
	/* A unit without ends of lists is read to its end, as long as it is not too deep. */
	assert_int_equal(r, i > DWARF_DEPTH_MAX ? -EBADMSG - 1 : -1);
	free_made(m);
}

static void values_out_of_bounds(void **state)
{
	static const unsigned out[] = { DW_FORM_strp, DW_FORM_strx1, DW_FORM_addrx1,
					DW_FORM_line_strp };
	unsigned i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(out); i++) {
		struct made *m = new_made(5, 8, 4, false);
		struct dwarf_value value;

		abbrev(&m->abbrev, 1, DW_TAG_variable, false);
		put_spec(&m->abbrev, DW_AT_name, out[i]);
		end_abbrev(&m->abbrev);
		put_uleb(&m->abbrev, 0);
		begin_unit(m);
		put_uleb(&m->info, 1);
		put(&m->info, 10, out[i] == DW_FORM_strp || out[i] == DW_FORM_line_strp ? 4 : 1);
		end_unit(m);
		assert_int_equal(enter(m), 0);
		expect_entry(m, DW_TAG_variable, 0);
		assert_int_equal(dwarf_value(&m->cursor, NAME, &value), DWARF_BROKEN);
		assert_string_equal(m->cursor.damage.rule, DAMAGED);
		free_made(m);
	}
}

static void unknown_forms(void **state)
{
	static const unsigned unknown[] = { 0x02, 0x2d, 0x1f00, 0x3fff, 0 };
	unsigned i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(unknown); i++) {
		struct made *m = new_made(4, 8, 4, false);

		abbrev(&m->abbrev, 1, DW_TAG_variable, false);
		put_spec(&m->abbrev, DW_AT_name, unknown[i]);
		end_abbrev(&m->abbrev);
		put_uleb(&m->abbrev, 0);
		begin_unit(m);
		put_uleb(&m->info, 1);
		put(&m->info, 0, 8);
		end_unit(m);
		assert_int_equal(enter(m), -EBADMSG);
		assert_string_equal(m->cursor.fault.rule, DAMAGED);
		free_made(m);
	}
}

/* One attribute more than once, and more of variable length than there are marks. */
static void odd_abbreviations(void **state)
{
	struct made *m = new_made(4, 8, 4, false);
	struct dwarf_value value;
	unsigned i;

	(void)state;
	abbrev(&m->abbrev, 1, DW_TAG_variable, false);
	for (i = 0; i < 200; i++)
		put_spec(&m->abbrev, DW_AT_decl_line, DW_FORM_udata);
	put_spec(&m->abbrev, DW_AT_name, DW_FORM_string);
	put_spec(&m->abbrev, DW_AT_name, DW_FORM_data1);
	put_spec(&m->abbrev, DW_AT_byte_size, DW_FORM_data1);
	end_abbrev(&m->abbrev);
	put_uleb(&m->abbrev, 0);
	begin_unit(m);
	put_uleb(&m->info, 1);
	for (i = 0; i < 200; i++)
		put_uleb(&m->info, i * 1000);
	put_string(&m->info, "first");
	put(&m->info, 7, 1);
	put(&m->info, 8, 1);
	end_unit(m);
	assert_int_equal(enter(m), 0);
	expect_entry(m, DW_TAG_variable, 0);
	assert_int_equal(dwarf_value(&m->cursor, NAME, &value), DWARF_STRING);
	assert_string_equal(value.string, "first");
	assert_int_equal(dwarf_value(&m->cursor, SIZE, &value), DWARF_CONSTANT);
	assert_int_equal(value.number, 8);
	free_made(m);
}

static void type_units(void **state)
{
	static const uint64_t codes[] = { 1, 2, 3, 4 };
	struct made *m = make_tree(codes);
	struct dwarf_value value;

	(void)state;
	put(&m->types, 2 + 4 + 1 + 8 + 4 + 1, 4);
	put(&m->types, 4, 2);
	put(&m->types, 0, 4);
	put(&m->types, 8, 1);
	put(&m->types, 0xabcdef, 8);
	put(&m->types, 23, 4);
	put_uleb(&m->types, 4);
	assert_int_equal(enter(m), 0);
	assert_int_equal(m->dwarf.units.count, 2);
	assert_ptr_equal(dwarf_unit_by_signature(&m->dwarf, 0xabcdef), &m->dwarf.units.items[1]);
	assert_null(dwarf_unit_by_signature(&m->dwarf, 0xabcdee));
	assert_int_equal(m->dwarf.units.items[1].type_offset, m->info.size + 23);
	assert_int_equal(dwarf_cursor_enter(&m->cursor, &m->dwarf.units.items[1]), 0);
	assert_true(dwarf_cursor_seek(&m->cursor, m->info.size + 23));
	expect_entry(m, DW_TAG_variable, 0);
	assert_int_equal(dwarf_value(&m->cursor, NAME, &value), DWARF_NONE);
	free_made(m);
}

enum { THREADS = 4, ROUNDS = 50 };

static void *walk_often(void *data)
{
	struct dwarf *dwarf = data;
	struct dwarf_cursor *cursor = malloc(sizeof(*cursor));
	struct dwarf_value value;
	size_t seen = 0;
	unsigned i;

	for (i = 0; cursor && i < ROUNDS; i++) {
		int r;

		dwarf_cursor_init(cursor, dwarf);
		r = dwarf_cursor_enter(cursor, &dwarf->units.items[0]);
		while (!r && dwarf_cursor_next(cursor) > 0)
			seen += dwarf_value(cursor, NAME, &value) == DWARF_STRING;
		dwarf_cursor_done(cursor);
	}
	free(cursor);
	return (void *)seen;
}

/* Sections are loaded by whichever thread needs them first. */
static void several_threads(void **state)
{
	static const uint64_t codes[] = { 1, 2, 3, 4 };
	struct made *m = make_tree(codes);
	pthread_t threads[THREADS];
	void *seen;
	unsigned i;

	(void)state;
	assert_int_equal(open_file(m), 0);
	for (i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, walk_often, &m->dwarf), 0);
	for (i = 0; i < THREADS; i++) {
		assert_int_equal(pthread_join(threads[i], &seen), 0);
		assert_int_equal((size_t)seen, 3 * ROUNDS);
	}
	free_made(m);
}

/* Tables that begin inside of each other would be decoded for ever. */
static void overlapping_abbreviations(void **state)
{
	struct made *m = new_made(4, 8, 4, false);
	unsigned refused = 0;
	unsigned round;
	size_t i;

	(void)state;
	for (i = 0; i < 1000; i++)
		put_spec(&m->abbrev, 1, 1);
	for (i = 0; i < 200; i++) {
		begin_unit(m);
		put(&m->info, 1, 1);
		end_unit(m);
		put_at(&m->info, m->start + 6, i * 2, 4);
	}
	assert_int_equal(open_file(m), 0);
	for (round = 0; round < 100; round++) {
		for (i = 0; i < m->dwarf.units.count; i++) {
			assert_int_not_equal(
				dwarf_cursor_enter(&m->cursor, &m->dwarf.units.items[i]), 0);
			refused += !strcmp(m->cursor.fault.rule, "input/limit");
		}
	}
	/* They are all kept, as there are few of them. */
	assert_int_equal(refused, 0);
	free_made(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(walks),
		cmocka_unit_test(skips),
		cmocka_unit_test(refuses_siblings),
		cmocka_unit_test(goes_on_with_the_next_unit),
		cmocka_unit_test(damaged_headers),
		cmocka_unit_test(cut_off),
		cmocka_unit_test(nested_too_deeply),
		cmocka_unit_test(values_out_of_bounds),
		cmocka_unit_test(unknown_forms),
		cmocka_unit_test(odd_abbreviations),
		cmocka_unit_test(type_units),
		cmocka_unit_test(several_threads),
		cmocka_unit_test(overlapping_abbreviations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* read/dwarf-package.h: the indices of both versions, and damaged ones. */
#include "read/dwarf-package.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "dwarf-maker.h"

#define DAMAGED "input/damaged-debug-info"

struct row {
	uint32_t offsets[4];
	uint32_t sizes[4];
};

/* Columns are .debug_info or .debug_types, abbreviations, offsets of strings, and one more. */
static const struct row rows[] = {
	{ { 100, 30, 7, 4 }, { 50, 1, 1, 1 } },
	{ { 0, 20, 8, 5 }, { 100, 1, 1, 1 } },
	{ { 500, 20, 8, 5 }, { 0, 1, 1, 1 } },
};

static void make_index(struct buffer *b, unsigned version, unsigned own)
{
	const unsigned columns[] = { own, 3, 6, 8 };
	size_t i, k;

	put(b, version, version == 5 ? 2 : 4);
	if (version == 5)
		put(b, 0, 2);
	put(b, ARRAY_SIZE(columns), 4);
	put(b, ARRAY_SIZE(rows), 4);
	put(b, 2, 4);
	for (i = 0; i < 2; i++)
		put(b, i + 1, 8);
	for (i = 0; i < 2; i++)
		put(b, i + 1, 4);
	for (i = 0; i < ARRAY_SIZE(columns); i++)
		put(b, columns[i], 4);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		for (k = 0; k < 4; k++)
			put(b, rows[i].offsets[k], 4);
	}
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		for (k = 0; k < 4; k++)
			put(b, rows[i].sizes[k], 4);
	}
}

/* Reads a file with these indices; NULL: none. */
static int read(const struct buffer *units, const struct buffer *types, bool is_big,
		struct dwarf_package *ret, struct fault *ret_fault)
{
	struct made_section sections[2];
	struct debug_sections debug;
	size_t count = 0;
	unsigned char *bytes;
	size_t size;
	int r;

	if (units)
		sections[count++] =
			(struct made_section){ .name = ".debug_cu_index", .content = units };
	if (types)
		sections[count++] =
			(struct made_section){ .name = ".debug_tu_index", .content = types };
	bytes = make_file(sections, count, ET_REL, EM_X86_64, false, is_big, &size);
	assert_int_equal(debug_sections_init(&debug, bytes, size), 0);
	r = dwarf_package_init(ret, &debug, ret_fault);
	debug_sections_done(&debug);
	free(bytes);
	return r;
}

static void expect(const struct dwarf_package *package, bool in_types, uint64_t offset,
		   const struct row *row, bool has_ranges)
{
	const struct dwarf_parts *parts = dwarf_package_find(package, in_types, offset);

	assert_int_equal(parts != NULL, row != NULL);
	if (!row)
		return;
	assert_int_equal(parts->abbrev, row->offsets[1]);
	assert_int_equal(parts->str_offsets, row->offsets[2]);
	assert_int_equal(parts->rnglists, has_ranges ? row->offsets[3] : 0);
}

static void reads(void **state)
{
	unsigned i;

	for (i = 0; i < 4; i++) {
		unsigned version = i & 1 ? 5 : 2;
		struct buffer units = { .is_big = i & 2 };
		struct buffer types = { .is_big = i & 2 };
		struct dwarf_package package;
		struct fault fault;

		make_index(&units, version, 1);
		make_index(&types, version, version == 5 ? 1 : 2);
		assert_int_equal(read(&units, &types, i & 2, &package, &fault), 0);
		assert_true(package.is_there);
		expect(&package, false, 0, &rows[1], version == 5);
		expect(&package, false, 99, &rows[1], version == 5);
		expect(&package, false, 100, &rows[0], version == 5);
		expect(&package, false, 149, &rows[0], version == 5);
		expect(&package, false, 150, NULL, false);
		expect(&package, false, 500, NULL, false);
		expect(&package, true, 120, version == 5 ? NULL : &rows[0], false);
		dwarf_package_done(&package);
	}
}

static void takes_none(void **state)
{
	struct buffer empty = { 0 };
	struct dwarf_package package;
	struct fault fault;

	assert_int_equal(read(NULL, NULL, false, &package, &fault), 0);
	assert_false(package.is_there);
	dwarf_package_done(&package);
	/* No units, and no columns either. */
	put(&empty, 2, 4);
	put(&empty, 0, 8);
	put(&empty, 0, 4);
	assert_int_equal(read(&empty, NULL, false, &package, &fault), 0);
	assert_true(package.is_there);
	expect(&package, false, 0, NULL, false);
	dwarf_package_done(&package);
}

static void refuses_damage(void **state)
{
	static const struct {
		unsigned at, value;
	} cases[] = {
		{ 0, 3 }, { 0, 4 },  { 4, 0 },		 { 4, 17 },	    { 4, UINT32_MAX },
		{ 8, 4 }, { 12, 3 }, { 12, UINT32_MAX }, { 8, UINT32_MAX }, { 8, 0x10000000 },
	};
	struct dwarf_package package;
	struct fault fault;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct buffer units = { 0 };

		make_index(&units, 2, 1);
		put_at(&units, cases[i].at, cases[i].value, 4);
		assert_int_equal(read(&units, NULL, false, &package, &fault), -EBADMSG);
		assert_string_equal(fault.rule, DAMAGED);
		assert_string_equal(fault.section, ".debug_cu_index");
		dwarf_package_done(&package);
	}
	for (i = 0; i < 10; i++) {
		struct buffer units = { 0 };

		make_index(&units, 5, 1);
		units.size -= i < 9 ? i + 1 : units.size - 15;
		assert_int_equal(read(NULL, &units, false, &package, &fault), -EBADMSG);
		assert_string_equal(fault.section, ".debug_tu_index");
		dwarf_package_done(&package);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads),
		cmocka_unit_test(takes_none),
		cmocka_unit_test(refuses_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* read/dwarf-form.c, dwarf-expression.c, dwarf-range.c: what values come out of which bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "dwarf-unit.h"

/* One form, the bytes of its value, and what comes out. */
struct form_case {
	unsigned form;
	enum dwarf_kind kind;
	uint64_t number;
	const char *string;
};

enum { FIRST_ADDRESS = 0x1122 };

static void put_value(struct made *m, unsigned form)
{
	struct buffer *b = &m->info;
	static const uint8_t fixed[] = {
		[DW_FORM_data2] = 2,	[DW_FORM_data4] = 4,	[DW_FORM_data8] = 8,
		[DW_FORM_data1] = 1,	[DW_FORM_flag] = 1,	[DW_FORM_ref1] = 1,
		[DW_FORM_ref2] = 2,	[DW_FORM_ref4] = 4,	[DW_FORM_ref8] = 8,
		[DW_FORM_strx1] = 1,	[DW_FORM_strx2] = 2,	[DW_FORM_strx3] = 3,
		[DW_FORM_strx4] = 4,	[DW_FORM_addrx1] = 1,	[DW_FORM_addrx2] = 2,
		[DW_FORM_addrx3] = 3,	[DW_FORM_addrx4] = 4,	[DW_FORM_ref_sup4] = 4,
		[DW_FORM_ref_sup8] = 8, [DW_FORM_ref_sig8] = 8,
	};

	if (form < ARRAY_SIZE(fixed) && fixed[form]) {
		put(b, 1, fixed[form]);
		return;
	}
	switch (form) {
	case DW_FORM_addr:
		put(b, FIRST_ADDRESS, m->address_size);
		break;
	case DW_FORM_strp:
	case DW_FORM_strp_sup:
	case DW_FORM_GNU_strp_alt:
	case DW_FORM_GNU_ref_alt:
	case DW_FORM_sec_offset:
		put(b, 5, m->offset_size);
		break;
	case DW_FORM_line_strp:
		put(b, 0, m->offset_size);
		break;
	case DW_FORM_ref_addr:
		put(b, 5, m->version == 2 ? m->address_size : m->offset_size);
		break;
	case DW_FORM_string:
		put_string(b, "a string of more than eight bytes");
		break;
	case DW_FORM_sdata:
		put_sleb(b, -70);
		break;
	case DW_FORM_block1:
		put(b, 3, 1);
		put_bytes(b, "abc", 3);
		break;
	case DW_FORM_block2:
		put(b, 3, 2);
		put_bytes(b, "abc", 3);
		break;
	case DW_FORM_block4:
		put(b, 3, 4);
		put_bytes(b, "abc", 3);
		break;
	case DW_FORM_block:
	case DW_FORM_exprloc:
		put_uleb(b, 3);
		put_bytes(b, "abc", 3);
		break;
	case DW_FORM_data16:
		put_bytes(b, "abcdefghijklmnop", 16);
		break;
	case DW_FORM_flag_present:
	case DW_FORM_implicit_const:
		break;
	case DW_FORM_udata:
	case DW_FORM_ref_udata:
	case DW_FORM_loclistx:
	case DW_FORM_rnglistx:
		put_uleb(b, 300);
		break;
	default:
		put_uleb(b, 1);
	}
}

static const struct form_case forms[] = {
	{ DW_FORM_addr, DWARF_ADDRESS, FIRST_ADDRESS, NULL },
	{ DW_FORM_block1, DWARF_BLOCK, 0, "abc" },
	{ DW_FORM_block2, DWARF_BLOCK, 0, "abc" },
	{ DW_FORM_block4, DWARF_BLOCK, 0, "abc" },
	{ DW_FORM_block, DWARF_BLOCK, 0, "abc" },
	{ DW_FORM_exprloc, DWARF_EXPRESSION, 0, "abc" },
	{ DW_FORM_data16, DWARF_BLOCK, 0, "abcdefghijklmnop" },
	{ DW_FORM_data1, DWARF_CONSTANT, 1, NULL },
	{ DW_FORM_data2, DWARF_CONSTANT, 1, NULL },
	{ DW_FORM_data4, DWARF_CONSTANT, 1, NULL },
	{ DW_FORM_data8, DWARF_CONSTANT, 1, NULL },
	{ DW_FORM_sdata, DWARF_SIGNED, (uint64_t)-70, NULL },
	{ DW_FORM_udata, DWARF_UNSIGNED, 300, NULL },
	{ DW_FORM_implicit_const, DWARF_SIGNED, (uint64_t)-5, NULL },
	{ DW_FORM_flag, DWARF_FLAG, 1, NULL },
	{ DW_FORM_flag_present, DWARF_FLAG, 1, NULL },
	{ DW_FORM_string, DWARF_STRING, 0, "a string of more than eight bytes" },
	{ DW_FORM_strp, DWARF_STRING, 5, "five" },
	{ DW_FORM_line_strp, DWARF_STRING, 0, "line" },
	{ DW_FORM_strx, DWARF_STRING, 1, "five" },
	{ DW_FORM_strx1, DWARF_STRING, 1, "five" },
	{ DW_FORM_strx2, DWARF_STRING, 1, "five" },
	{ DW_FORM_strx3, DWARF_STRING, 1, "five" },
	{ DW_FORM_strx4, DWARF_STRING, 1, "five" },
	{ DW_FORM_GNU_str_index, DWARF_STRING, 1, "five" },
	{ DW_FORM_strp_sup, DWARF_STRING_ALT, 5, NULL },
	{ DW_FORM_GNU_strp_alt, DWARF_STRING_ALT, 5, NULL },
	{ DW_FORM_addrx, DWARF_ADDRESS, 0x77, NULL },
	{ DW_FORM_addrx1, DWARF_ADDRESS, 0x77, NULL },
	{ DW_FORM_addrx2, DWARF_ADDRESS, 0x77, NULL },
	{ DW_FORM_addrx3, DWARF_ADDRESS, 0x77, NULL },
	{ DW_FORM_addrx4, DWARF_ADDRESS, 0x77, NULL },
	{ DW_FORM_GNU_addr_index, DWARF_ADDRESS, 0x77, NULL },
	{ DW_FORM_ref1, DWARF_REF, 1, NULL },
	{ DW_FORM_ref2, DWARF_REF, 1, NULL },
	{ DW_FORM_ref4, DWARF_REF, 1, NULL },
	{ DW_FORM_ref8, DWARF_REF, 1, NULL },
	{ DW_FORM_ref_udata, DWARF_REF, 300, NULL },
	{ DW_FORM_ref_addr, DWARF_REF, 5, NULL },
	{ DW_FORM_ref_sup4, DWARF_REF_ALT, 1, NULL },
	{ DW_FORM_ref_sup8, DWARF_REF_ALT, 1, NULL },
	{ DW_FORM_GNU_ref_alt, DWARF_REF_ALT, 5, NULL },
	{ DW_FORM_ref_sig8, DWARF_REF_SIGNATURE, 1, NULL },
	{ DW_FORM_sec_offset, DWARF_OFFSET, 5, NULL },
	{ DW_FORM_loclistx, DWARF_LOCLIST_INDEX, 300, NULL },
	{ DW_FORM_rnglistx, DWARF_RNGLIST_INDEX, 300, NULL },
};

/* The value between two others, which show whether its length is right. */
static void check_form(uint8_t version, uint8_t address_size, uint8_t offset_size, bool is_big,
		       const struct form_case *c, bool is_indirect)
{
	struct made *m = new_made(version, address_size, offset_size, is_big);
	size_t header = (offset_size == 8 ? 12 : 4) + 4;
	struct dwarf_value value;

	abbrev(&m->abbrev, 1, DW_TAG_variable, false);
	put_spec(&m->abbrev, DW_AT_decl_line, DW_FORM_data1);
	put_spec(&m->abbrev, DW_AT_decl_file, DW_FORM_udata);
	put_spec(&m->abbrev, DW_AT_const_value, is_indirect ? DW_FORM_indirect : c->form);
	if (c->form == DW_FORM_implicit_const)
		put_sleb(&m->abbrev, -5);
	put_spec(&m->abbrev, DW_AT_byte_size, DW_FORM_data2);
	put_spec(&m->abbrev, DW_AT_name, DW_FORM_string);
	end_abbrev(&m->abbrev);
	put_uleb(&m->abbrev, 0);
	begin_unit(m);
	put_uleb(&m->info, 1);
	put(&m->info, 9, 1);
	put_uleb(&m->info, 1000);
	if (is_indirect)
		put_uleb(&m->info, c->form);
	put_value(m, c->form);
	put(&m->info, 0x1234, 2);
	put_string(&m->info, "name");
	end_unit(m);
	if (version >= 5) {
		put(&m->str_offsets, 0, (unsigned)header - 4);
		put(&m->str_offsets, 0, 4);
		put(&m->addr, 0, (unsigned)header - 4);
		put(&m->addr, 0, 4);
	}
	put(&m->str_offsets, 0, offset_size);
	put(&m->str_offsets, 5, offset_size);
	put(&m->addr, 0x66, address_size);
	put(&m->addr, 0x77, address_size);
	assert_int_equal(enter(m), 0);
	assert_int_equal(dwarf_cursor_next(&m->cursor), 1);
	assert_int_equal(m->cursor.die.tag, DW_TAG_variable);
	assert_int_equal(dwarf_value(&m->cursor, VALUE, &value), c->kind);
	if (c->kind == DWARF_STRING)
		assert_string_equal(value.string, c->string);
	else if (c->string)
		assert_memory_equal(value.bytes, c->string, value.size);
	else
		assert_int_equal(value.number, c->number);
	if (c->string && c->kind != DWARF_STRING)
		assert_int_equal(value.size, strlen(c->string));
	assert_int_equal(dwarf_value(&m->cursor, SIZE, &value), DWARF_CONSTANT);
	assert_int_equal(value.number, 0x1234);
	assert_int_equal(dwarf_value(&m->cursor, NAME, &value), DWARF_STRING);
	assert_string_equal(value.string, "name");
	assert_int_equal(dwarf_value(&m->cursor, TYPE, &value), DWARF_NONE);
	assert_int_equal(dwarf_cursor_next(&m->cursor), 0);
	assert_null(m->cursor.damage.rule);
	free_made(m);
}

static void all_forms(void **state)
{
	unsigned i, k;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(forms); i++) {
		for (k = 0; k < 32; k++)
			check_form((uint8_t)(2 + k / 8), k & 1 ? 8 : 4, k & 2 ? 8 : 4, k & 4,
				   &forms[i], false);
		if (forms[i].form != DW_FORM_implicit_const)
			check_form(5, 8, 4, false, &forms[i], true);
	}
}

/* A variable with one attribute of an expression or ranges. */
static struct made *make_one(uint8_t version, unsigned attribute, unsigned form)
{
	struct made *m = new_made(version, 8, 4, false);

	abbrev(&m->abbrev, 1, DW_TAG_variable, false);
	put_spec(&m->abbrev, DW_AT_low_pc, DW_FORM_addr);
	put_spec(&m->abbrev, attribute, form);
	end_abbrev(&m->abbrev);
	put_uleb(&m->abbrev, 0);
	put(&m->addr, 0, 8);
	put(&m->addr, 0x5000, 8);
	put(&m->addr, 0x6000, 8);
	begin_unit(m);
	put_uleb(&m->info, 1);
	put(&m->info, 0x1000, 8);
	return m;
}

static void expressions(void **state)
{
	static const struct {
		const char *bytes;
		size_t size;
		bool is_address;
		uint64_t number; /* or UINT64_MAX: none */
	} cases[] = {
		{ "\x03\x21\x43\0\0\0\0\0\0", 9, true, 0x4321 },
		{ "\x03\x21\x43\0\0\0\0\0\0\x23\x81\x01", 12, true, 0x4321 + 129 },
		{ "\x03\x21\x43\0\0\0\0\0", 8, true, UINT64_MAX },
		{ "\x03\x21\x43\0\0\0\0\0\0\xe0", 10, true, UINT64_MAX },
		{ "\xa1\x01", 2, true, 0x6000 },
		{ "\xfb\x00", 2, true, 0x5000 },
		{ "\xa1\x02", 2, true, UINT64_MAX },
		{ "\xa1\x80", 2, true, UINT64_MAX },
		{ "\x91\x10", 2, true, UINT64_MAX },
		{ "", 0, true, UINT64_MAX },
		{ "\x23\x08", 2, false, 8 },
		{ "\x10\x83\x01", 3, false, 131 },
		{ "\x08\xff", 2, false, 255 },
		{ "\x09\xfe", 2, false, (uint64_t)-2 },
		{ "\x0b\xfe\xff", 3, false, (uint64_t)-2 },
		{ "\x11\x7d", 2, false, (uint64_t)-3 },
		{ "\x3a", 1, false, 10 },
		{ "\x0e\x01", 2, false, UINT64_MAX },
		{ "\x97\x23\x08", 3, false, UINT64_MAX },
	};
	struct dwarf_value value;
	unsigned i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct made *m = make_one(5, DW_AT_location, DW_FORM_exprloc);
		uint64_t number = UINT64_MAX;
		bool good;

		put_uleb(&m->info, cases[i].size);
		put_bytes(&m->info, cases[i].bytes, cases[i].size);
		end_unit(m);
		assert_int_equal(enter(m), 0);
		expect_entry(m, DW_TAG_variable, 0);
		assert_int_equal(dwarf_value(&m->cursor, LOCATION, &value), DWARF_EXPRESSION);
		good = cases[i].is_address ? dwarf_expression_address(&m->cursor, &value, &number)
					   : dwarf_expression_number(&m->cursor, &value, &number);
		assert_int_equal(good, cases[i].number != UINT64_MAX);
		assert_int_equal(number, cases[i].number);
		free_made(m);
	}
}

struct range_case {
	uint8_t version;
	const char *bytes;
	size_t size;
	struct dwarf_range range; /* low UINT64_MAX: none */
	bool is_damaged;
};

static void check_ranges(const struct range_case *c)
{
	struct made *m = make_one(c->version, DW_AT_ranges, DW_FORM_sec_offset);
	struct dwarf_range range = { UINT64_MAX, 0 };
	struct dwarf_value value;
	bool found;

	put(&m->info, 2, 4);
	end_unit(m);
	put(c->version == 5 ? &m->rnglists : &m->ranges, 0, 2);
	put_bytes(c->version == 5 ? &m->rnglists : &m->ranges, c->bytes, c->size);
	assert_int_equal(enter(m), 0);
	expect_entry(m, DW_TAG_variable, 0);
	assert_int_equal(dwarf_value(&m->cursor, RANGES, &value), DWARF_OFFSET);
	found = dwarf_first_range(&m->cursor, &value, &range);
	assert_int_equal(found, c->range.low != UINT64_MAX);
	assert_int_equal(range.low, c->range.low);
	assert_int_equal(range.high, c->range.high);
	assert_int_equal(m->cursor.damage.rule != NULL, c->is_damaged);
	free_made(m);
}

#define ZEROS "\0\0\0\0\0\0\0"

static void ranges(void **state)
{
	static const struct range_case cases[] = {
		{ 4, "\x10" ZEROS "\x20" ZEROS, 16, { 0x1010, 0x1020 }, false },
		{ 4,
		  "\x10" ZEROS "\x10" ZEROS "\x10" ZEROS "\x20" ZEROS,
		  32,
		  { 0x1010, 0x1020 },
		  false },
		{ 4,
		  "\xff\xff\xff\xff\xff\xff\xff\xff\x05" ZEROS "\x10" ZEROS "\x20" ZEROS,
		  32,
		  { 0x15, 0x25 },
		  false },
		{ 4, "\0" ZEROS "\0" ZEROS, 16, { UINT64_MAX, 0 }, false },
		{ 4, "\x10" ZEROS "\x20", 9, { UINT64_MAX, 0 }, true },
		{ 4, "", 0, { UINT64_MAX, 0 }, true },
		{ 5, "\x04\x10\x20", 3, { 0x1010, 0x1020 }, false },
		{ 5, "\x05\x07" ZEROS "\x04\x10\x20", 12, { 0x17, 0x27 }, false },
		{ 5, "\x06\x10" ZEROS "\x20" ZEROS, 17, { 0x10, 0x20 }, false },
		{ 5, "\x07\x10" ZEROS "\x20", 10, { 0x10, 0x30 }, false },
		{ 5, "\x03\0\x20", 3, { 0x5000, 0x5020 }, false },
		{ 5, "\x02\0\x01", 3, { 0x5000, 0x6000 }, false },
		{ 5, "\x01\x01\x04\x01\x02", 5, { 0x6001, 0x6002 }, false },
		{ 5, "\x04\x10\x10\0", 4, { UINT64_MAX, 0 }, false },
		{ 5, "\x03\x09\x20", 3, { UINT64_MAX, 0 }, true },
		{ 5, "\x09", 1, { UINT64_MAX, 0 }, true },
		{ 5, "\x04\x80", 2, { UINT64_MAX, 0 }, true },
	};
	unsigned i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++)
		check_ranges(&cases[i]);
}

static void signs(void **state)
{
	int64_t number;

	(void)state;
	assert_true(dwarf_value_signed(
		&(struct dwarf_value){ .kind = DWARF_CONSTANT, .number = 255, .size = 1 },
		&number));
	assert_int_equal(number, -1);
	assert_true(dwarf_value_signed(
		&(struct dwarf_value){ .kind = DWARF_CONSTANT, .number = 255, .size = 2 },
		&number));
	assert_int_equal(number, 255);
	assert_true(dwarf_value_signed(
		&(struct dwarf_value){ .kind = DWARF_UNSIGNED, .number = 255 }, &number));
	assert_int_equal(number, 255);
	assert_false(dwarf_value_signed(&(struct dwarf_value){ .kind = DWARF_BLOCK }, &number));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_forms),
		cmocka_unit_test(expressions),
		cmocka_unit_test(ranges),
		cmocka_unit_test(signs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

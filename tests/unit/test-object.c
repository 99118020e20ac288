/* SPDX-License-Identifier: Apache-2.0 */
/* read/object.c and model/object.c over made-up objects. */
#include "read/object.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* Sections: null, .text, .symtab, .strtab, .symtab_shndx, then empty ones up to the count. */
struct object_maker {
	bool is_32;
	bool is_big;
	uint32_t section_count;
	bool extended; /* counts stand in the first section header */
	unsigned char *bytes;
	size_t size;
};

static const char names[] = "\0local\0global\0weak\0undefined\0far\0.text\0.symtab\0.gnu.lto_x";

static uint32_t name(const char *text)
{
	return (uint32_t)((const char *)memmem(names, sizeof(names), text, strlen(text) + 1) -
			  names);
}

static void put(struct object_maker *m, size_t at, uint64_t value, unsigned width)
{
	unsigned i;

	for (i = 0; i < width; i++)
		m->bytes[at + i] = (unsigned char)(value >> 8 * (m->is_big ? width - 1 - i : i));
}

static void put_section(struct object_maker *m, uint32_t index, uint32_t text, uint32_t type,
			uint64_t offset, uint64_t size, uint32_t link, uint64_t entry)
{
	size_t at = 1024 + (size_t)index * (m->is_32 ? 40 : 64);
	unsigned w = m->is_32 ? 4 : 8;

	put(m, at, text, 4);
	put(m, at + 4, type, 4);
	put(m, at + 8 + 2 * w, offset, w);
	put(m, at + 8 + 3 * w, size, w);
	put(m, at + 8 + 4 * w, link, 4);
	put(m, at + 16 + 5 * w, entry, w);
}

static void put_symbol(struct object_maker *m, uint32_t index, const char *text, unsigned binding,
		       unsigned type, uint16_t section)
{
	size_t at = 128 + (size_t)index * (m->is_32 ? 16 : 24);

	put(m, at, name(text), 4);
	m->bytes[at + (m->is_32 ? 12 : 4)] = (unsigned char)(binding << 4 | type);
	m->bytes[at + (m->is_32 ? 13 : 5)] = STV_HIDDEN;
	put(m, at + (m->is_32 ? 14 : 6), section, 2);
	if (m->is_32) {
		put(m, at + 4, 0x10, 4);
		put(m, at + 8, 0x20, 4);
	} else {
		put(m, at + 8, 0x10, 8);
		put(m, at + 16, 0x20, 8);
	}
}

static void make(struct object_maker *m)
{
	size_t header = m->is_32 ? 40 : 64;
	unsigned w = m->is_32 ? 4 : 8;
	size_t entry = m->is_32 ? 16 : 24;
	bool far = m->section_count > 0xff00;

	m->size = 1024 + m->section_count * header;
	m->bytes = calloc(1, m->size);
	assert_non_null(m->bytes);
	memcpy(m->bytes, ELFMAG, SELFMAG);
	m->bytes[EI_CLASS] = m->is_32 ? ELFCLASS32 : ELFCLASS64;
	m->bytes[EI_DATA] = m->is_big ? ELFDATA2MSB : ELFDATA2LSB;
	put(m, 16, ET_REL, 2);
	put(m, 18, m->is_big ? EM_S390 : m->is_32 ? EM_386 : EM_X86_64, 2);
	put(m, m->is_32 ? 32 : 40, 1024, w);
	put(m, m->is_32 ? 46 : 58, header, 2);
	put(m, m->is_32 ? 48 : 60, m->extended ? 0 : m->section_count, 2);
	put(m, m->is_32 ? 50 : 62, m->extended ? SHN_XINDEX : 3, 2);
	put_section(m, 0, 0, SHT_NULL, 0, m->extended ? m->section_count : 0, m->extended ? 3 : 0,
		    0);
	put_section(m, 1, name(".text"), SHT_PROGBITS, 64, 4, 0, 0);
	put_section(m, 2, name(".symtab"), SHT_SYMTAB, 128, 6 * entry, 3, entry);
	put_section(m, 3, 0, SHT_STRTAB, 512, sizeof(names), 0, 0);
	put_section(m, 4, 0, SHT_SYMTAB_SHNDX, 800, 6 * 4, 2, 4);
	memcpy(m->bytes + 512, names, sizeof(names));
	put_symbol(m, 1, "local", STB_LOCAL, STT_OBJECT, 1);
	put_symbol(m, 2, "global", STB_GLOBAL, STT_FUNC, 1);
	put_symbol(m, 3, "weak", STB_WEAK, STT_FUNC, SHN_ABS);
	put_symbol(m, 4, "undefined", STB_GLOBAL, STT_NOTYPE, SHN_UNDEF);
	put_symbol(m, 5, "far", STB_GLOBAL, STT_FUNC, far ? SHN_XINDEX : 1);
	put(m, 800 + 5 * 4, far ? m->section_count - 1 : 0, 4);
}

static void check(const struct object_maker *m)
{
	struct object_file object;
	struct object_section section;
	struct symbol s;

	object_read(m->bytes, m->size, &object);
	assert_null(object.fault.rule);
	assert_true(object.is_elf);
	assert_int_equal(object.is_64, !m->is_32);
	assert_int_equal(object.elf_type, ET_REL);
	assert_int_equal(object.section_count, m->section_count);
	assert_int_equal(object.symbol_count, 6);
	assert_true(object_section(&object, 1, &section));
	assert_string_equal(section.name, ".text");
	assert_int_equal(object_section_bytes(&object, &section).size, 4);
	assert_false(object_section(&object, m->section_count, &section));
	assert_true(object_symbol(&object, 2, &s));
	assert_string_equal(s.name, "global");
	assert_int_equal(s.binding, STB_GLOBAL);
	assert_int_equal(s.type, STT_FUNC);
	assert_int_equal(s.visibility, STV_HIDDEN);
	assert_int_equal(s.section, 1);
	assert_int_equal(s.value, 0x10);
	assert_int_equal(s.size, 0x20);
	assert_true(object_symbol(&object, 3, &s));
	assert_int_equal(object_symbol_section(&object, &s), SHN_ABS);
	assert_true(object_symbol(&object, 4, &s));
	assert_int_equal(s.section, SHN_UNDEF);
	assert_true(object_symbol(&object, 5, &s));
	assert_int_equal(object_symbol_section(&object, &s),
			 m->section_count > 0xff00 ? m->section_count - 1 : 1);
	assert_false(object_symbol(&object, 6, &s));
}

static void all_kinds(void **state)
{
	unsigned i;

	(void)state;
	for (i = 0; i < 8; i++) {
		struct object_maker m = {
			.is_32 = i & 1,
			.is_big = i & 2,
			.section_count = 5,
			.extended = i & 4,
		};

		make(&m);
		check(&m);
		free(m.bytes);
	}
}

static void many_sections(void **state)
{
	struct object_maker m = { .section_count = 70000, .extended = true };

	(void)state;
	make(&m);
	check(&m);
	free(m.bytes);
}

static void not_elf(void **state)
{
	struct object_file object;

	(void)state;
	object_read((const unsigned char *)"!<arch>\n", 8, &object);
	assert_false(object.is_elf);
	assert_null(object.fault.rule);
	object_read(NULL, 0, &object);
	assert_false(object.is_elf);
}

static void stripped(void **state)
{
	struct object_maker m = { .section_count = 5 };
	struct object_file object;

	(void)state;
	make(&m);
	put_section(&m, 2, name(".symtab"), SHT_PROGBITS, 128, 24, 3, 24);
	object_read(m.bytes, m.size, &object);
	assert_null(object.fault.rule);
	assert_null(object.symbols.bytes);
	assert_int_equal(object.symbol_count, 0);
	put(&m, 40, 0, 8);
	object_read(m.bytes, m.size, &object);
	assert_null(object.fault.rule);
	assert_true(object.is_elf);
	assert_int_equal(object.section_count, 0);
	free(m.bytes);
}

static void link_time_code(void **state)
{
	struct object_maker m = { .section_count = 6 };
	struct object_file object;

	(void)state;
	make(&m);
	object_read(m.bytes, m.size, &object);
	assert_false(object.has_lto);
	put_section(&m, 5, name(".gnu.lto_x"), SHT_PROGBITS, 64, 4, 0, 0);
	object_read(m.bytes, m.size, &object);
	assert_true(object.has_lto);
	free(m.bytes);
}

/* Each changed word gives a fault, and what can be read is there. */
static void damaged(void **state)
{
	static const struct {
		size_t at;
		unsigned width;
		uint64_t value;
		const char *rule;
	} cases[] = {
		{ 4, 1, 3, "input/malformed" },				    /* class */
		{ 5, 1, 0, "input/malformed" },				    /* byte order */
		{ 40, 8, ~UINT64_C(0), "input/truncated" },		    /* e_shoff */
		{ 58, 2, 63, "input/malformed" },			    /* e_shentsize */
		{ 60, 2, 6, "input/truncated" },			    /* e_shnum */
		{ 62, 2, 9, "input/malformed" },			    /* e_shstrndx */
		{ 1024 + 2 * 64 + 24, 8, 1 << 20, "input/truncated" },	    /* .symtab: sh_offset */
		{ 1024 + 2 * 64 + 32, 8, ~UINT64_C(0), "input/truncated" }, /* sh_size */
		{ 1024 + 2 * 64 + 40, 4, 77, "input/malformed" },	    /* sh_link */
		{ 1024 + 2 * 64 + 56, 8, 23, "input/malformed" },	    /* sh_entsize */
		{ 1024 + 3 * 64 + 32, 8, 1 << 20, "input/truncated" },	    /* .strtab: sh_size */
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct object_maker m = { .section_count = 5 };
		struct object_file object;
		struct symbol s;
		uint32_t k;

		make(&m);
		put(&m, cases[i].at, cases[i].value, cases[i].width);
		object_read(m.bytes, m.size, &object);
		assert_non_null(object.fault.rule);
		assert_string_equal(object.fault.rule, cases[i].rule);
		for (k = 0; k < object.symbol_count; k++) {
			if (object_symbol(&object, k, &s))
				assert_true(strlen(s.name) < sizeof(names));
		}
		free(m.bytes);
	}
}

static void names_out_of_bounds(void **state)
{
	struct object_maker m = { .section_count = 5 };
	struct object_file object;
	struct symbol s;

	(void)state;
	make(&m);
	put(&m, 128 + 2 * 24, sizeof(names), 4);
	object_read(m.bytes, m.size, &object);
	assert_false(object_symbol(&object, 2, &s));
	assert_true(object_symbol(&object, 3, &s));
	free(m.bytes);
}

static void cut_off(void **state)
{
	struct object_maker m = { .section_count = 5 };
	size_t size;

	(void)state;
	make(&m);
	for (size = 0; size < m.size; size++) {
		unsigned char *bytes = malloc(size ? size : 1);
		struct object_file object;
		struct object_section section;
		struct symbol s;
		uint32_t i;

		assert_non_null(bytes);
		memcpy(bytes, m.bytes, size);
		object_read(bytes, size, &object);
		for (i = 0; i < object.section_count; i++)
			assert_true(object_section(&object, i, &section));
		for (i = 0; i < object.symbol_count; i++) {
			if (object_symbol(&object, i, &s))
				object_symbol_section(&object, &s);
		}
		free(bytes);
	}
	free(m.bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_kinds),
		cmocka_unit_test(many_sections),
		cmocka_unit_test(not_elf),
		cmocka_unit_test(stripped),
		cmocka_unit_test(link_time_code),
		cmocka_unit_test(damaged),
		cmocka_unit_test(names_out_of_bounds),
		cmocka_unit_test(cut_off),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* read/debug-*.c: what is found, inflated and relocated, and what is refused. */
#include "read/debug-sections.h"

#include <libdeflate.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <zstd.h>

#include <cmocka.h>

#include "dwarf-maker.h"

#ifndef ELFCOMPRESS_ZSTD
#define ELFCOMPRESS_ZSTD 2
#endif

#define DAMAGED "input/damaged-debug-info"

struct made {
	unsigned char *bytes;
	size_t size;
	struct debug_sections sections;
	int result;
};

static void make(struct made *m, const struct made_section *sections, size_t count, uint16_t type,
		 uint16_t machine, bool is_32, bool is_big)
{
	m->bytes = make_file(sections, count, type, machine, is_32, is_big, &m->size);
	m->result = debug_sections_init(&m->sections, m->bytes, m->size);
}

static void done(struct made *m)
{
	debug_sections_done(&m->sections);
	free(m->bytes);
}

static struct buffer text(const char *content)
{
	struct buffer b = { .size = strlen(content) };

	memcpy(b.bytes, content, b.size);
	return b;
}

/* The section's content must be this. */
static void expect(struct made *m, enum debug_section_id id, bool is_dwo, const char *content)
{
	struct fault fault = { 0 };
	struct table t;

	assert_int_equal(debug_section_get(&m->sections, id, is_dwo, &t, &fault), 0);
	assert_int_equal(t.size, strlen(content));
	assert_memory_equal(t.bytes, content, t.size);
}

static void expect_damage(struct made *m, enum debug_section_id id, const char *rule)
{
	struct fault fault = { 0 };
	struct table t;

	assert_int_equal(debug_section_get(&m->sections, id, false, &t, &fault), -EBADMSG);
	assert_string_equal(fault.rule, rule);
	assert_string_equal(fault.section, debug_section_name(id, false));
	assert_null(t.bytes);
}

static void finds(void **state)
{
	struct buffer info = text("info"), dwo = text("split"), str = text("last");
	const struct made_section sections[] = {
		{ .name = ".debug_info", .content = &info },
		{ .name = ".debug_info.dwo", .content = &dwo },
		{ .name = ".debug_infox", .content = &dwo },
		{ .name = ".debug_info", .content = &dwo },
		{ .name = ".debug_abbrev", .content = &dwo, .type = SHT_NOBITS },
		{ .name = ".debug_str", .content = &str },
	};
	unsigned i;

	(void)state;
	for (i = 0; i < 4; i++) {
		struct made m;

		make(&m, sections, ARRAY_SIZE(sections), ET_DYN, EM_X86_64, i & 1, i & 2);
		assert_int_equal(m.result, 0);
		expect(&m, DEBUG_INFO, false, "info");
		expect(&m, DEBUG_INFO, true, "split");
		expect(&m, DEBUG_STR, false, "last");
		assert_false(debug_section_has(&m.sections, DEBUG_ABBREV, false));
		assert_true(debug_section_has(&m.sections, DEBUG_INFO, true));
		expect(&m, DEBUG_ABBREV, false, "");
		done(&m);
	}
}

/* Those of one name in an object follow each other, as the linker would put them. */
static void joins(void **state)
{
	struct buffer one = text("one"), two = text("two");
	const struct made_section sections[] = {
		{ .name = ".debug_types", .content = &one },
		{ .name = ".debug_info", .content = &one },
		{ .name = ".debug_types", .content = &two },
	};
	struct made m;

	(void)state;
	make(&m, sections, ARRAY_SIZE(sections), ET_REL, EM_X86_64, false, false);
	assert_int_equal(m.result, 0);
	expect(&m, DEBUG_TYPES, false, "onetwo");
	expect(&m, DEBUG_INFO, false, "one");
	done(&m);
}

static const char long_text[] = "a text that is long enough to be packed, packed, packed, packed";

static struct buffer packed(bool is_zstd, bool is_32, bool is_big, uint64_t size)
{
	struct buffer b = { .is_big = is_big };
	struct libdeflate_compressor *c = libdeflate_alloc_compressor(6);
	size_t length = sizeof(long_text) - 1;

	put(&b, is_zstd ? ELFCOMPRESS_ZSTD : ELFCOMPRESS_ZLIB, 4);
	if (!is_32)
		put(&b, 0, 4);
	put(&b, size, is_32 ? 4 : 8);
	put(&b, 1, is_32 ? 4 : 8);
	if (is_zstd)
		b.size += ZSTD_compress(b.bytes + b.size, 1024, long_text, length, 3);
	else
		b.size += libdeflate_zlib_compress(c, long_text, length, b.bytes + b.size, 1024);
	libdeflate_free_compressor(c);
	return b;
}

static void inflates(void **state)
{
	unsigned i;

	(void)state;
	for (i = 0; i < 8; i++) {
		struct buffer b = packed(i & 4, i & 1, i & 2, sizeof(long_text) - 1);
		const struct made_section sections[] = {
			{ .name = ".debug_info", .content = &b, .flags = SHF_COMPRESSED },
		};
		struct made m;

		make(&m, sections, 1, ET_DYN, EM_X86_64, i & 1, i & 2);
		expect(&m, DEBUG_INFO, false, long_text);
		done(&m);
	}
}

static void inflates_old_form(void **state)
{
	struct buffer elf = packed(false, false, false, sizeof(long_text) - 1);
	struct buffer b = { .is_big = true };
	const struct made_section sections[] = { { .name = ".zdebug_str", .content = &b } };
	struct made m;

	(void)state;
	put_bytes(&b, "ZLIB", 4);
	put(&b, sizeof(long_text) - 1, 8);
	put_bytes(&b, elf.bytes + 24, elf.size - 24);
	make(&m, sections, 1, ET_DYN, EM_X86_64, false, false);
	expect(&m, DEBUG_STR, false, long_text);
	done(&m);
	b.bytes[0] = 'X';
	make(&m, sections, 1, ET_DYN, EM_X86_64, false, false);
	expect_damage(&m, DEBUG_STR, DAMAGED);
	done(&m);
}

static void refuses_bombs(void **state)
{
	static const uint64_t sizes[] = { 1, 1 << 20, UINT64_C(1) << 40, UINT64_MAX,
					  UINT64_MAX - 7 };
	unsigned i;

	(void)state;
	for (i = 0; i < 2 * ARRAY_SIZE(sizes); i++) {
		struct buffer b = packed(i & 1, false, false, sizes[i / 2]);
		const struct made_section sections[] = {
			{ .name = ".debug_info", .content = &b, .flags = SHF_COMPRESSED },
		};
		struct made m;

		make(&m, sections, 1, ET_DYN, EM_X86_64, false, false);
		expect_damage(&m, DEBUG_INFO, i & 1 && i / 2 > 1 ? "input/limit" : DAMAGED);
		done(&m);
	}
}

static void refuses_damage(void **state)
{
	struct buffer b = packed(false, false, false, sizeof(long_text) - 1);
	struct made_section sections[] = {
		{ .name = ".debug_info", .content = &b, .flags = SHF_COMPRESSED },
	};
	size_t whole = b.size;
	struct made m;

	(void)state;
	for (b.size = 0; b.size < whole; b.size++) {
		make(&m, sections, 1, ET_DYN, EM_X86_64, false, false);
		expect_damage(&m, DEBUG_INFO, b.size < 24 ? "input/truncated" : DAMAGED);
		done(&m);
	}
	b.bytes[0] = 9;
	make(&m, sections, 1, ET_DYN, EM_X86_64, false, false);
	expect_damage(&m, DEBUG_INFO, DAMAGED);
	done(&m);
}

static void links(void **state)
{
	struct buffer link = text("prog.debug"), alt = text("common.debug"), sup = { 0 };
	const struct made_section sections[] = {
		{ .name = ".gnu_debuglink", .content = &link },
		{ .name = ".gnu_debugaltlink", .content = &alt },
	};
	const struct made_section newer[] = { { .name = ".debug_sup", .content = &sup } };
	struct made m;

	(void)state;
	put(&link, 0, 2);
	put(&link, 0x12345678, 4);
	put(&alt, 0, 1);
	put_bytes(&alt, "id", 2);
	make(&m, sections, 2, ET_DYN, EM_X86_64, false, false);
	assert_int_equal(m.result, 0);
	assert_string_equal(m.sections.links.debug_file, "prog.debug");
	assert_int_equal(m.sections.links.debug_crc, 0x12345678);
	assert_string_equal(m.sections.links.alt_file, "common.debug");
	assert_int_equal(m.sections.links.alt_id_size, 2);
	done(&m);
	link.size -= 1;
	make(&m, sections, 2, ET_DYN, EM_X86_64, false, false);
	assert_int_equal(m.result, -EBADMSG);
	assert_string_equal(m.sections.fault.rule, DAMAGED);
	assert_null(m.sections.links.debug_file);
	done(&m);
	put(&sup, 5, 2);
	put(&sup, 0, 1);
	put_string(&sup, "sup.debug");
	put(&sup, 3, 1);
	put_bytes(&sup, "sum", 3);
	make(&m, newer, 1, ET_DYN, EM_X86_64, false, false);
	assert_string_equal(m.sections.links.alt_file, "sup.debug");
	assert_int_equal(m.sections.links.alt_id_size, 3);
	assert_false(m.sections.links.is_alt);
	done(&m);
}

/* A machine's way to write an address of a symbol with value 0x20 and addend 3. */
static const struct {
	uint16_t machine;
	bool is_32;
	bool is_big;
	bool has_addend;
	uint8_t type_64; /* or 0 */
	uint8_t type_32;
} machines[] = {
	{ EM_X86_64, false, false, true, R_X86_64_64, R_X86_64_32 },
	{ EM_386, true, false, false, 0, R_386_32 },
	{ EM_ARM, true, false, false, 0, R_ARM_ABS32 },
	{ EM_PPC64, false, true, true, R_PPC64_ADDR64, R_PPC64_ADDR32 },
	{ EM_S390, false, true, true, R_390_64, R_390_32 },
	{ EM_RISCV, false, false, true, 2, 1 },
	{ EM_RISCV, true, false, true, 0, 1 },
};

static void put_relocation(struct buffer *b, unsigned machine, uint64_t offset, unsigned type,
			   int64_t addend)
{
	unsigned word = machines[machine].is_32 ? 4 : 8;

	put(b, offset, word);
	put(b, machines[machine].is_32 ? 1 << 8 | type : UINT64_C(1) << 32 | type, word);
	if (machines[machine].has_addend)
		put(b, (uint64_t)addend, word);
}

static void put_symbol(struct buffer *b, bool is_32, uint64_t value, uint16_t section)
{
	put(b, 0, is_32 ? 16 : 24);
	put(b, 0, 4);
	if (is_32) {
		put(b, value, 4);
		put(b, 0, 6);
		put(b, section, 2);
	} else {
		put(b, 0, 2);
		put(b, section, 2);
		put(b, value, 8);
		put(b, 0, 8);
	}
}

static void relocate(unsigned machine, bool is_linked)
{
	bool is_32 = machines[machine].is_32;
	bool is_big = machines[machine].is_big;
	bool has_addend = machines[machine].has_addend;
	struct buffer info = { .is_big = is_big }, relocations = { .is_big = is_big };
	struct buffer symbols = { .is_big = is_big }, names = text("x"), code = text("code");
	const struct made_section sections[] = {
		{ .name = ".text", .content = &code, .flags = SHF_ALLOC },
		{ .name = ".debug_info", .content = &info },
		{ .name = ".rel",
		  .content = &relocations,
		  .type = has_addend ? SHT_RELA : SHT_REL,
		  .link = 4,
		  .info = 2 },
		{ .name = ".symtab",
		  .content = &symbols,
		  .type = SHT_SYMTAB,
		  .link = 5,
		  .entry_size = is_32 ? 16 : 24 },
		{ .name = ".strtab", .content = &names, .type = SHT_STRTAB },
	};
	uint64_t expected = is_linked ? (has_addend ? 0 : 3) : 0x10023;
	struct fault fault = { 0 };
	struct buffer number;
	struct table t;
	struct made m;

	names.size = 2;
	put(&info, has_addend ? 0 : 3, 4);
	put_relocation(&relocations, machine, 0, machines[machine].type_32, 3);
	if (machines[machine].type_64) {
		put(&info, 0, 8);
		put_relocation(&relocations, machine, 4, machines[machine].type_64, 3);
	}
	put_symbol(&symbols, is_32, 0x20, 1);
	make(&m, sections, ARRAY_SIZE(sections), is_linked ? ET_EXEC : ET_REL,
	     machines[machine].machine, is_32, is_big);
	assert_int_equal(debug_section_get(&m.sections, DEBUG_INFO, false, &t, &fault), 0);
	assert_null(m.sections.fault.rule);
	number = (struct buffer){ .is_big = is_big };
	put(&number, expected, 4);
	assert_memory_equal(t.bytes, number.bytes, 4);
	if (machines[machine].type_64) {
		number.size = 0;
		put(&number, expected, 8);
		assert_memory_equal(t.bytes + 4, number.bytes, 8);
	}
	done(&m);
}

static void relocates(void **state)
{
	unsigned i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(machines); i++) {
		relocate(i, false);
		relocate(i, true);
	}
}

struct riscv_step {
	uint8_t type;
	int64_t addend;
};

/* Applies steps to `width` bytes that hold `before`; symbol 1 is at 0x10020. */
static void riscv(uint64_t before, unsigned width, uint64_t after, const struct riscv_step *steps,
		  size_t count)
{
	struct buffer info = { 0 }, relocations = { 0 }, symbols = { 0 }, names = { .size = 2 };
	struct buffer code = text("code"), number = { 0 };
	const struct made_section sections[] = {
		{ .name = ".text", .content = &code, .flags = SHF_ALLOC },
		{ .name = ".debug_info", .content = &info },
		{ .name = ".rela",
		  .content = &relocations,
		  .type = SHT_RELA,
		  .link = 4,
		  .info = 2 },
		{ .name = ".symtab",
		  .content = &symbols,
		  .type = SHT_SYMTAB,
		  .link = 5,
		  .entry_size = 24 },
		{ .name = ".strtab", .content = &names, .type = SHT_STRTAB },
	};
	struct fault fault = { 0 };
	struct table t;
	struct made m;
	size_t i;

	put(&info, before, width);
	put(&number, after, width);
	put_symbol(&symbols, false, 0x20, 1);
	for (i = 0; i < count; i++)
		put_relocation(&relocations, 5, 0, steps[i].type, steps[i].addend);
	make(&m, sections, ARRAY_SIZE(sections), ET_REL, EM_RISCV, false, false);
	assert_int_equal(debug_section_get(&m.sections, DEBUG_INFO, false, &t, &fault), 0);
	assert_memory_equal(t.bytes, number.bytes, width);
	done(&m);
}

static void relocates_pairs(void **state)
{
	(void)state;
	riscv(0, 4, 0x18, (struct riscv_step[]){ { 35, 0x20 }, { 39, 8 } }, 2);
	riscv(0, 8, 0x10, (struct riscv_step[]){ { 36, 0x20 }, { 40, 0x10 } }, 2);
	riscv(7, 2, 0x17, (struct riscv_step[]){ { 34, 0x20 }, { 38, 0x10 } }, 2);
	riscv(7, 1, 0x17, (struct riscv_step[]){ { 33, 0x20 }, { 37, 0x10 } }, 2);
	riscv(0xc0, 1, 0xd0, (struct riscv_step[]){ { 53, 0x20 }, { 52, 0x10 } }, 2);
	/* A padded number of three bytes keeps its length. */
	riscv(0x008080, 3, 0x008190, (struct riscv_step[]){ { 60, 0x1a0 }, { 61, 0x110 } }, 2);
}

static void tells_relocations_of_no_use(void **state)
{
	static const struct {
		uint64_t offset;
		unsigned type;
	} cases[] = { { 2, R_X86_64_32 }, { ~UINT64_C(0), R_X86_64_64 }, { 0, 99 } };
	unsigned i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct buffer info = text("info"), relocations = { 0 }, symbols = { 0 };
		const struct made_section sections[] = {
			{ .name = ".debug_info", .content = &info },
			{ .name = ".rela",
			  .content = &relocations,
			  .type = SHT_RELA,
			  .link = 3,
			  .info = 1 },
			{ .name = ".symtab",
			  .content = &symbols,
			  .type = SHT_SYMTAB,
			  .link = 3,
			  .entry_size = 24 },
		};
		struct made m;

		put_symbol(&symbols, false, 0, 1);
		put_relocation(&relocations, 0, cases[i].offset, cases[i].type, 0);
		make(&m, sections, 3, ET_REL, EM_X86_64, false, false);
		expect(&m, DEBUG_INFO, false, "info");
		assert_string_equal(m.sections.fault.rule, DAMAGED);
		done(&m);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds),	   cmocka_unit_test(joins),
		cmocka_unit_test(inflates),	   cmocka_unit_test(inflates_old_form),
		cmocka_unit_test(refuses_bombs),   cmocka_unit_test(refuses_damage),
		cmocka_unit_test(links),	   cmocka_unit_test(relocates),
		cmocka_unit_test(relocates_pairs), cmocka_unit_test(tells_relocations_of_no_use),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

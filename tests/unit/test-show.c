/* SPDX-License-Identifier: Apache-2.0 */
/* engine/inspect/show.c and its parts, model/version-name.c. */
#include "elf-maker.h"
#include "engine/inspect/show.h"
#include "engine/inspect/symbols.h"
#include "model/version-name.h"
#include "read/elf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

struct shown {
	unsigned char *bytes;
	struct image *image;
	struct show *show;
};

static struct shown show_made(const struct elf_maker *maker)
{
	struct shown s = { 0 };
	size_t size;

	s.bytes = elf_make(maker, &size);
	s.image = image_new("/made");
	assert_non_null(s.image);
	s.image->bytes = s.bytes;
	s.image->size = size;
	assert_int_equal(elf_read(s.image), 0);
	assert_null(s.image->fault.rule);
	assert_int_equal(show_image(s.image, &s.show), 0);
	return s;
}

static void done(struct shown *s)
{
	show_free(s->show);
	image_free(s->image);
	free(s->bytes);
}

static const struct elf_maker library = {
	.soname = "libx.so.1",
	.needed = { "libc.so.6" },
	.defines = { "libx.so.1", "X_1.0", "X_1.1" },
	.needs_version = { "GLIBC_2.4", "GLIBC_2.34", "GLIBC_2.17" },
	.symbols = {
		{ .name = "b", .binding = STB_GLOBAL, .type = STT_FUNC, .version = 3 },
		{ .name = "a", .binding = STB_WEAK, .type = STT_OBJECT, .version = 3 },
		{ .name = "b", .binding = STB_GLOBAL, .type = STT_FUNC, .version = 2 | VERSION_HIDDEN },
		{ .name = "open", .binding = STB_GLOBAL, .type = STT_FUNC, .undefined = true, .version = 4 },
		{ .name = "late", .binding = STB_WEAK, .type = STT_FUNC, .undefined = true, .version = 5 },
		{ .name = "clock", .binding = STB_GLOBAL, .undefined = true, .version = 6 },
		{ .name = "hook", .binding = STB_WEAK, .undefined = true, .version = 1 },
	},
};

static void exports_have_versions_and_marks(void **state)
{
	struct shown s = show_made(&library);
	const struct show_export *e = s.show->exports.items;

	assert_int_equal(s.show->kind, FILE_LIBRARY);
	assert_int_equal(s.show->exports.count, 3);
	assert_string_equal(e[0].name, "a");
	assert_string_equal(e[0].version, "X_1.1");
	assert_int_equal(e[0].mark, MARK_DEFAULT);
	assert_int_equal(e[0].kind, SYMBOL_VARIABLE);
	assert_int_equal(e[0].size, 4);
	assert_string_equal(e[1].version, "X_1.0");
	assert_int_equal(e[1].mark, MARK_HIDDEN);
	assert_int_equal(e[2].mark, MARK_DEFAULT);
	done(&s);
}

static void nodes_count_their_exports(void **state)
{
	struct shown s = show_made(&library);

	assert_int_equal(s.show->nodes.count, 3);
	assert_true(s.show->nodes.items[0].definition->base);
	assert_int_equal(s.show->nodes.items[0].export_count, 0);
	assert_int_equal(s.show->nodes.items[1].export_count, 1);
	assert_int_equal(s.show->nodes.items[2].export_count, 2);
	done(&s);
}

static void imports_are_sorted_by_library_and_version(void **state)
{
	struct shown s = show_made(&library);
	const struct show_import *i = s.show->imports.items;

	assert_int_equal(s.show->imports.count, 4);
	assert_string_equal(i[0].version, "GLIBC_2.4");
	assert_string_equal(i[0].library, "libc.so.6");
	assert_string_equal(i[1].version, "GLIBC_2.17");
	assert_string_equal(i[2].version, "GLIBC_2.34");
	assert_true(i[2].weak);
	assert_null(i[3].version);
	assert_null(i[3].library);
	assert_string_equal(i[3].name, "hook");
	done(&s);
}

static void a_floor_that_weak_imports_alone_force(void **state)
{
	struct shown s = show_made(&library);
	const struct show_floor *floor = s.show->floors.items;

	assert_int_equal(s.show->floors.count, 1);
	assert_string_equal(floor->family, "GLIBC");
	assert_string_equal(floor->version, "GLIBC_2.34");
	assert_int_equal(floor->strong_count, 0);
	assert_int_equal(floor->weak_count, 1);
	assert_string_equal(s.show->imports.items[floor->imports[0]].name, "late");
	assert_string_equal(floor->without_weak, "GLIBC_2.17");
	assert_false(floor->need_weak);
	done(&s);
}

static void a_floor_that_nothing_imports(void **state)
{
	static const struct elf_maker maker = {
		.needed = { "libc.so.6" },
		.needs_version = { "GLIBC_2.34", "GLIBC_2.2.5", "GLIBC_ABI_DT_RELR" },
		.symbols = {
			{ .name = "f", .binding = STB_GLOBAL, .undefined = true, .version = 3 },
		},
	};
	struct shown s = show_made(&maker);

	assert_int_equal(s.show->floors.count, 2);
	assert_string_equal(s.show->floors.items[0].version, "GLIBC_2.34");
	assert_int_equal(s.show->floors.items[0].strong_count + s.show->floors.items[0].weak_count,
			 0);
	assert_string_equal(s.show->floors.items[0].without_weak, "GLIBC_2.2.5");
	assert_string_equal(s.show->floors.items[1].family, "GLIBC_ABI_DT_RELR");
	assert_non_null(strstr(s.show->floors.items[1].meaning, "2.36"));
	done(&s);
}

static void other_classes_and_byte_orders(void **state)
{
	unsigned i;

	for (i = 0; i < 4; i++) {
		struct elf_maker maker = library;
		struct shown s;

		maker.is_32 = i & 1;
		maker.is_big = i & 2;
		maker.machine = EM_PPC; /* its DT_HASH has entries of 4 bytes */
		s = show_made(&maker);
		assert_int_equal(s.show->exports.count, 3);
		assert_int_equal(s.show->imports.count, 4);
		assert_string_equal(s.show->floors.items[0].version, "GLIBC_2.34");
		done(&s);
	}
}

static void kinds_of_files(void **state)
{
	static const struct {
		struct elf_maker maker;
		enum file_kind kind;
	} rows[] = {
		{ { .type = ET_EXEC, .interpreter = "/ld" }, FILE_PROGRAM },
		{ { .interpreter = "/ld" }, FILE_PIE },
		{ { .interpreter = "/ld", .soname = "libc.so.6" }, FILE_LIBRARY },
		{ { .flags_1 = DF_1_PIE, .interpreter = "/ld", .soname = "x" }, FILE_PIE },
		{ { .flags_1 = DF_1_PIE }, FILE_STATIC_PIE },
		{ { .soname = "x" }, FILE_LIBRARY },
		{ { .type = ET_CORE }, FILE_CORE },
		{ { .type = 77 }, FILE_OTHER },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct shown s = show_made(&rows[i].maker);

		assert_int_equal(s.show->kind, rows[i].kind);
		assert_int_equal(s.show->hardening.is_program, rows[i].kind != FILE_LIBRARY);
		done(&s);
	}
}

static void hardening_of_imports(void **state)
{
	static const struct elf_maker maker = {
		.interpreter = "/ld",
		.symbols = {
			{ .name = "__stack_chk_fail", .binding = STB_GLOBAL, .undefined = true },
			{ .name = "__printf_chk", .binding = STB_GLOBAL, .undefined = true },
			{ .name = "_chk", .binding = STB_GLOBAL, .undefined = true },
		},
	};
	struct shown s = show_made(&maker);
	const struct show_hardening *h = &s.show->hardening;

	assert_true(h->stack_protector);
	assert_int_equal(h->fortified_count, 1);
	assert_string_equal(s.show->imports.items[h->fortified[0]].name, "__printf_chk");
	assert_int_equal(h->relro, RELRO_NONE);
	assert_true(h->stack_exec); /* x86-64 without PT_GNU_STACK */
	assert_true(h->stack_unmarked);
	done(&s);
}

/* Many symbols that share one long name: far more text than the file has bytes. */
static void overlapping_names_are_limited(void **state)
{
	enum { COUNT = 40000, NAME = 1 << 20 };
	size_t size = COUNT * sizeof(Elf64_Sym) + NAME;
	unsigned char *bytes = calloc(1, size);
	Elf64_Sym *symbols = (Elf64_Sym *)(void *)bytes;
	struct image *image = image_new("/made");
	struct show *show;
	size_t i;

	assert_non_null(bytes);
	assert_non_null(image);
	memset(bytes + COUNT * sizeof(Elf64_Sym), 'x', NAME - 1);
	for (i = 1; i < COUNT; i++)
		symbols[i] = (Elf64_Sym){ .st_info = ELF64_ST_INFO(STB_GLOBAL, STT_FUNC) };
	*image = (struct image){ .arena = image->arena,
				 .path = image->path,
				 .bytes = bytes,
				 .size = size,
				 .is_elf = true,
				 .is_64 = true,
				 .elf_type = ET_DYN };
	image->symbols = (struct table){ bytes, size };
	image->strings = (struct table){ bytes + COUNT * sizeof(Elf64_Sym), NAME };
	assert_int_equal(symbols_count(image), COUNT);
	assert_int_equal(show_image(image, &show), 0);
	assert_string_equal(show->fault.rule, "input/limit");
	assert_in_range(show->imports.count, 1, 100);
	show_free(show);
	image_free(image);
	free(bytes);
}

static void versions_compare_by_number(void **state)
{
	assert_true(version_name_compare("GLIBC_2.9", "GLIBC_2.10") < 0);
	assert_true(version_name_compare("GLIBC_2.2.5", "GLIBC_2.2") > 0);
	assert_true(version_name_compare("GLIBC_2.2", "GLIBCXX_1.0") < 0);
	assert_true(version_name_compare("OPENSSL_1_1_0", "OPENSSL_3.0.0") < 0);
	assert_int_equal(version_name_compare("A_1", "A_1"), 0);
	assert_true(version_name_compare("A_1", "A_01") != 0);
	assert_true(version_name_compare("A_99999999999999999999999", "A_5") > 0);
}

static void families(void **state)
{
	static const struct {
		const char *name;
		const char *family;
		unsigned count;
	} rows[] = {
		{ "GLIBC_2.34", "GLIBC", 2 },
		{ "CXXABI_TM_1", "CXXABI_TM", 1 },
		{ "OPENSSL_1_1_0", "OPENSSL", 3 },
		{ "GLIBC_PRIVATE", "GLIBC_PRIVATE", 0 },
		{ "ALSA_0.9.0rc4", "ALSA_0.9.0rc4", 0 },
		{ "Base", "Base", 0 },
		{ "_1", "_1", 0 },
		{ "X_", "X_", 0 },
		{ "X_1.", "X_1.", 0 },
		{ "", "", 0 },
		{ "NCURSES6_TINFO_5.0.19991023", "NCURSES6_TINFO", 3 },
		{ "A_1_2_3_4_5_6_7_8_9", "A_1", 8 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct version_name name;

		version_name_split(rows[i].name, &name);
		assert_int_equal(name.count, rows[i].count);
		assert_int_equal(name.family_length, strlen(rows[i].family));
	}
	assert_true(version_name_same_family("GLIBC_2.34", "GLIBC_2.2.5"));
	assert_false(version_name_same_family("GLIBC_2.34", "GLIBC_PRIVATE"));
	assert_false(version_name_same_family("GLIBC_2.34", "GLIBCXX_3.4"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(exports_have_versions_and_marks),
		cmocka_unit_test(nodes_count_their_exports),
		cmocka_unit_test(imports_are_sorted_by_library_and_version),
		cmocka_unit_test(a_floor_that_weak_imports_alone_force),
		cmocka_unit_test(a_floor_that_nothing_imports),
		cmocka_unit_test(other_classes_and_byte_orders),
		cmocka_unit_test(kinds_of_files),
		cmocka_unit_test(hardening_of_imports),
		cmocka_unit_test(overlapping_names_are_limited),
		cmocka_unit_test(versions_compare_by_number),
		cmocka_unit_test(families),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* read/elf.c and the accessors of model/image.c over made-up files. */
#include "elf-maker.h"
#include "read/elf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const struct elf_maker whole = {
	.interpreter = "/lib/ld.so.1",
	.soname = "libmine.so.1",
	.rpath = "$ORIGIN/../lib",
	.flags_1 = DF_1_NODEFLIB,
	.needed = { "libc.so.6", "libm.so.6" },
	.defines = { "libmine.so.1", "MINE_1", "MINE_2" },
	.needs_version = { "GLIBC_2.2.5", "GLIBC_2.34" },
	.symbols = {
		{ .name = "old", .binding = STB_GLOBAL, .type = STT_FUNC, .version = 0x8002 },
		{ .name = "new", .binding = STB_WEAK, .type = STT_OBJECT, .version = 3 },
		{ .name = "puts", .binding = STB_GLOBAL, .undefined = true, .version = 5 },
	},
};

/* The image owns a copy of exactly `size` bytes, so that sanitizers see overruns. */
static struct image *read_bytes(const unsigned char *bytes, size_t size)
{
	struct image *image = image_new("/test");
	unsigned char *copy = malloc(size ? size : 1);

	assert_non_null(image);
	assert_non_null(copy);
	if (size)
		memcpy(copy, bytes, size);
	image->bytes = copy;
	image->size = size;
	assert_int_equal(elf_read(image), 0);
	return image;
}

static void drop(struct image *image)
{
	free((void *)image->bytes);
	image_free(image);
}

static struct image *read_made(const struct elf_maker *maker)
{
	size_t size;
	unsigned char *bytes = elf_make(maker, &size);
	struct image *image = read_bytes(bytes, size);

	free(bytes);
	return image;
}

static void check_whole(struct image *image)
{
	struct symbol symbol;

	assert_true(image->is_elf);
	assert_null(image->fault.rule);
	assert_string_equal(image->interpreter, "/lib/ld.so.1");
	assert_string_equal(image->soname, "libmine.so.1");
	assert_string_equal(image->rpath, "$ORIGIN/../lib");
	assert_null(image->runpath);
	assert_int_equal(image->flags_1, DF_1_NODEFLIB);
	assert_int_equal(image->needs.count, 2);
	assert_string_equal(image->needs.items[1].name, "libm.so.6");
	assert_true(image_symbol(image, 2, &symbol));
	assert_string_equal(symbol.name, "new");
	assert_int_equal(symbol.binding, STB_WEAK);
	assert_int_equal(symbol.type, STT_OBJECT);
	assert_int_equal(image_versym(image, 1), 0x8002);
	assert_int_equal(image_versym(image, 60000), 1);
	assert_int_equal(image_load_versions(image), 0);
	assert_true(image->has_versions);
	assert_int_equal(image->version_count, 6);
	assert_null(image->versions[1].name);
	assert_string_equal(image->versions[2].name, "MINE_1");
	assert_string_equal(image->versions[5].name, "GLIBC_2.34");
	assert_string_equal(image->versions[5].file, "libc.so.6");
	assert_int_equal(image->definitions.count, 3);
	assert_true(image->definitions.items[0].base);
	assert_int_equal(image->definitions.items[1].hash, 0x051e2b21);
}

static void all_classes(void **state)
{
	unsigned i;

	(void)state;
	for (i = 0; i < 4; i++) {
		struct elf_maker maker = whole;
		struct image *image;

		maker.is_32 = i & 1;
		maker.is_big = i & 2;
		image = read_made(&maker);
		assert_int_equal(image->is_64, !maker.is_32);
		assert_int_equal(image->is_big, maker.is_big);
		check_whole(image);
		drop(image);
	}
}

static void runpath_hides_rpath(void **state)
{
	struct elf_maker maker = { .rpath = "/a", .runpath = "/b" };
	struct image *image = read_made(&maker);

	(void)state;
	assert_string_equal(image->runpath, "/b");
	assert_null(image->rpath);
	drop(image);
}

static void not_elf(void **state)
{
	static const char *const texts[] = { "", "\177EL", "#!/bin/sh\n: long enough for a header",
					     "GROUP ( libc.so.6 )  ...................." };
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		struct image *image = read_bytes((const unsigned char *)texts[i], strlen(texts[i]));

		assert_false(image->is_elf);
		assert_null(image->fault.rule);
		drop(image);
	}
}

static void walk(struct image *image)
{
	struct symbol symbol;
	uint32_t i;

	for (i = 0; image_symbol(image, i, &symbol) && i < 100000; i++)
		assert_true(strlen(symbol.name) < image->size);
	if (image_load_versions(image) == -EBADMSG)
		assert_non_null(image->fault.rule);
	image->machine = machine_find(EM_X86_64, true, false, 0);
	if (image->is_64 && !image->is_big && image_load_references(image) == -EBADMSG)
		assert_non_null(image->fault.rule);
}

static void cut_off(void **state)
{
	unsigned char *bytes;
	size_t size, cut;

	(void)state;
	bytes = elf_make(&whole, &size);
	for (cut = 0; cut < size; cut += cut < 700 || cut > 8100 ? 1 : 13) {
		struct image *image = read_bytes(bytes, cut);

		assert_true(!image->is_elf || image->fault.rule);
		if (image->is_elf)
			walk(image);
		drop(image);
	}
	free(bytes);
}

/* Each byte of the headers, of the dynamic section and of the tables behind it, changed. */
static void flipped(void **state)
{
	unsigned char *bytes;
	size_t size, at;

	(void)state;
	bytes = elf_make(&whole, &size);
	for (at = 0; at < size; at++) {
		struct image *image;
		unsigned char old = bytes[at];

		if ((at > 250 && at < 4096) || (at > 4500 && at < 8192))
			continue;
		bytes[at] ^= 0xff;
		image = read_bytes(bytes, size);
		if (image->is_elf)
			walk(image);
		drop(image);
		bytes[at] = old;
	}
	free(bytes);
}

static void put32(unsigned char *at, uint32_t value)
{
	memcpy(at, &value, sizeof(value));
}

/* 60,000 segments of notes over the same 60,000 notes. */
static void overlapping_notes(void **state)
{
	size_t notes = 64 + 60000 * 56;
	size_t size = notes + 60000 * 12;
	unsigned char *bytes = calloc(1, size);
	struct image *image;
	size_t i;

	(void)state;
	assert_non_null(bytes);
	memcpy(bytes, "\177ELF\2\1\1", 7);
	bytes[16] = ET_DYN;
	bytes[18] = EM_X86_64;
	bytes[32] = 64;
	bytes[54] = 56;
	put32(bytes + 56, 60000);
	for (i = 0; i < 60000; i++) {
		put32(bytes + 64 + 56 * i, PT_NOTE);
		put32(bytes + 64 + 56 * i + 8, (uint32_t)notes);
		put32(bytes + 64 + 56 * i + 32, 60000 * 12);
	}
	image = read_bytes(bytes, size);
	assert_int_equal(image->segment_count, 60000);
	assert_string_equal(image->warning.rule, "input/limit");
	drop(image);
	free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_classes), cmocka_unit_test(runpath_hides_rpath),
		cmocka_unit_test(not_elf),     cmocka_unit_test(cut_off),
		cmocka_unit_test(flipped),     cmocka_unit_test(overlapping_notes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* read/linkmap.c over the map files of four linkers. */
#include "read/linkmap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define BLANKS_16 "                "
#define BLANKS_30 BLANKS_16 "              "
#define BLANKS_50 BLANKS_30 "                    "

static const char gnu_map[] = "Archive member included to satisfy reference by file (symbol)\n"
			      "\n"
			      "libx.a(foo.o)                 main.o (foo)\n"
			      "a/rather/deep/folder/liblong.a(long name.o)\n" BLANKS_30
			      "libx.a(foo.o) (ns::bar(int, char))\n"
			      "\n"
			      "As-needed library included to satisfy reference by file (symbol)\n"
			      "\n"
			      "libm.so.6                     main.o (sin@@GLIBC_2.2.5)\n"
			      "\n"
			      "Discarded input sections\n"
			      "\n"
			      " .comment       0x0000000000000000       0x20 crt1.o\n"
			      "\n"
			      "Memory Configuration\n"
			      "\n"
			      "Name             Origin             Length             Attributes\n"
			      "*default*        0x0000000000000000 0xffffffffffffffff\n"
			      "\n"
			      "Linker script and memory map\n"
			      "\n"
			      "LOAD main.o\n"
			      "LOAD /usr/lib/with blank/libstdc++.so\n" BLANKS_16
			      "0x0000000000000318                . = SEGMENT_START\n"
			      ".text           0x0000000000001000      0x100\n"
			      " *(.text .text.*)\n"
			      " .text          0x0000000000001000       0x10 main.o\n" BLANKS_16
			      "0x0000000000001000                main\n"
			      " .text.a_function_with_a_long_name\n" BLANKS_16
			      "0x0000000000001010       0x10 libx.a(foo.o)\n" BLANKS_16
			      "0x0000000000001010                foo\n" BLANKS_16
			      "0x0000000000001020                PROVIDE (etext = .)\n"
			      " *fill*         0x0000000000001020        0x0 \n"
			      " .plt           0x0000000000001030       0x10 crt1.o\n" BLANKS_16
			      "0x0000000000001030                sin@@GLIBC_2.2.5\n";

static const char references[] =
	"\nCross Reference Table\n"
	"\n"
	"Symbol                                            File\n"
	"foo                                               libx.a(foo.o)\n" BLANKS_50 "main.o\n"
	"sin@@GLIBC_2.2.5                                  /lib/libm.so.6\n" BLANKS_50
	"main.o\n" BLANKS_50 "other.o\n"
	"sin                                               /lib/libm.so.6\n"
	"ns::a_function_of_many_arguments(int, int, int, int, int) libx.a(foo.o)\n" BLANKS_50
	"main.o\n"
	"ns::a_function_of_a_few(char const*, unsigned int, other<int, char>) "
	"/usr/lib/with blank/libstdc++.so\n"
	"a_symbol_that_is_longer_than_fifty_characters_without_a_blank unknown.o\n";

static struct linkmap *read_text(const char *text, size_t size)
{
	struct linkmap *map = NULL;
	struct fault fault;

	assert_int_equal(linkmap_read(text, size, &map, &fault), 0);
	assert_null(fault.rule);
	return map;
}

static void expect_reason(const struct linkmap *map, const char *member, const char *referrer,
			  const char *symbol)
{
	const struct linkmap_reason *reason = linkmap_find_reason(map, member);

	assert_non_null(reason);
	assert_string_equal(reason->member, member);
	assert_string_equal(reason->referrer, referrer);
	assert_string_equal(reason->symbol, symbol);
}

/* `files` with a blank after each. */
static void expect_symbol(const struct linkmap *map, const char *name, const char *files)
{
	const struct linkmap_symbol *symbol = linkmap_find_symbol(map, name);
	char joined[512] = "";
	uint32_t i;

	assert_non_null(symbol);
	assert_string_equal(symbol->name, name);
	for (i = 0; i < symbol->count; i++) {
		strcat(joined, map->files.items[symbol->first + i]);
		strcat(joined, "|");
	}
	assert_string_equal(joined, files);
}

static void expect_inputs(const struct linkmap *map, const char *inputs)
{
	char joined[512] = "";
	size_t i;

	for (i = 0; i < map->inputs.count; i++) {
		strcat(joined, map->inputs.items[i]);
		strcat(joined, "|");
	}
	assert_string_equal(joined, inputs);
}

static void gnu(void **state)
{
	struct linkmap *map = read_text(gnu_map, sizeof(gnu_map) - 1);

	(void)state;
	assert_false(map->has_cross_reference);
	expect_reason(map, "libx.a(foo.o)", "main.o", "foo");
	expect_reason(map, "a/rather/deep/folder/liblong.a(long name.o)", "libx.a(foo.o)",
		      "ns::bar(int, char)");
	expect_reason(map, "libm.so.6", "main.o", "sin");
	assert_null(linkmap_find_reason(map, "main.o"));
	expect_inputs(map, "crt1.o|main.o|libx.a(foo.o)|");
	expect_symbol(map, "main", "main.o|");
	expect_symbol(map, "foo", "libx.a(foo.o)|");
	assert_int_equal(map->symbols.count, 2);
	linkmap_free(map);
}

static void cross_reference(void **state)
{
	char text[sizeof(gnu_map) + sizeof(references)];
	const struct linkmap_symbol *symbol;
	struct linkmap *map;

	(void)state;
	strcpy(text, gnu_map);
	strcat(text, references);
	map = read_text(text, strlen(text));
	assert_true(map->has_cross_reference);
	expect_symbol(map, "foo", "libx.a(foo.o)|main.o|");
	expect_symbol(map, "sin", "/lib/libm.so.6|");
	symbol = linkmap_find_symbol(map, "sin");
	assert_null(symbol->version);
	symbol = &map->symbols.items[symbol->next];
	assert_string_equal(symbol->version, "GLIBC_2.2.5");
	assert_int_equal(symbol->count, 3);
	assert_int_equal(symbol->next, NO_LINKMAP_SYMBOL);
	expect_symbol(map, "ns::a_function_of_many_arguments(int, int, int, int, int)",
		      "libx.a(foo.o)|main.o|");
	expect_symbol(map, "ns::a_function_of_a_few(char const*, unsigned int, other<int, char>)",
		      "/usr/lib/with blank/libstdc++.so|");
	expect_symbol(map, "a_symbol_that_is_longer_than_fifty_characters_without_a_blank",
		      "unknown.o|");
	assert_null(linkmap_find_symbol(map, "main"));
	assert_null(linkmap_find_symbol(map, "Symbol"));
	linkmap_free(map);
}

static void lld(void **state)
{
	static const char text[] =
		"             VMA              LMA     Size Align Out     In      Symbol\n"
		"             2a8              2a8       1c     1 .interp\n"
		"             2a8              2a8       1c     1         <internal>:(.interp)\n"
		"            1790             1790      1bf    16 .text\n"
		"            1790             1790       22    16         main.o:(.text)\r\n"
		"            1790             1790       22     1                 main\r\n"
		"            17b2             17b2        0     1         libx.a(foo.o):(.text.foo)\n"
		"            17b2             17b2        0     1                 ns::foo(int)\n"
		"            17b2             17b2        0     1         . = ALIGN(4)\n";
	struct linkmap *map = read_text(text, sizeof(text) - 1);

	(void)state;
	expect_inputs(map, "main.o|libx.a(foo.o)|");
	expect_symbol(map, "main", "main.o|");
	expect_symbol(map, "ns::foo(int)", "libx.a(foo.o)|");
	linkmap_free(map);
}

static void mold(void **state)
{
	static const char text[] = "               VMA       Size Align Out     In      Symbol\n"
				   "          0x201000         16    16 .text\n"
				   "          0x201000         16    16         main.o:(.text)\n"
				   "          0x201000          0     0                 main\n";
	struct linkmap *map = read_text(text, sizeof(text) - 1);

	(void)state;
	expect_symbol(map, "main", "main.o|");
	linkmap_free(map);
}

static void why_extract(void **state)
{
	static const char text[] = "reference\textracted\tsymbol\n"
				   "main.o\tlibx.a(foo.o)\tfoo(int, char)\n"
				   "broken line\n";
	struct linkmap *map = read_text(text, sizeof(text) - 1);

	(void)state;
	expect_reason(map, "libx.a(foo.o)", "main.o", "foo(int, char)");
	assert_int_equal(map->reasons.count, 1);
	linkmap_free(map);
}

static void no_map(void **state)
{
	struct linkmap *map = NULL;
	struct fault fault;

	(void)state;
	assert_int_equal(linkmap_read("int main;\n", 10, &map, &fault), -EBADMSG);
	assert_string_equal(fault.rule, "input/malformed");
	assert_int_equal(linkmap_read(NULL, 0, &map, &fault), -EBADMSG);
	assert_null(map);
}

static void cut_off(void **state)
{
	char text[sizeof(gnu_map) + sizeof(references)];
	size_t size, whole;

	(void)state;
	strcpy(text, gnu_map);
	strcat(text, references);
	whole = strlen(text);
	for (size = 0; size < whole; size++) {
		char *cut = malloc(size ? size : 1);
		struct linkmap *map;
		struct fault fault;

		assert_non_null(cut);
		memcpy(cut, text, size);
		if (linkmap_read(cut, size, &map, &fault) == 0)
			linkmap_free(map);
		free(cut);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gnu),	       cmocka_unit_test(cross_reference),
		cmocka_unit_test(lld),	       cmocka_unit_test(mold),
		cmocka_unit_test(why_extract), cmocka_unit_test(no_map),
		cmocka_unit_test(cut_off),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

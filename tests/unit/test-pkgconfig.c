/* SPDX-License-Identifier: Apache-2.0 */
#include "read/pkgconfig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

static struct pkgconfig parse(struct arena *arena, const char *text)
{
	struct pkgconfig pc;

	assert_int_equal(pkgconfig_read(text, strlen(text), "/usr/lib/pkgconfig", arena, &pc), 0);
	return pc;
}

static void words_are(struct arena *arena, const char *field, const char *expected)
{
	char found[200] = "";
	const char *word;

	do {
		assert_int_equal(pkgconfig_word(&field, arena, &word), 0);
		if (word)
			snprintf(found + strlen(found), sizeof(found) - strlen(found), "[%s]",
				 word);
	} while (word);
	assert_string_equal(found, expected);
}

static void references_are_resolved(void **state)
{
	struct arena arena = { 0 };
	struct pkgconfig pc = parse(&arena,
				    "prefix=/opt # a comment\r\n"
				    "includedir = ${prefix}/include\n"
				    "self=${self}x\n"
				    "Name: z\n"
				    "Cflags: -I${includedir}/z -DA=${none} \\\n  -DB=$$1 ${self}\n"
				    "Libs: -L${pcfiledir} -lz\n"
				    "Libs.private: -lm\n"
				    "Requires: a >= 1, b\n"
				    "a line that says nothing");

	(void)state;
	assert_string_equal(pc.includedir, "/opt/include");
	words_are(&arena, pc.cflags, "[-I/opt/include/z][-DA=][-DB=$1][x]");
	words_are(&arena, pc.libs, "[-L/usr/lib/pkgconfig][-lz]");
	assert_string_equal(pc.libs_private, "-lm");
	assert_string_equal(pc.needs, "a >= 1, b");
	assert_string_equal(pc.needs_private, "");
	arena_done(&arena);
}

static void words_are_parted_as_in_a_shell(void **state)
{
	struct arena arena = { 0 };

	(void)state;
	words_are(&arena, " -I'/a b'  \"-DX=\\\"1\\\"\" -Dc\\ d ''",
		  "[-I/a b][-DX=\"1\"][-Dc d][]");
	words_are(&arena, "\"open", "[open]");
	words_are(&arena, "", "");
	arena_done(&arena);
}

static void growth_is_bounded(void **state)
{
	struct arena arena = { 0 };
	struct pkgconfig pc;
	char text[4000] = "a0=0123456789\n";
	size_t i;

	(void)state;
	for (i = 1; i < 60; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "a%zu=${a%zu}${a%zu}\n",
			 i, i - 1, i - 1);
	assert_int_equal(pkgconfig_read(text, strlen(text), "/", &arena, &pc), -E2BIG);
	arena_done(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(references_are_resolved),
		cmocka_unit_test(words_are_parted_as_in_a_shell),
		cmocka_unit_test(growth_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

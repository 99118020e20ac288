/* SPDX-License-Identifier: Apache-2.0 */
/* base/demangle.c: right names, and bounded work for wrong ones. */
#include "base/demangle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static void known_names(void **state)
{
	static const char *const rows[][2] = {
		{ "_ZNSo5flushEv", "std::ostream::flush()" },
		{ "_ZNK1A1bEiPKc", "A::b(int, char const*) const" },
		{ "_RNvC6_123foo3bar", "123foo::bar" },
		{ "_ZN4core3fmt9Formatter3pad17h0123456789abcdefE", "core::fmt::Formatter::pad" },
		{ "malloc", "" },
		{ "_Z", "" },
		{ "", "" },
		{ "_ZN", "" },
	};
	char text[DEMANGLED_SIZE];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_int_equal(demangle(rows[i][0], text, sizeof(text)), 0);
		assert_string_equal(text, demangle_available() ? rows[i][1] : "");
	}
}

static void long_texts_are_cut(void **state)
{
	char text[12];

	assert_int_equal(demangle("_ZN6abcdef6ghijkl6mnopqrEv", text, sizeof(text)), 0);
	assert_string_equal(text, demangle_available() ? "abcdef::..." : "");
}

/* "S0_" and so on: a reference to what stands at place `number` of the name. */
static void add_substitution(char *name, unsigned number)
{
	static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	char text[8] = "S";

	if (number > 36)
		strncat(text, &digits[(number - 1) / 36], 1);
	if (number)
		strncat(text, &digits[(number - 1) % 36], 1);
	strcat(strcat(name, text), "_");
}

/* Each template names the one before it twice, inside an expansion that is looked through first. */
static void make_doubling(char *name, unsigned levels)
{
	unsigned i;

	strcpy(name, "_Z1fDp1XI1AIiiE");
	for (i = 0; i < levels; i++) {
		strcat(name, "S0_I");
		add_substitution(name, i + 1);
		add_substitution(name, i + 1);
		strcat(name, "E");
	}
	strcat(name, "E");
}

static void make_conversions(char *name, unsigned levels)
{
	unsigned i;

	strcpy(name, "_Zcv");
	for (i = 0; i < levels; i++)
		strcat(name, "T_I");
	strcat(name, "i");
	for (i = 0; i < levels; i++)
		strcat(name, "E");
	strcat(name, "v");
}

static void names_that_explode_are_left(void **state)
{
	char name[4096], text[DEMANGLED_SIZE];
	clock_t start = clock();
	unsigned levels;

	for (levels = 10; levels <= 200; levels += 10) {
		make_doubling(name, levels);
		assert_int_equal(demangle(name, text, sizeof(text)), 0);
		make_conversions(name, levels);
		assert_int_equal(demangle(name, text, sizeof(text)), 0);
	}
	assert_true((clock() - start) / CLOCKS_PER_SEC < 5);
}

/* Parts of a name, repeated: deep and long ones. */
static void repeated_parts(void **state)
{
	static const char *const parts[] = { "_Z1fP", "P",  "I",     "1A", "S_", "T_",
					     "N",     "Dp", "cv",    "_I", "J",	 "_RNvC1a",
					     "R",     "B_", "u3abc", "Y",  "F",	 "K" };
	static const char *const starts[] = { "_Z", "_ZN", "_R", "_RINvC1a1f", "_GLOBAL__I_" };
	static char name[20000];
	char text[DEMANGLED_SIZE];
	size_t i, k, n;

	for (i = 0; i < ARRAY_SIZE(starts); i++) {
		for (k = 0; k < ARRAY_SIZE(parts); k++) {
			strcpy(name, starts[i]);
			for (n = strlen(name); n + 16 < sizeof(name); n += strlen(parts[k]))
				strcpy(name + n, parts[k]);
			assert_int_equal(demangle(name, text, sizeof(text)), 0);
			name[9000] = '\0';
			assert_int_equal(demangle(name, text, sizeof(text)), 0);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_names),
		cmocka_unit_test(long_texts_are_cut),
		cmocka_unit_test(names_that_explode_are_left),
		cmocka_unit_test(repeated_parts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* base/pattern.c: what matches, what does not, and that no pattern takes for ever. */
#include "base/pattern.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static void known_pairs(void **state)
{
	static const struct {
		const char *pattern;
		const char *text;
		bool matches;
	} rows[] = {
		{ "", "", true },
		{ "", "a", false },
		{ "*", "", true },
		{ "*", "abc", true },
		{ "a", "a", true },
		{ "a", "b", false },
		{ "a", "", false },
		{ "a", "ab", false },
		{ "ab", "a", false },
		{ "?", "a", true },
		{ "?", "", false },
		{ "a*", "a", true },
		{ "a*c", "abbc", true },
		{ "a*c", "abb", false },
		{ "a*b*c", "aXbYbZc", true },
		{ "*ab", "aab", true },
		{ "*ab", "aba", false },
		{ "a**b", "ab", true },
		{ "foo_?", "foo_x", true },
		{ "foo_?", "foo_", false },
		{ "\\*", "*", true },
		{ "\\*", "a", false },
		{ "\\?", "?", true },
		{ "\\?", "a", false },
		{ "a\\", "a\\", true },
		{ "\\\\", "\\", true },
		{ "[a]", "a", false },
		{ "[a]", "[a]", true },
		{ "*\\**", "a*b", true },
		{ "*\\**", "ab", false },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		if (pattern_match(rows[i].pattern, rows[i].text) != rows[i].matches)
			fail_msg("\"%s\" on \"%s\"", rows[i].pattern, rows[i].text);
	}
}

/* What a matcher that tries each star again and again would not get through in years. */
static void many_stars(void **state)
{
	char pattern[201] = "";
	char text[4001];
	clock_t start = clock();
	size_t i;

	for (i = 0; i < 100; i++)
		strcat(pattern, "*a");
	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 2] = 'b';
	text[sizeof(text) - 1] = '\0';
	assert_false(pattern_match(pattern, text));
	assert_true((clock() - start) / CLOCKS_PER_SEC < 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_pairs),
		cmocka_unit_test(many_stars),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* base/regexp.c beside regexec(), what it refuses, and that no pattern takes for ever. */
#include "base/regexp.h"

#include <regex.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static const char *const patterns[] = {
	"",
	"a",
	"^a",
	"a$",
	"^a$",
	"ab|cd",
	"^(ab|cd)$",
	"^ab|cd$",
	"a|b|c|",
	"(|a)b",
	"()",
	"a*",
	"^a*$",
	"^a+$",
	"^a?b$",
	"^(a|b)*c$",
	"^(a*)*$",
	"^(a*)+b$",
	"^((a|b)?c)+$",
	"a{2}",
	"^a{2}$",
	"^a{2,}$",
	"^a{2,3}$",
	"^a{0}b$",
	"^a{0,}b$",
	"^a{,2}$",
	"^a{0,1}b$",
	"^(ab|c){2,3}$",
	"^(a{2}){2}$",
	"^a{2}{2}$",
	"^a**$",
	"[abc]",
	"^[^abc]+$",
	"^[a-c]+$",
	"[]a]",
	"^[^]a]$",
	"[a-]",
	"[-a]",
	"[[:digit:]]",
	"^[[:alpha:]_]+$",
	"^[[:space:][:punct:]]+$",
	"[[.a.]-c]",
	"[[=a=]]",
	"^[^[:upper:]]*$",
	"[\\]",
	"\\.",
	"^.$",
	"^..$",
	"a.c",
	"\\w+",
	"^\\W+$",
	"\\s",
	"^\\S+$",
	"\\bab\\b",
	"\\<ab",
	"ab\\>",
	"\\`ab",
	"ab\\'",
	"a)",
	")",
	"(a^)b",
	"a$b",
	"x\\{2\\}",
	"(^a|b$)",
	"^(foo|ns::f)$",
	"lib[a-z]+\\.so(\\.[0-9]+)*$",
	"a\\b",
	"(ab)?(cd)?$",
	"^(a(b(c(d)?)?)?)?$",
	/* wrong */
	"(",
	"(a",
	"[",
	"[a",
	"[]",
	"[[:nothing:]]",
	"[b-a]",
	"*",
	"+a",
	"a|*b",
	"(*a)",
	"^*",
	"a{",
	"a{1",
	"a{x}",
	"a{3,2}",
	"a\\",
	"{1}",
	"a{1,2,3}",
	"[a-c-e]",
	"[a-c--]",
	"[--a-]",
	"[^-a]",
	"[a--]",
};

static const char *const texts[] = {
	"",	 "a",		"b",	   "c",	    "ab",    "abc",  "cd", "abcd", "aa",   "aaa",
	"aaaa",	 "aab",		"cab",	   "abab",  "ababc", "abcc", "ca", "x{2}", "xx",   "a.c",
	"a c",	 "a_1",		"A",	   "1",	    "-",     "]",    "\\", ")",	   "a)",   "foo",
	"ns::f", "libx.so.1.2", "libx.so", "ab cd", "x ab",  " ",    "!?", "\n",   "a\nb",
};

static bool search(const char *pattern, const char *text, const char **ret_fault)
{
	struct arena arena = { 0 };
	struct regexp *regexp;
	bool found = false;

	assert_int_equal(regexp_compile(&arena, pattern, &regexp, ret_fault), 0);
	if (!*ret_fault)
		found = regexp_search(regexp, text);
	arena_done(&arena);
	return found;
}

static void beside_the_library(void **state)
{
	size_t i, k;

	for (i = 0; i < ARRAY_SIZE(patterns); i++) {
		regex_t regexp;
		int wrong = regcomp(&regexp, patterns[i], REG_EXTENDED | REG_NOSUB);

		for (k = 0; k < ARRAY_SIZE(texts); k++) {
			const char *fault;
			bool found = search(patterns[i], texts[k], &fault);

			if (!fault != !wrong)
				fail_msg("\"%s\": %s", patterns[i], fault ? fault : "is taken");
			if (!wrong && found != !regexec(&regexp, texts[k], 0, NULL, 0))
				fail_msg("\"%s\" on \"%s\": %d", patterns[i], texts[k], found);
		}
		if (!wrong)
			regfree(&regexp);
	}
}

static void refused(void **state)
{
	static const char *const rows[][2] = {
		{ "(a)\\1", "has a back-reference, which may take a search for ever" },
		{ "((a{99}){99}){99}", "is too long, or repeats too much" },
		{ "a{4096}", "is too long, or repeats too much" },
	};
	char deep[201];
	const char *fault;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		search(rows[i][0], "a", &fault);
		assert_non_null(fault);
		assert_string_equal(fault, rows[i][1]);
	}
	memset(deep, '(', 100);
	memset(deep + 100, ')', 100);
	deep[200] = '\0';
	search(deep, "a", &fault);
	assert_string_equal(fault, "is nested too deeply");
}

static void hard_patterns(void **state)
{
	static const char *const rows[] = {
		"^(a*)*b$",	      "(a|a)*(a|a)*(a|a)*b", "a++++++++++++++++++++++++++++++++++b",
		"(((((a*)*)*)*)*)*b", "(a?){999}b",	     "((a|b)*a(a|b){200})$",
	};
	char text[4001];
	clock_t start = clock();
	size_t i;

	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		const char *fault;

		assert_int_equal(search(rows[i], text, &fault), i == 5);
		assert_null(fault);
	}
	assert_true((clock() - start) / CLOCKS_PER_SEC < 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(beside_the_library),
		cmocka_unit_test(refused),
		cmocka_unit_test(hard_patterns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

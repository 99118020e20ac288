/* SPDX-License-Identifier: Apache-2.0 */
/* Relations between packages: reading, writing, and which of two implies the other. */
#include "engine/deps/declared.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void parse(struct arena *arena, const char *text, struct deb_relations *ret)
{
	const char *fault;

	*ret = (struct deb_relations){ 0 };
	assert_int_equal(deb_relations_parse(arena, text, ret, &fault), 0);
	assert_null(fault);
}

static void texts(void **state)
{
	static const char *const rows[][2] = {
		{ "a", "a" },
		{ " a(>=1) ", "a (>= 1)" },
		{ "a:any (<< 1:2-3) | b [linux-any !i386] <!x y> <z>",
		  "a:any (<< 1:2-3) | b [linux-any !i386] <!x y> <z>" },
		{ "a (> 1)", "a (>= 1)" },
		{ "a (< 1)", "a (<= 1)" },
	};
	struct arena arena = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct deb_relations relations;

		parse(&arena, rows[i][0], &relations);
		assert_int_equal(relations.count, 1);
		assert_string_equal(deb_alternatives_text(&arena, &relations.items[0]), rows[i][1]);
		deb_relations_done(&relations);
	}
	arena_done(&arena);
}

static void faults(void **state)
{
	static const char *const rows[] = { "a (", "a (>= )", "a (1)", "a | ", "+a",	 "a b",
					    "a [", "a []",    "a <x",  "a:",   "a (>= 1" };
	struct arena arena = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct deb_relations relations = { 0 };
		const char *fault;

		assert_int_equal(deb_relations_parse(&arena, rows[i], &relations, &fault), 0);
		assert_non_null(fault);
		deb_relations_done(&relations);
	}
	arena_done(&arena);
}

static void many(void **state)
{
	struct arena arena = { 0 };
	struct deb_relations relations = { 0 };
	const char *fault;
	char text[4002];

	for (size_t i = 0; i < sizeof(text) - 2; i += 2)
		memcpy(text + i, "a|", 2);
	memcpy(text + sizeof(text) - 2, "a", 2);
	assert_int_equal(deb_relations_parse(&arena, text, &relations, &fault), 0);
	assert_non_null(fault);
	deb_relations_done(&relations);
	arena_done(&arena);
}

static void implied(void **state)
{
	static const struct {
		const char *declared, *needed;
		bool implies;
	} rows[] = {
		{ "a", "a", true },
		{ "a", "b", false },
		{ "a (>= 1)", "a", true },
		{ "a", "a (>= 1)", false },
		{ "a (>= 2)", "a (>= 1)", true },
		{ "a (>= 1)", "a (>= 2)", false },
		{ "a (= 2)", "a (>= 1)", true },
		{ "a (= 1)", "a (>= 2)", false },
		{ "a (>> 1)", "a (>= 1)", true },
		{ "a (<< 3)", "a (>= 1)", false },
		{ "a (>= 1)", "a (>> 1)", false },
		{ "a (>> 1)", "a (>> 1)", true },
		{ "a (>= 2)", "a (>> 1)", true },
		{ "a (= 1)", "a (= 1)", true },
		{ "a (>= 1)", "a (= 1)", false },
		{ "a (<< 1)", "a (<< 2)", true },
		{ "a (<= 2)", "a (<< 2)", false },
		{ "a (= 2)", "a (<= 2)", true },
		{ "a (>> 1)", "a (<= 2)", false },
	};
	struct arena arena = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct deb_relations declared, needed;

		parse(&arena, rows[i].declared, &declared);
		parse(&arena, rows[i].needed, &needed);
		assert_int_equal(deb_relation_implies(&declared.items[0].items[0],
						      &needed.items[0].items[0]),
				 rows[i].implies);
		deb_relations_done(&declared);
		deb_relations_done(&needed);
	}
	arena_done(&arena);
}

static void concerned(void **state)
{
	struct arena arena = { 0 };
	struct deb_relations relations;

	parse(&arena, "a [any], b [!any], c <!nocheck>, d <cross>, e <cross> <!nodoc !x>, f <!a b>",
	      &relations);
	assert_true(deb_relation_concerns(&relations.items[0].items[0], "amd64"));
	assert_false(deb_relation_concerns(&relations.items[1].items[0], "amd64"));
	assert_true(deb_relation_concerns(&relations.items[2].items[0], "amd64"));
	assert_false(deb_relation_concerns(&relations.items[3].items[0], "amd64"));
	assert_true(deb_relation_concerns(&relations.items[4].items[0], "amd64"));
	assert_false(deb_relation_concerns(&relations.items[5].items[0], "amd64"));
	deb_relations_done(&relations);
	arena_done(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts), cmocka_unit_test(faults),    cmocka_unit_test(implied),
		cmocka_unit_test(many),	 cmocka_unit_test(concerned),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

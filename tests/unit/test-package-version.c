/* SPDX-License-Identifier: Apache-2.0 */
/* model/package-version.c: orders that people trip over; tests/oracle/versions.py has the rest. */
#include "model/package-version.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static int sign(int order)
{
	return (order > 0) - (order < 0);
}

static void debian(void **state)
{
	static const struct {
		const char *a, *b;
		int order;
	} rows[] = {
		{ "1.0", "1.0-0", 0 },
		{ "1.0~rc1", "1.0", -1 },
		{ "1.0", "1.0+b1", -1 },
		{ "1:0.1", "9.9", 1 },
		{ "0:1", "1", 0 },
		{ "1.09", "1.9", 0 },
		{ "1.10", "1.9", 1 },
		{ "1.0a", "1.0+", -1 },
		{ "2-1", "2-1~bpo", 1 },
		{ "1-2-3", "1-2-10", -1 },
		{ "99999999999999999999", "100000000000000000000", -1 },
		{ "", "0", 0 },
		{ "~", "", -1 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_int_equal(sign(deb_version_compare(rows[i].a, rows[i].b)), rows[i].order);
		assert_int_equal(sign(deb_version_compare(rows[i].b, rows[i].a)), -rows[i].order);
	}
}

static void faults(void **state)
{
	static const char *const good[] = { "1", "1:2.3-4+b5", "0~rc1-1~x", "1-2-3", "1:2:3" };
	static const char *const bad[] = { "",	 "a1",	"1:", "x:1", ":1",
					   "1-", "1_2", "-1", "1 2", "1-2_3" };

	for (size_t i = 0; i < ARRAY_SIZE(good); i++)
		assert_null(deb_version_fault(good[i]));
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_non_null(deb_version_fault(bad[i]));
}

static void rpm(void **state)
{
	static const struct {
		const char *a, *b;
		int order;
	} rows[] = {
		{ "1.0", "1.0", 0 },	  { "1.0", "1_0", 0 },	       { "1.0~rc1", "1.0", -1 },
		{ "1.0^git1", "1.0", 1 }, { "1.0^git1", "1.0.1", -1 }, { "1.a", "1.1", -1 },
		{ "1:1", "2", 1 },	  { "1-1", "1-2", -1 },	       { "1", "1-1", -1 },
		{ "010", "10", 0 },	  { "1.0a", "1.0", 1 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_int_equal(sign(rpm_evr_compare(rows[i].a, rows[i].b)), rows[i].order);
		assert_int_equal(sign(rpm_evr_compare(rows[i].b, rows[i].a)), -rows[i].order);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(debian),
		cmocka_unit_test(faults),
		cmocka_unit_test(rpm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

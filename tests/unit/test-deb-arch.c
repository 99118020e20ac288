/* SPDX-License-Identifier: Apache-2.0 */
/* model/deb-arch.c: names, wildcards, lists. */
#include "model/deb-arch.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void wildcards(void **state)
{
	static const struct {
		const char *arch, *wildcard;
		bool is;
	} rows[] = {
		{ "amd64", "amd64", true },
		{ "amd64", "any", true },
		{ "amd64", "any-amd64", true },
		{ "amd64", "linux-any", true },
		{ "amd64", "gnu-linux-amd64", false },
		{ "amd64", "gnu-any-any", true },
		{ "amd64", "musl-any-any", false },
		{ "amd64", "any-any-any-amd64", true },
		{ "armhf", "any-arm", true },
		{ "armhf", "armel", false },
		{ "x32", "any-amd64", true },
		{ "hurd-i386", "hurd-any", true },
		{ "hurd-i386", "linux-any", false },
		{ "musl-linux-amd64", "musl-any-any", true },
		{ "nonsense", "nonsense", true },
		{ "nonsense", "linux-any", false },
		{ "amd64", "", false },
		{ "amd64", "-", false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_int_equal(deb_arch_is(rows[i].arch, rows[i].wildcard), rows[i].is);
}

static void lists(void **state)
{
	assert_true(deb_arch_list_has("i386 amd64", "amd64"));
	assert_true(deb_arch_list_has("i386, linux-any", "amd64"));
	assert_true(deb_arch_list_has("!i386", "amd64"));
	assert_false(deb_arch_list_has("!amd64 any", "amd64"));
	assert_false(deb_arch_list_has("!linux-any", "amd64"));
	assert_false(deb_arch_list_has("", "amd64"));
	assert_true(deb_arch_list_has("AMD64", "amd64"));
}

static void attributes(void **state)
{
	unsigned bits;
	bool big;

	assert_true(deb_arch_abi("s390x", &bits, &big));
	assert_true(bits == 64 && big);
	assert_true(deb_arch_abi("x32", &bits, &big));
	assert_true(bits == 32 && !big);
	assert_false(deb_arch_abi("nonsense", &bits, &big));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wildcards),
		cmocka_unit_test(lists),
		cmocka_unit_test(attributes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

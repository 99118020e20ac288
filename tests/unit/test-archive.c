/* SPDX-License-Identifier: Apache-2.0 */
/* read/archive.c over made-up archives of all three kinds. */
#include "read/archive.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct text {
	char bytes[4096];
	size_t size;
};

static void put(struct text *t, const char *text)
{
	memcpy(t->bytes + t->size, text, strlen(text));
	t->size += strlen(text);
}

static void put_header(struct text *t, const char *name, size_t size)
{
	char header[128];

	snprintf(header, sizeof(header), "%-16s%-12s%-6s%-6s%-8s%-10zu`\n", name, "0", "0", "0",
		 "100644", size);
	put(t, header);
}

static void put_member(struct text *t, const char *name, const char *content)
{
	put_header(t, name, strlen(content));
	put(t, content);
	if (strlen(content) % 2)
		put(t, "\n");
}

static void start(struct archive *archive, const struct text *t)
{
	assert_true(archive_is((const unsigned char *)t->bytes, t->size));
	archive_init(archive, (const unsigned char *)t->bytes, t->size);
}

static void expect(struct archive *archive, const char *name, const char *content)
{
	struct archive_member member;

	assert_true(archive_next(archive, &member));
	assert_int_equal(member.name_length, strlen(name));
	assert_memory_equal(member.name, name, strlen(name));
	if (!content) {
		assert_null(member.bytes);
		return;
	}
	assert_int_equal(member.size, strlen(content));
	assert_memory_equal(member.bytes, content, strlen(content));
}

static void expect_end(struct archive *archive)
{
	struct archive_member member;

	assert_false(archive_next(archive, &member));
	assert_null(archive->fault.rule);
	assert_false(archive_next(archive, &member));
}

static void expect_fault(const struct text *t, const char *rule)
{
	struct archive archive;
	struct archive_member member;

	start(&archive, t);
	while (archive_next(&archive, &member))
		;
	assert_non_null(archive.fault.rule);
	assert_string_equal(archive.fault.rule, rule);
}

static void gnu(void **state)
{
	struct text t = { .size = 0 };
	struct archive archive;

	(void)state;
	put(&t, "!<arch>\n");
	put_member(&t, "/", "index");
	put_member(&t, "/SYM64/", "index");
	put_member(&t, "//", "a name that is long.o/\nanother/one.o/\n");
	put_member(&t, "short.o/", "abc");
	put_member(&t, "/0", "");
	put_member(&t, "with blank.o/", "defg");
	put_member(&t, "/23", "h");
	start(&archive, &t);
	assert_false(archive.is_thin);
	expect(&archive, "short.o", "abc");
	expect(&archive, "a name that is long.o", "");
	expect(&archive, "with blank.o", "defg");
	expect(&archive, "another/one.o", "h");
	expect_end(&archive);
}

static void bsd(void **state)
{
	struct text t = { .size = 0 };
	struct archive archive;

	(void)state;
	put(&t, "!<arch>\n");
	put_member(&t, "__.SYMDEF", "index");
	put_member(&t, "#1/20", "__.SYMDEF SORTED    index");
	put_member(&t, "#1/12", "long_name.o content");
	t.bytes[t.size - 9] = '\0';
	put_member(&t, "plain.o", "x");
	start(&archive, &t);
	expect(&archive, "long_name.o", "content");
	expect(&archive, "plain.o", "x");
	expect_end(&archive);
}

static void thin(void **state)
{
	struct text t = { .size = 0 };
	struct archive archive;

	(void)state;
	put(&t, "!<thin>\n");
	put_member(&t, "/", "index");
	put_member(&t, "//", "../a/b.o/\nnested.a/\n");
	put_header(&t, "/0", 1000);
	put_header(&t, "/10:64", 2000);
	start(&archive, &t);
	assert_true(archive.is_thin);
	expect(&archive, "../a/b.o", NULL);
	expect(&archive, "nested.a", NULL);
	expect_end(&archive);
}

static void empty(void **state)
{
	struct text t = { .size = 0 };
	struct archive archive;

	(void)state;
	assert_false(archive_is((const unsigned char *)"!<arch>", 7));
	assert_false(archive_is((const unsigned char *)"", 0));
	put(&t, "!<arch>\n");
	start(&archive, &t);
	expect_end(&archive);
}

static void damaged(void **state)
{
	static const struct {
		const char *name;
		size_t size;
		const char *rule;
	} cases[] = {
		{ "x.o/", 5, "input/truncated" }, { "x.o/", (size_t)-1, "input/malformed" },
		{ "/0", 0, "input/malformed" },	  { "/99999999999999", 0, "input/malformed" },
		{ "#1/5", 4, "input/malformed" }, { "#1/x", 4, "input/malformed" },
		{ "#1/", 0, "input/malformed" },  { "//", 100, "input/truncated" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct text t = { .size = 0 };

		put(&t, "!<arch>\n");
		put_header(&t, cases[i].name, cases[i].size);
		put(&t, "1234");
		expect_fault(&t, cases[i].rule);
	}
}

static void cut_off(void **state)
{
	struct text t = { .size = 0 };
	size_t size;

	(void)state;
	put(&t, "!<arch>\n");
	put_member(&t, "//", "a name that is long.o/\n");
	put_member(&t, "/0", "abc");
	put_member(&t, "#1/4", "nameabc");
	for (size = 8; size < t.size; size++) {
		unsigned char *bytes = malloc(size);
		struct archive archive;
		struct archive_member member;

		assert_non_null(bytes);
		memcpy(bytes, t.bytes, size);
		archive_init(&archive, bytes, size);
		while (archive_next(&archive, &member))
			assert_true(member.bytes >= bytes &&
				    member.bytes + member.size <= bytes + size);
		free(bytes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gnu),	 cmocka_unit_test(bsd),	    cmocka_unit_test(thin),
		cmocka_unit_test(empty), cmocka_unit_test(damaged), cmocka_unit_test(cut_off),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

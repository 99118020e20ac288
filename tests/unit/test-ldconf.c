/* SPDX-License-Identifier: Apache-2.0 */
/* read/ldconf.c, read/ldconf-scan.c and read/glob.c over made-up roots. */
#include "elf-maker.h"
#include "memory-source.h"
#include "read/glob.h"
#include "read/ldconf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const char *const no_folders[] = { NULL };

static void add_library(struct source *source, const char *path, const char *soname)
{
	struct elf_maker maker = { .soname = soname };

	elf_make_in(source, path, &maker);
}

static int set_up(void **state)
{
	*state = memory_source_new();
	return 0;
}

static int tear_down(void **state)
{
	source_free(*state);
	return 0;
}

static void expect_folders(struct source *source, const char *const *system,
			   const char *const *expected)
{
	struct ldconf_folders folders;
	size_t i;

	assert_int_equal(ldconf_read(source, "/etc/ld.so.conf", system, &folders), 0);
	for (i = 0; i < folders.items.count && expected[i]; i++)
		assert_string_equal(folders.items.items[i].path, expected[i]);
	assert_int_equal(i, folders.items.count);
	assert_null(expected[i]);
	ldconf_folders_done(&folders);
}

static void lines(void **state)
{
	struct source *source = *state;
	static const char *const system[] = { "/usr/lib", "/a", NULL };
	static const char *const expected[] = { "/a", "/b c", "/typed", "/d", "/usr/lib", NULL };

	memory_source_folder(source, "/a");
	memory_source_folder(source, "/b c");
	memory_source_folder(source, "/typed");
	memory_source_folder(source, "/d");
	memory_source_folder(source, "/usr/lib");
	memory_source_link(source, "/alias", "/a");
	memory_source_text(source, "/file", "x");
	memory_source_text(
		source, "/etc/ld.so.conf",
		"\n# x\n  /a// # y\n/b c\t\nhwcap 1 /d\nHWCAP /d\n/typed=libc6\n/missing\n"
		"/alias\nrelative\n/file\n/\n/d");
	expect_folders(source, system, expected);
}

static void includes(void **state)
{
	struct source *source = *state;
	static const char *const expected[] = { "/1", "/2", "/3", "/4", NULL };
	size_t i;

	for (i = 0; expected[i]; i++)
		memory_source_folder(source, expected[i]);
	memory_source_folder(source, "/not");
	memory_source_text(
		source, "/etc/ld.so.conf",
		"include  ld.so.conf.d/*.conf\t/abs\ninclude ld.so.conf\nincluded\n/4\n");
	memory_source_text(source, "/etc/ld.so.conf.d/b.conf", "include deeper/?\n");
	memory_source_text(source, "/etc/ld.so.conf.d/a.conf", "/1\n");
	memory_source_text(source, "/etc/ld.so.conf.d/.c.conf", "/not\n");
	memory_source_text(source, "/etc/ld.so.conf.d/d.other", "/not\n");
	memory_source_text(source, "/etc/ld.so.conf.d/deeper/x", "/2\n");
	memory_source_text(source, "/etc/ld.so.conf.d/deeper/xx", "/not\n");
	memory_source_text(source, "/abs", "/3\n");
	expect_folders(source, no_folders, expected);
}

/* Files that include themselves many times over end in short time. */
static void endless_includes(void **state)
{
	struct source *source = *state;
	static const char *const expected[] = { "/1", NULL };

	memory_source_folder(source, "/1");
	memory_source_link(source, "/etc/a", "/etc");
	memory_source_link(source, "/etc/b", "/etc");
	memory_source_link(source, "/etc/c", "/etc");
	memory_source_text(source, "/etc/ld.so.conf",
			   "include /etc/*/*/*/*/*/*/*/*/*/*/ld.so.conf\ninclude /etc/*.conf "
			   "/etc/*.conf\n/1\n");
	expect_folders(source, no_folders, expected);
}

static void no_configuration(void **state)
{
	struct source *source = *state;
	static const char *const none[] = { NULL };

	expect_folders(source, no_folders, none);
	memory_source_error(source, "/etc/ld.so.conf", -EACCES);
	expect_folders(source, no_folders, none);
}

static void patterns(void **state)
{
	struct source *source = *state;
	static const struct {
		const char *pattern;
		const char *found[4];
	} cases[] = {
		{ "/x/*.c", { "/x/a.c", "/x/b.c" } },
		{ "/x/[b-z]*", { "/x/b.c", "/x/y" } },
		{ "/*/y/?", { "/x/y/1", "/x/y/2" } },
		{ "/x/literal", { "/x/literal" } },
		{ "//x///a.c", { "/x/a.c" } },
		{ "/x/a.c/*", { NULL } },
		{ "/no/*", { NULL } },
		{ "/x/\\a.c", { "/x/a.c" } },
	};
	struct arena arena = { 0 };
	size_t budget = 100;
	size_t i, k;

	memory_source_text(source, "/x/b.c", "");
	memory_source_text(source, "/x/a.c", "");
	memory_source_text(source, "/x/.h.c", "");
	memory_source_text(source, "/x/y/2", "");
	memory_source_text(source, "/x/y/1", "");
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct glob_paths paths = { 0 };

		assert_int_equal(glob_match(source, cases[i].pattern, &arena, &budget, &paths), 0);
		for (k = 0; k < paths.count; k++) {
			assert_non_null(cases[i].found[k]);
			assert_string_equal(paths.items[k], cases[i].found[k]);
		}
		assert_null(cases[i].found[k]);
		array_done(&paths);
	}
	arena_done(&arena);
}

struct expected_entry {
	const char *name;
	const char *path;
	const char *hwcap;
};

static void expect_entries(struct source *source, const char *const *system,
			   const struct expected_entry *expected, size_t count)
{
	struct library_cache *cache;
	size_t i;

	assert_int_equal(ldconf_emulate(source, "/etc/ld.so.conf", system, &cache), 0);
	assert_true(cache->emulated);
	for (i = 0; i < cache->entries.count && i < count; i++) {
		const struct cache_entry *entry = &cache->entries.items[i];

		assert_string_equal(entry->name, expected[i].name);
		assert_string_equal(entry->path, expected[i].path);
		assert_int_equal(entry->flags, 0x303);
		assert_int_equal(!entry->hwcap, !expected[i].hwcap);
		if (entry->hwcap)
			assert_string_equal(entry->hwcap, expected[i].hwcap);
	}
	assert_int_equal(cache->entries.count, count);
	library_cache_free(cache);
}

static void libraries(void **state)
{
	struct source *source = *state;
	static const char *const system[] = { "/lib", NULL };
	static const struct expected_entry expected[] = {
		{ "libtwin.so.2", "/lib/libtwin.so.2", NULL },
		{ "libplain.so", "/lib/libplain.so", NULL },
		{ "liba.so.1", "/lib/liba.so.1", NULL },
		{ "liba.so", "/lib/liba.so", NULL },
		{ "ld.so.1", "/lib/ld.so.1", NULL },
	};
	struct elf_maker object = { .type = ET_REL, .soname = "libobject.so.1" };
	struct elf_maker unknown = { .machine = 9999, .soname = "libunknown.so.1" };

	add_library(source, "/lib/liba.so.1.0", "liba.so.1");
	memory_source_link(source, "/lib/liba.so", "liba.so.1.0");
	memory_source_link(source, "/lib/liba-other.so.1", "liba.so.1.0");
	add_library(source, "/lib/libplain.so", NULL);
	add_library(source, "/lib/libtwin.so.2.9", "libtwin.so.2");
	add_library(source, "/lib/libtwin.so.2.10", "libtwin.so.2");
	add_library(source, "/lib/ld.so.1", "ld.so.1");
	add_library(source, "/lib/module.so", "module.so");
	add_library(source, "/lib/libx.so.1.dpkg-new", "libx.so.1");
	add_library(source, "/lib/libx.so.1;5f", "libx.so.1");
	add_library(source, "/lib/libx.so.1.#prelink#.abcdef", "libx.so.1");
	memory_source_text(source, "/lib/libscript.so", "GROUP ( libplain.so )\n");
	memory_source_link(source, "/lib/libdangling.so.1", "nowhere");
	memory_source_folder(source, "/lib/libfolder.so.1");
	elf_make_in(source, "/lib/libobject.so.1", &object);
	elf_make_in(source, "/lib/libunknown.so.1", &unknown);
	expect_entries(source, system, expected, ARRAY_SIZE(expected));
}

static void levels(void **state)
{
	struct source *source = *state;
	static const char *const system[] = { "/lib", "/usr/lib", NULL };
	static const struct expected_entry expected[] = {
		{ "liba.so.1", "/usr/lib/glibc-hwcaps/x86-64-v2/liba.so.1.0", "x86-64-v2" },
		{ "liba.so.1", "/lib/glibc-hwcaps/x86-64-v3/liba.so.1.0", "x86-64-v3" },
		{ "liba.so.1", "/usr/lib/glibc-hwcaps/x86-64-v3/liba.so.1.0", "x86-64-v3" },
		{ "liba.so.1", "/lib/liba.so.1", NULL },
		{ "liba.so.1", "/usr/lib/liba.so.1", NULL },
	};

	add_library(source, "/lib/liba.so.1", "liba.so.1");
	add_library(source, "/usr/lib/liba.so.1", "liba.so.1");
	add_library(source, "/usr/lib/glibc-hwcaps/x86-64-v3/liba.so.1.0", "liba.so.1");
	add_library(source, "/usr/lib/glibc-hwcaps/x86-64-v2/liba.so.1.0", "liba.so.1");
	add_library(source, "/lib/glibc-hwcaps/x86-64-v3/liba.so.1.0", "liba.so.1");
	memory_source_link(source, "/lib/glibc-hwcaps/another", "x86-64-v3");
	memory_source_text(source, "/lib/glibc-hwcaps/README", "x");
	expect_entries(source, system, expected, ARRAY_SIZE(expected));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(lines, set_up, tear_down),
		cmocka_unit_test_setup_teardown(includes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(endless_includes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(no_configuration, set_up, tear_down),
		cmocka_unit_test_setup_teardown(patterns, set_up, tear_down),
		cmocka_unit_test_setup_teardown(libraries, set_up, tear_down),
		cmocka_unit_test_setup_teardown(levels, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

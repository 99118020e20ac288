/* SPDX-License-Identifier: Apache-2.0 */
/* read/loader.c and read/loader-bytes.c over made-up systems. */
#include "elf-maker.h"
#include "memory-source.h"
#include "read/loader.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define LD "/lib64/ld-linux-x86-64.so.2"
#define BANNER(version) "\0GNU C Library (Test) stable release version " version ".\n"

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

static void add(struct source *source, const char *path, const char *text, size_t size)
{
	struct elf_maker maker = { .text = text, .text_size = size };

	elf_make_in(source, path, &maker);
}

#define ADD(source, path, text) add(source, path, text, sizeof(text))

static void expect_list(const char **items, size_t count, const char *expected)
{
	char joined[512] = "";
	size_t i;

	for (i = 0; i < count; i++) {
		strcat(joined, items[i]);
		strcat(joined, " ");
	}
	assert_string_equal(joined, expected);
}

#define EXPECT(list, expected) expect_list((list).items, (list).count, expected)

static void debian(void **state)
{
	struct source *source = *state;
	struct loader loader;

	ADD(source, "/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2",
	    "xyz/lib/x86_64-linux-gnu/\0/usr/lib/x86_64-linux-gnu/\0/lib/\0/usr/lib/\0\0"
	    "lib/x86_64-linux-gnu\0lib\0/etc/ld.so.cache\0/proc/self/");
	memory_source_link(source, "/lib64", "/usr/lib64");
	memory_source_link(source, "/usr" LD, "/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2");
	memory_source_link(source, "/lib", "usr/lib");
	ADD(source, "/usr/lib/x86_64-linux-gnu/libc.so.6", BANNER("2.36"));
	ADD(source, "/usr/lib/libc.so.6", BANNER("2.99"));
	memory_source_text(source, "/etc/ld.so.preload",
			   "liba.so#libno.so\n/b.so:c.so\td.so\n#\n e");
	assert_int_equal(loader_read(source, LD, &loader), 0);
	assert_int_equal(loader.kind, LIBC_GLIBC);
	assert_int_equal(loader.version, GLIBC(2, 36));
	assert_string_equal(loader.version_from, "/usr/lib/x86_64-linux-gnu/libc.so.6");
	assert_string_equal(loader.interpreter, LD);
	assert_non_null(loader.image);
	assert_string_equal(loader.machine->name, "x86-64");
	EXPECT(loader.system_folders,
	       "/lib/x86_64-linux-gnu /usr/lib/x86_64-linux-gnu /lib /usr/lib ");
	assert_null(loader.system_folders.items[4]);
	assert_false(loader.folders_guessed);
	assert_string_equal(loader.lib_token, "lib/x86_64-linux-gnu");
	assert_string_equal(loader.platform, "x86_64");
	EXPECT(loader.preload_file, "liba.so /b.so c.so d.so e ");
	assert_null(loader.cache);
	loader_done(&loader);
}

static void red_hat(void **state)
{
	struct source *source = *state;
	struct loader loader;

	ADD(source, LD,
	    "\0/lib64/\0/usr/lib64/\0\0lib64\0ld.so (x) stable release version 2.34.\n");
	assert_int_equal(loader_read(source, LD, &loader), 0);
	EXPECT(loader.system_folders, "/lib64 /usr/lib64 ");
	assert_string_equal(loader.lib_token, "lib64");
	assert_int_equal(loader.version, GLIBC(2, 34));
	assert_string_equal(loader.version_from, LD);
	loader_done(&loader);
}

static void store(void **state)
{
	struct source *source = *state;
	static const char path[] = "/nix/store/abc-glibc/lib/ld-linux-x86-64.so.2";
	struct loader loader;

	ADD(source, path, "\0/nix/store/abc-glibc/lib/\0\0lib\0");
	ADD(source, "/nix/store/abc-glibc/lib/libc.so.6",
	    "\0GNU C Library development release version 2.42.9000.\n");
	assert_int_equal(loader_read(source, path, &loader), 0);
	EXPECT(loader.system_folders, "/nix/store/abc-glibc/lib ");
	assert_string_equal(loader.lib_token, "lib");
	assert_int_equal(loader.version, GLIBC(2, 43));
	loader_done(&loader);
}

static void version_by_nodes(void **state)
{
	struct source *source = *state;
	struct elf_maker libc = {
		.soname = "libc.so.6",
		.defines = { "libc.so.6", "GLIBC_2.2.5", "GLIBC_2.17", "GLIBC_2.9",
			     "GLIBC_PRIVATE" },
	};
	struct loader loader;

	ADD(source, LD, "\0/lib64/\0");
	elf_make_in(source, "/lib64/libc.so.6", &libc);
	assert_int_equal(loader_read(source, LD, &loader), 0);
	assert_int_equal(loader.version, GLIBC(2, 17));
	assert_string_equal(loader.version_from, "/lib64/libc.so.6");
	loader_done(&loader);
}

/* A libc of another machine in the same folder tells nothing. */
static void foreign_libc(void **state)
{
	struct source *source = *state;
	struct elf_maker libc = {
		.machine = EM_386,
		.is_32 = true,
		.text = BANNER("2.11"),
		.text_size = sizeof(BANNER("2.11")),
	};
	struct loader loader;

	ADD(source, LD, "\0/lib64/\0/usr/lib64/\0");
	elf_make_in(source, "/lib64/libc.so.6", &libc);
	ADD(source, "/usr/lib64/libc.so.6", BANNER("2.28"));
	assert_int_equal(loader_read(source, LD, &loader), 0);
	assert_int_equal(loader.version, GLIBC(2, 28));
	loader_done(&loader);
}

static void missing(void **state)
{
	struct source *source = *state;
	struct loader loader;

	assert_int_equal(loader_read(source, LD, &loader), 0);
	assert_null(loader.image);
	assert_int_equal(loader.kind, LIBC_GLIBC);
	assert_int_equal(loader.version, 0);
	assert_string_equal(loader.machine->name, "x86-64");
	assert_true(loader.folders_guessed);
	EXPECT(loader.system_folders, "/lib /usr/lib ");
	assert_string_equal(loader.lib_token, "lib");
	loader_done(&loader);

	memory_source_folder(source, "/usr/lib64");
	assert_int_equal(loader_read(source, LD, &loader), 0);
	EXPECT(loader.system_folders, "/lib64 /usr/lib64 ");
	assert_string_equal(loader.lib_token, "lib64");
	loader_done(&loader);

	memory_source_folder(source, "/usr/lib/x86_64-linux-gnu");
	assert_int_equal(loader_read(source, LD, &loader), 0);
	EXPECT(loader.system_folders,
	       "/lib/x86_64-linux-gnu /usr/lib/x86_64-linux-gnu /lib /usr/lib ");
	assert_string_equal(loader.lib_token, "lib/x86_64-linux-gnu");
	loader_done(&loader);
}

static void musl(void **state)
{
	struct source *source = *state;
	static const char path[] = "/opt/m/lib/ld-musl-x86_64.so.1";
	struct loader loader;

	ADD(source, path,
	    "\0"
	    "127.0.0.1\0"
	    "1.2\0"
	    "1.2.3\0musl libc (x86_64)\n\0/etc/ld-musl-x86_64.path\0");
	assert_int_equal(loader_read(source, path, &loader), 0);
	assert_int_equal(loader.kind, LIBC_MUSL);
	assert_int_equal(loader.version, MUSL(1, 2, 3));
	assert_null(loader.musl_path);
	EXPECT(loader.system_folders, "/lib /usr/local/lib /usr/lib ");
	loader_done(&loader);

	memory_source_text(source, "/opt/m/etc/ld-musl-x86_64.path", "/a/:/b\n/c\n");
	assert_int_equal(loader_read(source, path, &loader), 0);
	assert_string_equal(loader.musl_path, "/a/:/b\n/c\n");
	EXPECT(loader.system_folders, "/a /b /c ");
	loader_done(&loader);
}

/* musl under glibc's name, as Alpine's compatibility package has it. */
static void disguised_musl(void **state)
{
	struct source *source = *state;
	struct loader loader;

	ADD(source, "/lib/ld-musl-x86_64.so.1",
	    "\0"
	    "1.1.24-git-3\0musl libc (x86_64)\n");
	memory_source_link(source, LD, "/lib/ld-musl-x86_64.so.1");
	memory_source_error(source, "/etc/ld-linux-x86-64.path", -EACCES);
	assert_int_equal(loader_read(source, LD, &loader), 0);
	assert_int_equal(loader.kind, LIBC_MUSL);
	assert_int_equal(loader.version, MUSL(1, 1, 24));
	assert_string_equal(loader.musl_path, "");
	assert_int_equal(loader.system_folders.count, 0);
	loader_done(&loader);
}

static void other_loaders(void **state)
{
	static const struct {
		const char *path;
		enum libc_kind kind;
	} cases[] = {
		{ "/lib/ld64.so.1", LIBC_GLIBC },
		{ "/lib/ld.so.1", LIBC_GLIBC },
		{ "/lib/ld-linux.so.2", LIBC_GLIBC },
		{ "/lib/ld-lsb-x86-64.so.3", LIBC_GLIBC },
		{ "/lib/ld-musl-i386.so.1", LIBC_MUSL },
		{ "/system/bin/linker64", LIBC_OTHER },
		{ "/lib/ld-uClibc.so.0", LIBC_OTHER },
		{ "name", LIBC_OTHER },
		{ "", LIBC_OTHER },
		{ "/", LIBC_OTHER },
		{ "/ld-musl-x.so.1", LIBC_MUSL },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct loader loader;

		assert_int_equal(loader_read(*state, cases[i].path, &loader), 0);
		assert_int_equal(loader.kind, cases[i].kind);
		assert_non_null(loader.lib_token);
		loader_done(&loader);
	}
}

/* A loader that ends in the middle of what is looked for. */
static void cut_off(void **state)
{
	static const char text[] = "\0/lib64/\0/usr/lib64/\0\0lib64\0release version 2.3";
	struct source *source = *state;
	struct loader loader;
	size_t size;

	for (size = 0; size < sizeof(text) - 1; size++) {
		source_free(source);
		source = memory_source_new();
		add(source, LD, text, size);
		assert_int_equal(loader_read(source, LD, &loader), 0);
		loader_done(&loader);
	}
	*state = source;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(debian, set_up, tear_down),
		cmocka_unit_test_setup_teardown(red_hat, set_up, tear_down),
		cmocka_unit_test_setup_teardown(store, set_up, tear_down),
		cmocka_unit_test_setup_teardown(version_by_nodes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(foreign_libc, set_up, tear_down),
		cmocka_unit_test_setup_teardown(missing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(musl, set_up, tear_down),
		cmocka_unit_test_setup_teardown(disguised_musl, set_up, tear_down),
		cmocka_unit_test_setup_teardown(other_loaders, set_up, tear_down),
		cmocka_unit_test_setup_teardown(cut_off, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

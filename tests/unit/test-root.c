/* SPDX-License-Identifier: Apache-2.0 */
/* read/root.c: paths inside a root folder, one image a file. */
#include "base/threads.h"
#include "elf-maker.h"
#include "read/root.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct place {
	char folder[64];
	struct source *source;
};

static void in(const struct place *p, const char *path, char ret[512])
{
	snprintf(ret, 512, "%s%s", p->folder, path);
}

static void make_folder(const struct place *p, const char *path)
{
	char host[512];

	in(p, path, host);
	assert_int_equal(mkdir(host, 0755), 0);
}

static void make_link(const struct place *p, const char *path, const char *target)
{
	char host[512];

	in(p, path, host);
	assert_int_equal(symlink(target, host), 0);
}

static void make_file(const struct place *p, const char *path, const void *bytes, size_t size)
{
	char host[512];
	FILE *file;

	in(p, path, host);
	file = fopen(host, "wb");
	assert_non_null(file);
	if (size)
		assert_int_equal(fwrite(bytes, size, 1, file), 1);
	assert_int_equal(fclose(file), 0);
}

static void make_library(const struct place *p, const char *path, const char *soname)
{
	struct elf_maker maker = { .soname = soname };
	size_t size;
	unsigned char *bytes = elf_make(&maker, &size);

	make_file(p, path, bytes, size);
	free(bytes);
}

static int set_up(void **state)
{
	struct place *p = calloc(1, sizeof(*p));
	char host[512];

	strcpy(p->folder, "/tmp/abifit-root-XXXXXX");
	assert_non_null(mkdtemp(p->folder));
	make_folder(p, "/usr");
	make_folder(p, "/usr/lib");
	make_folder(p, "/etc");
	make_library(p, "/usr/lib/liba.so.1.0", "liba.so.1");
	make_link(p, "/usr/lib/liba.so.1", "liba.so.1.0");
	make_link(p, "/lib", "/usr/lib");
	make_link(p, "/out", "../../../../../../usr/lib/liba.so.1");
	make_link(p, "/loop", "/loop");
	make_link(p, "/dangling", "/nowhere");
	make_file(p, "/etc/text", "hello", 5);
	make_file(p, "/etc/empty", "", 0);
	in(p, "/fifo", host);
	assert_int_equal(mkfifo(host, 0644), 0);
	assert_int_equal(root_open(p->folder, &p->source), 0);
	*state = p;
	return 0;
}

static int tear_down(void **state)
{
	struct place *p = *state;
	char command[128];

	source_free(p->source);
	snprintf(command, sizeof(command), "rm -r '%s'", p->folder);
	assert_int_equal(system(command), 0);
	free(p);
	return 0;
}

static void one_image_for_all_paths(void **state)
{
	static const char *const paths[] = {
		"/usr/lib/liba.so.1.0",	   "/lib/liba.so.1",	   "/out",
		"/lib/.././lib/liba.so.1", "/../../lib/liba.so.1", "//lib//liba.so.1",
	};
	struct place *p = *state;
	struct image *first = NULL;
	struct image *image;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(paths); i++) {
		assert_int_equal(source_open(p->source, paths[i], &image), 0);
		if (!first)
			first = image;
		assert_ptr_equal(image, first);
		assert_int_equal(source_open(p->source, paths[i], &image), 0);
		assert_ptr_equal(image, first);
	}
	assert_true(first->is_elf);
	assert_int_equal(first->id, 0);
	assert_string_equal(first->soname, "liba.so.1");
	assert_string_equal(first->path, "/usr/lib/liba.so.1.0");
	assert_int_equal(source_open(p->source, "/etc/text", &image), 0);
	assert_false(image->is_elf);
	assert_int_equal(image->id, 1);
	assert_int_equal(source_open(p->source, "/etc/empty", &image), 0);
	assert_false(image->is_elf);
}

static void errors_as_the_kernel_gives_them(void **state)
{
	static const struct {
		const char *path;
		int error;
	} cases[] = {
		{ "/nowhere", -ENOENT },
		{ "/dangling", -ENOENT },
		{ "/nowhere/liba.so", -ENOENT },
		{ "/nowhere/../lib/liba.so.1", -ENOENT },
		{ "/loop", -ELOOP },
		{ "/loop/x", -ELOOP },
		{ "/lib/liba.so.1/x", -ENOTDIR },
		{ "/lib/liba.so.1/", -ENOTDIR },
		{ "/lib/liba.so.1/.", -ENOTDIR },
		{ "/lib/liba.so.1/../x", -ENOTDIR },
		{ "/fifo", -EINVAL },
		{ "/lib", -EISDIR },
		{ "/", -EISDIR },
		{ "/..", -EISDIR },
		{ "lib/liba.so.1", -EINVAL },
		{ "", -EINVAL },
	};
	struct place *p = *state;
	struct image *image = NULL;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(source_open(p->source, cases[i].path, &image), cases[i].error);
		assert_int_equal(source_open(p->source, cases[i].path, &image), cases[i].error);
	}
	assert_null(image);
}

static void long_paths_end(void **state)
{
	struct place *p = *state;
	struct image *image;
	char path[2 * 4096 + 1];
	size_t i;

	for (i = 0; i + 1 < sizeof(path); i++)
		path[i] = i % 2 ? '.' : '/';
	path[i] = '\0';
	assert_int_equal(source_open(p->source, path, &image), -ENAMETOOLONG);
	memset(path + 1, 'a', 300);
	path[301] = '\0';
	assert_int_equal(source_open(p->source, path, &image), -ENAMETOOLONG);
}

static void chains_of_links(void **state)
{
	struct place *p = *state;
	struct image *image;
	char path[32], target[32];
	int i;

	make_link(p, "/chain0", "/etc/text");
	for (i = 1; i <= 40; i++) {
		snprintf(path, sizeof(path), "/chain%d", i);
		snprintf(target, sizeof(target), "chain%d", i - 1);
		make_link(p, path, target);
	}
	assert_int_equal(source_open(p->source, "/chain39", &image), 0);
	assert_int_equal(source_open(p->source, "/chain40", &image), -ELOOP);
}

static void canonical_paths(void **state)
{
	struct place *p = *state;
	char *path;

	assert_int_equal(source_canonical(p->source, "/lib/liba.so.1", &path), 0);
	assert_string_equal(path, "/usr/lib/liba.so.1.0");
	free(path);
	assert_int_equal(source_canonical(p->source, "/lib/", &path), 0);
	assert_string_equal(path, "/usr/lib");
	free(path);
	assert_int_equal(source_canonical(p->source, "/lib/../../..", &path), 0);
	assert_string_equal(path, "/");
	free(path);
	assert_int_equal(source_canonical(p->source, "/dangling", &path), -ENOENT);
}

static void stat_and_load(void **state)
{
	struct place *p = *state;
	struct source_stat st;
	size_t size;
	char *text;

	assert_int_equal(source_stat(p->source, "/lib", &st), 0);
	assert_int_equal(st.kind, SOURCE_FOLDER);
	assert_int_equal(source_stat(p->source, "/fifo", &st), 0);
	assert_int_equal(st.kind, SOURCE_OTHER);
	assert_int_equal(source_stat(p->source, "/etc/text", &st), 0);
	assert_int_equal(st.kind, SOURCE_FILE);
	assert_int_equal(st.size, 5);
	assert_int_equal(source_load(p->source, "/etc/text", 5, &text, &size), 0);
	assert_int_equal(size, 5);
	assert_string_equal(text, "hello");
	free(text);
	assert_int_equal(source_load(p->source, "/etc/text", 4, &text, &size), -EFBIG);
	assert_int_equal(source_load(p->source, "/lib", 4, &text, &size), -EISDIR);
	assert_int_equal(source_load(p->source, "/fifo", 4, &text, &size), -EINVAL);
	assert_int_equal(source_load(p->source, "/etc/empty", 0, &text, &size), 0);
	assert_int_equal(size, 0);
	assert_string_equal(text, "");
	free(text);
}

static int count_names(void *data, const char *name)
{
	unsigned *count = data;

	assert_string_not_equal(name, ".");
	return ++*count == 3 ? 42 : 0;
}

static void lists(void **state)
{
	struct place *p = *state;
	unsigned count = 0;

	assert_int_equal(source_list(p->source, "/lib", count_names, &count), 0);
	assert_int_equal(count, 2);
	count = 0;
	assert_int_equal(source_list(p->source, "/", count_names, &count), 42);
	assert_int_equal(source_list(p->source, "/etc/text", count_names, &count), -ENOTDIR);
	assert_int_equal(source_list(p->source, "/nowhere", count_names, &count), -ENOENT);
}

static void host_paths(void **state)
{
	struct place *p = *state;
	char host[512];
	struct image *adopted, *image;
	char *path;

	in(p, "/lib/liba.so.1", host);
	path = root_inside(p->source, host);
	assert_string_equal(path, "/usr/lib/liba.so.1.0");
	free(path);
	in(p, "/../etc", host);
	assert_null(root_inside(p->source, host));
	assert_null(root_inside(p->source, "/tmp"));
	assert_null(root_inside(p->source, ""));
	assert_null(root_inside(p->source, "/nowhere/at/all"));
	in(p, "/usr/lib/liba.so.1.0", host);
	assert_int_equal(root_adopt(p->source, host, &adopted), 0);
	assert_int_equal(source_open(p->source, "/lib/liba.so.1", &image), 0);
	assert_ptr_equal(adopted, image);
	assert_string_equal(adopted->path, host);
	assert_int_equal(root_adopt(p->source, "/proc/self/exe", &adopted), 0);
	assert_true(adopted->is_elf);
	assert_int_equal(root_adopt(p->source, "/nowhere", &adopted), -ENOENT);
	assert_int_equal(source_open(p->source, "/proc/self/exe", &image), -ENOENT);
}

static void no_such_root(void **state)
{
	struct source *source = NULL;

	(void)state;
	assert_int_equal(root_open("/nowhere/at/all", &source), -ENOENT);
	assert_int_equal(root_open("/dev/null", &source), -ENOTDIR);
	assert_null(source);
}

static void running_system(void **state)
{
	struct source *source;
	struct image *image, *same;
	char *path;

	(void)state;
	assert_int_equal(root_open("/usr/..", &source), 0);
	assert_int_equal(source_open(source, "/bin/sh", &image), 0);
	assert_int_equal(source_open(source, "/usr/../bin/sh", &same), 0);
	assert_ptr_equal(image, same);
	assert_int_equal(source_open(source, "bin/sh", &image), -EINVAL);
	path = root_inside(source, "/bin/../bin/sh");
	assert_non_null(path);
	free(path);
	source_free(source);
}

#define FILES 60

struct race {
	struct place *place;
	struct image *images[16 * FILES];
};

static int open_one(void *data, size_t item, unsigned thread)
{
	struct race *race = data;
	char path[64];

	(void)thread;
	snprintf(path, sizeof(path), "%s/many%zu.so", item % 2 ? "/lib" : "/usr/lib",
		 item / 2 % FILES);
	return source_open(race->place->source, path, &race->images[item]);
}

static void many_threads(void **state)
{
	struct race race = { .place = *state };
	bool seen[FILES] = { false };
	char path[64];
	size_t i;

	for (i = 0; i < FILES; i++) {
		snprintf(path, sizeof(path), "/usr/lib/many%zu.so", i);
		make_library(race.place, path, "many.so");
	}
	assert_int_equal(parallel_for(8, ARRAY_SIZE(race.images), 1, open_one, &race), 0);
	for (i = 0; i < ARRAY_SIZE(race.images); i++) {
		assert_ptr_equal(race.images[i], race.images[i % (2 * FILES) & ~(size_t)1]);
		assert_true(race.images[i]->id < FILES);
		seen[race.images[i]->id] = true;
	}
	for (i = 0; i < FILES; i++)
		assert_true(seen[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(one_image_for_all_paths, set_up, tear_down),
		cmocka_unit_test_setup_teardown(errors_as_the_kernel_gives_them, set_up, tear_down),
		cmocka_unit_test_setup_teardown(long_paths_end, set_up, tear_down),
		cmocka_unit_test_setup_teardown(chains_of_links, set_up, tear_down),
		cmocka_unit_test_setup_teardown(canonical_paths, set_up, tear_down),
		cmocka_unit_test_setup_teardown(stat_and_load, set_up, tear_down),
		cmocka_unit_test_setup_teardown(lists, set_up, tear_down),
		cmocka_unit_test_setup_teardown(host_paths, set_up, tear_down),
		cmocka_unit_test(no_such_root),
		cmocka_unit_test(running_system),
		cmocka_unit_test_setup_teardown(many_threads, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* read/debug-files.h over files in memory: which are taken, which are refused, in what words. */
#include "read/debug-files.h"

#include <libdeflate.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "dwarf-maker.h"

#define MOST_FILES 8
#define MOST_SECTIONS 6

struct disk {
	struct {
		const char *path;
		unsigned char *bytes;
		size_t size;
	} files[MOST_FILES];
	size_t count;
	char asked[4096]; /* all paths that were asked for, in order */
};

/* A file that is being made. */
struct maker {
	struct buffer content[MOST_SECTIONS];
	struct made_section sections[MOST_SECTIONS];
	size_t count;
};

static struct buffer *section(struct maker *m, const char *name)
{
	m->sections[m->count] =
		(struct made_section){ .name = name, .content = &m->content[m->count] };
	return &m->content[m->count++];
}

static void add_info(struct maker *m, const char *name)
{
	put_string(section(m, name), "something");
}

static void add_build_id(struct maker *m, const char *id)
{
	struct buffer *b = section(m, ".note.gnu.build-id");

	m->sections[m->count - 1].type = SHT_NOTE;
	put(b, 4, 4);
	put(b, strlen(id), 4);
	put(b, NT_GNU_BUILD_ID, 4);
	put_string(b, "GNU");
	put_bytes(b, id, strlen(id));
}

static void add_link(struct maker *m, const char *name, uint32_t crc)
{
	struct buffer *b = section(m, ".gnu_debuglink");

	put_string(b, name);
	while (b->size % 4)
		put(b, 0, 1);
	put(b, crc, 4);
}

static void add_alt_link(struct maker *m, const char *name, const char *id)
{
	struct buffer *b = section(m, ".gnu_debugaltlink");

	put_string(b, name);
	put_bytes(b, id, strlen(id));
}

/* Puts the file on the disk; returns its CRC. */
static uint32_t put_file(struct disk *disk, const char *path, const struct maker *m,
			 uint16_t machine)
{
	size_t size;
	unsigned char *bytes =
		make_file(m->sections, m->count, ET_DYN, machine, false, false, &size);

	disk->files[disk->count].path = path;
	disk->files[disk->count].bytes = bytes;
	disk->files[disk->count++].size = size;
	return libdeflate_crc32(0, bytes, size);
}

static int map(void *data, const char *path, struct file *ret)
{
	struct disk *disk = data;
	size_t length = strlen(disk->asked);
	size_t i;

	snprintf(disk->asked + length, sizeof(disk->asked) - length, "%s\n", path);
	for (i = 0; i < disk->count; i++) {
		if (strcmp(disk->files[i].path, path))
			continue;
		*ret = (struct file){ .bytes = disk->files[i].bytes,
				      .size = disk->files[i].size,
				      .is_borrowed = true };
		return 0;
	}
	return -ENOENT;
}

static char *real(void *data, const char *path)
{
	(void)data;
	return strdup(path);
}

/* The library is the disk's last file. */
static struct debug_files *open_in(struct disk *disk, const char *dir, const char *root)
{
	const char *dirs[] = { dir };
	struct debug_search search = {
		.dirs = dirs, .dir_count = dir != NULL, .root = root, .map = map, .real = real
	};
	struct debug_files *files;
	size_t last = disk->count - 1;

	search.data = disk;
	assert_int_equal(debug_files_open(disk->files[last].path, disk->files[last].bytes,
					  disk->files[last].size, &search, &files),
			 0);
	return files;
}

static struct debug_files *open_last(struct disk *disk, const char *dir)
{
	return open_in(disk, dir, NULL);
}

static void done(struct disk *disk, struct debug_files *files)
{
	debug_files_free(files);
	while (disk->count)
		free(disk->files[--disk->count].bytes);
}

static void takes_own(void **state)
{
	static struct disk disk;
	struct maker m = { 0 };
	struct debug_files *files;

	add_info(&m, ".debug_info");
	add_build_id(&m, "0123456789");
	put_file(&disk, "/lib/a.so", &m, EM_X86_64);
	files = open_last(&disk, "/dbg");
	assert_ptr_equal(files->main, &files->library);
	assert_null(files->problem);
	assert_null(files->alternate_problem);
	assert_string_equal(disk.asked, "");
	done(&disk, files);
}

static void takes_by_build_id(void **state)
{
	static struct disk disk;
	struct maker debug = { 0 };
	struct maker m = { 0 };
	struct debug_files *files;

	add_info(&debug, ".zdebug_info");
	add_build_id(&debug, "abc");
	put_file(&disk, "/dbg/usr/lib/debug/.build-id/61/6263.debug", &debug, EM_X86_64);
	add_build_id(&m, "abc");
	put_file(&disk, "/lib/a.so", &m, EM_X86_64);
	files = open_last(&disk, "/dbg");
	assert_non_null(files->main);
	assert_string_equal(files->main->path, disk.files[0].path);
	assert_string_equal(disk.asked, "/dbg/.build-id/61/6263.debug\n"
					"/dbg/usr/lib/debug/.build-id/61/6263.debug\n");
	debug_files_free(files);
	files = open_last(&disk, NULL);
	assert_null(files->main);
	assert_string_equal(files->problem, "no debug information: no file for build id 616263");
	done(&disk, files);
}

/* Candidates that are of another build, machine, or no debug files. */
static void refuses(void **state)
{
	static const struct {
		const char *id;
		const char *info;
		uint16_t machine;
		const char *why;
	} cases[] = {
		{ "xyz", ".debug_info", EM_X86_64, "its build id is 78797a" },
		{ "", ".debug_info", EM_X86_64, "it has no build id" },
		{ "abc", ".debug_line", EM_X86_64, "it has no debug information" },
		{ "abc", ".debug_info", EM_AARCH64, "it is for another machine" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct disk disk = { 0 };
		struct maker debug = { 0 };
		struct maker m = { 0 };
		struct debug_files *files;
		char text[256];

		add_info(&debug, cases[i].info);
		add_build_id(&debug, cases[i].id);
		put_file(&disk, "/usr/lib/debug/.build-id/61/6263.debug", &debug, cases[i].machine);
		add_build_id(&m, "abc");
		put_file(&disk, "/lib/a.so", &m, EM_X86_64);
		files = open_last(&disk, NULL);
		snprintf(text, sizeof(text), "%s does not belong to it: %s", disk.files[0].path,
			 cases[i].why);
		assert_null(files->main);
		assert_string_equal(files->problem, text);
		done(&disk, files);
	}
}

static void takes_by_link(void **state)
{
	static const char *const places[] = { "/lib/a.debug", "/lib/.debug/a.debug",
					      "/dbg/lib/a.debug", "/usr/lib/debug/lib/a.debug",
					      "/dbg/a.debug" };
	size_t i;

	for (i = 0; i < 2 * ARRAY_SIZE(places); i++) {
		bool is_wrong = i >= ARRAY_SIZE(places);
		struct disk disk = { 0 };
		struct maker debug = { 0 };
		struct maker m = { 0 };
		struct debug_files *files;
		uint32_t crc;

		add_info(&debug, ".debug_info");
		crc = put_file(&disk, places[i % ARRAY_SIZE(places)], &debug, EM_X86_64);
		add_link(&m, "a.debug", crc + is_wrong);
		put_file(&disk, "/lib/a.so", &m, EM_X86_64);
		files = open_last(&disk, "/dbg");
		assert_int_equal(files->main == NULL, is_wrong);
		if (is_wrong)
			assert_non_null(strstr(files->problem, "a.debug does not belong to it: "
							       "its CRC is "));
		done(&disk, files);
	}
}

static void looks_inside_of_root(void **state)
{
	static const char *const places[] = { "/sys/usr/lib/debug/usr/lib/a.debug",
					      "/sys/usr/lib/debug/lib/a.debug",
					      "/sys/usr/lib/debug/.build-id/61/6263.debug" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(places); i++) {
		struct disk disk = { 0 };
		struct maker debug = { 0 };
		struct maker m = { 0 };
		struct debug_files *files;
		uint32_t crc;

		add_info(&debug, ".debug_info");
		add_build_id(&debug, "abc");
		crc = put_file(&disk, places[i], &debug, EM_X86_64);
		add_build_id(&m, "abc");
		add_link(&m, "a.debug", crc);
		put_file(&disk, "/sys/usr/lib/a.so", &m, EM_X86_64);
		files = open_in(&disk, NULL, "/sys/");
		assert_non_null(files->main);
		assert_string_equal(path_name(files->main->path), path_name(places[i]));
		debug_files_free(files);
		files = open_in(&disk, NULL, "/");
		assert_null(files->main);
		done(&disk, files);
	}
}

static void links_to_names_only(void **state)
{
	static struct disk disk;
	struct maker m = { 0 };
	struct debug_files *files;

	add_link(&m, "../../etc/a.debug", 0);
	put_file(&disk, "/lib/a.so", &m, EM_X86_64);
	files = open_last(&disk, "/dbg");
	assert_string_equal(disk.asked, "");
	assert_string_equal(files->problem, "no debug information: no file ../../etc/a.debug");
	done(&disk, files);
}

static void tells_nothing(void **state)
{
	static struct disk disk;
	struct maker m = { 0 };
	struct debug_files *files;

	put_file(&disk, "/lib/a.so", &m, EM_X86_64);
	files = open_last(&disk, NULL);
	assert_string_equal(files->problem,
			    "no debug information: it has none, and names no file for it");
	debug_files_free(files);
	memcpy(disk.files[0].bytes, "text", 4);
	files = open_last(&disk, NULL);
	assert_string_equal(files->problem, "no debug information: it is no ELF file");
	done(&disk, files);
}

static void finds_alternate(void **state)
{
	static const struct {
		const char *name, *place, *id, *problem;
	} cases[] = {
		{ "../alt", "/lib/../alt", "abc", NULL },
		{ "sub/alt", "/lib/alt", "abc", NULL },
		{ "/usr/lib/debug/.dwz/alt", "/dbg/.dwz/alt", "abc", NULL },
		{ "/usr/lib/debug/.dwz/alt", "/dbg/usr/lib/debug/.dwz/alt", "abc", NULL },
		{ "/other/alt", "/other/alt", "abc", NULL },
		{ "alt", "/dbg/.build-id/61/6263.debug", "abc", NULL },
		{ "alt", "/else/alt", "abc", "no alternate file alt" },
		{ "alt", "/lib/alt", "xyz",
		  "/lib/alt does not belong to it: its build id is 78797a" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct disk disk = { 0 };
		struct maker alternate = { 0 };
		struct maker m = { 0 };
		struct debug_files *files;

		add_info(&alternate, ".debug_info");
		add_build_id(&alternate, cases[i].id);
		put_file(&disk, cases[i].place, &alternate, EM_X86_64);
		add_info(&m, ".debug_info");
		add_alt_link(&m, cases[i].name, "abc");
		put_file(&disk, "/lib/a.so", &m, EM_X86_64);
		files = open_last(&disk, "/dbg");
		assert_int_equal(files->alternate != NULL, cases[i].problem == NULL);
		if (cases[i].problem)
			assert_string_equal(files->alternate_problem, cases[i].problem);
		else
			assert_null(files->alternate_problem);
		done(&disk, files);
	}
}

/* A file that DWARF 5 calls supplementary is known by what it says of itself. */
static void finds_supplementary(void **state)
{
	static struct disk disk;
	struct maker alternate = { 0 };
	struct maker m = { 0 };
	struct debug_files *files;
	unsigned i;

	for (i = 0; i < 2; i++) {
		struct maker *maker = i ? &m : &alternate;
		struct buffer *b;

		add_info(maker, ".debug_info");
		b = section(maker, ".debug_sup");
		put(b, 5, 2);
		put(b, !i, 1);
		put_string(b, i ? "alt" : "");
		put_uleb(b, 3);
		put_bytes(b, "sum", 3);
		put_file(&disk, i ? "/lib/a.so" : "/lib/alt", maker, EM_X86_64);
	}
	files = open_last(&disk, NULL);
	assert_non_null(files->alternate);
	done(&disk, files);
}

static void offers_split_files(void **state)
{
	static struct disk disk;
	struct maker split = { 0 };
	struct maker m = { 0 };
	struct debug_files *files;
	struct debug_file *first, *file;
	unsigned next = 0;

	add_info(&split, ".debug_info.dwo");
	put_file(&disk, "/build/sub/a.dwo", &split, EM_X86_64);
	put_file(&disk, "/lib/a.dwo", &split, EM_X86_64);
	add_info(&m, ".debug_info");
	put_file(&disk, "/lib/a.so", &m, EM_X86_64);
	files = open_last(&disk, "/dbg");
	assert_int_equal(debug_files_split(files, "/build", "sub/a.dwo", &next, &file), 0);
	assert_non_null(file);
	assert_string_equal(file->path, "/build/sub/a.dwo");
	first = file;
	assert_int_equal(debug_files_split(files, "/build", "sub/a.dwo", &next, &file), 0);
	assert_non_null(file);
	assert_string_equal(file->path, "/lib/a.dwo");
	assert_int_equal(debug_files_split(files, "/build", "sub/a.dwo", &next, &file), 0);
	assert_null(file);
	next = 0;
	assert_int_equal(debug_files_split(files, NULL, "/build/sub/a.dwo", &next, &file), 0);
	assert_ptr_equal(file, first);
	next = 0;
	*disk.asked = 0;
	assert_int_equal(debug_files_package(files, &next, &file), 0);
	assert_null(file);
	assert_string_equal(disk.asked, "/lib/a.so.dwp\n"
					"/dbg/a.so.dwp\n/dbg/usr/lib/debug/a.so.dwp\n"
					"/usr/lib/debug/a.so.dwp\n");
	done(&disk, files);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_own),
		cmocka_unit_test(takes_by_build_id),
		cmocka_unit_test(refuses),
		cmocka_unit_test(takes_by_link),
		cmocka_unit_test(links_to_names_only),
		cmocka_unit_test(looks_inside_of_root),
		cmocka_unit_test(tells_nothing),
		cmocka_unit_test(finds_alternate),
		cmocka_unit_test(finds_supplementary),
		cmocka_unit_test(offers_split_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

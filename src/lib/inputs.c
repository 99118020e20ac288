/* SPDX-License-Identifier: Apache-2.0 */
/* Inputs; contract in lib/inputs.h. */
#include "lib/inputs.h"
#include "model/baseline-words.h"
#include "read/package.h"
#include "read/root.h"

#include <dirent.h>
#include <elf.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEEPEST_FOLDER 100
/* Enough to know a .deb from other archives; tar files of a folder are not looked into. */
#define INPUT_HEAD 64

static int walk(struct input_files *files, const char *folder, unsigned depth);

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

struct names {
	struct array_of(const char *) items;
};

static int read_names(struct input_files *files, const char *folder, struct names *ret)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	int r = 0;

	if (!dir)
		return 0; /* a folder that one may not read has nothing to judge */
	while (!r && (entry = readdir(dir)) != NULL) {
		const char *name;

		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		name = arena_strdup(&files->arena, entry->d_name);
		r = name ? array_push(&ret->items, name) : -ENOMEM;
	}
	closedir(dir);
	if (!r && ret->items.count)
		qsort(ret->items.items, ret->items.count, sizeof(*ret->items.items), compare_names);
	return r;
}

bool input_starts_as_wanted(const void *bytes, size_t size, unsigned kinds)
{
	static const struct {
		const char *magic;
		unsigned kind; /* 0: always */
	} starts[] = {
		{ ELFMAG, 0 },
		{ "!<arch>\n", INPUT_ARCHIVES },
		{ "!<thin>\n", INPUT_ARCHIVES },
		{ BASELINE_HEAD, INPUT_BASELINES },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(starts); i++) {
		size_t length = strlen(starts[i].magic);

		if ((!starts[i].kind || (starts[i].kind & kinds)) && size >= length &&
		    !memcmp(bytes, starts[i].magic, length))
			return true;
	}
	return false;
}

/* Only the first bytes are read: most files of a folder are of no interest. */
static bool starts_as_wanted(const struct input_files *files, const char *path, bool *ret_package)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	unsigned char text[INPUT_HEAD];
	enum package_kind kind;
	ssize_t size;

	*ret_package = false;
	if (fd < 0)
		return false;
	size = read(fd, text, sizeof(text));
	close(fd);
	if (size <= 0)
		return false;
	kind = package_kind(text, (size_t)size);
	*ret_package = files->source && (kind == PACKAGE_DEB || kind == PACKAGE_RPM);
	return kind != PACKAGE_DEB && input_starts_as_wanted(text, (size_t)size, files->kinds);
}

static int take_entry(struct input_files *files, const char *folder, const char *name,
		      unsigned depth)
{
	size_t length = strlen(folder);
	const char *slash = length && folder[length - 1] == '/' ? "" : "/";
	const char *path = arena_printf(&files->arena, "%s%s%s", folder, slash, name);
	bool is_package, is_wanted;
	struct stat st;

	if (!path)
		return -ENOMEM;
	if (lstat(path, &st))
		return 0;
	if (S_ISDIR(st.st_mode))
		return walk(files, path, depth + 1);
	if (!S_ISREG(st.st_mode))
		return 0;
	is_wanted = starts_as_wanted(files, path, &is_package);
	if (is_package)
		return input_package_take(files, path, false, &is_package);
	if (!is_wanted)
		return 0;
	return array_push(&files->items, (struct input_file){ .path = path, .from_folder = true });
}

static int walk(struct input_files *files, const char *folder, unsigned depth)
{
	struct names names = { 0 };
	size_t i;
	int r;

	if (depth > DEEPEST_FOLDER)
		return 0;
	r = read_names(files, folder, &names);
	for (i = 0; !r && i < names.items.count; i++)
		r = take_entry(files, folder, names.items.items[i], depth);
	array_done(&names.items);
	return r;
}

static int take_named(struct input_files *files, const char *path)
{
	bool is_taken = false;
	struct stat st;
	int r;

	if (!stat(path, &st) && S_ISDIR(st.st_mode))
		return walk(files, path, 0);
	r = files->source ? input_package_take(files, path, true, &is_taken) : 0;
	return r || is_taken ? r : array_push(&files->items, (struct input_file){ .path = path });
}

int input_files_list(struct source *source, const char *const *paths, size_t count, unsigned kinds,
		     struct input_files *ret)
{
	size_t i;
	int r = 0;

	*ret = (struct input_files){ .kinds = kinds, .source = source };
	for (i = 0; !r && i < count; i++)
		r = take_named(ret, paths[i]);
	return r;
}

/* A file outside the root keeps its own path; its folder counts as $ORIGIN all the same. */
static int locate(struct abifit_system *system, struct input_file *file)
{
	const char *slash;

	file->inside = root_inside(file->home ? file->home : system->source, file->path);
	if (!file->inside)
		file->inside = root_real(system->source, file->path);
	if (!file->inside)
		return -ENOMEM; /* it was opened a moment ago */
	slash = strrchr(file->inside, '/');
	file->origin = slash == file->inside
			       ? strdup("/")
			       : strndup(file->inside, (size_t)(slash - file->inside));
	return file->origin ? 0 : -ENOMEM;
}

int input_file_open(struct abifit_system *system, struct input_file *file)
{
	if (file->error)
		return 0;
	file->error = root_adopt(system->source, file->path, &file->image);
	if (file->error == -ENOMEM)
		return -ENOMEM;
	return file->error ? 0 : locate(system, file);
}

int input_file_fail(struct abifit_report *report, const struct input_file *file)
{
	size_t number;
	int r = report_add_input(report, file->path, &number);

	if (r)
		return r;
	return file->fault
		       ? report_input_error(report, number, file->fault->rule, file->fault, NULL)
		       : report_open_error(report, number, file->error);
}

void input_file_done(struct input_file *file)
{
	free(file->inside);
	free(file->origin);
	file->inside = file->origin = NULL;
}

void input_files_done(struct input_files *files)
{
	size_t i;

	for (i = 0; i < files->items.count; i++)
		input_file_done(&files->items.items[i]);
	array_done(&files->items);
	arena_done(&files->arena);
}

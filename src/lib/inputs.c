/* SPDX-License-Identifier: Apache-2.0 */
/* Inputs; contract in lib/inputs.h. */
#include "lib/inputs.h"
#include "model/baseline-words.h"
#include "read/root.h"

#include <dirent.h>
#include <elf.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEEPEST_FOLDER 100

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

/* Only the first bytes are read: most files of a folder are of no interest. */
static bool starts_as_wanted(const char *path, unsigned kinds)
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
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	char text[sizeof(BASELINE_HEAD)];
	ssize_t size;
	size_t i;

	if (fd < 0)
		return false;
	size = read(fd, text, sizeof(text));
	close(fd);
	for (i = 0; i < ARRAY_SIZE(starts); i++) {
		size_t length = strlen(starts[i].magic);

		if ((!starts[i].kind || (starts[i].kind & kinds)) && size >= (ssize_t)length &&
		    !memcmp(text, starts[i].magic, length))
			return true;
	}
	return false;
}

static int take_entry(struct input_files *files, const char *folder, const char *name,
		      unsigned depth)
{
	size_t length = strlen(folder);
	const char *slash = length && folder[length - 1] == '/' ? "" : "/";
	const char *path = arena_printf(&files->arena, "%s%s%s", folder, slash, name);
	struct stat st;

	if (!path)
		return -ENOMEM;
	if (lstat(path, &st))
		return 0;
	if (S_ISDIR(st.st_mode))
		return walk(files, path, depth + 1);
	if (!S_ISREG(st.st_mode) || !starts_as_wanted(path, files->kinds))
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

int input_files_list(const char *const *paths, size_t count, unsigned kinds,
		     struct input_files *ret)
{
	size_t i;
	int r = 0;

	*ret = (struct input_files){ .kinds = kinds };
	for (i = 0; !r && i < count; i++) {
		struct stat st;

		if (!stat(paths[i], &st) && S_ISDIR(st.st_mode))
			r = walk(ret, paths[i], 0);
		else
			r = array_push(&ret->items, (struct input_file){ .path = paths[i] });
	}
	return r;
}

/* A file outside the root keeps its own path; its folder counts as $ORIGIN all the same. */
static int locate(struct abifit_system *system, struct input_file *file)
{
	const char *slash;

	file->inside = root_inside(file->home ? file->home : system->source, file->path);
	if (!file->inside)
		file->inside = realpath(file->path, NULL);
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
	file->error = root_adopt(system->source, file->path, &file->image);
	if (file->error == -ENOMEM)
		return -ENOMEM;
	return file->error ? 0 : locate(system, file);
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

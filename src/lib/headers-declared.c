/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One text has both: what the preprocessor leaves of the headers, and the macros in
 * between (-E -dD), each with its file and line. gcc and clang write it alike, which
 * cannot be said of what else they tell of declarations. Contract in
 * lib/headers-declared.h.
 */
#include "lib/headers-declared.h"
#include "base/file.h"
#include "read/declared.h"

#include <limits.h>
#include <string.h>

#define MOST_FOLDERS 64

const char *const headers_declared_arguments[] = { "-w", "-E", "-dD", "-o", "OUT", NULL };

struct ownership {
	const struct own_headers *own;
	struct map files;
	char *folders[MOST_FOLDERS]; /* canonical, of malloc */
	size_t folder_count;
};

static bool is_inside(const char *path, const char *folder)
{
	size_t length = strlen(folder);

	return !strncmp(path, folder, length) && (path[length] == '/' || !strcmp(folder, "/"));
}

/* What a header includes from the same folders is the library's, too, unless it is the system's. */
static bool owns(void *data, const char *file, bool is_system)
{
	const struct ownership *o = data;
	char path[PATH_MAX];
	size_t i;

	if (!*file || *file == '<' || !realpath(file, path))
		return false;
	if (map_get(&o->files, path))
		return true;
	for (i = 0; !is_system && i < o->folder_count; i++) {
		if (is_inside(path, o->folders[i]))
			return true;
	}
	return false;
}

static int ownership_init(struct ownership *o)
{
	const struct own_headers *own = o->own;
	size_t i;

	for (i = 0; i < own->count; i++) {
		if (map_set(&o->files, own->files[i], (void *)own->files[i]))
			return -ENOMEM;
	}
	for (i = 0; i < own->folder_count && o->folder_count < MOST_FOLDERS; i++) {
		char *path = realpath(own->folders[i], NULL);

		if (path)
			o->folders[o->folder_count++] = path;
		else if (errno == ENOMEM)
			return -ENOMEM;
	}
	return 0;
}

static void ownership_done(struct ownership *o)
{
	size_t i;

	for (i = 0; i < o->folder_count; i++)
		free(o->folders[i]);
	map_done(&o->files);
}

/* Names that stand where the preprocessor left the text out are mentioned all the same. */
static int read_mentions(const struct own_headers *own, struct declared *declared)
{
	size_t i;
	int r = 0;

	for (i = 0; !r && i < own->count; i++) {
		struct file file;

		r = file_map(own->files[i], &file);
		if (r)
			return r == -ENOMEM ? r : 0;
		r = declared_read_mentions((const char *)file.bytes, file.size, declared);
		file_unmap(&file);
	}
	return r;
}

int headers_declared(const char *text, size_t size, const struct own_headers *own,
		     struct corpus *corpus)
{
	struct ownership ownership = { .own = own };
	struct declared_source source = { .is_cxx = own->is_cxx, .owns = owns, .data = &ownership };
	int r = ownership_init(&ownership);

	if (!r)
		r = declared_read(text, size, &source, &corpus->declared);
	ownership_done(&ownership);
	return r ? r : read_mentions(own, corpus->declared);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in lib/header-pc.h. */
#include "lib/header-pc.h"
#include "base/map.h"
#include "read/pkgconfig.h"

#include <string.h>

#define LARGEST ((size_t)1 << 20)
#define MOST_NEEDED 200

struct pc {
	const struct abifit_system *system;
	struct arena *arena;
	const char *name; /* "z" of "libz.so" */
	struct header_found *found;
	struct header_arguments *arguments;
	struct map seen; /* names of .pc files whose flags were taken */
	struct array_of(const char *) folders;
	const char *folder; /* that is listed */
};

static const char *on_host(const struct pc *pc, const char *path)
{
	return arena_printf(pc->arena, "%s%s", pc->system->is_running ? "" : pc->system->root,
			    path);
}

static int read_pc(const struct pc *pc, const char *path, struct pkgconfig *ret)
{
	const char *folder = arena_strndup(pc->arena, path, (size_t)(path_name(path) - path));
	AUTO_FREE char *text = NULL;
	size_t size;
	int r = folder ? source_load(pc->system->source, path, LARGEST, &text, &size) : -ENOMEM;

	return r ? r : pkgconfig_read(text, size, folder, pc->arena, ret);
}

static int each_word(const struct pc *pc, const char *field,
		     int (*take)(void *data, const char *word), void *data)
{
	const char *word;
	int r;

	do {
		r = pkgconfig_word(&field, pc->arena, &word);
		if (!r && word)
			r = take(data, word);
	} while (!r && word);
	return r;
}

/* No flag of another kind: what a file asks of the compiler is not for it to say. */
static int take_flag(void *data, const char *word)
{
	struct pc *pc = data;
	const char *folder;

	if (!strncmp(word, "-D", 2) && word[2])
		return array_push(pc->arguments, word);
	if (strncmp(word, "-I/", 3))
		return 0;
	folder = on_host(pc, word + 2);
	folder = folder ? arena_printf(pc->arena, "-I%s", folder) : NULL;
	return folder ? array_push(pc->arguments, folder) : -ENOMEM;
}

static int take_flags(struct pc *pc, const struct pkgconfig *file);

/* "glib-2.0 >= 2.40, zlib": names, and versions that do not matter here. */
static int take_need(void *data, const char *word)
{
	struct pc *pc = data;
	size_t i;
	int r = 0;

	if (pc->seen.count >= MOST_NEEDED || strchr("<>=!0123456789", *word) || strchr(word, '/') ||
	    map_get(&pc->seen, word))
		return 0;
	r = map_set(&pc->seen, word, pc);
	for (i = 0; !r && i < pc->folders.count; i++) {
		const char *path = arena_printf(pc->arena, "%s/%s.pc", pc->folders.items[i], word);
		struct pkgconfig file;

		r = path ? read_pc(pc, path, &file) : -ENOMEM;
		if (!r)
			return take_flags(pc, &file);
		if (r != -ENOMEM)
			r = 0;
	}
	return r;
}

static int take_needs(struct pc *pc, const char *field)
{
	char *names = arena_strdup(pc->arena, field);
	char *comma;

	if (!names)
		return -ENOMEM;
	for (comma = names; (comma = strchr(comma, ',')) != NULL;)
		*comma = ' ';
	return each_word(pc, names, take_need, pc);
}

static int take_flags(struct pc *pc, const struct pkgconfig *file)
{
	int r = each_word(pc, file->cflags, take_flag, pc);

	if (!r)
		r = take_needs(pc, file->needs);
	/* pkg-config takes the flags of these, too: headers may include theirs. */
	return r ? r : take_needs(pc, file->needs_private);
}

static int add_folder(struct pc *pc, const char *start, const char *end)
{
	const char *folder = arena_printf(pc->arena, "%s%s", start, end);

	return folder ? array_push(&pc->folders, folder) : -ENOMEM;
}

/* Beside a library, or a .pc file, first. */
static int fill_folders(struct pc *pc, const char *beside)
{
	static const char *const folders[] = {
		"/usr/lib/pkgconfig",	    "/usr/lib64/pkgconfig",	  "/usr/share/pkgconfig",
		"/usr/local/lib/pkgconfig", "/usr/local/share/pkgconfig",
	};
	size_t i;
	int r = add_folder(pc, beside, "");

	for (i = 0; !r && i < ARRAY_SIZE(folders); i++)
		r = add_folder(pc, folders[i], "");
	return r;
}

static void done(struct pc *pc)
{
	array_done(&pc->folders);
	map_done(&pc->seen);
}

int header_pc_flags(const struct abifit_system *system, const char *path, struct arena *arena,
		    struct header_arguments *ret)
{
	struct pc pc = { .system = system, .arena = arena, .arguments = ret };
	const char *folder = arena_strndup(arena, path, (size_t)(path_name(path) - path - 1));
	struct pkgconfig file;
	int r = folder ? fill_folders(&pc, folder) : -ENOMEM;

	if (!r)
		r = read_pc(&pc, path, &file);
	if (!r)
		r = take_flags(&pc, &file);
	done(&pc);
	return r == -ENOMEM ? r : 0;
}

static int is_library(void *data, const char *word)
{
	const struct pc *pc = data;

	return !strncmp(word, "-l", 2) && !strcmp(word + 2, pc->name);
}

/* Everybody's folder: of it only what is called after the library counts. */
static bool is_shared(const char *folder)
{
	size_t length = strlen(folder);

	while (length && folder[length - 1] == '/')
		length--;
	return (length == 12 && !strncmp(folder, "/usr/include", length)) ||
	       (length == 18 && !strncmp(folder, "/usr/local/include", length)) ||
	       strstr(path_name(folder), "-linux-") != NULL;
}

static bool exists(const struct pc *pc, const char *path)
{
	struct source_stat st;

	return !source_stat(pc->system->source, path, &st) &&
	       (st.kind == SOURCE_FILE || st.kind == SOURCE_FOLDER);
}

static int add_path(struct pc *pc, const char *path)
{
	const char *host;

	if (!path)
		return -ENOMEM;
	if (!exists(pc, path))
		return 0;
	host = on_host(pc, path);
	return host ? array_push(&pc->found->paths, host) : -ENOMEM;
}

static int take_folder(void *data, const char *word)
{
	struct pc *pc = data;

	return strncmp(word, "-I/", 3) || is_shared(word + 2) ? 0 : add_path(pc, word + 2);
}

/* In a shared folder: NAME.h, libNAME.h, NAME.hpp and a folder NAME. */
static int take_named(struct pc *pc, const char *includedir, const char *name)
{
	int r = add_path(pc, arena_printf(pc->arena, "%s/%s.h", includedir, name));

	if (!r)
		r = add_path(pc, arena_printf(pc->arena, "%s/lib%s.h", includedir, name));
	if (!r)
		r = add_path(pc, arena_printf(pc->arena, "%s/%s.hpp", includedir, name));
	return r ? r : add_path(pc, arena_printf(pc->arena, "%s/%s", includedir, name));
}

static int take_headers(struct pc *pc, const char *path, const struct pkgconfig *file)
{
	const char *base = path_name(path);
	const char *name = arena_strndup(pc->arena, base, strlen(base) - strlen(".pc"));
	const char *includedir = *file->includedir ? file->includedir : "/usr/include";
	int r = name ? each_word(pc, file->cflags, take_folder, pc) : -ENOMEM;

	if (!r && !pc->found->paths.count)
		r = take_named(pc, includedir, pc->name);
	if (!r && !pc->found->paths.count && strcmp(name, pc->name))
		r = take_named(pc, includedir, name);
	if (r || !pc->found->paths.count)
		return r;
	r = take_flags(pc, file);
	pc->found->from = arena_printf(pc->arena, "those that %s tells", path);
	return r || pc->found->from ? r : -ENOMEM;
}

static int look_at(void *data, const char *name)
{
	struct pc *pc = data;
	const char *dot = strrchr(name, '.');
	struct pkgconfig file;
	const char *path;
	int r;

	if (!dot || strcmp(dot, ".pc") || pc->found->from)
		return 0;
	path = arena_printf(pc->arena, "%s/%s", pc->folder, name);
	r = path ? read_pc(pc, path, &file) : -ENOMEM;
	if (r)
		return r == -ENOMEM ? r : 0;
	r = each_word(pc, file.libs, is_library, pc);
	return r > 0 ? take_headers(pc, path, &file) : r;
}

int header_pc_find(const struct abifit_system *system, const char *link, struct arena *arena,
		   struct header_found *ret)
{
	struct pc pc = { .system = system, .arena = arena, .found = ret };
	const char *base = path_name(link);
	const char *beside = arena_printf(arena, "%.*spkgconfig", (int)(base - link), link);
	size_t i;
	int r = beside ? fill_folders(&pc, beside) : -ENOMEM;

	if (strncmp(base, "lib", 3) || strlen(base) < 7) {
		done(&pc);
		return r;
	}
	pc.arguments = &ret->arguments;
	pc.name = arena_strndup(arena, base + 3, strlen(base) - 6);
	if (!pc.name)
		r = -ENOMEM;
	for (i = 0; !r && !ret->from && i < pc.folders.count; i++) {
		pc.folder = pc.folders.items[i];
		r = source_list(system->source, pc.folder, look_at, &pc);
		if (r != -ENOMEM)
			r = 0;
	}
	done(&pc);
	return r;
}

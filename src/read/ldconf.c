/* SPDX-License-Identifier: Apache-2.0 */
/* ld.so.conf: which folders ldconfig looks into; contract in read/ldconf.h. */
#include "read/ldconf.h"
#include "base/map.h"
#include "read/glob.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define LARGEST_FILE ((size_t)1 << 20)
#define MOST_FILES 1000u
#define MOST_FOLDERS 10000u
#define DEEPEST 16u		     /* files that include files */
#define MOST_NAMES ((size_t)1 << 18) /* looked at for all patterns together */

struct parser {
	struct source *source;
	struct ldconf_folders *folders;
	struct map seen; /* "device:inode" of each folder */
	size_t budget;	 /* of names to look at */
	unsigned files;
	unsigned depth;
};

static int parse_file(struct parser *p, const char *path);

/* Adds a folder unless it is known by this or another path. */
static int add_once(struct parser *p, const char *path, const char *hwcap, bool *ret_added)
{
	struct source_stat st;
	const char *key;
	int r = source_stat(p->source, path, &st);

	if (r || st.kind != SOURCE_FOLDER || p->folders->items.count >= MOST_FOLDERS)
		return r == -ENOMEM ? r : 0;
	key = arena_printf(&p->folders->arena, "%llx:%llx", (unsigned long long)st.device,
			   (unsigned long long)st.inode);
	if (!key)
		return -ENOMEM;
	if (map_get(&p->seen, key))
		return 0;
	*ret_added = true;
	if (map_set(&p->seen, key, p))
		return -ENOMEM;
	return array_push(&p->folders->items, (struct ldconf_folder){ path, hwcap });
}

/* Tells a folder in its own right, which goes before a link to it. -ENOMEM or 0. */
static int is_own_name(struct parser *p, const char *path, bool *ret)
{
	AUTO_FREE char *canonical = NULL;
	int r = source_canonical(p->source, path, &canonical);

	*ret = !r && !strcmp(strrchr(canonical, '/'), strrchr(path, '/'));
	return r == -ENOMEM ? r : 0;
}

static int add_hwcaps(struct parser *p, const char *folder)
{
	const char *pattern = arena_printf(&p->folders->arena, "%s/glibc-hwcaps/[!.]*", folder);
	struct glob_paths paths = { 0 };
	int r = pattern ? glob_match(p->source, pattern, &p->folders->arena, &p->budget, &paths)
			: -ENOMEM;
	bool own, added;
	size_t i;

	for (i = 0; i < 2 * paths.count && !r; i++) {
		const char *path = paths.items[i % paths.count];

		r = is_own_name(p, path, &own);
		if (!r && own == (i < paths.count))
			r = add_once(p, path, strrchr(path, '/') + 1, &added);
	}
	array_done(&paths);
	return r;
}

static int add_folder(struct parser *p, const char *text, size_t length)
{
	bool added = false;
	const char *path;
	int r;

	while (length && isspace((unsigned char)text[length - 1]))
		length--;
	while (length && text[length - 1] == '/')
		length--;
	if (!length || text[0] != '/')
		return 0;
	path = arena_strndup(&p->folders->arena, text, length);
	if (!path)
		return -ENOMEM;
	r = add_once(p, path, NULL, &added);
	return r || !added ? r : add_hwcaps(p, path);
}

static int include(struct parser *p, const char *from, const char *pattern)
{
	struct arena *arena = &p->folders->arena;
	struct glob_paths paths = { 0 };
	size_t i;
	int r;

	if (pattern[0] != '/')
		pattern = arena_printf(arena, "%.*s%s", (int)(strrchr(from, '/') + 1 - from), from,
				       pattern);
	if (!pattern)
		return -ENOMEM;
	r = glob_match(p->source, pattern, arena, &p->budget, &paths);
	for (i = 0; i < paths.count && !r; i++)
		r = parse_file(p, paths.items[i]);
	array_done(&paths);
	return r;
}

static int include_all(struct parser *p, const char *from, char *patterns)
{
	const char *pattern;
	int r = 0;

	while (!r && (pattern = strsep(&patterns, " \t"))) {
		if (pattern[0])
			r = include(p, from, pattern);
	}
	return r;
}

static int parse_line(struct parser *p, const char *path, char *line)
{
	line[strcspn(line, "#")] = '\0';
	while (isspace((unsigned char)*line))
		line++;
	if (!strncmp(line, "include", 7) && isblank((unsigned char)line[7]))
		return include_all(p, path, line + 8);
	if (!strncasecmp(line, "hwcap", 5) && isblank((unsigned char)line[5]))
		return 0;
	/* What follows "=" was a type of library, long without meaning. */
	return add_folder(p, line, strcspn(line, "="));
}

static int parse_text(struct parser *p, const char *path, char *text)
{
	char *line;
	int r = 0;

	while (!r && (line = strsep(&text, "\n")))
		r = parse_line(p, path, line);
	return r;
}

static int parse_file(struct parser *p, const char *path)
{
	AUTO_FREE char *text = NULL;
	size_t size;
	int r;

	if (p->depth >= DEEPEST || p->files >= MOST_FILES)
		return 0;
	r = source_load(p->source, path, LARGEST_FILE, &text, &size);
	if (r)
		return r == -ENOMEM ? r : 0;
	p->files++;
	p->depth++;
	r = parse_text(p, path, text);
	p->depth--;
	return r;
}

int ldconf_read(struct source *source, const char *conf, const char *const *system,
		struct ldconf_folders *ret)
{
	struct parser parser = { .source = source, .folders = ret, .budget = MOST_NAMES };
	int r;

	*ret = (struct ldconf_folders){ 0 };
	r = parse_file(&parser, conf);
	for (; *system && !r; system++)
		r = add_folder(&parser, *system, strlen(*system));
	map_done(&parser.seen);
	return r;
}

void ldconf_folders_done(struct ldconf_folders *folders)
{
	array_done(&folders->items);
	arena_done(&folders->arena);
}

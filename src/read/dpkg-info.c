/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in read/dpkg-info.h. */
#include "read/dpkg-info.h"
#include "base/map.h"

#include <string.h>

#define FOLDER "/var/lib/dpkg/info"
#define LARGEST_FILE ((size_t)256 << 20)

struct entry {
	const char *name; /* "name" or "name:arch" */
	bool has_list;
	bool tells; /* it has a symbols or shlibs file */
	bool read;  /* its list was searched in this round */
};

struct dpkg_info {
	struct source *source;
	struct arena arena;
	struct array_of(struct entry *) entries;
	struct map by_name;
	const char *arch;
	bool is_listed; /* `entries` are all that there are */
};

static struct entry *find_or_add(struct dpkg_info *info, const char *name, size_t length)
{
	char *copy = arena_strndup(&info->arena, name, length);
	struct entry *entry = copy ? map_get(&info->by_name, copy) : NULL;

	if (!copy || entry)
		return entry;
	entry = arena_alloc(&info->arena, sizeof(*entry));
	if (!entry)
		return NULL;
	entry->name = copy;
	if (map_set(&info->by_name, copy, entry) || array_push(&info->entries, entry))
		return NULL;
	return entry;
}

static int note_file(void *data, const char *name)
{
	const char *dot = strrchr(name, '.');
	bool list = dot && !strcmp(dot, ".list");
	bool tells = dot && (!strcmp(dot, ".symbols") || !strcmp(dot, ".shlibs"));
	struct entry *entry;

	if (!list && !tells)
		return 0;
	entry = find_or_add(data, name, (size_t)(dot - name));
	if (!entry)
		return -ENOMEM;
	entry->has_list |= list;
	entry->tells |= tells;
	return 0;
}

static int compare_entries(const void *a, const void *b)
{
	return strcmp((*(struct entry *const *)a)->name, (*(struct entry *const *)b)->name);
}

int dpkg_info_open(struct source *source, const char *arch, struct dpkg_info **ret)
{
	struct dpkg_info *info;
	struct source_stat st;
	int r = source_stat(source, FOLDER, &st);

	if (r)
		return r;
	info = calloc(1, sizeof(*info));
	if (!info)
		return -ENOMEM;
	info->source = source;
	info->arch = arena_strdup(&info->arena, arch);
	if (!info->arch) {
		dpkg_info_free(info);
		return -ENOMEM;
	}
	*ret = info;
	return 0;
}

/* Names are often guessed, and then the folder need not be read. */
static int list_entries(struct dpkg_info *info)
{
	int r;

	if (info->is_listed)
		return 0;
	r = source_list(info->source, FOLDER, note_file, info);
	if (r)
		return r == -ENOMEM ? r : 0;
	if (info->entries.count)
		qsort(info->entries.items, info->entries.count, sizeof(*info->entries.items),
		      compare_entries);
	info->is_listed = true;
	return 0;
}

void dpkg_info_free(struct dpkg_info *info)
{
	if (!info)
		return;
	array_done(&info->entries);
	map_done(&info->by_name);
	arena_done(&info->arena);
	free(info);
}

int dpkg_info_load(struct dpkg_info *info, const char *package, const char *kind, char **ret,
		   size_t *ret_size, const char **ret_path)
{
	const char *path = arena_printf(&info->arena, FOLDER "/%s.%s", package, kind);

	if (!path)
		return -ENOMEM;
	*ret_path = path;
	return source_load(info->source, path, LARGEST_FILE, ret, ret_size);
}

/* What is looked for, and how lines that cannot be it are told at once. */
struct search {
	struct dpkg_info *info;
	struct map wanted; /* path → question */
	size_t open;	   /* questions without an answer */
	size_t shortest, longest;
};

static int add_paths(struct search *search, struct dpkg_question *question)
{
	size_t i;

	for (i = 0; question->paths[i]; i++) {
		size_t length = strlen(question->paths[i]);
		int r = 0;

		if (!map_get(&search->wanted, question->paths[i]))
			r = map_set(&search->wanted, question->paths[i], question);
		if (r)
			return r;
		if (length < search->shortest)
			search->shortest = length;
		if (length > search->longest)
			search->longest = length;
	}
	return 0;
}

static void take_line(struct search *search, char *line, size_t length, const char *owner)
{
	struct dpkg_question *question;

	if (length < search->shortest || length > search->longest)
		return;
	question = map_get(&search->wanted, line);
	if (!question || question->owner)
		return;
	question->owner = owner;
	search->open--;
}

static int search_list(struct search *search, struct entry *entry)
{
	const char *path;
	char *bytes = NULL;
	size_t size;
	char *at;
	int r;

	if (entry->read || !entry->has_list || !search->open)
		return 0;
	entry->read = true;
	r = dpkg_info_load(search->info, entry->name, "list", &bytes, &size, &path);
	if (r)
		return r == -ENOMEM ? r : 0;
	for (at = bytes; search->open && at < bytes + size;) {
		char *stop = memchr(at, '\n', (size_t)(bytes + size - at));

		if (!stop)
			break; /* each line of a list is ended */
		*stop = '\0';
		take_line(search, at, (size_t)(stop - at), entry->name);
		at = stop + 1;
	}
	free(bytes);
	return 0;
}

/* A package that may be there, with its architecture or, as others are kept, without. */
static int try_name(struct search *search, const char *name)
{
	static const char *const forms[] = { "%s:%s", "%s" };
	struct dpkg_info *info = search->info;
	size_t i;
	int r = 0;

	for (i = 0; !r && search->open && i < ARRAY_SIZE(forms); i++) {
		const char *full = i ? name : arena_printf(&info->arena, "%s:%s", name, info->arch);
		struct entry *entry = full ? map_get(&info->by_name, full) : NULL;
		struct source_stat st;
		const char *path;

		if (!full)
			return -ENOMEM;
		if (!entry && !info->is_listed) {
			path = arena_printf(&info->arena, FOLDER "/%s.list", full);
			if (!path)
				return -ENOMEM;
			if (!source_stat(info->source, path, &st))
				entry = find_or_add(info, full, strlen(full));
			if (entry)
				entry->has_list = true;
		}
		if (entry)
			r = search_list(search, entry);
	}
	return r;
}

static int try_parts(struct search *search, const char *stem, const char *infix,
		     const char *version, const char *suffix)
{
	const char *name =
		arena_printf(&search->info->arena, "%s%s%s%s", stem, infix, version, suffix);

	return name ? try_name(search, name) : -ENOMEM;
}

/* Well-known libraries whose packages are not called after them. */
static const char *known_name(const char *soname)
{
	static const char *const names[][2] = {
		{ "libcom_err.so.2", "libcom-err2" },	{ "libcrypto.so.1.1", "libssl1.1" },
		{ "libcrypto.so.3", "libssl3" },	{ "libfreetype.so.6", "libfreetype6" },
		{ "libglib-2.0.so.0", "libglib2.0-0" }, { "libgobject-2.0.so.0", "libglib2.0-0" },
		{ "libgio-2.0.so.0", "libglib2.0-0" },	{ "libm.so.6", "libc6" },
		{ "libncursesw.so.6", "libncursesw6" }, { "libz.so.1", "zlib1g" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		if (!strcmp(names[i][0], soname))
			return names[i][1];
	}
	return NULL;
}

/* "libfoo.so.1" → "libfoo1", "libfoo2.so.3" → "libfoo2-3", with "t64" behind as well. */
static int guess(struct search *search, const char *soname)
{
	const char *mark = strstr(soname, ".so.");
	const char *known = known_name(soname);
	char *stem = mark ? arena_strndup(&search->info->arena, soname, (size_t)(mark - soname))
			  : NULL;
	size_t i;
	int r = known ? try_name(search, known) : 0;

	if (r || !stem || !*stem)
		return mark && !stem ? -ENOMEM : r;
	for (i = 0; stem[i]; i++) {
		if (stem[i] >= 'A' && stem[i] <= 'Z')
			stem[i] = (char)(stem[i] + 'a' - 'A');
		else if (stem[i] == '_')
			stem[i] = '-';
	}
	r = try_parts(search, stem, "", mark + 4, "");
	if (!r)
		r = try_parts(search, stem, "-", mark + 4, "");
	return r ? r : try_parts(search, stem, "", mark + 4, "t64");
}

/* Two sonames may lead to one file. */
static void share_answers(struct search *search, struct dpkg_question *question)
{
	size_t i;

	for (i = 0; !question->owner && question->paths[i]; i++) {
		const struct dpkg_question *other = map_get(&search->wanted, question->paths[i]);

		question->owner = other ? other->owner : NULL;
	}
}

static int search_all(struct search *search, bool telling)
{
	size_t i;
	int r = 0;

	for (i = 0; !r && search->open && i < search->info->entries.count; i++) {
		if (search->info->entries.items[i]->tells || !telling)
			r = search_list(search, search->info->entries.items[i]);
	}
	return r;
}

int dpkg_info_find(struct dpkg_info *info, struct dpkg_question *questions, size_t count)
{
	struct search search = { .info = info, .shortest = SIZE_MAX };
	size_t i;
	int r = 0;

	for (i = 0; i < info->entries.count; i++)
		info->entries.items[i]->read = false;
	for (i = 0; !r && i < count; i++) {
		r = add_paths(&search, &questions[i]);
		search.open += !questions[i].owner;
	}
	for (i = 0; !r && i < count; i++) {
		if (!questions[i].owner && questions[i].soname)
			r = guess(&search, questions[i].soname);
	}
	if (!r && search.open)
		r = list_entries(info);
	/* Packages that tell of libraries have nearly all of them. */
	if (!r)
		r = search_all(&search, true);
	if (!r)
		r = search_all(&search, false);
	for (i = 0; !r && i < count; i++)
		share_answers(&search, &questions[i]);
	map_done(&search.wanted);
	return r;
}

int dpkg_info_files(struct dpkg_info *info, const char *package,
		    int (*visit)(void *data, const char *path), void *data)
{
	const char *path;
	char *bytes = NULL;
	size_t size;
	char *at;
	int r = dpkg_info_load(info, package, "list", &bytes, &size, &path);

	if (r)
		return r;
	for (at = bytes; !r && at < bytes + size;) {
		char *stop = memchr(at, '\n', (size_t)(bytes + size - at));

		if (!stop)
			break;
		*stop = '\0';
		r = visit(data, at);
		at = stop + 1;
	}
	free(bytes);
	return r;
}

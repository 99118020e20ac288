/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in lib/deb-libraries.h. */
#include "lib/deb-libraries.h"
#include "lib/deb-texts.h"
#include "read/ldconf.h"
#include "read/root.h"

#include <string.h>

struct deb_libraries {
	struct deps_run *run;
	struct arena arena;
	struct deb_texts *texts;
	struct dpkg_info *info;
	const char *arch;
	struct array_of(const char *) folders; /* where libraries are looked for, after run paths */
	struct array_of(struct deb_need *) needs;
	struct map by_key;
};

static int add_folder(struct deb_libraries *l, const char *path)
{
	size_t i;

	for (i = 0; i < l->folders.count; i++) {
		if (!strcmp(l->folders.items[i], path))
			return 0;
	}
	path = arena_strdup(&l->arena, path);
	return path ? array_push(&l->folders, path) : -ENOMEM;
}

static int add_folders(struct deb_libraries *l, const char *const *paths)
{
	int r = 0;

	for (; !r && paths && *paths; paths++)
		r = add_folder(l, *paths);
	return r;
}

/* The order in which dpkg looks. */
static int list_folders(struct deb_libraries *l)
{
	static const char *const first[] = { "/lib", "/usr/lib", NULL };
	static const char *const last[] = { "/lib32", "/usr/lib32", "/lib64", "/usr/lib64", NULL };
	struct ldconf_folders folders;
	size_t i;
	int r = add_folders(l, l->run->options->library_dirs);

	if (!r)
		r = add_folders(l, first);
	if (r)
		return r;
	r = ldconf_read(l->run->system->source, "/etc/ld.so.conf", (const char *const[]){ NULL },
			&folders);
	for (i = 0; !r && i < folders.items.count; i++) {
		if (!folders.items.items[i].hwcap)
			r = add_folder(l, folders.items.items[i].path);
	}
	ldconf_folders_done(&folders);
	return r ? r : add_folders(l, last);
}

int deb_libraries_open(struct deps_run *run, const char *arch, struct deb_libraries **ret)
{
	struct deb_libraries *l = calloc(1, sizeof(*l));
	int r;

	if (!l)
		return -ENOMEM;
	*ret = l;
	l->run = run;
	l->arch = arch;
	r = list_folders(l);
	if (!r)
		r = dpkg_info_open(run->system->source, arch, &l->info);
	if (r && r != -ENOMEM)
		r = 0; /* no dpkg there: only packages that are given tell of libraries */
	if (!r)
		r = deb_texts_open(run, l->info, arch, &l->texts);
	return r;
}

void deb_libraries_free(struct deb_libraries *l)
{
	size_t i;

	if (!l)
		return;
	for (i = 0; i < l->needs.count; i++)
		array_done(&l->needs.items[i]->places);
	array_done(&l->needs);
	array_done(&l->folders);
	map_done(&l->by_key);
	deb_texts_free(l->texts);
	dpkg_info_free(l->info);
	arena_done(&l->arena);
	free(l);
}

struct dpkg_info *deb_libraries_info(struct deb_libraries *l)
{
	return l->info;
}

static bool is_same_machine(const struct image *a, const struct image *b)
{
	if (a->machine || b->machine)
		return a->machine == b->machine;
	return a->elf_machine == b->elf_machine && a->is_64 == b->is_64 && a->is_big == b->is_big;
}

static int add_place(struct deb_libraries *l, struct deb_need *need, const char *root,
		     const char *folder)
{
	struct source *source = l->run->system->source;
	const char *path =
		arena_printf(&l->arena, "%s%s/%s", root ? root : "", folder, need->soname);
	struct deb_place place = { .path = path, .root = root };
	struct image *image;
	int r;

	if (!path)
		return -ENOMEM;
	r = root ? root_adopt(source, path, &image) : source_open(source, path, &image);
	if (r)
		return r == -ENOMEM ? r : 0;
	if (!image->is_elf || !is_same_machine(image, need->user))
		return 0;
	if (!root) {
		AUTO_FREE char *real = NULL;

		r = source_canonical(source, path, &real);
		if (r)
			return r == -ENOMEM ? r : 0;
		place.real = arena_strdup(&l->arena, real);
		if (!place.real)
			return -ENOMEM;
	}
	place.image = image;
	return array_push(&need->places, place);
}

/* A folder of a run path with $ORIGIN written out; NULL in *ret: it cannot be known. */
static int expand(struct deb_libraries *l, const char *text, size_t length, const char *origin,
		  const char **ret)
{
	static const char *const tokens[] = { "${ORIGIN}", "$ORIGIN" };
	const char *folder = arena_strndup(&l->arena, text, length);
	size_t i;

	*ret = folder;
	for (i = 0; folder && i < ARRAY_SIZE(tokens); i++) {
		const char *at = strstr(folder, tokens[i]);

		if (!at)
			continue;
		if (!origin) {
			*ret = NULL;
			return 0;
		}
		*ret = arena_printf(&l->arena, "%.*s%s%s", (int)(at - folder), folder,
				    origin[1] ? origin : "", at + strlen(tokens[i]));
		return *ret ? 0 : -ENOMEM;
	}
	return folder ? 0 : -ENOMEM;
}

static int look_in(struct deb_libraries *l, struct deb_need *need, const char *root)
{
	const char *path = need->user->runpath ? need->user->runpath : need->user->rpath;
	size_t i;
	int r = 0;

	while (!r && path && *path) {
		size_t length = strcspn(path, ":");
		const char *folder;

		r = expand(l, path, length, need->origin, &folder);
		if (!r && folder && folder[0] == '/')
			r = add_place(l, need, root, folder);
		path += length + (path[length] == ':');
	}
	for (i = 0; !r && i < l->folders.count; i++)
		r = add_place(l, need, root, l->folders.items[i]);
	return r;
}

/* The file's own package, then others that are built with it, then the system. */
static int find_places(struct deb_libraries *l, struct deb_need *need)
{
	const char *root;
	size_t i;
	int r = need->own_root ? look_in(l, need, need->own_root) : 0;

	for (i = 0; !r && !need->places.count && (root = deb_texts_root(l->texts, i)); i++) {
		if (!need->own_root || strcmp(root, need->own_root) != 0)
			r = look_in(l, need, root);
	}
	if (!r && !need->places.count)
		r = look_in(l, need, NULL);
	return r;
}

/* Where the file is, without its own name, in its package or in the system. */
static int find_origin(struct deb_libraries *l, const char *path, const char *own_root,
		       const char **ret)
{
	AUTO_FREE char *inside = NULL;
	const char *whole = path;
	const char *slash;

	if (own_root) {
		whole += strlen(own_root);
	} else {
		inside = root_inside(l->run->system->source, path);
		whole = inside;
	}
	slash = whole ? strrchr(whole, '/') : NULL;
	*ret = NULL;
	if (!slash)
		return 0;
	*ret = arena_strndup(&l->arena, whole, slash == whole ? 1 : (size_t)(slash - whole));
	return *ret ? 0 : -ENOMEM;
}

static int add_need(struct deb_libraries *l, const char *key, struct deb_need *need)
{
	int r = array_push(&l->needs, need);

	if (!r)
		r = map_set(&l->by_key, key, need);
	return r ? r : find_places(l, need);
}

int deb_libraries_need(struct deb_libraries *l, const char *soname, struct image *user,
		       const char *path, struct deb_need **ret)
{
	const char *own_root = deb_texts_root_of(l->texts, path);
	const char *run_path = user->runpath ? user->runpath : user->rpath;
	const char *origin;
	struct deb_need *need;
	const char *key;
	int r = find_origin(l, path, own_root, &origin);

	if (r)
		return r;
	key = arena_printf(&l->arena, "%s\n%s\n%s\n%s\n%u %d %d", soname, run_path ? run_path : "",
			   run_path && origin ? origin : "", own_root ? own_root : "",
			   user->elf_machine, user->is_64, user->is_big);
	if (!key)
		return -ENOMEM;
	*ret = map_get(&l->by_key, key);
	if (*ret)
		return 0;
	need = arena_alloc(&l->arena, sizeof(*need));
	if (!need)
		return -ENOMEM;
	need->soname = need->library.soname = soname;
	need->user = user;
	need->origin = origin;
	need->own_root = own_root;
	*ret = need;
	return add_need(l, key, need);
}

/* Other paths of the same file: the folders of "/usr" may also be those of "/". */
static int list_paths(struct deb_libraries *l, const struct deb_place *place,
		      const char *const **ret)
{
	const char *known[] = { place->path, place->real };
	const char **paths = arena_array(&l->arena, 5, sizeof(*paths));
	size_t count = 0;
	size_t i;

	if (!paths)
		return -ENOMEM;
	for (i = 0; i < ARRAY_SIZE(known); i++) {
		bool usr = !strncmp(known[i], "/usr/", 5);
		struct source_stat one, other;
		const char *alias = usr ? arena_strdup(&l->arena, known[i] + 4)
					: arena_printf(&l->arena, "/usr%s", known[i]);

		if (!alias)
			return -ENOMEM;
		paths[count++] = known[i];
		if (!source_stat(l->run->system->source, known[i], &one) &&
		    !source_stat(l->run->system->source, alias, &other) &&
		    one.inode == other.inode && one.device == other.device)
			paths[count++] = alias;
	}
	*ret = paths;
	return 0;
}

/* The packages of the next places, all asked for at once. */
static int ask_owners(struct deb_libraries *l, bool *ret_open)
{
	struct array_of(struct dpkg_question) questions = { 0 };
	size_t i;
	size_t k = 0;
	int r = 0;

	*ret_open = false;
	for (i = 0; !r && i < l->needs.count; i++) {
		struct deb_need *need = l->needs.items[i];
		struct dpkg_question question = { .soname = need->soname };

		if (need->settled || need->place >= need->places.count)
			continue;
		*ret_open = true;
		if (need->places.items[need->place].root)
			continue;
		r = list_paths(l, &need->places.items[need->place], &question.paths);
		if (!r)
			r = array_push(&questions, question);
	}
	if (!r && l->info && questions.count)
		r = dpkg_info_find(l->info, questions.items, questions.count);
	for (i = 0; !r && i < l->needs.count; i++) {
		struct deb_need *need = l->needs.items[i];

		if (need->settled || need->place >= need->places.count ||
		    need->places.items[need->place].root)
			continue;
		if (questions.items[k].owner)
			need->owner = questions.items[k].owner;
		k++;
	}
	array_done(&questions);
	return r;
}

/* What tells of the library at one place; without anything, the next place is asked. */
static int settle_one(struct deb_libraries *l, struct deb_need *need)
{
	const struct deb_place *place = &need->places.items[need->place++];
	const char *local;
	int r;

	if (!need->found)
		need->found = place->path;
	r = deb_texts_local(l->texts, need->soname, &local);
	if (!r && !local)
		r = deb_texts_symbols(l->texts, need->owner, place->root, need->soname,
				      &need->library.symbols);
	if (!r && !need->library.symbols) {
		/* A library without a soname is its package's own affair. */
		if (!place->image->soname) {
			need->silent = true;
			return 0;
		}
		r = deb_texts_shlibs(l->texts, need->owner, place->root, need->soname,
				     &need->library.shlibs);
	}
	need->settled = need->library.symbols || need->library.shlibs;
	if (need->settled)
		need->found = place->path;
	/* A package needs no dependency on itself. */
	if (!need->settled && place->root && need->own_root && !strcmp(place->root, need->own_root))
		need->silent = true;
	return r;
}

int deb_libraries_settle(struct deb_libraries *l)
{
	bool open = true;
	size_t i;
	int r = 0;

	while (!r && open) {
		r = ask_owners(l, &open);
		for (i = 0; !r && i < l->needs.count; i++) {
			struct deb_need *need = l->needs.items[i];

			if (!need->settled && need->place < need->places.count)
				r = settle_one(l, need);
		}
	}
	return r;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in lib/header-auto.h. */
#include "lib/header-auto.h"
#include "lib/header-pc.h"
#include "lib/packages.h"
#include "read/package.h"
#include "read/root.h"

#include <stdio.h>
#include <string.h>

#define INFO "/var/lib/dpkg/info"
#define LARGEST_LIST ((size_t)64 << 20)
#define MOST_TRIED 8
#define MOST_HEADERS 20000

struct find {
	const struct abifit_system *system;
	const struct corpus *corpus;
	struct arena *arena;
	struct header_found *out;
	const char *inside;		     /* the library in its system, links followed */
	const char *folder;		     /* of it */
	struct array_of(const char *) links; /* that the linker follows to it */
	struct array_of(const char *) lists; /* of dpkg */
};

static bool ends_in(const char *name, const char *end)
{
	size_t length = strlen(name);
	size_t tail = strlen(end);

	return length > tail && !strcmp(name + length - tail, end);
}

/* "libz.so" of "libz.so.1": what a linker script stands at, where there is no link. */
static bool is_stem(const struct find *f, const char *name)
{
	const char *soname = f->corpus->soname;
	size_t length = strlen(name);

	return soname && !strncmp(soname, name, length) &&
	       (soname[length] == '.' || !soname[length]);
}

static int take_link(void *data, const char *name)
{
	struct find *f = data;
	AUTO_FREE char *real = NULL;
	const char *path;

	if (!ends_in(name, ".so"))
		return 0;
	path = arena_printf(f->arena, "%s/%s", f->folder, name);
	if (!path)
		return -ENOMEM;
	if (source_canonical(f->system->source, path, &real))
		return 0;
	return !strcmp(real, f->inside) || is_stem(f, name) ? array_push(&f->links, path) : 0;
}

/* In its folder, and in that of /usr where the library was not moved there. */
static int find_links(struct find *f)
{
	const char *own = f->folder;
	int r = source_list(f->system->source, own, take_link, f);

	if (r == -ENOMEM || !strncmp(own, "/usr/", 5))
		return r == -ENOMEM ? r : 0;
	f->folder = arena_printf(f->arena, "/usr%s", own);
	if (!f->folder)
		return -ENOMEM;
	r = source_list(f->system->source, f->folder, take_link, f);
	f->folder = own;
	return r == -ENOMEM ? r : 0;
}

static int take_list(void *data, const char *name)
{
	struct find *f = data;
	const char *copy = ends_in(name, ".list") ? arena_strdup(f->arena, name) : "";

	if (!copy)
		return -ENOMEM;
	return *copy ? array_push(&f->lists, copy) : 0;
}

/* The likely owners first. */
static int by_likeliness(const void *a, const void *b)
{
	const char *x = *(const char *const *)a;
	const char *y = *(const char *const *)b;
	bool x_dev = strstr(x, "-dev");
	bool y_dev = strstr(y, "-dev");

	return x_dev != y_dev ? (x_dev ? -1 : 1) : strcmp(x, y);
}

static bool has_line(const char *text, const char *line)
{
	size_t length = strlen(line);
	const char *at = text;

	while ((at = strstr(at, line)) != NULL) {
		if ((at == text || at[-1] == '\n') && (at[length] == '\n' || !at[length]))
			return true;
		at += length;
	}
	return false;
}

/* Packages may name a file by the folder that is a link to /usr's now. */
static bool owns(const struct find *f, const char *text)
{
	size_t i;

	for (i = 0; i < f->links.count; i++) {
		const char *link = f->links.items[i];

		if (has_line(text, link) ||
		    (!strncmp(link, "/usr/", 5) && has_line(text, link + 4)))
			return true;
	}
	return false;
}

static bool is_file(const struct find *f, const char *path)
{
	struct source_stat st;

	return !source_stat(f->system->source, path, &st) && st.kind == SOURCE_FILE;
}

static const char *on_host(const struct find *f, const char *path)
{
	return arena_printf(f->arena, "%s%s", f->system->is_running ? "" : f->system->root, path);
}

static int take_line(struct find *f, const char *line)
{
	static const char include[] = "/usr/include/";
	const char *path;

	if (ends_in(line, ".pc"))
		return header_pc_flags(f->system, line, f->arena, &f->out->arguments);
	if (strncmp(line, include, strlen(include)) || !is_file(f, line) ||
	    f->out->paths.count >= MOST_HEADERS)
		return 0;
	path = on_host(f, line);
	return path ? array_push(&f->out->paths, path) : -ENOMEM;
}

static int take_owner(struct find *f, const char *name, char *text)
{
	char *line, *rest = text;
	int r = 0;

	while (!r && (line = strsep(&rest, "\n")) != NULL)
		r = take_line(f, line);
	if (r || !f->out->paths.count)
		return r;
	f->out->from = arena_printf(f->arena, "%zu of the package %.*s", f->out->paths.count,
				    (int)(strlen(name) - strlen(".list")), name);
	return f->out->from ? 0 : -ENOMEM;
}

static int ask_dpkg(struct find *f)
{
	size_t i;
	int r = source_list(f->system->source, INFO, take_list, f);

	if (r == -ENOMEM)
		return r;
	r = 0;
	if (f->lists.count)
		qsort(f->lists.items, f->lists.count, sizeof(*f->lists.items), by_likeliness);
	for (i = 0; !r && !f->out->from && f->links.count && i < f->lists.count; i++) {
		AUTO_FREE char *path = NULL;
		AUTO_FREE char *text = NULL;
		size_t size;

		if (asprintf(&path, INFO "/%s", f->lists.items[i]) < 0) {
			path = NULL;
			return -ENOMEM;
		}
		r = source_load(f->system->source, path, LARGEST_LIST, &text, &size);
		if (!r && owns(f, text))
			r = take_owner(f, f->lists.items[i], text);
		else if (r != -ENOMEM)
			r = 0;
	}
	return r;
}

static int ask_pkgconfig(struct find *f)
{
	size_t i;
	int r = 0;

	for (i = 0; !r && !f->out->from && f->links.count && i < f->links.count; i++)
		r = header_pc_find(f->system, f->links.items[i], f->arena, f->out);
	return r;
}

/* Does the package, which is mounted, hold a link in `folder` that leads to the library? */
static bool has_link_in(const struct find *f, const char *package, const char *folder)
{
	AUTO_FREE char *path = NULL;
	const struct package_tree *tree;
	const struct package_node *node;
	const char *inside;

	if (asprintf(&path, "%s%s", package, folder) < 0) {
		path = NULL;
		return false;
	}
	tree = root_package(f->system->source, path, &inside);
	if (!tree || package_tree_find(tree, folder, true, &node))
		return false;
	for (node = node->children; node; node = node->next) {
		if (ends_in(node->name, ".so") &&
		    ((node->kind == SOURCE_LINK &&
		      !strcmp(path_name(node->target), path_name(f->inside))) ||
		     is_stem(f, node->name)))
			return true;
	}
	return false;
}

/* Where the library is, or in /usr, when that is where the linker looks for one in /lib. */
static bool has_link(const struct find *f, const char *package)
{
	const char *usr = arena_printf(f->arena, "/usr%s", f->folder);

	return has_link_in(f, package, f->folder) || (usr && has_link_in(f, package, usr));
}

static int ask_beside(struct find *f, const char *package)
{
	static const char *const marks[] = { "-dev_", "-devel-", "-dev-", NULL };
	struct package_names names = { 0 };
	const struct fault *fault;
	size_t i;
	int r = package_names_beside(f->arena, package, marks, &names);

	for (i = 0; !r && !f->out->from && i < names.count && i < MOST_TRIED; i++) {
		if (!package_is(names.items[i]))
			continue;
		r = root_mount(f->system->source, names.items[i], &fault);
		if (!r && has_link(f, names.items[i])) {
			f->out->from = names.items[i];
			r = array_push(&f->out->paths, names.items[i]);
		}
		if (r != -ENOMEM)
			r = 0;
	}
	array_done(&names);
	return r;
}

static int split(struct find *f, const char *inside)
{
	const char *slash = strrchr(inside, '/');

	f->inside = arena_strdup(f->arena, inside);
	f->folder = slash ? arena_strndup(f->arena, inside, (size_t)(slash - inside)) : "";
	return f->inside && f->folder ? 0 : -ENOMEM;
}

static int find_in_package(struct find *f, const char *path, const char *inside)
{
	AUTO_FREE char *real = root_real(f->system->source, path);
	const char *package = arena_strndup(f->arena, path, (size_t)(inside - path));
	const char *rest = NULL;
	int r;

	/* By its own name, whatever link it was named by. */
	if (real && root_package(f->system->source, real, &rest))
		inside = rest;
	r = package ? split(f, inside) : -ENOMEM;
	return r ? r : ask_beside(f, package);
}

int header_auto_find(const struct abifit_system *system, const struct corpus *corpus,
		     struct arena *arena, struct header_found *ret)
{
	struct find f = { .system = system, .corpus = corpus, .arena = arena, .out = ret };
	AUTO_FREE char *inside = NULL;
	const char *rest;
	int r;

	*ret = (struct header_found){ 0 };
	if (root_package(system->source, corpus->path, &rest))
		return find_in_package(&f, corpus->path, rest);
	inside = root_inside(system->source, corpus->path);
	if (!inside)
		return 0; /* it is not installed */
	r = split(&f, inside);
	if (!r)
		r = find_links(&f);
	if (!r)
		r = ask_dpkg(&f);
	if (!r && !ret->from)
		r = ask_pkgconfig(&f);
	array_done(&f.links);
	array_done(&f.lists);
	return r;
}

void header_found_done(struct header_found *found)
{
	array_done(&found->paths);
	array_done(&found->arguments);
}

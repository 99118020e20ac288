/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in lib/header-folder.h. */
#include "lib/header-folder.h"
#include "lib/packages.h"
#include "read/package.h"
#include "read/pkgconfig.h"
#include "read/root.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define INCLUDE "/usr/include"
#define MOST_BYTES (UINT64_C(256) << 20)
#define MOST_FILES 50000
#define DEEPEST 100

struct taking {
	struct header_folder *folder;
	const struct package_tree *tree;
	const char *place;  /* name of the package's folder in ours */
	const char *prefix; /* its whole path */
	struct arena *arena;
	struct header_arguments *arguments;
};

static int take_node(struct taking *t, const struct package_node *node, const char *path,
		     unsigned depth);

static int make_folder(struct header_folder *folder)
{
	const char *wish = getenv("TMPDIR");
	/* Links followed, as the paths of headers are: they are told by what they start with. */
	AUTO_FREE char *base = realpath(wish && *wish ? wish : "/tmp", NULL);
	int r;

	if (folder->path)
		return 0;
	if (!base)
		return -errno;
	if (asprintf(&folder->path, "%s/abifit-XXXXXX", base) < 0) {
		folder->path = NULL;
		return -ENOMEM;
	}
	if (mkdtemp(folder->path)) {
		folder->fd = open(folder->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (folder->fd >= 0)
			return 0;
		r = -errno;
		rmdir(folder->path);
	} else {
		r = -errno;
	}
	free(folder->path);
	folder->path = NULL;
	return r;
}

/* Notes first, so that whatever is made is removed. */
static int note(struct header_folder *folder, const char *path)
{
	if (folder->made.count >= MOST_FILES)
		return -E2BIG;
	return array_push(&folder->made, path);
}

static int make_subfolder(struct header_folder *folder, const char *path)
{
	int r = note(folder, path);

	if (r)
		return r;
	return mkdirat(folder->fd, path, 0700) && errno != EEXIST ? -errno : 0;
}

static int write_all(int fd, const unsigned char *bytes, uint64_t size)
{
	while (size) {
		ssize_t n = write(fd, bytes, size > SSIZE_MAX ? SSIZE_MAX : (size_t)size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n ? -errno : -EIO;
		bytes += n;
		size -= (uint64_t)n;
	}
	return 0;
}

static int write_file(struct header_folder *folder, const char *path,
		      const struct package_file *file)
{
	int r, fd;

	if (file->size && !file->bytes)
		return 0; /* large, and of no interest to a compiler */
	if (file->size > MOST_BYTES - folder->bytes)
		return -E2BIG;
	r = note(folder, path);
	if (r)
		return r;
	fd = openat(folder->fd, path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	folder->bytes += file->size;
	r = write_all(fd, file->bytes, file->size);
	if (close(fd) && !r)
		r = -errno;
	return r;
}

static bool is_below(const char *path, const char *folder)
{
	size_t length = strlen(folder);

	return !strncmp(path, folder, length) && (path[length] == '/' || !path[length]);
}

/* A link to a file becomes the file; one to a folder leads to where that is written. */
static int take_link(struct taking *t, const struct package_node *link, const char *path)
{
	AUTO_FREE char *own = package_tree_path(link);
	const struct package_node *node;
	AUTO_FREE char *real = NULL;
	AUTO_FREE char *target = NULL;
	int r;

	if (!own)
		return -ENOMEM;
	if (package_tree_find(t->tree, own, true, &node))
		return 0;
	if (node->kind == SOURCE_FILE)
		return write_file(t->folder, path, node->file);
	real = package_tree_path(node);
	if (!real)
		return -ENOMEM;
	if (node->kind != SOURCE_FOLDER || !is_below(real, INCLUDE))
		return 0;
	if (asprintf(&target, "%s%s", t->prefix, real) < 0) {
		target = NULL;
		return -ENOMEM;
	}
	r = note(t->folder, path);
	return !r && symlinkat(target, t->folder->fd, path) ? -errno : r;
}

static int take_folder(struct taking *t, const struct package_node *folder, const char *path,
		       unsigned depth)
{
	const struct package_node *node;
	int r = depth > DEEPEST ? 0 : make_subfolder(t->folder, path);

	for (node = folder->children; !r && depth <= DEEPEST && node; node = node->next) {
		const char *inside = arena_printf(&t->folder->arena, "%s/%s", path, node->name);

		r = inside ? take_node(t, node, inside, depth + 1) : -ENOMEM;
	}
	return r;
}

static int take_node(struct taking *t, const struct package_node *node, const char *path,
		     unsigned depth)
{
	switch (node->kind) {
	case SOURCE_FOLDER:
		return take_folder(t, node, path, depth);
	case SOURCE_FILE:
		return write_file(t->folder, path, node->file);
	case SOURCE_LINK:
		return take_link(t, node, path);
	default:
		return 0;
	}
}

static int add_argument(struct taking *t, const char *option, const char *text)
{
	const char *argument = option && text ? arena_printf(t->arena, "%s%s", option, text) : NULL;

	return argument ? array_push(t->arguments, argument) : -ENOMEM;
}

/* Of what a .pc file asks for: macros, and folders that are in the package. */
static int take_word(struct taking *t, const char *word)
{
	const struct package_node *node;

	if (!strncmp(word, "-D", 2) && word[2])
		return add_argument(t, "", word);
	if (strncmp(word, "-I", 2) || package_tree_find(t->tree, word + 2, true, &node) ||
	    node->kind != SOURCE_FOLDER || !is_below(word + 2, INCLUDE))
		return 0;
	return add_argument(t, arena_printf(t->arena, "-I%s", t->prefix), word + 2);
}

static int take_pc(struct taking *t, const struct package_node *node, const char *folder)
{
	const char *dot = strrchr(node->name, '.');
	struct pkgconfig pc;
	const char *at, *word;
	int r;

	if (!dot || strcmp(dot, ".pc") || node->kind != SOURCE_FILE || !node->file->bytes)
		return 0;
	r = pkgconfig_read((const char *)node->file->bytes, (size_t)node->file->size, folder,
			   t->arena, &pc);
	if (r)
		return r == -ENOMEM ? r : 0;
	at = pc.cflags;
	do {
		r = pkgconfig_word(&at, t->arena, &word);
		if (!r && word)
			r = take_word(t, word);
	} while (!r && word);
	return r;
}

static int take_pcs(struct taking *t, const char *folder)
{
	const struct package_node *node;
	int r = 0;

	if (package_tree_find(t->tree, folder, true, &node))
		return 0;
	for (node = node->children; !r && node; node = node->next)
		r = take_pc(t, node, folder);
	return r;
}

/* Where .pc files are: /usr/lib and a folder of each machine in it. */
static int take_flags(struct taking *t)
{
	static const char *const fixed[] = { "/usr/share/pkgconfig", "/usr/lib/pkgconfig",
					     "/usr/lib64/pkgconfig" };
	const struct package_node *node;
	size_t i;
	int r = 0;

	for (i = 0; !r && i < ARRAY_SIZE(fixed); i++)
		r = take_pcs(t, fixed[i]);
	if (r || package_tree_find(t->tree, "/usr/lib", true, &node))
		return r;
	for (node = node->children; !r && node; node = node->next) {
		const char *folder = arena_printf(t->arena, "/usr/lib/%s/pkgconfig", node->name);

		r = folder ? take_pcs(t, folder) : -ENOMEM;
	}
	return r;
}

/* Debian's folders of headers that differ between machines, which compilers look in as well. */
static int take_machines(struct taking *t, const struct package_node *include)
{
	const struct package_node *node;
	int r = 0;

	for (node = include->children; !r && node; node = node->next) {
		if (node->kind == SOURCE_FOLDER && strstr(node->name, "-linux-"))
			r = add_argument(t, arena_printf(t->arena, "-I%s" INCLUDE "/", t->prefix),
					 node->name);
	}
	return r;
}

static int take_all(struct taking *t)
{
	const struct package_node *include;
	const char *usr = arena_printf(&t->folder->arena, "%s/usr", t->place);
	const char *path = arena_printf(&t->folder->arena, "%s" INCLUDE, t->place);
	int r = usr && path ? 0 : -ENOMEM;

	if (!r &&
	    (package_tree_find(t->tree, INCLUDE, true, &include) || include->kind != SOURCE_FOLDER))
		return -ENOENT;
	if (!r)
		r = make_subfolder(t->folder, t->place);
	if (!r)
		r = make_subfolder(t->folder, usr);
	if (!r)
		r = take_folder(t, include, path, 0);
	if (!r)
		r = take_machines(t, include);
	/* What programs are told of the folders would else be of this machine's folder. */
	if (!r)
		r = add_argument(
			t, "-fdebug-prefix-map=",
			arena_printf(t->arena, "%s=%s", t->prefix,
				     t->folder->places.items[t->folder->places.count - 1].package));
	return r ? r : take_flags(t);
}

static int fail(struct abifit_report *report, const char *package, int error)
{
	const char *text = error == -ENOENT ? "holds no headers: it has no usr/include"
			   : error == -E2BIG
				   ? "its headers are more than a library has"
				   : arena_strdup(&report->report.arena, strerror(-error));
	size_t number;
	int r = report_add_input(report, package, &number);

	if (error == -ENOMEM || !text)
		return -ENOMEM;
	return r ? r
		 : report_input_error(report, number,
				      error == -E2BIG ? "input/limit" : "input/unsupported", NULL,
				      text);
}

int header_folder_take(struct header_folder *folder, struct abifit_report *report,
		       struct source *source, const char *package, struct arena *arena,
		       struct header_arguments *arguments, const char **ret)
{
	struct taking t = { .folder = folder, .arena = arena, .arguments = arguments };
	const char *into = arena_printf(arena, "%s/", package);
	struct header_place place = { .package = package };
	const char *inside;
	bool is_mounted;
	int r = into ? package_mount(report, source, package, &is_mounted) : -ENOMEM;

	*ret = NULL;
	if (r || !is_mounted)
		return r;
	t.tree = root_package(source, into, &inside);
	r = make_folder(folder);
	if (r)
		return fail(report, package, r);
	t.place = arena_printf(arena, "%zu", folder->places.count + 1);
	t.prefix = t.place ? arena_printf(arena, "%s/%s", folder->path, t.place) : NULL;
	place.folder = t.prefix;
	if (!t.prefix || array_push(&folder->places, place))
		return -ENOMEM;
	r = take_all(&t);
	if (r)
		return fail(report, package, r);
	*ret = arena_printf(arena, "%s" INCLUDE, t.prefix);
	return *ret ? 0 : -ENOMEM;
}

static const struct header_place *place_at(const struct header_folder *folder, const char *text)
{
	size_t i;

	for (i = 0; i < folder->places.count; i++) {
		if (is_below(text, folder->places.items[i].folder))
			return &folder->places.items[i];
	}
	return NULL;
}

const char *header_folder_tell(const struct header_folder *folder, const char *text,
			       struct arena *arena)
{
	const struct header_place *place = NULL;
	const char *at = text;

	if (!folder->path || !text)
		return text;
	while (!place && (at = strstr(at, folder->path)) != NULL) {
		place = place_at(folder, at);
		if (!place)
			at++;
	}
	if (!place)
		return text;
	text = arena_printf(arena, "%.*s%s%s", (int)(at - text), text, place->package,
			    at + strlen(place->folder));
	return text ? header_folder_tell(folder, text, arena) : NULL;
}

void header_folder_done(struct header_folder *folder)
{
	if (folder->path) {
		while (folder->made.count) {
			const char *path = folder->made.items[--folder->made.count];

			if (unlinkat(folder->fd, path, 0) && errno == EISDIR)
				unlinkat(folder->fd, path, AT_REMOVEDIR);
		}
		close(folder->fd);
		rmdir(folder->path);
		free(folder->path);
	}
	array_done(&folder->made);
	array_done(&folder->places);
	arena_done(&folder->arena);
	*folder = (struct header_folder){ 0 };
}

/* SPDX-License-Identifier: Apache-2.0 */
/* A system's dynamic loader; contract in read/loader.h. */
#include "read/loader.h"
#include "read/loader-bytes.h"

#include <string.h>

#define PRELOAD_FILE "/etc/ld.so.preload"
#define LARGEST_FILE ((size_t)1 << 20)
#define MUSL_FOLDERS "/lib:/usr/local/lib:/usr/lib"

static const char *base_name(const char *path)
{
	return path_name(path);
}

static bool starts_with(const char *text, const char *start)
{
	return !strncmp(text, start, strlen(start));
}

static enum libc_kind kind_of_name(const char *path)
{
	const char *name = base_name(path);

	if (starts_with(name, "ld-musl-"))
		return LIBC_MUSL;
	if (starts_with(name, "ld-linux") || starts_with(name, "ld64.so.") ||
	    starts_with(name, "ld.so.") || starts_with(name, "ld-lsb") ||
	    starts_with(name, "ld-2."))
		return LIBC_GLIBC;
	return LIBC_OTHER;
}

/* The file counts more than its name: musl may stand under glibc's. */
static enum libc_kind kind_of(const struct loader *loader)
{
	const char *soname = loader->image ? loader->image->soname : NULL;
	enum libc_kind kind;

	/* musl has no such soname; the whole file need not be searched then. */
	if (loader->image && !(soname && kind_of_name(soname) == LIBC_GLIBC) &&
	    loader_says_musl(loader->image))
		return LIBC_MUSL;
	kind = kind_of_name(loader->interpreter);
	if (kind == LIBC_OTHER && loader->image && loader_glibc_banner(loader->image))
		return LIBC_GLIBC; /* a copy that a vendor ships under a name of its own */
	return kind;
}

static const struct machine *machine_of_interpreter(const char *path)
{
	const struct machine *machine;
	size_t row;

	for (row = 0; (machine = machine_at(row)); row++) {
		if (machine->interpreter &&
		    !strcmp(base_name(machine->interpreter), base_name(path)))
			return machine;
	}
	return NULL;
}

static int open_loader(struct source *source, struct loader *loader)
{
	struct image *image;
	int r = source_open(source, loader->interpreter, &image);

	if (r)
		return r == -ENOMEM ? r : 0;
	if (image->is_elf)
		loader->image = image;
	return 0;
}

static int add_folder(struct loader *loader, const char *format, const char *name)
{
	const char *folder = arena_printf(&loader->arena, "%s%s", format, name);

	return folder ? array_push(&loader->system_folders, folder) : -ENOMEM;
}

/* Whether "/NAME" or "/usr/NAME" is a folder. -ENOMEM or 0. */
static int has_folder(struct source *source, struct loader *loader, const char *name, bool *ret)
{
	static const char *const parents[] = { "/", "/usr/" };
	struct source_stat st;
	size_t i;

	*ret = false;
	for (i = 0; i < ARRAY_SIZE(parents) && !*ret; i++) {
		const char *path = arena_printf(&loader->arena, "%s%s", parents[i], name);
		int r = path ? source_stat(source, path, &st) : -ENOMEM;

		if (r == -ENOMEM)
			return r;
		*ret = !r && st.kind == SOURCE_FOLDER;
	}
	return 0;
}

static int add_pair(struct loader *loader, const char *name)
{
	int r = add_folder(loader, "/", name);

	return r ? r : add_folder(loader, "/usr/", name);
}

/* As Debian has them if there is a folder of this machine's triplet. */
static int guess_debian(struct source *source, struct loader *loader)
{
	const struct machine *machine = loader->machine;
	const char *triplet;
	bool there;
	int r;

	if (!machine || !machine->triplet)
		return 0;
	triplet = arena_printf(&loader->arena, "lib/%s", machine->triplet);
	r = triplet ? has_folder(source, loader, triplet, &there) : -ENOMEM;
	if (r || !there)
		return r;
	loader->lib_token = triplet;
	r = add_pair(loader, triplet);
	return r ? r : add_pair(loader, "lib");
}

static int guess_folders(struct source *source, struct loader *loader)
{
	const struct machine *machine = loader->machine;
	const char *token = machine && machine->lib_token ? machine->lib_token : "lib";
	bool there;
	int r = guess_debian(source, loader);

	loader->folders_guessed = true;
	if (r || loader->lib_token)
		return r;
	r = has_folder(source, loader, token, &there);
	if (r)
		return r;
	loader->lib_token = there ? token : "lib";
	return add_pair(loader, loader->lib_token);
}

/* $LIB is a part of some built-in folder, and a string of its own in the loader. */
static const char *find_lib_token(const struct loader *loader)
{
	const char *first = NULL;
	size_t i;

	for (i = 0; i < loader->system_folders.count; i++) {
		const char *folder = loader->system_folders.items[i];
		const char *token = NULL;

		if (starts_with(folder, "/usr/lib"))
			token = folder + strlen("/usr/");
		else if (starts_with(folder, "/lib"))
			token = folder + 1;
		else if (starts_with(base_name(folder), "lib"))
			token = base_name(folder); /* a store that keeps each package apart */
		if (token && loader_has_text(loader->image, token))
			return token;
		if (!first)
			first = token;
	}
	return first ? first : "lib";
}

static int find_folders(struct source *source, struct loader *loader)
{
	int r = loader->image ? loader_built_in_folders(loader->image, loader) : 0;

	if (r)
		return r;
	if (!loader->system_folders.count)
		return guess_folders(source, loader);
	loader->lib_token = find_lib_token(loader);
	return 0;
}

static bool goes_with(const struct loader *loader, const struct image *image)
{
	return image->is_elf &&
	       (!loader->image ||
		(image->elf_machine == loader->image->elf_machine &&
		 image->is_64 == loader->image->is_64 && image->is_big == loader->image->is_big));
}

/* The libc.so.6 of a folder, if it is one of this loader's machine. */
static int open_libc(struct source *source, struct loader *loader, const char *folder,
		     size_t length, struct image **ret, const char **ret_path)
{
	const char *path = arena_printf(&loader->arena, "%.*s/libc.so.6", (int)length, folder);
	struct image *image;
	int r = path ? source_open(source, path, &image) : -ENOMEM;

	if (r || !goes_with(loader, image))
		return r == -ENOMEM ? r : 0;
	*ret = image;
	*ret_path = path;
	return 0;
}

static int find_libc(struct source *source, struct loader *loader, struct image **ret,
		     const char **ret_path)
{
	AUTO_FREE char *canonical = NULL;
	size_t i;
	int r = source_canonical(source, loader->interpreter, &canonical);

	if (!r)
		r = open_libc(source, loader, canonical,
			      (size_t)(base_name(canonical) - canonical) - 1, ret, ret_path);
	for (i = 0; i < loader->system_folders.count && !*ret && r != -ENOMEM; i++) {
		const char *folder = loader->system_folders.items[i];

		r = open_libc(source, loader, folder, strlen(folder), ret, ret_path);
	}
	return r == -ENOMEM ? r : 0;
}

/* By the banner of libc, then of the loader; else by the newest node of either. */
static int find_glibc_version(struct source *source, struct loader *loader)
{
	struct image *images[2] = { NULL, loader->image };
	const char *paths[2] = { NULL, loader->interpreter };
	size_t i;
	int r = find_libc(source, loader, &images[0], &paths[0]);

	for (i = 0; i < 4 && !r && !loader->version; i++) {
		struct image *image = images[i % 2];

		if (!image)
			continue;
		if (i < 2)
			loader->version = loader_glibc_banner(image);
		else
			r = loader_glibc_node(image, &loader->version);
		if (loader->version)
			loader->version_from = paths[i % 2];
	}
	return r;
}

/* Names in the file of preloaded libraries, between blanks or colons; "#" starts a comment. */
static int read_preload(struct source *source, struct loader *loader)
{
	AUTO_FREE char *text = NULL;
	char *rest, *name, *comment;
	size_t size;
	int r = source_load(source, PRELOAD_FILE, LARGEST_FILE, &text, &size);

	if (r)
		return r == -ENOMEM ? r : 0;
	comment = text;
	while ((comment = strchr(comment, '#')))
		while (*comment && *comment != '\n')
			*comment++ = ' ';
	rest = text;
	while ((name = strsep(&rest, ": \t\n"))) {
		const char *kept;

		if (!name[0])
			continue;
		kept = arena_strdup(&loader->arena, name);
		if (!kept || array_push(&loader->preload_file, kept))
			return -ENOMEM;
	}
	return 0;
}

/* The loader's file of folders: its own path less the last two names, and a built-in rest. */
static const char *musl_path_file(struct loader *loader)
{
	const char *path = loader->interpreter;
	const char *name = base_name(path);
	const char *prefix_end = name > path ? name - 1 : path;
	const char *rest = loader->image ? loader_musl_path_file(loader->image) : NULL;

	while (prefix_end > path && *--prefix_end != '/')
		;
	if (rest)
		return arena_printf(&loader->arena, "%.*s%s", (int)(prefix_end - path), path, rest);
	return arena_printf(&loader->arena, "%.*s/etc/%.*s.path", (int)(prefix_end - path), path,
			    (int)strcspn(name, "."), name);
}

static int read_musl_path(struct source *source, struct loader *loader)
{
	const char *path = musl_path_file(loader);
	AUTO_FREE char *text = NULL;
	size_t size;
	int r = path ? source_load(source, path, LARGEST_FILE, &text, &size) : -ENOMEM;

	if (r == -ENOMEM || r == -ENOENT)
		return r == -ENOMEM ? r : 0;
	/* A file that is there but cannot be read counts as empty. */
	loader->musl_path = r ? "" : arena_strdup(&loader->arena, text);
	return loader->musl_path ? 0 : -ENOMEM;
}

static int split_musl_path(struct loader *loader)
{
	const char *text = loader->musl_path ? loader->musl_path : MUSL_FOLDERS;
	char *rest = arena_strdup(&loader->arena, text);
	char *folder;

	if (!rest)
		return -ENOMEM;
	while ((folder = strsep(&rest, ":\n"))) {
		size_t length = strlen(folder);

		while (length > 1 && folder[length - 1] == '/')
			folder[--length] = '\0';
		if (length && array_push(&loader->system_folders, folder))
			return -ENOMEM;
	}
	return 0;
}

static int fill_glibc(struct source *source, struct loader *loader)
{
	int r = find_folders(source, loader);

	if (!r)
		r = find_glibc_version(source, loader);
	return r ? r : read_preload(source, loader);
}

static int fill_musl(struct source *source, struct loader *loader)
{
	int r = read_musl_path(source, loader);

	loader->lib_token = "lib";
	if (loader->image)
		loader->version = loader_musl_version(loader->image);
	if (loader->version)
		loader->version_from = loader->interpreter;
	return r ? r : split_musl_path(loader);
}

int loader_read(struct source *source, const char *interpreter, struct loader *ret)
{
	int r;

	*ret = (struct loader){ .interpreter = interpreter };
	r = open_loader(source, ret);
	if (r)
		return r;
	ret->kind = kind_of(ret);
	ret->machine = ret->image ? ret->image->machine : machine_of_interpreter(interpreter);
	ret->platform = ret->machine ? ret->machine->platform : NULL;
	if (ret->kind == LIBC_MUSL)
		r = fill_musl(source, ret);
	else if (ret->kind == LIBC_GLIBC)
		r = fill_glibc(source, ret);
	else
		r = guess_folders(source, ret);
	if (!r)
		r = array_reserve(&ret->system_folders, ret->system_folders.count + 1);
	if (!r)
		ret->system_folders.items[ret->system_folders.count] = NULL;
	return r;
}

void loader_done(struct loader *loader)
{
	array_done(&loader->system_folders);
	array_done(&loader->preload_file);
	arena_done(&loader->arena);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Where a library's debug information is, in gdb's order; contract in read/debug-files.h. */
#include "read/debug-files.h"

#include "read/debug-find.h"
#include "read/debug-id.h"

#include <stdio.h>
#include <string.h>

/* The folders of the library, as it was named and as it really stands. */
struct homes {
	char *named;
	char *real;   /* NULL: not to be found out */
	char *inside; /* in its system; NULL: not told */
};

/* Without a slash at its end, so that paths can be put behind it; "/" becomes "". */
static int trim_root(struct debug_files *files)
{
	const char *root = files->search.root ? files->search.root : "";
	size_t length = strlen(root);

	while (length && root[length - 1] == '/')
		length--;
	files->search.root = arena_strndup(&files->arena, root, length);
	return files->search.root ? 0 : -ENOMEM;
}

static int add_folder(struct debug_files *files, const char *root)
{
	const char *folder = arena_printf(&files->arena, "%s" DEBUG_FOLDER, root);

	return folder ? array_push(&files->folders, folder) : -ENOMEM;
}

static int fill_folders(struct debug_files *files)
{
	size_t i;
	int r = trim_root(files);

	for (i = 0; !r && i < files->search.dir_count; i++) {
		r = array_push(&files->folders, files->search.dirs[i]);
		if (!r)
			r = add_folder(files, files->search.dirs[i]);
	}
	return r ? r : add_folder(files, files->search.root);
}

/* A debug file in a folder of build ids tells where others like it are. */
static int add_implied_folder(struct debug_files *files)
{
	const char *path = files->main->path;
	const char *end = path ? strstr(path, "/.build-id/") : NULL;
	const char *folder;

	if (!end)
		return 0;
	folder = arena_strndup(&files->arena, path, (size_t)(end - path));
	return folder ? array_push(&files->folders, folder) : -ENOMEM;
}

static int try_build_id(struct debug_files *files, bool is_server)
{
	struct table id = debug_build_id(&files->library.sections.object);
	struct debug_wish wish = { .id = id.bytes, .id_size = id.size };

	if (!id.bytes)
		return 0;
	return is_server ? debug_try_server(files, &wish, &files->main)
			 : debug_try_build_id(files, &wish, &files->main);
}

/* Beside the library: in `home`, in a folder of it, and below the folders of debug files. */
static int try_link_at(struct debug_files *files, const struct debug_wish *wish, const char *home)
{
	const char *name = files->library.sections.links.debug_file;
	size_t i;
	int r = debug_try_format(files, wish, &files->main, "%s/%s", home, name);

	if (!r)
		r = debug_try_format(files, wish, &files->main, "%s/.debug/%s", home, name);
	for (i = 0; !r && *home == '/' && i < files->folders.count; i++)
		r = debug_try_format(files, wish, &files->main, "%s%s/%s", files->folders.items[i],
				     home, name);
	return r;
}

/* A path as it is inside the root; as it is when it is not in there. */
static const char *inside_root(const struct debug_files *files, const char *path)
{
	const char *root = files->search.root;
	size_t length = path ? strlen(root) : 0;

	return length && !strncmp(path, root, length) && path[length] == '/' ? path + length : path;
}

static int try_link_in(struct debug_files *files, const struct debug_wish *wish,
		       const struct homes *homes)
{
	const char *inside = homes->inside ? homes->inside : inside_root(files, homes->real);
	const char *name = files->library.sections.links.debug_file;
	int r = try_link_at(files, wish, homes->named);
	size_t i;

	if (!r && inside != homes->real)
		r = try_link_at(files, wish, inside);
	if (!r && homes->real && strcmp(homes->real, homes->named))
		r = try_link_at(files, wish, homes->real);
	/* Where /lib is a link, what is in it may have been packaged as if it were not. */
	if (!r && inside && !strncmp(inside, "/usr/", 5))
		r = try_link_at(files, wish, inside + 4);
	for (i = 0; !r && i < files->folders.count; i++)
		r = debug_try_format(files, wish, &files->main, "%s/%s", files->folders.items[i],
				     name);
	return r;
}

static int try_link(struct debug_files *files)
{
	const struct debug_links *links = &files->library.sections.links;
	struct debug_wish wish = { .crc = &links->debug_crc };
	struct homes homes = { 0 };
	char *real;
	int r;

	/* A name, never a way to somewhere else. */
	if (!links->debug_file || !files->library.path || strchr(links->debug_file, '/'))
		return 0;
	homes.named = debug_dirname(files->library.path);
	real = debug_real(files, files->library.path);
	if (real)
		homes.real = debug_dirname(real);
	if (files->search.inside)
		homes.inside = debug_dirname(files->search.inside);
	r = !homes.named || (real && !homes.real) || (files->search.inside && !homes.inside)
		    ? -ENOMEM
		    : try_link_in(files, &wish, &homes);
	free(real);
	free(homes.inside);
	free(homes.named);
	free(homes.real);
	return r;
}

/* Why no candidate was taken. */
static int explain(struct debug_files *files)
{
	const struct debug_sections *library = &files->library.sections;
	struct table id = debug_build_id(&library->object);
	const char *hex = id.bytes ? debug_hex(files, id.bytes, id.size) : "";

	if (!library->object.is_elf)
		files->problem = "no debug information: it is no ELF file";
	else if (files->refused)
		files->problem = files->refused;
	else if (id.bytes && hex)
		files->problem = arena_printf(&files->arena,
					      "no debug information: no file for build id %s", hex);
	else if (hex && library->links.debug_file)
		files->problem = arena_printf(&files->arena, "no debug information: no file %s",
					      library->links.debug_file);
	else if (hex)
		files->problem = "no debug information: it has none, and names no file for it";
	return files->problem ? 0 : -ENOMEM;
}

static int find_main(struct debug_files *files)
{
	int r = 0;

	if (!files->library.sections.object.is_elf)
		return explain(files);
	if (debug_section_has(&files->library.sections, DEBUG_INFO, false))
		files->main = &files->library;
	else if (files->library.path)
		r = try_build_id(files, false);
	if (!r && !files->main)
		r = try_link(files);
	if (!r && !files->main)
		r = try_build_id(files, true);
	if (r < 0)
		return r;
	if (!files->main)
		return explain(files);
	r = add_implied_folder(files);
	return r ? r : debug_find_alternate(files);
}

int debug_files_open(const char *path, const unsigned char *bytes, size_t size,
		     const struct debug_search *search, struct debug_files **ret)
{
	struct debug_files *files = calloc(1, sizeof(*files));
	int r;

	if (!files)
		return -ENOMEM;
	if (search)
		files->search = *search;
	files->library.path = path;
	files->library.file = (struct file){ .bytes = bytes, .size = size };
	r = debug_sections_init(&files->library.sections, bytes, size);
	if (r == -EBADMSG)
		r = 0; /* what is sound is read; the fault stands in the sections */
	if (!r)
		r = fill_folders(files);
	if (!r)
		r = find_main(files);
	if (r) {
		debug_files_free(files);
		return r;
	}
	*ret = files;
	return 0;
}

void debug_files_free(struct debug_files *files)
{
	size_t i;

	if (!files)
		return;
	for (i = 0; i < files->opened.count; i++) {
		struct debug_file *file = files->opened.items[i];

		debug_sections_done(&file->sections);
		file_unmap(&file->file);
		free(file);
	}
	array_done(&files->opened);
	array_done(&files->folders);
	array_done(&files->places);
	numbers_done(&files->by_identity);
	debug_sections_done(&files->library.sections);
	arena_done(&files->arena);
	free(files);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Alternate and split files of a debug file; contracts in read/debug-find.h and debug-files.h. */
#include "read/debug-find.h"
#include "read/debug-id.h"

#include <string.h>

/* A name that leads on from the folder of the debug file. */
static int try_relative(struct debug_files *files, const struct debug_wish *wish, const char *path)
{
	AUTO_FREE char *folder = debug_dirname(path);
	const char *name = files->main->sections.links.alt_file;
	int r;

	if (!folder)
		return -ENOMEM;
	r = *name == '/' ? 0
			 : debug_try_format(files, wish, &files->alternate, "%s/%s", folder, name);
	return r ? r
		 : debug_try_format(files, wish, &files->alternate, "%s/%s", folder,
				    path_name(name));
}

static int try_absolute(struct debug_files *files, const struct debug_wish *wish)
{
	const char *name = files->main->sections.links.alt_file;
	const char *inside = strncmp(name, DEBUG_FOLDER "/", sizeof(DEBUG_FOLDER))
				     ? NULL
				     : name + sizeof(DEBUG_FOLDER) - 1;
	size_t i;
	int r = 0;

	if (*name != '/')
		return 0;
	for (i = 0; !r && i < files->search.dir_count; i++)
		r = debug_try_format(files, wish, &files->alternate, "%s%s", files->search.dirs[i],
				     name);
	for (i = 0; !r && inside && i < files->folders.count; i++)
		r = debug_try_format(files, wish, &files->alternate, "%s%s",
				     files->folders.items[i], inside);
	return r ? r
		 : debug_try_format(files, wish, &files->alternate, "%s%s", files->search.root,
				    name);
}

static int try_names(struct debug_files *files, const struct debug_wish *wish)
{
	const char *path = files->main->path;
	char *real;
	int r = try_absolute(files, wish);

	if (!r)
		r = try_relative(files, wish, path);
	/* Folders of build ids have links to where the file really stands. */
	real = r ? NULL : debug_real(files, path);
	if (real && strcmp(real, path))
		r = try_relative(files, wish, real);
	free(real);
	return r;
}

static int explain(struct debug_files *files)
{
	if (files->refused)
		files->alternate_problem = files->refused;
	else
		files->alternate_problem = arena_printf(&files->arena, "no alternate file %s",
							files->main->sections.links.alt_file);
	return files->alternate_problem ? 0 : -ENOMEM;
}

int debug_find_alternate(struct debug_files *files)
{
	const struct debug_links *links = &files->main->sections.links;
	struct debug_wish wish = { .id = links->alt_id, .id_size = links->alt_id_size };
	int r;

	if (!links->alt_file)
		return 0;
	files->refused = NULL;
	r = files->main->path ? debug_try_build_id(files, &wish, &files->alternate) : 0;
	if (!r && files->main->path)
		r = try_names(files, &wish);
	if (!r)
		r = debug_try_server(files, &wish, &files->alternate);
	if (r < 0)
		return r;
	if (files->alternate == files->main)
		files->alternate = NULL;
	return files->alternate ? 0 : explain(files);
}

static const struct debug_wish split_wish = { .is_split = true };

static int add_place(struct debug_files *files, const char *path)
{
	AUTO_FREE char *folder = path ? debug_dirname(path) : NULL;
	const char *copy;

	if (!path)
		return 0;
	copy = folder ? arena_strdup(&files->arena, folder) : NULL;
	return copy ? array_push(&files->places, copy) : -ENOMEM;
}

/* The folders that split files are looked for in: beside the library and its debug file first. */
static int find_places(struct debug_files *files)
{
	size_t i;
	int r = 0;

	if (files->places.count || !files->library.path)
		return 0;
	r = add_place(files, files->library.path);
	if (!r && files->main != &files->library)
		r = add_place(files, files->main->path);
	for (i = 0; !r && i < files->folders.count; i++)
		r = array_push(&files->places, files->folders.items[i]);
	return r;
}

/* Names of packages: that of the library, or of its debug file, and more. */
static int try_package(struct debug_files *files, unsigned number, struct debug_file **ret)
{
	const char *name = path_name(files->library.path);
	struct table id = debug_build_id(&files->library.sections.object);
	const char *hex;

	if (number == 0)
		return debug_try_format(files, &split_wish, ret, "%s.dwp", files->library.path);
	if (number == 1)
		return files->main == &files->library
			       ? 0
			       : debug_try_format(files, &split_wish, ret, "%s.dwp",
						  files->main->path);
	number -= 2;
	/* Beside the library was the first. */
	if (!(number % 2))
		return !number ? 0
			       : debug_try_format(files, &split_wish, ret, "%s/%s.dwp",
						  files->places.items[number / 2], name);
	if (!id.bytes)
		return 0;
	hex = debug_hex(files, id.bytes, id.size);
	return hex ? debug_try_format(files, &split_wish, ret, "%s/.build-id/%.2s/%s.dwp",
				      files->places.items[number / 2], hex, hex + 2)
		   : -ENOMEM;
}

int debug_files_package(struct debug_files *files, unsigned *next, struct debug_file **ret)
{
	int r = find_places(files);

	*ret = NULL;
	while (!r && files->library.path && *next < 2 + 2 * files->places.count)
		r = try_package(files, (*next)++, ret);
	return r < 0 ? r : 0;
}

/* In the folder of compilation, else in each place: by the whole name, then by its end. */
static int try_split(struct debug_files *files, const char *dir, const char *name, unsigned number,
		     struct debug_file **ret)
{
	if (!number && *name != '/' && !dir)
		return 0;
	if (!number)
		return *name == '/' ? debug_try_format(files, &split_wish, ret, "%s", name)
				    : debug_try_format(files, &split_wish, ret, "%s/%s", dir, name);
	number--;
	if (!(number % 2))
		return debug_try_format(files, &split_wish, ret, "%s/%s",
					files->places.items[number / 2], path_name(name));
	if (*name == '/' || path_name(name) == name)
		return 0;
	return debug_try_format(files, &split_wish, ret, "%s/%s", files->places.items[number / 2],
				name);
}

int debug_files_split(struct debug_files *files, const char *dir, const char *name, unsigned *next,
		      struct debug_file **ret)
{
	int r = find_places(files);

	*ret = NULL;
	while (!r && files->library.path && *next < 1 + 2 * files->places.count)
		r = try_split(files, dir, name, (*next)++, ret);
	return r < 0 ? r : 0;
}

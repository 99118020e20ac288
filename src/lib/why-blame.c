/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in lib/why-blame.h. */
#include "lib/why-blame.h"
#include "lib/objects.h"
#include "lib/why-lines.h"
#include "read/archive.h"
#include "read/linkmap.h"
#include "read/root.h"

#include <stdio.h>
#include <string.h>

struct blame_run {
	struct abifit_report *report;
	struct why_blame blame;
	const char *file;     /* being walked */
	struct map *wanted;   /* "archive(member)" of a linker's map; NULL: all members */
	size_t missing_count; /* files that the map names and that are not there */
};

static int input_error(struct blame_run *run, const char *path, int error,
		       const struct fault *fault, const char *text)
{
	size_t number;
	int r = report_add_input(run->report, path, &number);

	if (r)
		return r;
	if (error)
		return report_open_error(run->report, number, error);
	return report_input_error(run->report, number, fault ? fault->rule : "input/not-elf", fault,
				  text);
}

static int is_wanted(const struct blame_run *run, const char *member, bool *ret)
{
	AUTO_FREE char *name = NULL;

	*ret = true;
	if (!run->wanted || !member)
		return 0;
	if (asprintf(&name, "%s(%s)", run->file, member) < 0) {
		name = NULL;
		return -ENOMEM;
	}
	*ret = map_get(run->wanted, name) != NULL;
	return 0;
}

static int take_object(void *data, const char *member, const struct object_file *object,
		       const struct fault *fault)
{
	struct blame_run *run = data;
	bool wanted;
	int r = is_wanted(run, member, &wanted);

	if (r || !wanted || !object || !object->is_elf)
		return r;
	return why_lines_of_object(&run->blame, run->file, member, object);
}

/* A damaged archive is an error when it was asked for by name. */
static int walk_file(struct blame_run *run, const char *path, const struct image *image)
{
	struct fault *fault = arena_alloc(&run->report->report.arena, sizeof(*fault));
	int r;

	if (!fault)
		return -ENOMEM;
	run->file = path;
	r = objects_walk(run->report->system->source, image, take_object, run, fault);
	if (!r && !run->wanted && fault->rule)
		r = input_error(run, path, 0, fault, NULL);
	return r;
}

static int add_path(struct blame_run *run, const char *path)
{
	struct image *image;
	int r = root_adopt(run->report->system->source, path, &image);

	if (r == -ENOMEM)
		return r;
	if (r)
		return input_error(run, path, r, NULL, NULL);
	if (!image->is_elf && !archive_is(image->bytes, image->size))
		return input_error(run, path, 0, NULL, "is neither an ELF object nor an archive");
	return walk_file(run, path, image);
}

/* Paths in a map are relative to where the linker ran: here, or else beside the map. */
static int open_relative(struct blame_run *run, const char *map_path, const char *path,
			 struct image **ret)
{
	const char *slash = strrchr(map_path, '/');
	AUTO_FREE char *joined = NULL;
	int r = root_adopt(run->report->system->source, path, ret);

	if (r == -ENOMEM || !r || path[0] == '/' || !slash)
		return r;
	if (asprintf(&joined, "%.*s/%s", (int)(slash - map_path), map_path, path) < 0) {
		joined = NULL;
		return -ENOMEM;
	}
	return root_adopt(run->report->system->source, joined, ret);
}

/* "libx.a(foo.o)" → "libx.a"; an object as it is. */
static const char *file_of(struct arena *arena, const char *input)
{
	size_t length = strlen(input);
	const char *open = strrchr(input, '(');

	if (!open || open == input || input[length - 1] != ')')
		return input;
	return arena_strndup(arena, input, (size_t)(open - input));
}

/* Shared libraries are inputs of the link too, but they are no part of the file. */
static bool is_part(const struct image *image)
{
	return archive_is(image->bytes, image->size) ||
	       (image->is_elf && image->elf_type == ET_REL);
}

static int walk_map_input(struct blame_run *run, const char *map_path, const char *path)
{
	struct image *image;
	int r = open_relative(run, map_path, path, &image);

	if (r == -ENOMEM)
		return r;
	if (r)
		run->missing_count++;
	return r || !is_part(image) ? 0 : walk_file(run, path, image);
}

/* Each file once, whatever number of its members went in. */
static int walk_map_inputs(struct blame_run *run, const char *map_path, const struct linkmap *map)
{
	struct map walked = { 0 };
	size_t i;
	int r = 0;

	for (i = 0; i < map->inputs.count && !r; i++) {
		const char *path = file_of(&run->report->report.arena, map->inputs.items[i]);

		if (path && map_get(&walked, path))
			continue;
		if (!path || map_set(&walked, path, run))
			r = -ENOMEM;
		else
			r = walk_map_input(run, map_path, path);
	}
	map_done(&walked);
	return r;
}

/* Without a table of references in the map, the objects that it names are read. */
static int read_map_objects(struct blame_run *run, const char *map_path, const struct linkmap *map)
{
	struct map wanted = { 0 };
	size_t i;
	int r = 0;

	run->wanted = &wanted;
	for (i = 0; i < map->inputs.count && !r; i++)
		r = map_set(&wanted, map->inputs.items[i], run);
	if (!r)
		r = walk_map_inputs(run, map_path, map);
	run->wanted = NULL;
	map_done(&wanted);
	if (!r && run->missing_count)
		r = unchecked_add(&run->report->report.findings, run->report->report.why->file,
				  "objects that the linker's map names", "they are not there",
				  "run it where the linker ran, or name them with --objects",
				  run->missing_count, false);
	return r;
}

static int use_map(struct blame_run *run, const char *path, const struct linkmap *map)
{
	int r = 0;

	if (!map->has_cross_reference && !run->blame.why->object_count)
		r = read_map_objects(run, path, map);
	if (!r)
		r = why_linker_map(&run->blame, map);
	return r;
}

static int read_map(struct blame_run *run, const char *path, struct linkmap **ret)
{
	struct fault *fault = arena_alloc(&run->report->report.arena, sizeof(*fault));
	struct image *image;
	int r = root_adopt(run->report->system->source, path, &image);

	if (!fault || r == -ENOMEM)
		return -ENOMEM;
	if (r)
		return input_error(run, path, r, NULL, NULL);
	r = linkmap_read((const char *)image->bytes, image->size, ret, fault);
	if (r == -EBADMSG)
		return input_error(run, path, 0, fault, NULL);
	return r ? r : use_map(run, path, *ret);
}

int why_blame_files(struct abifit_report *report, const struct abifit_why_options *options,
		    const struct image *image, const char *path)
{
	struct blame_run run = { .report = report };
	struct linkmap *map = NULL;
	size_t i;
	int r = why_blame_init(&run.blame, report->report.why);

	if (!r)
		r = why_lines_of_file(&run.blame, image, path, report->system->root);
	for (i = 0; !r && options->objects && options->objects[i]; i++)
		r = add_path(&run, options->objects[i]);
	if (!r && options->linker_map)
		r = read_map(&run, options->linker_map, &map);
	if (!r)
		r = why_finish(&run.blame);
	why_blame_done(&run.blame);
	linkmap_free(map);
	return r;
}

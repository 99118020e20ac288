/* SPDX-License-Identifier: Apache-2.0 */
/* abifit_leaks(): files, the archives they were linked from, their public headers. */
#include "engine/inspect/leaks.h"
#include "lib/header-words.h"
#include "lib/inputs.h"
#include "lib/kinds.h"
#include "lib/objects.h"
#include "read/archive.h"

#include <string.h>

struct run {
	struct abifit_system *system;
	struct abifit_report *report;
	const struct abifit_leaks_options *options;
	struct map origins; /* symbol → struct leak_origin */
	struct map headers; /* identifier → itself */
};

static int fail(struct run *run, const char *path, const char *rule, const struct fault *fault,
		const char *text)
{
	size_t number;
	int r = report_add_input(run->report, path, &number);

	return r ? r : report_input_error(run->report, number, rule, fault, text);
}

/* The first archive that defines a name has it, as for the linker. */
static int add_origin(struct run *run, const char *name, const char *archive, const char *member)
{
	struct arena *arena = &run->report->report.arena;
	struct leak_origin *origin;

	if (map_get(&run->origins, name))
		return 0;
	origin = arena_alloc(arena, sizeof(*origin));
	name = arena_strdup(arena, name);
	if (!origin || !name)
		return -ENOMEM;
	*origin = (struct leak_origin){ archive, member };
	return map_set(&run->origins, name, origin);
}

static int take_members(struct run *run, const struct show *show, const char *path)
{
	struct arena *arena = &run->report->report.arena;
	const char *archive = arena_strdup(arena, path);
	size_t i, k;
	int r = archive ? 0 : -ENOMEM;

	for (i = 0; !r && i < show->members.count; i++) {
		const struct show_member *member = &show->members.items[i];
		const char *name = member->name ? arena_strdup(arena, member->name) : NULL;

		if (member->name && !name)
			return -ENOMEM;
		for (k = 0; !r && k < member->defined_count; k++)
			r = add_origin(run, member->defined[k].name, archive, name);
	}
	return r;
}

static int take_archive(struct run *run, const struct input_file *file)
{
	struct fault *fault = arena_alloc(&run->report->report.arena, sizeof(*fault));
	struct show *show;
	int r;

	if (!fault)
		return -ENOMEM;
	if (file->error)
		return input_file_fail(run->report, file);
	if (!archive_is(file->image->bytes, file->image->size) &&
	    !(file->image->is_elf && file->image->elf_type == ET_REL))
		return file->from_folder ? 0
					 : fail(run, file->path, "input/not-elf", NULL,
						"is neither an archive nor an object");
	r = objects_read(run->system->source, file->image, &show);
	if (r)
		return r;
	*fault = *objects_damage(show);
	r = take_members(run, show, file->path);
	show_free(show);
	return !r && fault->rule ? fail(run, file->path, fault->rule, fault, NULL) : r;
}

static size_t list_length(const char *const *list)
{
	size_t count = 0;

	while (list && list[count])
		count++;
	return count;
}

static int read_archives(struct run *run)
{
	struct input_files files;
	size_t i;
	int r = input_files_list(run->system->source, run->options->archives,
				 list_length(run->options->archives), INPUT_ARCHIVES, &files);

	for (i = 0; !r && i < files.items.count; i++) {
		r = input_file_open(run->system, &files.items.items[i]);
		if (!r)
			r = take_archive(run, &files.items.items[i]);
	}
	input_files_done(&files);
	return r;
}

static int find(struct run *run, const struct input_file *file, size_t number)
{
	struct report_input *input = &run->report->report.inputs.items[number];
	struct fault *fault = arena_alloc(&run->report->report.arena, sizeof(*fault));
	struct leak_question question = {
		.image = file->image,
		.path = input->path,
		.name = file->image->soname ? file->image->soname : path_name(input->path),
		.origins = run->options->archives ? &run->origins : NULL,
		.headers = run->options->headers ? &run->headers : NULL,
		.source = run->system->source,
	};
	struct loader *loader;
	int r = fault ? system_loader(run->system, file->image, "/", &loader) : -ENOMEM;

	if (r)
		return r;
	question.folders = loader->system_folders.items;
	r = leaks_find(&question, fault, &input->leaks);
	if (r)
		return r;
	if (file->image->fault.rule)
		*fault = file->image->fault;
	return fault->rule ? report_input_error(run->report, number, fault->rule, fault, NULL) : 0;
}

static int take_file(struct run *run, const struct input_file *file)
{
	const struct image *image = file->image;
	size_t number;
	int r;

	if (file->from_folder && !file->error && (!image->is_elf || !image->has_dynamic))
		return 0;
	r = report_add_input(run->report, file->path, &number);
	if (r)
		return r;
	if (file->fault)
		return report_input_error(run->report, number, file->fault->rule, file->fault,
					  NULL);
	if (file->error)
		return report_open_error(run->report, number, file->error);
	if (image->fault.rule)
		return report_input_error(run->report, number, image->fault.rule, &image->fault,
					  NULL);
	if (!image->is_elf)
		return report_input_error(run->report, number, "input/not-elf", NULL,
					  "is neither a program nor a library");
	if (!image->has_dynamic)
		return report_input_error(run->report, number, "input/unsupported", NULL,
					  "has no dynamic section, so that it exports nothing");
	run->report->report.inputs.items[number].image = image;
	return find(run, file, number);
}

static int run_all(struct run *run, const char *const *paths, size_t count)
{
	struct input_files files;
	size_t i;
	int r = run->options->archives ? read_archives(run) : 0;

	if (!r)
		r = header_words_read(run->system, run->report, run->options->headers,
				      &run->headers, NULL);
	if (r)
		return r;
	r = input_files_list(run->system->source, paths, count, 0, &files);
	for (i = 0; !r && i < files.items.count; i++) {
		r = input_file_open(run->system, &files.items.items[i]);
		if (!r)
			r = take_file(run, &files.items.items[i]);
	}
	if (!r && !files.items.count)
		r = fail(run, paths[0], "input/not-elf", NULL, "holds no program and no library");
	input_files_done(&files);
	return r;
}

int abifit_leaks(struct abifit_system *system, const char *const *files, size_t count,
		 const struct abifit_leaks_options *options, struct abifit_report **ret)
{
	struct abifit_leaks_options copy = { .size = sizeof(copy) };
	struct run run = { .system = system, .options = &copy };
	int r = options_check(options, options ? options->size : 0, sizeof(copy));

	if (r)
		return context_fail(system->context, r, "leaks options of an unknown size");
	if (!count)
		return context_fail(system->context, -EINVAL, "no files are given");
	if (options)
		memcpy(&copy, options, size_min(options->size, sizeof(copy)));
	r = report_new(system->context, system, "leaks", &run.report);
	if (r)
		return context_fail(system->context, r, "out of memory");
	run.report->report.has_verdict = true;
	run.report->report.script = copy.flags & ABIFIT_LEAKS_SCRIPT;
	r = run_all(&run, files, count);
	map_done(&run.origins);
	map_done(&run.headers);
	if (r) {
		abifit_report_unref(run.report);
		return r == -ENOMEM ? context_fail(system->context, r, "out of memory") : r;
	}
	report_conclude(run.report);
	*ret = run.report;
	return 0;
}

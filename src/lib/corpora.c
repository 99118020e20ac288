/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in lib/corpora.h. */
#include "lib/corpora.h"
#include "engine/compare/corpus.h"
#include "lib/headers.h"
#include "lib/kinds.h"
#include "lib/objects.h"
#include "lib/types.h"
#include "read/archive.h"
#include "read/baseline.h"
#include "read/object.h"

#include <string.h>
#include <sys/stat.h>

static int fail(struct abifit_report *report, const char *path, const char *rule,
		const struct fault *fault, const char *text)
{
	size_t number;
	int r = report_add_input(report, path, &number);

	return r ? r : report_input_error(report, number, rule, fault, text);
}

static int keep(struct abifit_report *report, struct side *side, struct input_file *file,
		struct corpus *corpus)
{
	if (array_push(&report->report.corpora, corpus)) {
		corpus_free(corpus);
		return -ENOMEM;
	}
	return array_push(&side->items, (struct side_item){ .file = *file, .corpus = corpus });
}

static int take_baseline(struct abifit_report *report, struct side *side, struct input_file *file)
{
	struct fault *fault = arena_alloc(&report->report.arena, sizeof(*fault));
	struct corpus *corpus;
	int r = fault ? baseline_read((const char *)file->image->bytes, file->image->size,
				      file->path, fault, &corpus)
		      : -ENOMEM;

	if (r == -EBADMSG)
		return fail(report, file->path, fault->rule, fault, NULL);
	if (r)
		return r;
	file->image = NULL;
	return keep(report, side, file, corpus);
}

static int take_image(struct abifit_system *system, struct abifit_report *report,
		      const struct side_types *types, struct side *side, struct input_file *file)
{
	struct fault *fault = arena_alloc(&report->report.arena, sizeof(*fault));
	struct object_file sections;
	struct corpus *corpus;
	int r;

	object_read(file->image->bytes, file->image->size, &sections);
	r = fault ? corpus_from_image(file->image, &sections, file->path, fault, &corpus) : -ENOMEM;
	if (r)
		return r;
	corpus->file_name = arena_strdup(&corpus->arena, path_name(file->inside));
	if (!corpus->file_name) {
		corpus_free(corpus);
		return -ENOMEM;
	}
	/* Damage that shows only now. */
	if (file->image->fault.rule || fault->rule) {
		corpus_free(corpus);
		if (file->image->fault.rule)
			*fault = file->image->fault;
		return fail(report, file->path, fault->rule, fault, NULL);
	}
	r = types->wanted ? corpus_read_types(corpus, file->path, system->root, types->debug_dirs)
			  : 0;
	if (!r && corpus->types)
		r = corpus_read_headers(system, report, corpus, types);
	if (r) {
		corpus_free(corpus);
		return r;
	}
	return keep(report, side, file, corpus);
}

static int take_objects(struct abifit_system *system, struct abifit_report *report,
			struct side *side, struct input_file *file)
{
	struct fault *fault = arena_alloc(&report->report.arena, sizeof(*fault));
	struct corpus *corpus = NULL;
	struct show *show;
	int r = fault ? objects_read(system->source, file->image, &show) : -ENOMEM;

	if (r)
		return r;
	*fault = *objects_damage(show);
	if (!fault->rule)
		r = corpus_from_objects(show, file->path, &corpus);
	show_free(show);
	if (r)
		return r;
	file->image = NULL;
	return corpus ? keep(report, side, file, corpus)
		      : fail(report, file->path, fault->rule, fault, NULL);
}

static bool is_linked_with(const struct image *image)
{
	return archive_is(image->bytes, image->size) ||
	       (image->is_elf && image->elf_type == ET_REL);
}

static bool is_library(const struct image *image)
{
	return image->is_elf && (image->elf_type == ET_DYN || image->elf_type == ET_EXEC) &&
	       image->has_dynamic && !image_is_debug_file(image);
}

static int take_file(struct abifit_system *system, struct abifit_report *report,
		     const struct side_types *types, struct side *side, struct input_file *file)
{
	size_t number;
	int r;

	if (file->error) {
		r = report_add_input(report, file->path, &number);
		return r ? r : report_open_error(report, number, file->error);
	}
	if (baseline_is((const char *)file->image->bytes, file->image->size))
		return take_baseline(report, side, file);
	if (is_linked_with(file->image))
		return take_objects(system, report, side, file);
	/* In a folder only libraries count; programs have no users. */
	if (file->from_folder && (!is_library(file->image) || image_is_program(file->image)))
		return file->image->fault.rule && !file->image->is_elf
			       ? fail(report, file->path, file->image->fault.rule,
				      &file->image->fault, NULL)
			       : 0;
	if (file->image->fault.rule)
		return fail(report, file->path, file->image->fault.rule, &file->image->fault, NULL);
	if (!file->image->is_elf)
		return fail(report, file->path, "input/not-elf", NULL,
			    "is neither a library, an archive, an object nor a baseline");
	if (!is_library(file->image))
		return fail(report, file->path, "input/unsupported", NULL, "is no library");
	return take_image(system, report, types, side, file);
}

int side_types_read(const struct abifit_types_options *options, bool is_old, struct side_types *ret)
{
	struct abifit_types_options copy = { .size = sizeof(copy) };
	int r = options_check(options, options ? options->size : 0, sizeof(copy));

	if (r)
		return r;
	if (options)
		memcpy(&copy, options, size_min(options->size, sizeof(copy)));
	*ret = (struct side_types){
		.wanted = !(copy.flags & ABIFIT_TYPES_NONE),
		.required = copy.flags & ABIFIT_TYPES_REQUIRED,
		.debug_dirs = copy.debug_dirs,
		.headers = is_old ? copy.old_headers : copy.headers,
		.compiler = copy.compiler,
		.cflags = is_old && copy.old_cflags && copy.old_cflags[0] ? copy.old_cflags
									  : copy.cflags,
	};
	return 0;
}

int side_read(struct abifit_system *system, struct abifit_report *report, const char *path,
	      const struct side_types *types, struct side *ret)
{
	struct stat st;
	size_t i;
	int r;

	*ret = (struct side){ .is_folder = !stat(path, &st) && S_ISDIR(st.st_mode) };
	report->report.has_folders |= ret->is_folder;
	r = input_files_list(&path, 1, INPUT_ARCHIVES | INPUT_BASELINES, &ret->files);
	for (i = 0; !r && i < ret->files.items.count; i++) {
		r = input_file_open(system, &ret->files.items.items[i]);
		if (!r)
			r = take_file(system, report, types, ret, &ret->files.items.items[i]);
	}
	if (!r && ret->is_folder && !ret->items.count)
		r = fail(report, path, "input/not-elf", NULL, "holds no library");
	return r;
}

void side_done(struct side *side)
{
	array_done(&side->items);
	input_files_done(&side->files);
}

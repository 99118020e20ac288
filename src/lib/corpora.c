/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in lib/corpora.h. */
#include "lib/corpora.h"
#include "base/threads.h"
#include "engine/compare/corpus.h"
#include "lib/debug-packages.h"
#include "lib/headers.h"
#include "lib/kinds.h"
#include "lib/objects.h"
#include "lib/types.h"
#include "read/archive.h"
#include "read/baseline.h"
#include "read/object.h"
#include "read/root.h"

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

static int take_image(struct abifit_report *report, struct side *side, struct input_file *file)
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

static int take_file(struct abifit_system *system, struct abifit_report *report, struct side *side,
		     struct input_file *file)
{
	if (file->error)
		return input_file_fail(report, file);
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
	return take_image(report, side, file);
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

	*ret = (struct side){
		.is_folder = !stat(path, &st) && S_ISDIR(st.st_mode),
		.system = system,
		.types = types,
	};
	r = input_files_list(system->source, &path, 1, INPUT_ARCHIVES | INPUT_BASELINES,
			     &ret->files);
	ret->is_package = !ret->is_folder && ret->files.has_package;
	ret->is_folder |= ret->is_package;
	report->report.has_folders |= ret->is_folder;
	for (i = 0; !r && i < ret->files.items.count; i++) {
		r = input_file_open(system, &ret->files.items.items[i]);
		if (!r)
			r = take_file(system, report, ret, &ret->files.items.items[i]);
	}
	if (!r && ret->is_folder && !ret->items.count)
		r = fail(report, path, "input/not-elf", NULL, "holds no library");
	return r;
}

/* A library whose types are wanted. */
struct reading {
	const struct side *side;
	const struct side_item *item;
};

struct readings array_of(struct reading);

static int list_readings(struct side *const *sides, size_t count, struct readings *ret)
{
	size_t i, k;

	for (i = 0; i < count; i++) {
		for (k = 0; sides[i]->types->wanted && k < sides[i]->items.count; k++) {
			const struct side_item *item = &sides[i]->items.items[k];

			if (item->corpus->image &&
			    array_push(ret, (struct reading){ sides[i], item }))
				return -ENOMEM;
		}
	}
	return 0;
}

/* The parts of struct debug_search that know of packages. */
static int map_file(void *source, const char *path, struct file *ret)
{
	return root_map(source, path, ret);
}

static char *real_path(void *source, const char *path)
{
	return root_real(source, path);
}

static int read_one(void *data, size_t number, unsigned thread)
{
	const struct reading *reading = &((const struct readings *)data)->items[number];
	const struct side *side = reading->side;
	const char *path = reading->item->file.path;
	struct debug_search search = {
		.dirs = side->debug_dirs,
		.root = side->system->root,
		.map = map_file,
		.real = real_path,
		.data = side->system->source,
	};

	(void)thread;
	if (!root_package(side->system->source, path, &search.inside))
		search.inside = NULL;
	while (search.dirs[search.dir_count])
		search.dir_count++;
	return corpus_read_types(reading->item->corpus, path, &search);
}

int sides_read_types(struct abifit_report *report, struct side *const *sides, size_t count,
		     uint32_t threads)
{
	struct readings readings = { 0 };
	size_t i;
	int r = list_readings(sides, count, &readings);

	for (i = 0; !r && i < count; i++)
		r = sides[i]->types->wanted
			    ? debug_packages_find(report, sides[i], &sides[i]->debug_dirs)
			    : 0;
	if (!r)
		r = parallel_for(threads ? threads : processor_count(), readings.count, 1, read_one,
				 &readings);
	for (i = 0; !r && i < readings.count; i++) {
		const struct reading *reading = &readings.items[i];

		r = corpus_read_headers(reading->side->system, report, reading->item->corpus,
					reading->side->types);
	}
	array_done(&readings);
	return r;
}

int side_check_single(const struct side *side, const char *path)
{
	struct abifit_context *context = side->system->context;

	if (side->is_folder && !side->is_package)
		return context_fail(context, -EINVAL, "%s is a folder: two libraries are needed",
				    path);
	if (side->items.count > 1)
		return context_fail(context, -EINVAL,
				    "%s holds %zu libraries: name one, such as %s", path,
				    side->items.count, side->items.items[0].file.path);
	return 0;
}

const char *side_key(const struct side_item *item)
{
	if (item->corpus->soname)
		return item->corpus->soname;
	return path_name(item->file.path);
}

struct side_item *side_find(struct side *side, const char *key)
{
	size_t i;

	for (i = 0; i < side->items.count; i++) {
		struct side_item *item = &side->items.items[i];

		if (!item->matched && !strcmp(side_key(item), key))
			return item;
	}
	return NULL;
}

void side_done(struct side *side)
{
	array_done(&side->items);
	input_files_done(&side->files);
}

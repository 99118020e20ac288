/* SPDX-License-Identifier: Apache-2.0 */
/* abifit_check() and abifit_tree(): many files through the load forecast. */
#include "lib/check.h"
#include "base/threads.h"
#include "engine/load/forecast.h"
#include "lib/environment.h"
#include "lib/inputs.h"
#include "lib/waivers.h"
#include "lib/packages.h"
#include "read/archive.h"
#include "read/root.h"

#include <string.h>

/* Files that are judged together; bounds what the symbol index of one batch takes. */
#define BATCH 4096

/* The files of a run that go to one loader. */
struct group {
	struct loader *loader;
	struct environment environment;
	const char *assumed; /* it in words */
	struct array_of(struct forecast *) forecasts;
};

struct run {
	struct abifit_system *system;
	struct abifit_report *report;
	struct input_files files;
	const struct abifit_environment *environment_options;
	struct environment environment;
	struct forecast_options options;
	struct array_of(struct load_request) loads;
	struct array_of(struct stand_in) stand_ins;
	struct input_file host;
	const char *host_path;
	unsigned threads;
	bool tree_only;
	struct array_of(struct group) groups;
	void (*progress)(void *data, size_t done, size_t total);
	void *progress_data;
	size_t done;
	size_t batch_start;
	const char *first_path;
};

/* One phase over one group, on several threads. */
struct phase {
	struct run *run;
	struct group *group;
	struct forecaster *forecasters; /* one a thread */
	const struct symbol_index *index;
};

static const char *unfit(const struct image *image)
{
	if (image_is_debug_file(image))
		return "holds what a debugger needs of a file, but none of its code";
	switch (image->elf_type) {
	case ET_REL:
		return "is a relocatable object, which no loader loads";
	case ET_CORE:
		return "is a core dump";
	case ET_DYN:
	case ET_EXEC:
		return NULL;
	default:
		return "is of an unknown ELF type";
	}
}

/* What is no ELF file. */
static int refuse(struct abifit_report *report, size_t number, const struct image *image)
{
	const char *text = package_refusal(image);

	if (!text && archive_is(image->bytes, image->size))
		text = "is a static archive, which no loader loads";
	return report_input_error(report, number, text ? "input/unsupported" : "input/not-elf",
				  NULL, text ? text : "is not an ELF file");
}

/* 1: it can be judged; 0: an error was recorded, or it was passed over. */
static int accept(struct run *run, struct input_file *file, size_t *ret_number)
{
	const struct image *image = file->image;
	int r;

	if (file->from_folder && !file->error &&
	    (image->is_elf ? !!unfit(image) : !image_is_unusable(image)))
		return 0;
	r = report_add_input(run->report, file->path, ret_number);
	if (r)
		return r;
	if (file->error)
		return report_open_error(run->report, *ret_number, file->error);
	run->report->report.inputs.items[*ret_number].image = image->is_elf ? image : NULL;
	if (image->is_elf && unfit(image))
		return report_input_error(run->report, *ret_number, "input/unsupported", NULL,
					  unfit(image));
	if (image_is_unusable(image))
		return report_input_error(run->report, *ret_number, image->fault.rule,
					  &image->fault, NULL);
	if (!image->is_elf)
		return refuse(run->report, *ret_number, image);
	return 1;
}

static int find_group(struct run *run, struct loader *loader, struct group **ret)
{
	struct group group = { .loader = loader, .environment = run->environment };
	size_t i;
	int r;

	for (i = 0; i < run->groups.count; i++) {
		if (run->groups.items[i].loader == loader) {
			*ret = &run->groups.items[i];
			return 0;
		}
	}
	r = environment_for(run->system->context, run->environment_options, loader->machine,
			    &group.environment);
	if (r)
		return r;
	group.assumed = environment_describe(&run->report->report.arena, &group.environment, loader,
					     run->environment_options);
	if (!group.assumed)
		return -ENOMEM;
	if (array_push(&run->groups, group))
		return -ENOMEM;
	*ret = &run->groups.items[run->groups.count - 1];
	return 0;
}

static int add_forecast(struct run *run, struct input_file *file, size_t number)
{
	struct report_input *input = &run->report->report.inputs.items[number];
	struct forecast *forecast = calloc(1, sizeof(*forecast));
	struct loader *loader;
	struct group *group;
	int r;

	if (!forecast)
		return -ENOMEM;
	input->forecast = forecast;
	forecast->input = input->path;
	forecast->image = file->image;
	forecast->path = arena_strdup(&run->report->report.arena, file->inside);
	forecast->origin = arena_strdup(&run->report->report.arena, file->origin);
	if (!forecast->path || !forecast->origin)
		return -ENOMEM;
	if (run->host.image) {
		forecast->host = run->host.image;
		forecast->host_path = run->host_path;
	}
	r = system_loader(run->system, forecast->host ? forecast->host : forecast->image,
			  run->environment.cwd, &loader);
	if (!r)
		r = find_group(run, loader, &group);
	if (r)
		return r;
	forecast->assumed = group->assumed;
	return array_push(&group->forecasts, forecast);
}

static int load_one(void *data, size_t item, unsigned thread)
{
	struct phase *phase = data;
	struct forecast *forecast = phase->group->forecasts.items[item];
	int r = forecast_load(&phase->forecasters[thread], forecast, &phase->run->options);

	if (!r && phase->run->tree_only)
		r = forecast_find_missing(&phase->forecasters[thread], forecast);
	if (r != -E2BIG)
		return r;
	forecast->error = r;
	return 0;
}

static int judge_one(void *data, size_t item, unsigned thread)
{
	struct phase *phase = data;
	struct run *run = phase->run;
	struct forecast *forecast = phase->group->forecasts.items[item];
	int r;

	if (!forecast->error && !run->host.image && image_is_undecodable(forecast->image))
		forecast->error = -EBADMSG;
	r = forecast->error ? 0
			    : forecast_judge(&phase->forecasters[thread], forecast, phase->index,
					     &run->options);

	__atomic_add_fetch(&run->done, 1, __ATOMIC_RELAXED);
	if (!r && run->progress && thread == 0)
		run->progress(run->progress_data, __atomic_load_n(&run->done, __ATOMIC_RELAXED),
			      run->files.items.count);
	return r;
}

/* The distinct images of all closures of a group. */
static int gather_images(const struct group *group, struct image ***ret, size_t *ret_count,
			 uint32_t *ret_limit)
{
	struct array_of(struct image *) images = { 0 };
	struct array_of(bool) seen = { 0 };
	size_t i;
	uint32_t k;

	for (i = 0; i < group->forecasts.count; i++) {
		const struct closure *closure = &group->forecasts.items[i]->closure;

		for (k = 0; k < closure->objects.count; k++) {
			struct image *image = closure->objects.items[k].image;

			if (!image)
				continue;
			while (seen.count <= image->id) {
				if (array_push(&seen, false))
					goto fail;
			}
			if (seen.items[image->id])
				continue;
			seen.items[image->id] = true;
			if (array_push(&images, image))
				goto fail;
		}
	}
	*ret_limit = (uint32_t)seen.count;
	array_done(&seen);
	*ret = images.items;
	*ret_count = images.count;
	return 0;
fail:
	array_done(&seen);
	array_done(&images);
	return -ENOMEM;
}

static int judge_group(struct phase *phase)
{
	struct lookup_rules rules = {
		.libc = phase->group->loader->kind,
		.version = phase->forecasters[0].search.version,
	};
	struct image **images = NULL;
	struct symbol_index *index = NULL;
	unsigned threads = phase->run->threads;
	size_t count;
	uint32_t limit;
	int r = gather_images(phase->group, &images, &count, &limit);

	if (!r)
		r = symbol_index_build(images, count, limit, &rules, threads, &index);
	free(images);
	phase->index = index;
	if (!r)
		r = parallel_for(threads, phase->group->forecasts.count, 4, judge_one, phase);
	symbol_index_free(index);
	return r;
}

/* Paths that the searches made are part of the closures: the report takes them over. */
static int keep_paths(struct abifit_report *report, struct forecaster *forecaster)
{
	if (array_push(&report->report.kept, forecaster->search.arena))
		return -ENOMEM;
	forecaster->search.arena = (struct arena){ 0 };
	return 0;
}

static int run_group(struct run *run, struct group *group)
{
	struct phase phase = { .run = run, .group = group };
	unsigned i;
	int r = 0;

	phase.forecasters = calloc(run->threads, sizeof(*phase.forecasters));
	if (!phase.forecasters)
		return -ENOMEM;
	for (i = 0; !r && i < run->threads; i++) {
		r = forecaster_init(&phase.forecasters[i], run->system->source, group->loader,
				    &group->environment);
		phase.forecasters[i].search.stand_ins = run->stand_ins.items;
		phase.forecasters[i].search.stand_in_count = run->stand_ins.count;
	}
	if (!r)
		r = parallel_for(run->threads, group->forecasts.count, 4, load_one, &phase);
	if (!r && !run->tree_only)
		r = judge_group(&phase);
	for (i = 0; i < run->threads; i++) {
		if (!r)
			r = keep_paths(run->report, &phase.forecasters[i]);
		forecaster_done(&phase.forecasters[i]);
	}
	free(phase.forecasters);
	return r;
}

static int open_one(void *data, size_t item, unsigned thread)
{
	struct run *run = data;

	return input_file_open(run->system, &run->files.items.items[run->batch_start + item]);
}

static int run_batch(struct run *run, size_t from, size_t to)
{
	size_t i;
	int r;

	run->batch_start = from;
	r = parallel_for(run->threads, to - from, 8, open_one, run);
	for (i = from; !r && i < to; i++) {
		struct input_file *file = &run->files.items.items[i];
		size_t number;

		r = accept(run, file, &number);
		if (r == 1)
			r = add_forecast(run, file, number);
	}
	for (i = 0; !r && i < run->groups.count; i++)
		r = run_group(run, &run->groups.items[i]);
	for (i = 0; i < run->groups.count; i++)
		array_done(&run->groups.items[i].forecasts);
	run->groups.count = 0;
	return r;
}

/* What was given up is an input that could not be judged. */
static int take_out_failed(struct run *run)
{
	struct report *report = &run->report->report;
	size_t i;

	for (i = 0; i < report->inputs.count; i++) {
		struct report_input *input = &report->inputs.items[i];
		int r;

		int error = input->forecast ? input->forecast->error : 0;

		if (!error)
			continue;
		forecast_done(input->forecast);
		free(input->forecast);
		input->forecast = NULL;
		r = error == -EBADMSG ? report_input_error(run->report, i, input->image->fault.rule,
							   &input->image->fault, NULL)
				      : report_input_error(
						run->report, i, "input/limit", NULL,
						"needs more libraries than any sound program does");
		if (r)
			return r;
	}
	return 0;
}

/* Folders were named, but nothing in them is a program or a library. */
static int note_nothing(struct run *run)
{
	size_t number;
	int r = report_add_input(run->report, run->first_path, &number);

	return r ? r
		 : report_input_error(run->report, number, "input/not-elf", NULL,
				      "holds no program and no library");
}

static int run_all(struct run *run)
{
	size_t from;
	int r = 0;

	for (from = 0; !r && from < run->files.items.count; from += BATCH)
		r = run_batch(run, from, size_min(from + BATCH, run->files.items.count));
	if (!r)
		r = take_out_failed(run);
	if (!r && !run->report->report.inputs.count)
		r = note_nothing(run);
	if (!r)
		r = waivers_apply_forecasts(run->report);
	if (!r)
		r = waivers_conclude(run->report);
	if (!r)
		report_conclude(run->report);
	return r;
}

static void run_done(struct run *run)
{
	size_t i;

	for (i = 0; i < run->groups.count; i++)
		array_done(&run->groups.items[i].forecasts);
	array_done(&run->groups);
	array_done(&run->loads);
	array_done(&run->stand_ins);
	input_files_done(&run->files);
	input_file_done(&run->host);
}

/* As that of each file: relative to the caller's folder, then seen from the root. */
static int place_load(struct run *run, struct load_request *load)
{
	AUTO_FREE char *inside = NULL;

	if (load->name[0] == '/' || !strchr(load->name, '/'))
		return 0;
	inside = root_inside(run->system->source, load->name);
	if (!inside)
		inside = realpath(load->name, NULL);
	if (inside)
		load->name = arena_strdup(&run->report->report.arena, inside);
	return load->name ? 0 : -ENOMEM;
}

/* "LIB", "LIB,global", "LIB,deepbind" */
static int add_load(struct run *run, const char *text)
{
	const char *comma = strrchr(text, ',');
	size_t length = comma ? (size_t)(comma - text) : strlen(text);
	struct load_request load = { 0 };
	int r;

	if (comma && !strcmp(comma, ",global"))
		load.global = true;
	else if (comma && !strcmp(comma, ",deepbind"))
		load.deep_bind = true;
	else if (comma)
		return context_fail(run->system->context, -EINVAL,
				    "%s: behind the comma stands neither global nor deepbind",
				    text);
	load.name = arena_strndup(&run->report->report.arena, text, length);
	r = load.name ? place_load(run, &load) : -ENOMEM;
	return r ? r : array_push(&run->loads, load);
}

/* Opens a file that helps to judge the others: it must be sound. */
static int open_helper(struct run *run, const char *path, struct input_file *ret)
{
	int r;

	*ret = (struct input_file){ .path = path };
	r = input_file_open(run->system, ret);
	if (r)
		return r;
	if (ret->error)
		return context_fail(run->system->context, ret->error, "%s: %s", path,
				    strerror(-ret->error));
	if (!ret->image->is_elf || image_is_debug_file(ret->image))
		return context_fail(run->system->context, -EINVAL, "%s: %s", path,
				    ret->image->is_elf ? unfit(ret->image) : "is no ELF file");
	r = image_load_versions(ret->image);
	if (!r)
		r = image_load_references(ret->image);
	if (ret->image->fault.rule)
		return context_fail(run->system->context, -EINVAL, "%s: %s", path,
				    ret->image->fault_line);
	return r == -ENOTSUP ? 0 : r;
}

static int add_stand_in(struct run *run, const char *path)
{
	struct input_file file;
	const char *slash = strrchr(path, '/');
	struct stand_in stand_in;
	int r = open_helper(run, path, &file);

	if (!r) {
		stand_in = (struct stand_in){
			.name = file.image->soname ? file.image->soname
				: slash		   ? slash + 1
						   : path,
			.image = file.image,
			.path = arena_strdup(&run->report->report.arena, path),
		};
		r = stand_in.path ? array_push(&run->stand_ins, stand_in) : -ENOMEM;
	}
	input_file_done(&file);
	return r;
}

static int open_host(struct run *run, const char *path)
{
	int r = open_helper(run, path, &run->host);

	if (r)
		return r;
	run->host_path = arena_strdup(&run->report->report.arena, run->host.inside);
	return run->host_path ? 0 : -ENOMEM;
}

static int read_check_options(struct run *run, const struct abifit_check_options *options)
{
	size_t i;
	int r = 0;

	run->options.bindings = options->flags & ABIFIT_CHECK_BINDINGS;
	run->options.lint = options->flags & ABIFIT_CHECK_LINT;
	run->options.dlopen_notes = options->flags & ABIFIT_CHECK_DLOPEN;
	run->options.dlopen_guess = options->flags & ABIFIT_CHECK_DLOPEN_GUESS;
	run->report->report.lint = run->options.lint;
	run->report->report.bindings = run->options.bindings;
	run->environment_options = options->environment;
	run->progress = options->progress;
	run->progress_data = options->progress_data;
	run->threads = options->threads ? options->threads : processor_count();
	for (i = 0; !r && options->load && options->load[i]; i++)
		r = add_load(run, options->load[i]);
	for (i = 0; !r && options->with && options->with[i]; i++)
		r = add_stand_in(run, options->with[i]);
	if (!r && options->host)
		r = open_host(run, options->host);
	run->options.loads = run->loads.items;
	run->options.load_count = run->loads.count;
	return r;
}

static int finish(struct run *run, int r, struct abifit_report **ret)
{
	run_done(run);
	if (r) {
		abifit_report_unref(run->report);
		if (r == -ENOMEM)
			context_fail(run->system->context, r, "out of memory");
		return r;
	}
	*ret = run->report;
	return 0;
}

int abifit_check(struct abifit_system *system, const char *const *files, size_t count,
		 const struct abifit_check_options *options, struct abifit_report **ret)
{
	static const struct abifit_check_options defaults = { .size = sizeof(defaults) };
	struct abifit_check_options copy = defaults;
	struct run run = { .system = system };
	int r = options_check(options, options ? options->size : 0, sizeof(copy));

	if (!count)
		return context_fail(system->context, -EINVAL, "no files are given");
	run.first_path = files[0];
	if (r)
		return context_fail(system->context, r, "check options of an unknown size");
	if (options)
		memcpy(&copy, options, size_min(options->size, sizeof(copy)));
	r = report_new(system->context, system, "check", &run.report);
	if (r)
		return r;
	run.report->report.has_verdict = true;
	r = waivers_load(run.report, copy.waivers, copy.today);
	if (!r)
		r = read_check_options(&run, &copy);
	if (!r)
		r = environment_read(system->context, copy.environment, &run.environment);
	if (!r)
		r = input_files_list(NULL, files, count, 0, &run.files);
	if (!r)
		r = run_all(&run);
	return finish(&run, r, ret);
}

int check_world(const struct check_world *world, const char *const *files, size_t count,
		struct abifit_report **ret)
{
	struct run run = {
		.system = world->system,
		.environment_options = world->environment,
		.options = { .bindings = true },
		.threads = world->threads ? world->threads : processor_count(),
		.first_path = files[0],
	};
	size_t i;
	int r = report_new(world->system->context, world->system, "check", &run.report);

	if (r)
		return context_fail(world->system->context, r, "out of memory");
	for (i = 0; !r && i < world->stand_in_count; i++)
		r = array_push(&run.stand_ins, world->stand_ins[i]);
	if (!r)
		r = environment_read(world->system->context, world->environment, &run.environment);
	if (!r)
		r = input_files_list(NULL, files, count, 0, &run.files);
	for (i = 0; !r && i < run.files.items.count; i++)
		run.files.items.items[i].home = world->home;
	if (!r)
		r = run_all(&run);
	return finish(&run, r, ret);
}

int abifit_tree(struct abifit_system *system, const char *const *files, size_t count,
		const struct abifit_tree_options *options, struct abifit_report **ret)
{
	struct abifit_tree_options copy = { .size = sizeof(copy) };
	struct run run = { .system = system, .tree_only = true, .threads = 1 };
	int r = options_check(options, options ? options->size : 0, sizeof(copy));

	if (!count)
		return context_fail(system->context, -EINVAL, "no files are given");
	run.first_path = files[0];
	if (r)
		return context_fail(system->context, r, "tree options of an unknown size");
	if (options)
		memcpy(&copy, options, size_min(options->size, sizeof(copy)));
	r = report_new(system->context, system, "tree", &run.report);
	if (r)
		return r;
	run.environment_options = copy.environment;
	run.report->report.no_repeats = copy.flags & ABIFIT_TREE_NO_REPEATS;
	run.report->report.depth = copy.depth;
	run.report->report.has_verdict = true;
	r = environment_read(system->context, copy.environment, &run.environment);
	if (!r)
		r = input_files_list(NULL, files, count, 0, &run.files);
	if (!r)
		r = run_all(&run);
	return finish(&run, r, ret);
}

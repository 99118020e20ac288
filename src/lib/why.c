/* SPDX-License-Identifier: Apache-2.0 */
/* abifit_why(): the load forecast of one file, and who in it causes a need. */
#include "engine/inspect/why.h"
#include "engine/load/forecast.h"
#include "lib/environment.h"
#include "lib/inputs.h"
#include "lib/why-blame.h"
#include "lib/packages.h"
#include "read/archive.h"

#include <string.h>

struct ask {
	struct abifit_system *system;
	struct abifit_report *report;
	const struct abifit_why_options *options;
	const char *what;
	struct environment environment;
	struct input_file file;
	size_t number; /* of the input */
};

/* The distinct images of the closure. *ret_limit: above all their ids. */
static int gather_images(const struct closure *closure, struct image ***ret, size_t *ret_count,
			 uint32_t *ret_limit)
{
	struct image **images = calloc(closure->objects.count + 1, sizeof(*images));
	AUTO_FREE bool *seen = NULL;
	size_t i;

	*ret = images;
	*ret_count = 0;
	*ret_limit = 0;
	for (i = 0; i < closure->objects.count; i++) {
		const struct image *image = closure->objects.items[i].image;

		if (image && image->id >= *ret_limit)
			*ret_limit = image->id + 1;
	}
	seen = calloc((size_t)*ret_limit + 1, sizeof(*seen));
	if (!images || !seen)
		return -ENOMEM;
	for (i = 0; i < closure->objects.count; i++) {
		struct image *image = closure->objects.items[i].image;

		if (!image || seen[image->id])
			continue;
		seen[image->id] = true;
		images[(*ret_count)++] = image;
	}
	return 0;
}

static int judge(struct forecaster *forecaster, struct forecast *forecast,
		 const struct loader *loader)
{
	static const struct forecast_options options = { .bindings = true };
	struct lookup_rules rules = { loader->kind, forecaster->search.version };
	struct symbol_index *index = NULL;
	struct image **images;
	uint32_t limit;
	size_t count;
	int r = gather_images(&forecast->closure, &images, &count, &limit);

	if (!r)
		r = symbol_index_build(images, count, limit, &rules, 1, &index);
	free(images);
	if (!r)
		r = forecast_judge(forecaster, forecast, index, &options);
	symbol_index_free(index);
	return r;
}

static int ask_engine(struct ask *ask, const struct forecast *forecast)
{
	struct why_question question = {
		.image = ask->file.image,
		.path = ask->file.path,
		.what = ask->what,
		.forecast = forecast,
	};

	return why_image(&question, &ask->report->report.why);
}

/* A closure that is too large to be followed is as one that is not known. */
static int ask_with_loader(struct ask *ask, struct loader *loader)
{
	static const struct forecast_options options = { 0 };
	struct forecaster forecaster = { 0 };
	struct forecast forecast = {
		.input = ask->file.path,
		.image = ask->file.image,
		.path = ask->file.inside,
		.origin = ask->file.origin,
	};
	int r = environment_for(ask->system->context, ask->options->environment, loader->machine,
				&ask->environment);

	if (!r)
		r = forecaster_init(&forecaster, ask->system->source, loader, &ask->environment);
	if (!r)
		r = forecast_load(&forecaster, &forecast, &options);
	if (r == -E2BIG) {
		r = ask_engine(ask, NULL);
	} else if (!r) {
		r = judge(&forecaster, &forecast, loader);
		if (!r)
			r = ask_engine(ask, &forecast);
	}
	forecast_done(&forecast);
	forecaster_done(&forecaster);
	return r;
}

static int ask_image(struct ask *ask)
{
	struct loader *loader = NULL;
	int r = 0;

	if (ask->file.image->has_dynamic)
		r = system_loader(ask->system, ask->file.image, "/", &loader);
	if (!r)
		r = loader ? ask_with_loader(ask, loader) : ask_engine(ask, NULL);
	return r;
}

/* What makes the question senseless for this file, or NULL. */
static const char *unfit(const struct image *image)
{
	if (package_refusal(image))
		return package_refusal(image);
	if (archive_is(image->bytes, image->size) || (image->is_elf && image->elf_type == ET_REL))
		return "is not linked yet: `abifit show` tells what it needs";
	if (image->is_elf && image->elf_type != ET_EXEC && image->elf_type != ET_DYN)
		return "is neither a program nor a library";
	return NULL;
}

/* 1: the file can be asked about; 0: an error was recorded. */
static int open_file(struct ask *ask, const char *path)
{
	const struct image *image;
	int r;

	ask->file.path = path;
	r = report_add_input(ask->report, path, &ask->number);
	if (!r)
		r = input_file_open(ask->system, &ask->file);
	if (r)
		return r;
	image = ask->file.image;
	if (ask->file.error)
		return report_open_error(ask->report, ask->number, ask->file.error);
	if (unfit(image))
		return report_input_error(ask->report, ask->number, "input/unsupported", NULL,
					  unfit(image));
	if (image_is_unusable(image))
		return report_input_error(ask->report, ask->number, image->fault.rule,
					  &image->fault, NULL);
	if (!image->is_elf)
		return report_input_error(ask->report, ask->number, "input/not-elf", NULL,
					  "is not an ELF file");
	ask->report->report.inputs.items[ask->number].image = image;
	return 1;
}

static int run(struct ask *ask, const char *path)
{
	int r = environment_read(ask->system->context, ask->options->environment,
				 &ask->environment);

	if (!r)
		r = open_file(ask, path);
	if (r != 1)
		return r;
	r = ask_image(ask);
	if (!r)
		r = why_blame_files(ask->report, ask->options, ask->file.image, ask->file.path);
	return r;
}

int abifit_why(struct abifit_system *system, const char *file, const char *what,
	       const struct abifit_why_options *options, struct abifit_report **ret)
{
	struct abifit_why_options copy = { .size = sizeof(copy) };
	struct ask ask = { .system = system, .options = &copy, .what = what };
	int r = options_check(options, options ? options->size : 0, sizeof(copy));

	if (r)
		return context_fail(system->context, r, "why options of an unknown size");
	if (options)
		memcpy(&copy, options, size_min(options->size, sizeof(copy)));
	r = report_new(system->context, system, "why", &ask.report);
	if (r)
		return r;
	r = run(&ask, file);
	input_file_done(&ask.file);
	if (r) {
		abifit_report_unref(ask.report);
		if (r == -ENOMEM)
			context_fail(system->context, r, "out of memory");
		return r;
	}
	report_conclude(ask.report);
	*ret = ask.report;
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The forecast; contract in engine/load/forecast.h. */
#include "engine/load/forecast.h"
#include "engine/load/dlopen.h"
#include "engine/load/judge.h"

int forecaster_init(struct forecaster *forecaster, struct source *source,
		    const struct loader *loader, const struct environment *environment)
{
	*forecaster = (struct forecaster){ 0 };
	return search_init(&forecaster->search, source, loader, environment);
}

void forecaster_done(struct forecaster *forecaster)
{
	search_done(&forecaster->search);
	closure_names_done(&forecaster->names);
	if (forecaster->has_binder)
		binder_done(&forecaster->binder);
	*forecaster = (struct forecaster){ 0 };
}

/* A library that the search for its own soname leads to is linked; any other one is a plug-in. */
static int find_kind(struct search *search, struct forecast *f)
{
	struct found found;
	int r;

	if (f->host || image_is_program(f->image) || !f->image->has_dynamic)
		return 0;
	f->is_plugin = true;
	if (!f->image->soname)
		return 0;
	r = search_library(search, &f->closure, NO_OBJECT, f->image->soname, NULL, &found);
	if (!r && found.image == f->image && found.found_by != FOUND_RPATH)
		f->is_plugin = false;
	return r;
}

int forecast_load(struct forecaster *forecaster, struct forecast *f,
		  const struct forecast_options *options)
{
	int r = closure_build(&forecaster->search, &forecaster->names, f->host ? f->host : f->image,
			      f->host ? f->host_path : f->path, f->host ? NULL : f->origin, &f->closure);

	if (!r)
		r = find_kind(&forecaster->search, f);
	if (!r)
		r = dlopen_follow(forecaster, f, options);
	return r ? r : closure_sort(&f->closure, forecaster->search.version);
}

static void conclude(struct forecast *f)
{
	size_t i;

	for (i = 0; i < f->findings.items.count; i++) {
		if (f->findings.items.items[i].verdict > f->verdict)
			f->verdict = f->findings.items.items[i].verdict;
	}
	for (i = 0; i < f->findings.unchecked.count; i++)
		f->undecided |= f->findings.unchecked.items[i].undecided;
}

static int set_index(struct forecaster *forecaster, const struct symbol_index *index)
{
	int r;

	if (forecaster->has_binder)
		return 0;
	r = binder_init(&forecaster->binder, index);
	forecaster->has_binder = !r;
	return r;
}

/* A program that the loader does not even start has no versions and bindings to speak of. */
static bool stops_at_start(const struct forecast *f)
{
	return f->closure.loader->kind == LIBC_OTHER ||
	       (!f->closure.loader->image && f->closure.objects.items[0].image->interpreter);
}

/* A static program needs no loader, but what it opens later must fit it exactly. */
static int note_static(struct judge *j)
{
	const struct image *image = j->forecast->closure.objects.items[0].image;

	if (image->interpreter || !image_is_program(image))
		return 0;
	return unchecked_add(&j->forecast->findings, j->forecast->input,
			     "what it loads at run time (NSS, iconv, dlopen)",
			     "a static program carries its own C library; what it loads later must be of the "
			     "very same build",
			     "the C library of the system that it was linked on", 1, false);
}

static int note_foreign(struct judge *j)
{
	const char *path = j->forecast->closure.loader->interpreter;

	if (j->forecast->closure.loader->kind != LIBC_OTHER || j->forecast->refused)
		return 0;
	return unchecked_add(&j->forecast->findings, j->forecast->input, "what its loader does",
			     judge_text(j, "%s follows rules of its own", path ? path : "the loader"),
			     "the tools of its own platform", 1, true);
}

int forecast_judge(struct forecaster *forecaster, struct forecast *f,
		   const struct symbol_index *index, const struct forecast_options *options)
{
	static int (*const judges[])(struct judge *) = {
		judge_missing, judge_builds, judge_versions, judge_files, judge_symbols, judge_groups, judge_lint,
	};
	struct judge j = {
		.forecast = f,
		.forecaster = forecaster,
		.index = index,
		.options = options,
		.version = forecaster->search.version,
	};
	size_t i;
	int r = set_index(forecaster, index);

	if (!r)
		r = closure_names_fill(&forecaster->names, &f->closure);
	if (!r && options->bindings) {
		f->bindings = calloc(f->closure.objects.count + 1, sizeof(*f->bindings));
		r = f->bindings ? 0 : -ENOMEM;
	}
	if (!r)
		r = judge_start(&j);
	if (!r)
		r = note_static(&j);
	if (!r && stops_at_start(f))
		r = note_foreign(&j);
	else
		for (i = 0; !r && i < ARRAY_SIZE(judges); i++)
			r = judges[i](&j);
	conclude(f);
	return r;
}

int forecast_find_missing(struct forecaster *forecaster, struct forecast *f)
{
	static const struct forecast_options no_options;
	struct judge j = {
		.forecast = f,
		.forecaster = forecaster,
		.options = &no_options,
		.version = forecaster->search.version,
	};

	int r = judge_missing(&j);

	conclude(f);
	if (f->verdict == VERDICT_RISK)
		f->verdict = VERDICT_OK; /* a preload that is ignored: nothing else is missing */
	return r;
}

void forecast_done(struct forecast *f)
{
	size_t i;

	for (i = 0; f->bindings && i < f->closure.objects.count; i++)
		free(f->bindings[i].items);
	free(f->bindings);
	closure_done(&f->closure);
	findings_done(&f->findings);
}

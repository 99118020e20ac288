/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The forecast for one file: its closure, its bindings, and what is wrong with
 * them. It is made in three steps, so that many files share the costly one:
 *   forecast_load()   closure, in parallel over files;
 *   symbol_index_build() over the images of all closures of one loader;
 *   forecast_judge()  versions, bindings, findings, in parallel again.
 */
#ifndef ENGINE_LOAD_FORECAST_H
#define ENGINE_LOAD_FORECAST_H

#include "engine/load/bind.h"
#include "engine/load/closure.h"
#include "model/forecast.h"

/* A library that is to be dlopened into the program. */
struct load_request {
	const char *name; /* a path or a soname */
	bool global;
	bool deep_bind;
};

struct forecast_options {
	bool bindings;
	bool lint;
	bool dlopen_notes;
	bool dlopen_guess;
	const struct load_request *loads;
	size_t load_count;
};

/* What one thread needs; made anew for each loader. */
struct forecaster {
	struct search search;
	struct closure_names names;
	struct binder binder;
	bool has_binder;
	enum { BUILD_UNKNOWN, BUILD_SAME, BUILD_OTHER } own_build; /* loader and libc of the system */
};

int forecaster_init(struct forecaster *forecaster, struct source *source,
		    const struct loader *loader, const struct environment *environment) MUST_CHECK;
void forecaster_done(struct forecaster *forecaster);

int forecast_load(struct forecaster *forecaster, struct forecast *forecast,
		  const struct forecast_options *options) MUST_CHECK;
int forecast_judge(struct forecaster *forecaster, struct forecast *forecast,
		   const struct symbol_index *index, const struct forecast_options *options) MUST_CHECK;
/* Only what is missing, with the places looked at: for a look at the closure alone. */
int forecast_find_missing(struct forecaster *forecaster, struct forecast *forecast) MUST_CHECK;
void forecast_done(struct forecast *forecast);

#endif

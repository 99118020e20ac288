/* SPDX-License-Identifier: Apache-2.0 */
/* Waivers of a run: read, applied to its findings, and what is to be said about them. */
#ifndef LIB_WAIVERS_H
#define LIB_WAIVERS_H

#include "lib/context.h"
#include "model/corpus.h"
#include "model/waiver.h"

/* What the findings of one list are about. */
struct waiver_target {
	const struct corpus *old, *new; /* of a comparison; either may be NULL */
	const struct image *image;	/* of a forecast, or NULL */
};

/*
 * Reads the files, NULL or NULL-terminated, into the report. `today` is the day
 * that they are judged at, NULL: this one, UTC. A file that cannot be opened, and
 * a day that is none, are errors of the run. 0 or a negative errno value.
 */
int waivers_load(struct abifit_report *report, const char *const *paths,
		 const char *today) MUST_CHECK;
/* Marks the list's findings from `first` on that are waived; `waivers` may be NULL. 0 or -ENOMEM.
 */
int waivers_apply(struct waivers *waivers, const struct waiver_target *target,
		  struct findings *list, size_t first) MUST_CHECK;
/* The same for the forecasts of all inputs, whose verdicts follow. 0 or -ENOMEM. */
int waivers_apply_forecasts(struct abifit_report *report) MUST_CHECK;
/* Adds what is to be said about the waivers themselves; call once all are applied. 0 or -ENOMEM. */
int waivers_conclude(struct abifit_report *report) MUST_CHECK;

/* A finding as waivers look at it: with its symbol, if it is about one. */
struct waiver_view {
	const struct waiver_target *target;
	const struct finding *finding;
	char *plain;	     /* the subject without version */
	const char *version; /* "": none */
	unsigned scope;	     /* enum waiver_scope; 0: it is about no single symbol */
	char *source;	     /* the symbol's name as in the source; NULL: not asked for yet */
	int error;	     /* -ENOMEM: what waiver_covers() said is not to be relied on */
};

int waiver_view_init(struct waiver_view *view, const struct waiver_target *target,
		     const struct finding *finding) MUST_CHECK;
void waiver_view_done(struct waiver_view *view);
/* Does the waiver, whatever its last day, cover the finding? */
bool waiver_covers(const struct waiver *waiver, struct waiver_view *view);

#endif

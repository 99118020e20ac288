/* SPDX-License-Identifier: Apache-2.0 */
/* All that one question came to; what the renderers write. */
#ifndef MODEL_REPORT_H
#define MODEL_REPORT_H

#include "base/out.h"
#include "model/forecast.h"
#include "model/usage.h"

struct show;
struct why;
struct comparison;
struct leaks;
struct backport;
struct fix;
struct deps;
struct corpus;
struct map_result;
struct versions;

/* One file that was asked about. */
struct report_input {
	const char *path;
	const struct image *image; /* NULL: it could not be opened, or is no ELF file */
	const char *error;	   /* why it could not be judged, or NULL */
	const struct fault *fault; /* where, or NULL */
	enum verdict verdict;
	enum verdict source;	       /* of a comparison */
	struct forecast *forecast;     /* check, tree; or NULL */
	struct show *show;	       /* show; or NULL */
	struct comparison *comparison; /* diff; or NULL */
	struct leaks *leaks;	       /* leaks; or NULL */
	const struct corpus *corpus;   /* dump; or NULL */
	struct fix *fix;	       /* fix; or NULL */
	struct map_result *map;	       /* map …; or NULL */
	struct versions *versions;     /* versions; or NULL */
};

struct report {
	struct arena arena;
	const char *command;
	struct array_of(struct report_input) inputs; /* in the order asked */
	struct findings findings;		     /* those of no forecast: input/… */
	struct why *why;			     /* why; or NULL */
	struct backport *backport;		     /* backport; or NULL */
	struct deps *deps;			     /* deps; or NULL */
	enum verdict verdict;			     /* the worst of all inputs */
	enum verdict source;			     /* the same of the source axis */
	bool has_source;			     /* the question has that axis */
	bool has_verdict;			     /* the question has one */
	bool undecided;
	bool unreadable; /* an input could not be read */
	bool lint;
	bool script; /* leaks: as a linker script */
	bool bindings;
	bool no_repeats;	     /* tree */
	uint32_t depth;		     /* tree; 0: all */
	uint32_t sections;	     /* show */
	const struct rule *rule;     /* explain; NULL: all (rules) */
	size_t steps;		     /* diff of several releases; 0: of two sides */
	const char *const *releases; /* their names: one more than steps */
	bool has_folders;	     /* on a side: more than one library */
	bool has_programs;	     /* diff: measured by programs */
	struct array_of(struct program_use) programs;
	struct array_of(
		struct corpus *) corpora;   /* diff, dump: what was read, the report's to free */
	struct array_of(struct arena) kept; /* what closures point into */
};

/* The findings about one input; NULL: none can be. */
const struct findings *report_input_findings(const struct report_input *input);

/* Called for each finding in the order of a report; `input` NULL: it is about no one input. 0, or
 * what ends the walk. */
typedef int (*report_visit)(void *data, const struct report_input *input,
			    const struct finding *finding);
int report_each_finding(const struct report *report, report_visit visit, void *data);
/* The same for what could not be judged. */
typedef int (*report_visit_unchecked)(void *data, const struct unchecked *unchecked);
int report_each_unchecked(const struct report *report, report_visit_unchecked visit, void *data);

struct render_options {
	const char *source_root; /* absolute, without trailing slash; NULL: none (sarif) */
	bool color;
	unsigned verbosity; /* 0 quiet, 1 normal, 2 verbose */
};

/* An output format. */
struct renderer {
	const char *name;
	const char *summary;
	bool findings_only; /* it has no place for anything else */
	/* 0; errors of the output stay in `out`. -ENOMEM. */
	int (*write)(const struct report *report, struct out *out,
		     const struct render_options *options);
};

#endif

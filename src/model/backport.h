/* SPDX-License-Identifier: Apache-2.0 */
/* What it would mean to bring one symbol of a release into an older one; made by
 * engine/compare/backport.c. */
#ifndef MODEL_BACKPORT_H
#define MODEL_BACKPORT_H

#include "base/arena.h"
#include "base/common.h"
#include "model/rule.h"

/* Where the symbol is put in the older release. */
enum backport_way { BACKPORT_KEEP, BACKPORT_RELEASED, BACKPORT_INVENT, BACKPORT_WAYS };

/* What happens to whom, and how bad that is. */
struct backport_outcome {
	const char *who;
	const char *what;
	enum verdict verdict;
};

#define BACKPORT_OUTCOMES 8

struct backport_plan {
	bool applies;
	const char *node; /* NULL: none, the libraries have no versions */
	const char *title;
	struct backport_outcome outcomes[BACKPORT_OUTCOMES];
	size_t outcome_count;
	const char *remedy; /* code for the later release that lets programs of this way live on;
			       NULL: none is needed */
};

struct backport {
	struct arena arena;
	const char *symbol;
	const char *library; /* its soname or file name */
	const char *old_path;
	const char *new_path;
	const char *new_node; /* that NEW has it in; NULL: none */
	const char *old_node; /* the last one of OLD; NULL: none */
	const char *already;  /* how OLD has it already, or NULL */
	struct backport_plan plans[BACKPORT_WAYS];
	const char *advice;
};

const char *backport_way_text(enum backport_way way);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an engine found out. All strings belong to the arena of the list that
 * holds the finding, or live as long.
 */
#ifndef MODEL_FINDING_H
#define MODEL_FINDING_H

#include "base/arena.h"
#include "base/array.h"
#include "model/rule.h"

struct waiver;

struct finding {
	const struct rule *rule;
	enum verdict verdict;
	enum verdict source; /* of a comparison: do old sources still build? */
	bool has_source;
	enum severity severity;
	const char *input;   /* the file that was asked about */
	const char *subject; /* what the finding is about: a version, a symbol, a library */
	const char *message;
	const char **why;	 /* steps, NULL-terminated; NULL: none */
	const char *fix;	 /* NULL: the rule's own */
	const char *before;	 /* what is asked for */
	const char *after;	 /* what there is instead */
	const char **interfaces; /* symbols that lead to what it is about, NULL-terminated; NULL:
				  * not told */
	const char *file;	 /* where: the file to blame */
	const char *section;
	uint64_t offset;
	bool has_offset;
	const char *settled;	     /* why it does not concern the programs given, or NULL */
	unsigned line;		     /* of a text, 0: none */
	unsigned column;	     /* in the line, in bytes; 0: not told */
	const struct waiver *waived; /* what covers it: its verdicts are then "ok"; or NULL */
	enum verdict waived_verdict; /* what they would be */
	enum verdict waived_source;
	const char *loader_says; /* the loader's own message, or NULL */
	unsigned exit_code;	 /* of the process that would fail, 0: it starts */
	bool by_types;		 /* nothing of it shows in how a program is loaded and bound */
	bool late;		 /* it is about what is loaded by dlopen(): the process goes on */
};

/* Something that could not be judged. */
struct unchecked {
	const char *input;
	const char *what;
	const char *why;
	const char *settle; /* what would settle it */
	uint64_t count;
	bool undecided; /* the question itself could not be judged: status 5 */
};

struct findings {
	struct arena arena;
	struct array_of(struct finding) items;
	struct array_of(struct unchecked) unchecked;
};

/* Adds a finding with the rule's default verdict and severity; NULL when out of memory. */
struct finding *finding_add(struct findings *list, const char *rule, const char *input);
int unchecked_add(struct findings *list, const char *input, const char *what, const char *why,
		  const char *settle, uint64_t count, bool undecided) MUST_CHECK;
/* Adds one step to the finding's chain of reasons. 0 or -ENOMEM. */
int finding_why(struct findings *list, struct finding *finding, const char *format, ...)
	PRINTF_LIKE(3, 4) MUST_CHECK;
/* Worst first, then by rule; what is settled behind the rest. 0: of one kind. */
int finding_weight_compare(const struct finding *a, const struct finding *b);
void findings_done(struct findings *list);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Findings that the user has looked at and lives with. A waiver covers a finding
 * when the rule fits and each of its conditions holds; it says why, and may end
 * on a day. Read by read/waivers.c and read/abignore.c.
 */
#ifndef MODEL_WAIVER_H
#define MODEL_WAIVER_H

#include "base/arena.h"
#include "base/array.h"
#include "base/regexp.h"

/* What of a finding a condition looks at. */
enum waiver_field {
	WAIVER_SUBJECT,	  /* as it is told; a symbol's also without its version */
	WAIVER_INPUT,	  /* the file's path or name, or its soname */
	WAIVER_NAME,	  /* a symbol's, as in the source: ns::f for _ZN2ns1fEv */
	WAIVER_SYMBOL,	  /* a symbol's, as in the file */
	WAIVER_VERSION,	  /* a symbol's; "": it has none */
	WAIVER_SONAME,	  /* of either side */
	WAIVER_FILE,	  /* the path of either side */
	WAIVER_FILE_NAME, /* the same without its folder */
};

enum waiver_test { WAIVER_GLOB, WAIVER_EQUAL, WAIVER_REGEXP };

struct waiver_condition {
	enum waiver_field field;
	enum waiver_test test;
	bool negated;
	const char *text;
	struct regexp *regexp; /* WAIVER_REGEXP */
};

/* The changes that a section of libabigail is about; several may be set. */
enum waiver_scope {
	WAIVER_FUNCTIONS = 1 << 0,
	WAIVER_VARIABLES = 1 << 1,
	WAIVER_ADDED = 1 << 2,
	WAIVER_DELETED = 1 << 3,
	WAIVER_CHANGED = 1 << 4,
	WAIVER_WHOLE = 1 << 5, /* all that is told of a library */
};

struct waiver {
	const char *file;
	unsigned line;	     /* where it begins */
	const char *rule;    /* a pattern; NULL: the symbols' changes of `scope` */
	unsigned scope;	     /* enum waiver_scope */
	const char *subject; /* what it covers, in words */
	const char *reason;
	const char *expires; /* its last day as "2027-01-31"; NULL: it has none */
	bool expired;
	struct array_of(struct waiver_condition) conditions;
	size_t matches; /* findings that it fits */
};

/* A line that is not, or not wholly, made use of. */
struct waiver_problem {
	const char *file;
	unsigned line;
	const char *subject; /* what it is about: a key, a section */
	const char *text;
	bool malformed; /* else: it has no meaning here */
};

struct waivers {
	struct arena arena;
	struct array_of(struct waiver) items;
	struct array_of(struct waiver_problem) problems;
};

/* Is the day "2027-01-31" one of the calendar, written like that? Such days sort as texts. */
bool waiver_is_day(const char *text);
/*
 * A pattern of rules spells the area out ("abi/sym-*"), and fits a rule that can
 * be waived: that an input cannot be read, and what is wrong with waivers, cannot.
 * NULL, or what is wrong with it.
 */
const char *waiver_rule_fault(const char *pattern);
/* Does the text pass the condition? */
bool waiver_passes(const struct waiver_condition *condition, const char *text);
/* NULL is fine. */
void waivers_free(struct waivers *waivers);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The catalogue: every rule that Abifit can report, one row each, in
 * model/rule-table.c. Ids are permanent once released and never reused.
 */
#ifndef MODEL_RULE_H
#define MODEL_RULE_H

#include "base/common.h"

enum verdict { VERDICT_OK, VERDICT_RISK, VERDICT_BREAK };
enum severity { SEVERITY_LOW, SEVERITY_MEDIUM, SEVERITY_HIGH };

/* By what a comparison's finding concerns a program. */
enum hit {
	HIT_ALL,    /* it concerns all, or that cannot be told */
	HIT_SYMBOL, /* those that use the symbol, its subject */
	HIT_COPY,   /* those that hold a copy of it */
	HIT_NODE,   /* those that ask for the version, its subject */
	HIT_START,  /* those that the loader, asked about them, refuses */
};

struct rule {
	const char *id;
	const char *summary;  /* what was found, in a few words */
	const char *effect;   /* what happens to the user if it is ignored */
	const char *harmless; /* when it does not matter */
	const char *fix;
	enum verdict verdict; /* of the binary axis */
	enum verdict source;  /* of the source axis; only comparisons have it */
	enum severity severity;
	enum hit hit;
	const char *lowered_if;
	const char *raised_if;
	const char *status; /* "checked" or "unchecked" */
	bool lint;	    /* shown only with --lint or -v */
};

const struct rule *rule_find(const char *id);
/* Row `index`, sorted by id; NULL past the end. */
const struct rule *rule_at(size_t index);
const char *verdict_text(enum verdict verdict);
const char *severity_text(enum severity severity);

#endif

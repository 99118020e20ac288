/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which node of a version script a linker gives to a symbol: GNU ld's and lld's
 * order of precedence. tests/oracle/scripts.py links with both to prove it.
 */
#ifndef ENGINE_SCRIPT_MATCH_H
#define ENGINE_SCRIPT_MATCH_H

#include "model/version-script.h"

#define NO_SCRIPT_PATTERN UINT32_MAX

struct script_outcome {
	uint32_t pattern; /* NO_SCRIPT_PATTERN: none concerns it; it is exported without version */
	uint32_t node;	  /* NO_SCRIPT_NODE: none, or the anonymous one */
	bool is_local;	  /* it is not exported */
	bool is_exact;	  /* it is named, not only caught by a wildcard */
};

struct script_matcher {
	const struct version_script *script;
	/* Name → number of the pattern that counts, plus 1; of C, and of the other languages. */
	struct map exact[LINKER_COUNT][2];
	struct array_of(uint32_t) wildcards; /* for one linker at least, in the script's order */
	bool has_cxx;
	uint64_t steps; /* left for wildcards */
};

/* 0 or -ENOMEM; script_matcher_done() in either case. */
int script_matcher_init(struct script_matcher *matcher,
			const struct version_script *script) MUST_CHECK;
/*
 * A symbol that the objects define without version; or, with `version`, as
 * .symver made it, "name@version" or, `is_default`, "name@@version". 0, -ENOMEM,
 * or -E2BIG: the wildcards take more work than is allowed for one script.
 */
int script_match(struct script_matcher *matcher, enum script_linker linker, const char *name,
		 const char *version, bool is_default, struct script_outcome *ret) MUST_CHECK;
bool script_outcome_same(const struct script_outcome *a, const struct script_outcome *b);
void script_matcher_done(struct script_matcher *matcher);

#endif

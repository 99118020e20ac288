/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of engine/script; only it knows of them. */
#ifndef ENGINE_SCRIPT_PARTS_H
#define ENGINE_SCRIPT_PARTS_H

#include "engine/script/match.h"
#include "engine/script/script.h"

struct checker {
	const struct script_question *q;
	const struct version_script *script;
	struct map_result *out;
	struct script_matcher matcher;
	bool no_memory; /* a text could not be made: the answer fails as a whole */
};

int checker_init(struct checker *c, const struct script_question *question,
		 struct map_result *result) MUST_CHECK;
/* Passes `r` on, unless a text lacks memory. */
int checker_end(struct checker *c, int r) MUST_CHECK;
/* A finding at a line and column of the script; 0, 0: at none. NULL: no memory. `message` may be
 * NULL: the same. */
struct finding *checker_add(struct checker *c, const char *rule, unsigned line, unsigned column,
			    const char *subject, const char *message);
const char *checker_text(struct checker *c, const char *format, ...) PRINTF_LIKE(2, 3);
/* The node that a symbol gets of the question's linker. */
int checker_match(struct checker *c, const char *name, struct script_outcome *ret) MUST_CHECK;
/* The same of one that has the version by .symver. */
int checker_match_versioned(struct checker *c, const struct corpus_symbol *symbol,
			    struct script_outcome *ret) MUST_CHECK;
/* "foo_* in V1, line 3" */
const char *checker_pattern(struct checker *c, uint32_t pattern);

int check_script(struct checker *c) MUST_CHECK;	 /* by itself */
int check_linkers(struct checker *c) MUST_CHECK; /* where they differ */
int check_library(struct checker *c) MUST_CHECK;
int check_released(struct checker *c) MUST_CHECK;
int check_headers(struct checker *c) MUST_CHECK;
int check_objects(struct checker *c) MUST_CHECK;

/* Symbols that the linker or the compiler makes in every file. */
bool script_is_of_no_script(const char *name);

/* The node of the script that is newest of the family with most nodes; NO_SCRIPT_NODE: none. */
uint32_t script_newest(const struct version_script *script);
/* A name in the style of `like` for a release "1.2.3"; NULL: no memory. */
const char *script_node_name(struct arena *arena, const char *like, const char *release);
/* Is the node the last release's? */
bool script_is_released(const struct script_question *question, const char *node);

#endif

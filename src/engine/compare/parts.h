/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of a comparison; only engine/compare knows of them. */
#ifndef ENGINE_COMPARE_PARTS_H
#define ENGINE_COMPARE_PARTS_H

#include "engine/compare/compare.h"

/* What became of one version node of OLD. */
enum node_fate { NODE_KEPT, NODE_RENAMED, NODE_GONE };

/* What a program was bound to, and what it gets of NEW. */
struct symbol_pair {
	const struct corpus_symbol *old, *new;
};

struct compare {
	const struct corpus *old;
	const struct corpus *new;
	const struct compare_options *options;
	struct comparison *out;
	enum node_fate *fates; /* by OLD's nodes */
	bool all_dropped;      /* NEW has no versions any more */
	bool has_releases;     /* OLD keeps a node a release */
	struct array_of(const struct corpus_symbol *)
		gone; /* names that NEW has not, nor anything for them */
	struct array_of(const struct corpus_symbol *)
		fresh; /* names that OLD had not; both sorted by name */
	size_t unversioned_added;
	struct array_of(
		struct symbol_pair) kept; /* what old programs find, where types are known */
	struct declared_diff *declared;	  /* what headers of both declare; NULL: not known */
	bool no_memory; /* a text could not be made: the comparison fails as a whole */
};

int compare_machine(struct compare *c,
		    bool *ret_stop) MUST_CHECK; /* nothing else has a meaning if it differs */
int compare_file(struct compare *c) MUST_CHECK;
int compare_needs(struct compare *c) MUST_CHECK;
int compare_nodes(struct compare *c) MUST_CHECK;
int compare_symbols(struct compare *c) MUST_CHECK;
int compare_classes(struct compare *c) MUST_CHECK;   /* virtual functions that changed places */
int compare_types(struct compare *c) MUST_CHECK;     /* of `kept` */
int compare_odr(struct compare *c) MUST_CHECK;	     /* names that stand for two types */
int compare_compilers(struct compare *c) MUST_CHECK; /* options that they were called with */
int compare_declared(struct compare *c) MUST_CHECK;  /* what public headers say besides types */
void compare_declared_done(struct compare *c);
int compare_renames(struct compare *c) MUST_CHECK; /* what became of `gone` */
int compare_bundle(struct compare *c) MUST_CHECK;  /* with the libraries of the same folder */
int compare_advice(struct compare *c) MUST_CHECK;

/* Helpers. */

/* Adds a finding with the rule's own verdicts; `subject` and `message` must outlive it. NULL: no
 * memory. */
struct finding *compare_add(struct compare *c, const char *rule, const char *subject,
			    const char *message);
/* The same for callers that change nothing of it: 0 or -ENOMEM. */
int compare_note(struct compare *c, const char *rule, const char *subject, const char *before,
		 const char *after, const char *message) MUST_CHECK;
const char *compare_text(struct compare *c, const char *format, ...) PRINTF_LIKE(2, 3);
/* "name@@VERSION"; NULL: no memory, which is noted. */
const char *compare_symbol(struct compare *c, const struct corpus_symbol *symbol);
/*
 * The same for messages: a C++ function as the source has it, with the symbol behind it where
 * several have that name. NULL: no memory, which is noted.
 */
const char *compare_shown(struct compare *c, const struct corpus_symbol *symbol);
/* A symbol is gone; `rule` NULL: nothing more is known of it. */
int compare_gone(struct compare *c, const struct corpus_symbol *old, const char *rule) MUST_CHECK;
/* The rule for a symbol that is gone, by what headers say of it; else `rule`. */
const char *declared_lost_rule(struct compare *c, const struct corpus_symbol *symbol,
			       const char *rule);
/* Do headers give a default to all that was added to the parameters of the only such function? */
bool declared_added_default(struct compare *c, const char *qualified);
/* A name that OLD had not, and that is no new form of one it had. */
int compare_added(struct compare *c, const struct corpus_symbol *new) MUST_CHECK;
/* A node that is for the libraries of one package only. */
bool compare_is_private(const char *node);

#endif

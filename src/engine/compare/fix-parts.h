/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of a fix; only engine/compare/fix*.c know of them. */
#ifndef ENGINE_COMPARE_FIX_PARTS_H
#define ENGINE_COMPARE_FIX_PARTS_H

#include "base/map.h"
#include "engine/compare/fix.h"

#define NO_NODE ((size_t)-1)

struct fixer {
	const struct corpus *old; /* NULL: there is none */
	const struct corpus *new;
	struct fix *out;
	struct map node_numbers; /* by name, the number + 1 as a pointer */
	struct map broken;	 /* symbols that findings name, "foo@@V_1" */
	struct map lost_nodes;
	bool all_dropped;
	bool has_newest;
	size_t newest;	/* what fix_nodes_newest() told for no family */
	bool no_memory; /* a text could not be made: the whole fails */
};

/* A symbol of OLD that is to come back, and what NEW has under that name. */
struct fix_case {
	const char *name;
	const struct corpus_symbol *old; /* all versions of the name, NULL: none */
	size_t old_count;
	const struct corpus_symbol *new;
	size_t new_count;
	bool is_named;	     /* the user asks for it */
	const char *version; /* the one asked for, NULL: the default and what is broken */
	size_t pair; /* the item with aliases and old bodies of this name, NO_NODE: none yet */
};

/* Nodes: fix-nodes.c. */

int fix_nodes_init(struct fixer *f) MUST_CHECK;
/* NO_NODE: there is none of that name. */
size_t fix_nodes_find(const struct fixer *f, const char *name);
/* The node in which a symbol that is new belongs; `like` is one of its family or NULL. 0 or
 * -ENOMEM. */
int fix_nodes_newest(struct fixer *f, const char *like, size_t *ret) MUST_CHECK;
/* Two nodes for a library that has none: all it exports, and what is new. */
int fix_nodes_introduce(struct fixer *f, size_t *ret_first, size_t *ret_second) MUST_CHECK;
/* A node that NEW lacks. */
int fix_nodes_add(struct fixer *f, struct fix_node node, size_t *ret) MUST_CHECK;
/* Marks what comes back, and puts parents first. */
int fix_nodes_order(struct fixer *f) MUST_CHECK;

/* Items: fix-item.c. */

/* An item about `symbol` with the names that it can have in a source; NULL: no memory. */
struct fix_item *fix_item_add(struct fixer *f, const struct corpus_symbol *symbol,
			      enum fix_way way);
/* A version that the code makes, and its lines in the version script. */
int fix_item_version(struct fixer *f, struct fix_item *item, size_t node, bool is_default,
		     bool is_body) MUST_CHECK;
int fix_item_line(struct fixer *f, struct fix_item *item, size_t node, const char *name,
		  bool is_local) MUST_CHECK;
/* NULL when out of memory, which the fixer remembers. */
const char *fix_text(struct fixer *f, const char *format, ...) PRINTF_LIKE(2, 3);
const char *fix_symbol_text(struct fixer *f, const struct corpus_symbol *symbol);

/* What becomes of each lost version of one name: fix-plan.c. */
int fix_plan(struct fixer *f, struct fix_case *c) MUST_CHECK;
bool fix_is_lost(struct fixer *f, const struct fix_case *c, const struct corpus_symbol *s);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* What `abifit map` found out about a version script, or made; by engine/script. */
#ifndef MODEL_MAP_H
#define MODEL_MAP_H

#include "model/finding.h"
#include "model/version-script.h"

/* Text that comes in at an offset of the script; nothing is ever taken out. */
struct map_edit {
	size_t offset;
	const char *text;
};

/* A symbol that got a place. */
struct map_placed {
	const char *symbol;
	const char *node; /* "" in an anonymous script */
};

/* A node of a script that is written anew. */
struct map_node {
	const char *name;     /* "" for an anonymous script */
	const char **parents; /* NULL-terminated */
	struct array_of(const char *) names;
};

struct map_result {
	struct findings findings;
	struct version_script *script; /* that was read, or NULL */
	bool has_text;		       /* a script was made: the old one with edits, or of `nodes` */
	struct array_of(struct map_edit) edits; /* by offset */
	struct array_of(struct map_placed) placed;
	struct array_of(struct map_node) nodes;
	bool hides_rest;     /* `nodes`: all that no node names is local */
	const char *comment; /* the first line of a script made of `nodes`, or NULL */
	const char *library; /* that it was held against, or NULL */
	const char *released;
	size_t symbol_count; /* of the library */
};

/* NULL is fine. */
void map_result_free(struct map_result *result);

#endif

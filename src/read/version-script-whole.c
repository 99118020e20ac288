/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in read/version-script-whole.h. */
#include "read/version-script-whole.h"

#include <stdio.h>
#include <string.h>

#define MOST_SEARCHES 256u

static int refuse(struct version_script *script, enum script_fault fault,
		  const struct script_word *word, const char *text)
{
	return version_script_refuse(script, LINKER_BFD, fault, word->line, word->column, text);
}

static int check_tag(struct version_script *script, uint32_t number)
{
	const struct script_word *word = &script->nodes.items[number].word;

	if (version_script_find(script, word->name) == number)
		return 0;
	return refuse(script, SCRIPT_FAULT_FORM, word,
		      arena_printf(&script->arena, "GNU ld takes one node %s only", word->name));
}

/* Looks for ways from a node to its ancestors. */
struct search {
	uint32_t *stack;
	uint32_t *seen; /* by node: the number of the search that came by */
	uint32_t number;
};

/* Is `to` an ancestor of `from`, or the node itself? What many searches would take is bounded. */
static bool is_ancestor(const struct version_script *script, struct search *search, uint32_t from,
			uint32_t to)
{
	size_t depth = 0;
	uint32_t i;

	if (search->number++ >= MOST_SEARCHES)
		return false;
	search->stack[depth++] = from;
	search->seen[from] = search->number;
	while (depth) {
		uint32_t at = search->stack[--depth];
		const struct script_node *node = &script->nodes.items[at];

		if (at == to)
			return true;
		for (i = 0; i < node->parent_count; i++) {
			uint32_t parent = version_script_find(
				script, script->parents.items[node->first_parent + i].name);

			if (parent == NO_SCRIPT_NODE || search->seen[parent] == search->number)
				continue;
			search->seen[parent] = search->number;
			search->stack[depth++] = parent;
		}
	}
	return false;
}

static int check_parents(struct version_script *script, uint32_t number, struct search *search)
{
	const struct script_node *node = &script->nodes.items[number];
	uint32_t i;
	int r = 0;

	for (i = 0; !r && i < node->parent_count; i++) {
		const struct script_word *word = &script->parents.items[node->first_parent + i];
		uint32_t parent = version_script_find(script, word->name);
		bool is_cycle;

		if (parent < number)
			continue;
		is_cycle = parent != NO_SCRIPT_NODE && is_ancestor(script, search, parent, number);
		r = refuse(script, is_cycle ? SCRIPT_FAULT_CYCLE : SCRIPT_FAULT_PARENT, word,
			   arena_printf(&script->arena,
					is_cycle ? "%s is the parent of %s, and a child of it"
					: parent == NO_SCRIPT_NODE
						? "there is no node %s, the parent of %s"
						: "%s stands below %s, whose parent it is: GNU ld "
						  "does not find it",
					word->name, node->word.name));
	}
	return r;
}

/* Scope, language and kind before the name: what GNU ld compares. NULL: out of memory. */
static const char *make_key(struct version_script *script, const struct script_pattern *pattern,
			    bool is_other_scope)
{
	return arena_printf(&script->arena, "%c%c%c%s",
			    "gl"[(pattern->scope[LINKER_BFD] == SCOPE_LOCAL) != is_other_scope],
			    "CXJ"[pattern->language], "=*"[pattern->is_wildcard[LINKER_BFD]],
			    pattern -> name[LINKER_BFD]);
}

static int check_doubles(struct version_script *script, const struct script_node *node,
			 struct map *seen)
{
	uint32_t end = node->first_pattern + node->pattern_count;
	uint32_t i;
	int r = 0;

	for (i = node->first_pattern; !r && i < end; i++) {
		const struct script_pattern *pattern = &script->patterns.items[i];
		const char *key = make_key(script, pattern, true);

		if (!key)
			return -ENOMEM;
		if (map_get(seen, key))
			r = refuse(
				script, SCRIPT_FAULT_FORM, &pattern->word,
				arena_printf(
					&script->arena,
					"GNU ld takes %s, which is %s here, for a double: it is %s "
					"in an earlier node",
					pattern->word.name,
					pattern->scope[LINKER_BFD] ? "local" : "global",
					pattern->scope[LINKER_BFD] ? "global" : "local"));
	}
	for (i = node->first_pattern; !r && i < end; i++) {
		const char *key = make_key(script, &script->patterns.items[i], false);

		r = key ? map_set(seen, key, script) : -ENOMEM;
	}
	return r;
}

static int by_place(const void *a, const void *b)
{
	const struct script_refusal *x = a;
	const struct script_refusal *y = b;

	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	if (x->column != y->column)
		return x->column < y->column ? -1 : 1;
	return (int)x->linker - (int)y->linker;
}

int version_script_refuse_whole(struct version_script *script)
{
	AUTO_FREE uint32_t *stack = calloc(script->nodes.count + 1, sizeof(*stack));
	AUTO_FREE uint32_t *marks = calloc(script->nodes.count + 1, sizeof(*marks));
	struct search search = { .stack = stack, .seen = marks };
	struct map seen = { 0 };
	uint32_t i;
	int r = stack && marks ? 0 : -ENOMEM;

	for (i = 0; !r && i < script->nodes.count; i++) {
		r = check_tag(script, i);
		if (!r)
			r = check_parents(script, i, &search);
		if (!r)
			r = check_doubles(script, &script->nodes.items[i], &seen);
	}
	map_done(&seen);
	if (script->refusals.count)
		qsort(script->refusals.items, script->refusals.count,
		      sizeof(*script->refusals.items), by_place);
	return r;
}

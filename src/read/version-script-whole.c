/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in read/version-script-whole.h. */
#include "read/version-script-whole.h"

#include <stdio.h>
#include <string.h>

static int refuse(struct version_script *script, const struct script_word *word, const char *text)
{
	return version_script_refuse(script, LINKER_BFD, word->line, word->column, text);
}

static int check_tag(struct version_script *script, uint32_t number)
{
	const struct script_word *word = &script->nodes.items[number].word;

	if (version_script_find(script, word->name) == number)
		return 0;
	return refuse(script, word,
		      arena_printf(&script->arena, "GNU ld takes one node %s only", word->name));
}

static int check_parents(struct version_script *script, uint32_t number)
{
	const struct script_node *node = &script->nodes.items[number];
	uint32_t i;
	int r = 0;

	for (i = 0; !r && i < node->parent_count; i++) {
		const struct script_word *word = &script->parents.items[node->first_parent + i];
		uint32_t parent = version_script_find(script, word->name);

		if (parent < number)
			continue;
		r = refuse(script, word,
			   arena_printf(&script->arena,
					parent == NO_SCRIPT_NODE
						? "GNU ld finds no node %s"
						: "GNU ld finds no node %s above this one",
					word->name));
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
				script, &pattern->word,
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
	struct map seen = { 0 };
	uint32_t i;
	int r = 0;

	for (i = 0; !r && i < script->nodes.count; i++) {
		r = check_tag(script, i);
		if (!r)
			r = check_parents(script, i);
		if (!r)
			r = check_doubles(script, &script->nodes.items[i], &seen);
	}
	map_done(&seen);
	if (script->refusals.count)
		qsort(script->refusals.items, script->refusals.count,
		      sizeof(*script->refusals.items), by_place);
	return r;
}

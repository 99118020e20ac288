/* SPDX-License-Identifier: Apache-2.0 */
/* A version script by itself; what the parts of the check share. Contract in
 * engine/script/script.h. */
#include "engine/script/parts.h"
#include "model/symbol-name.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int checker_init(struct checker *c, const struct script_question *question,
		 struct map_result *result)
{
	*c = (struct checker){ .q = question, .script = question->script, .out = result };
	return script_matcher_init(&c->matcher, question->script);
}

int checker_end(struct checker *c, int r)
{
	script_matcher_done(&c->matcher);
	return c->no_memory ? -ENOMEM : r;
}

const char *checker_text(struct checker *c, const char *format, ...)
{
	char *text = NULL;
	const char *copy;
	va_list args;
	int length;

	va_start(args, format);
	length = vasprintf(&text, format, args);
	va_end(args);
	copy = length < 0 ? NULL : arena_strdup(&c->out->findings.arena, text);
	if (length >= 0)
		free(text);
	c->no_memory |= !copy;
	return copy;
}

struct finding *checker_add(struct checker *c, const char *rule, unsigned line, unsigned column,
			    const char *subject, const char *message)
{
	struct finding *finding;

	if (!subject || !message)
		return NULL;
	finding = finding_add(&c->out->findings, rule, c->script->path);
	if (!finding)
		return NULL;
	finding->subject = subject;
	finding->message = message;
	finding->file = c->script->path;
	finding->line = line;
	finding->column = column;
	return finding;
}

int checker_match(struct checker *c, const char *name, struct script_outcome *ret)
{
	return script_match(&c->matcher, c->q->linker, name, NULL, false, ret);
}

int checker_match_versioned(struct checker *c, const struct corpus_symbol *symbol,
			    struct script_outcome *ret)
{
	return script_match(&c->matcher, c->q->linker, symbol->name, symbol->version,
			    symbol->mark == MARK_DEFAULT, ret);
}

const char *checker_pattern(struct checker *c, uint32_t number)
{
	const struct script_pattern *pattern;
	const char *node;

	if (number == NO_SCRIPT_PATTERN)
		return "nothing in the script";
	pattern = &c->script->patterns.items[number];
	node = c->script->nodes.items[pattern->node].word.name;
	return checker_text(c, "%s%s%s, line %u", pattern->word.name, *node ? " in " : "", node,
			    pattern->word.line);
}

bool script_is_of_no_script(const char *name)
{
	return symbol_is_of_runtime(name);
}

/* The other linker's troubles are none for who uses one only. */
static enum verdict linker_verdict(const struct checker *c, enum script_linker linker)
{
	if (linker == c->q->linker)
		return VERDICT_BREAK;
	return c->q->is_only_linker ? VERDICT_OK : VERDICT_RISK;
}

static int check_refusals(struct checker *c)
{
	static const char *const rules[] = { "map/linker-refuses", "map/unknown-parent",
					     "map/parent-cycle" };
	size_t i;

	for (i = 0; i < c->script->refusals.count; i++) {
		const struct script_refusal *refusal = &c->script->refusals.items[i];
		struct finding *finding =
			checker_add(c, rules[refusal->fault], refusal->line, refusal->column,
				    script_linker_name(refusal->linker), refusal->text);

		if (!finding)
			return -ENOMEM;
		finding->subject = checker_text(c, "%s, line %u", finding->subject, refusal->line);
		finding->verdict = linker_verdict(c, refusal->linker);
		if (!finding->subject)
			return -ENOMEM;
	}
	return 0;
}

/* What tells the two apart is in the key. */
static const char *double_key(struct checker *c, const struct script_pattern *pattern)
{
	return checker_text(c, "%u %u %u %u %s", pattern->node, pattern->language,
			    pattern->scope[c->q->linker], pattern->is_wildcard[c->q->linker],
			    pattern->name[c->q->linker]);
}

static int check_doubles(struct checker *c)
{
	struct map seen = { 0 };
	size_t i;
	int r = 0;

	for (i = 0; !r && i < c->script->patterns.count; i++) {
		const struct script_pattern *pattern = &c->script->patterns.items[i];
		const char *key = double_key(c, pattern);
		const struct script_pattern *first = key ? map_get(&seen, key) : NULL;

		if (!key)
			r = -ENOMEM;
		else if (!first)
			r = map_set(&seen, key, (void *)pattern);
		else if (!checker_add(c, "map/double-name", pattern->word.line,
				      pattern->word.column, pattern->word.name,
				      checker_text(c, "%s stands in line %u already",
						   pattern->word.name, first->word.line)))
			r = -ENOMEM;
	}
	map_done(&seen);
	return r;
}

static int check_empty(struct checker *c)
{
	size_t i;

	for (i = 0; i < c->script->nodes.count; i++) {
		const struct script_node *node = &c->script->nodes.items[i];
		const char *name = *node->word.name ? node->word.name : "the node";

		if (!node->pattern_count &&
		    !checker_add(c, "map/empty-node", node->word.line, node->word.column, name,
				 checker_text(c, "%s has no names", name)))
			return -ENOMEM;
	}
	return 0;
}

/* Does the linker do something with each symbol, whatever its name? */
static bool catches_all(const struct checker *c)
{
	size_t i;

	for (i = 0; i < c->script->patterns.count; i++) {
		const struct script_pattern *pattern = &c->script->patterns.items[i];

		if (pattern->is_wildcard[c->q->linker] && !strcmp(pattern->name[c->q->linker], "*"))
			return true;
	}
	return false;
}

static int check_rest(struct checker *c)
{
	const struct script_word *word = &c->script->nodes.items[0].word;

	if (catches_all(c))
		return 0;
	return checker_add(c, "map/no-local", word->line, word->column, c->script->path,
			   "no node has `local: *`: what no node names is exported without a "
			   "version")
		       ? 0
		       : -ENOMEM;
}

int check_script(struct checker *c)
{
	int r = check_refusals(c);

	if (!r)
		r = check_doubles(c);
	if (!r)
		r = check_empty(c);
	return r ? r : check_rest(c);
}

static int by_place(const void *a, const void *b)
{
	const struct finding *x = a;
	const struct finding *y = b;
	int order = finding_weight_compare(x, y);

	if (order)
		return order;
	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	order = x->column != y->column ? (x->column < y->column ? -1 : 1) : 0;
	return order ? order : strcmp(x->subject, y->subject);
}

int script_check(const struct script_question *question, struct map_result *result)
{
	static int (*const parts[])(struct checker *) = { check_script,	 check_linkers,
							  check_library, check_released,
							  check_headers, check_objects };
	struct checker checker;
	size_t i;
	int r = checker_init(&checker, question, result);

	for (i = 0; !r && i < ARRAY_SIZE(parts); i++)
		r = parts[i](&checker);
	r = checker_end(&checker, r);
	if (!r && result->findings.items.count)
		qsort(result->findings.items.items, result->findings.items.count,
		      sizeof(*result->findings.items.items), by_place);
	return r;
}

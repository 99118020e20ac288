/* SPDX-License-Identifier: Apache-2.0 */
/* Scripts as lists of exact names; contract in engine/script/script.h. */
#include "engine/script/parts.h"

#include <string.h>

/* (name, node) pairs; sorted, they are the script. */
struct entry {
	const char *name;
	uint32_t node;
};

struct entries array_of(struct entry);

static int by_node(const void *a, const void *b)
{
	const struct entry *x = a;
	const struct entry *y = b;

	if (x->node != y->node)
		return x->node < y->node ? -1 : 1;
	return strcmp(x->name, y->name);
}

static bool is_named(const struct checker *c, const struct script_pattern *p)
{
	return !p->is_wildcard[c->q->linker] && p->scope[c->q->linker] == SCOPE_GLOBAL &&
	       p->language == SCRIPT_C;
}

static int take_names(struct checker *c, struct entries *entries)
{
	size_t i;
	int r = 0;

	for (i = 0; !r && i < c->script->patterns.count; i++) {
		const struct script_pattern *p = &c->script->patterns.items[i];

		if (is_named(c, p))
			r = array_push(entries, (struct entry){ p->name[c->q->linker], p->node });
	}
	return r;
}

/* What the library exports in a node of the script; else what the script says of it. */
static int take_library(struct checker *c, struct entries *entries)
{
	const struct corpus *library = c->q->library;
	size_t i;
	int r = 0;

	for (i = 0; !r && library && i < library->symbols.count; i++) {
		const struct corpus_symbol *s = &library->symbols.items[i];
		uint32_t node = s->version ? version_script_find(c->script, s->version)
					   : NO_SCRIPT_NODE;
		struct script_outcome o;

		if (script_is_of_no_script(s->name) || !version_script_can_hold(s->name))
			continue;
		if (!s->version) {
			r = checker_match(c, s->name, &o);
			if (r || o.is_local || o.pattern == NO_SCRIPT_PATTERN)
				continue;
			node = c->script->patterns.items[o.pattern].node;
		}
		if (!r && node != NO_SCRIPT_NODE)
			r = array_push(entries, (struct entry){ s->name, node });
	}
	return r;
}

/* Without the library it is not known what these mean. */
static int count_open(struct checker *c)
{
	enum script_linker linker = c->q->linker;
	uint64_t count = 0;
	size_t i;

	for (i = 0; !c->q->library && i < c->script->patterns.count; i++) {
		const struct script_pattern *p = &c->script->patterns.items[i];

		count += p->scope[linker] == SCOPE_GLOBAL && !is_named(c, p);
	}
	return count ? unchecked_add(&c->out->findings, c->script->path,
				     "names that wildcards and C++ names stand for",
				     "no library is given, so that they are not recorded",
				     "--lib with the released library", count, true)
		     : 0;
}

static int add_node(struct checker *c, uint32_t number)
{
	const struct script_node *from = &c->script->nodes.items[number];
	struct map_node node = { .name = checker_text(c, "%s", from->word.name) };
	uint32_t i;

	node.parents =
		arena_array(&c->out->findings.arena, from->parent_count + 1, sizeof(*node.parents));
	if (!node.name || !node.parents)
		return -ENOMEM;
	for (i = 0; i < from->parent_count; i++) {
		node.parents[i] = checker_text(
			c, "%s", c->script->parents.items[from->first_parent + i].name);
		if (!node.parents[i])
			return -ENOMEM;
	}
	return array_push(&c->out->nodes, node);
}

static int fill_nodes(struct checker *c, const struct entries *entries)
{
	uint32_t i;
	size_t k;
	int r = 0;

	for (i = 0; !r && i < c->script->nodes.count; i++)
		r = add_node(c, i);
	for (k = 0; !r && k < entries->count; k++) {
		const struct entry *e = &entries->items[k];
		const char *copy;

		if (k && !by_node(e, &entries->items[k - 1]))
			continue;
		copy = checker_text(c, "%s", e->name);
		r = copy ? array_push(&c->out->nodes.items[e->node].names, copy) : -ENOMEM;
	}
	return r;
}

int script_freeze(const struct script_question *question, struct map_result *result)
{
	struct entries entries = { 0 };
	struct checker c;
	int r = checker_init(&c, question, result);

	result->has_text = true;
	result->comment =
		"Released nodes, recorded by `abifit map freeze` for `abifit map check --last`.";
	if (!r)
		r = count_open(&c);
	if (!r)
		r = take_names(&c, &entries);
	if (!r)
		r = take_library(&c, &entries);
	if (!r && entries.count)
		qsort(entries.items, entries.count, sizeof(*entries.items), by_node);
	if (!r)
		r = fill_nodes(&c, &entries);
	array_done(&entries);
	return checker_end(&c, r);
}

static int corpus_take_node(struct corpus *corpus, const struct version_script *script,
			    const struct script_node *from)
{
	struct corpus_node node = { .name = arena_strdup(&corpus->arena, from->word.name) };
	uint32_t i;

	node.parents = arena_array(&corpus->arena, from->parent_count + 1, sizeof(*node.parents));
	if (!node.name || !node.parents)
		return -ENOMEM;
	for (i = 0; i < from->parent_count; i++) {
		node.parents[i] = arena_strdup(&corpus->arena,
					       script->parents.items[from->first_parent + i].name);
		if (!node.parents[i])
			return -ENOMEM;
	}
	node.export_count = from->pattern_count;
	return array_push(&corpus->nodes, node);
}

static int corpus_take_name(struct corpus *corpus, const struct version_script *script,
			    const struct script_pattern *p)
{
	struct corpus_symbol symbol = {
		.name = arena_strdup(&corpus->arena, p->name[LINKER_BFD]),
		.binding = STB_GLOBAL,
	};

	if (!script->is_anonymous) {
		symbol.version = corpus->nodes.items[p->node].name;
		symbol.mark = MARK_DEFAULT;
		symbol.node = (uint16_t)(p->node + 2);
	}
	return symbol.name ? array_push(&corpus->symbols, symbol) : -ENOMEM;
}

/* One of each; of a name in several nodes the last is the default. */
static void sort_symbols(struct corpus *corpus)
{
	size_t kept = 0;
	size_t i;

	if (corpus->symbols.count)
		qsort(corpus->symbols.items, corpus->symbols.count, sizeof(struct corpus_symbol),
		      corpus_symbol_compare);
	for (i = 0; i < corpus->symbols.count; i++) {
		struct corpus_symbol *last = kept ? &corpus->symbols.items[kept - 1] : NULL;

		if (last && !corpus_symbol_compare(last, &corpus->symbols.items[i]))
			continue;
		if (last && !strcmp(last->name, corpus->symbols.items[i].name))
			last->mark = MARK_HIDDEN;
		corpus->symbols.items[kept++] = corpus->symbols.items[i];
	}
	corpus->symbols.count = kept;
}

static int fill_corpus(struct corpus *corpus, const struct version_script *script,
		       uint64_t *ret_open)
{
	size_t i;
	int r = 0;

	corpus->machine = machine_describe(0, false, false, 0);
	corpus->path = arena_strdup(&corpus->arena, script->path);
	if (!corpus->path)
		return -ENOMEM;
	for (i = 0; !r && !script->is_anonymous && i < script->nodes.count; i++)
		r = corpus_take_node(corpus, script, &script->nodes.items[i]);
	for (i = 0; !r && i < script->patterns.count; i++) {
		const struct script_pattern *p = &script->patterns.items[i];

		if (p->scope[LINKER_BFD] == SCOPE_LOCAL)
			continue;
		if (p->is_wildcard[LINKER_BFD] || p->language != SCRIPT_C)
			++*ret_open;
		else
			r = corpus_take_name(corpus, script, p);
	}
	if (!r)
		sort_symbols(corpus);
	return r;
}

int script_corpus(const struct version_script *script, struct corpus **ret, uint64_t *ret_open)
{
	struct corpus *corpus = calloc(1, sizeof(*corpus));
	int r;

	*ret_open = 0;
	r = corpus ? fill_corpus(corpus, script, ret_open) : -ENOMEM;

	if (r) {
		corpus_free(corpus);
		return r;
	}
	*ret = corpus;
	return 0;
}

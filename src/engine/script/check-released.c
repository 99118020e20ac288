/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The script beside the last release: the interface that it would give is
 * compared with that, by the rules of engine/compare. Contract in
 * engine/script/parts.h.
 */
#include "engine/compare/compare.h"
#include "engine/script/parts.h"

#include <string.h>

struct forecast {
	struct checker *c;
	struct corpus new; /* of the script; all but symbols and nodes is the last release's */
};

static int add_nodes(struct forecast *f)
{
	const struct version_script *script = f->c->script;
	uint32_t i, k;

	for (i = 0; !script->is_anonymous && i < script->nodes.count; i++) {
		const struct script_node *from = &script->nodes.items[i];
		struct corpus_node node = { .name = from->word.name };

		node.parents =
			arena_array(&f->new.arena, from->parent_count + 1, sizeof(*node.parents));
		if (!node.parents)
			return -ENOMEM;
		for (k = 0; k < from->parent_count; k++)
			node.parents[k] = script->parents.items[from->first_parent + k].name;
		if (array_push(&f->new.nodes, node))
			return -ENOMEM;
	}
	return 0;
}

/* In the node of that number, or in none; what it is stays as in `like`. */
static int add_symbol(struct forecast *f, const struct corpus_symbol *like, uint32_t node,
		      enum version_mark mark)
{
	struct corpus_symbol symbol = *like;

	symbol.version = NULL;
	symbol.mark = MARK_NONE;
	symbol.node = 0;
	if (node != NO_SCRIPT_NODE) {
		symbol.version = f->c->script->nodes.items[node].word.name;
		symbol.mark = mark;
		symbol.node = (uint16_t)(node + 2);
		f->new.nodes.items[node].export_count++;
	}
	return array_push(&f->new.symbols, symbol);
}

/* The library that was linked has it no more: the script cannot keep it. */
static bool is_lost(const struct forecast *f, const struct corpus_symbol *s)
{
	const struct corpus *library = f->c->q->library;
	const struct corpus_symbol *found;
	size_t count, i;

	if (!library)
		return false;
	found = corpus_find(library, s->name, &count);
	if (!found || s->mark != MARK_HIDDEN || !library->nodes.count)
		return !found;
	for (i = 0; i < count; i++) {
		if (found[i].version && !strcmp(found[i].version, s->version ? s->version : ""))
			return false;
	}
	return s->version != NULL;
}

/*
 * A symbol of the last release. By .symver it keeps its node where that still has
 * its name; a hidden one also where the node says nothing of it, as it did before.
 */
static int take_old(struct forecast *f, const struct corpus_symbol *s)
{
	uint32_t node = s->version ? version_script_find(f->c->script, s->version) : NO_SCRIPT_NODE;
	struct script_outcome plain, own;
	int r = checker_match(f->c, s->name, &plain);

	if (r || is_lost(f, s))
		return r;
	if (node != NO_SCRIPT_NODE && !plain.is_local && plain.node == node)
		return add_symbol(f, s, node, s->mark);
	if (node != NO_SCRIPT_NODE) {
		r = checker_match_versioned(f->c, s, &own);
		if (r)
			return r;
		if (!own.is_local && (own.pattern != NO_SCRIPT_PATTERN || s->mark == MARK_HIDDEN))
			return add_symbol(f, s, node, s->mark);
	}
	if (plain.is_local || s->mark == MARK_HIDDEN)
		return 0;
	return add_symbol(f, s, plain.node, MARK_DEFAULT);
}

static int take_new(struct forecast *f, const struct corpus_symbol *like)
{
	struct script_outcome plain;
	size_t count;
	int r;

	if (corpus_find(f->c->q->released, like->name, &count) ||
	    script_is_of_no_script(like->name))
		return 0;
	r = checker_match(f->c, like->name, &plain);
	return r || plain.is_local ? r : add_symbol(f, like, plain.node, MARK_DEFAULT);
}

/* A name in several nodes is in each of them, and the first has it for new programs. */
static int take_named(struct forecast *f, const struct script_pattern *p)
{
	struct corpus_symbol like = { .name = p->name[f->c->q->linker], .binding = STB_GLOBAL };
	struct script_outcome plain;
	size_t count, i;
	const struct corpus_symbol *old = corpus_find(f->c->q->released, like.name, &count);
	const char *node = f->c->script->nodes.items[p->node].word.name;
	int r;

	if (p->is_wildcard[f->c->q->linker] || p->scope[f->c->q->linker] == SCOPE_LOCAL ||
	    p->language != SCRIPT_C || f->c->script->is_anonymous)
		return 0;
	/* What the library does not define is not new. */
	if (!old && f->c->q->library && !corpus_find(f->c->q->library, like.name, &count))
		return 0;
	if (!old)
		return take_new(f, &like);
	for (i = 0; i < count; i++) {
		if (old[i].version && !strcmp(old[i].version, node))
			return 0;
	}
	r = checker_match(f->c, like.name, &plain);
	if (r || (plain.node == p->node && !plain.is_local))
		return r; /* as take_old() has it */
	like = old[0];
	return add_symbol(f, &like, p->node, MARK_HIDDEN);
}

static void drop_repeats(struct corpus *corpus)
{
	size_t kept = 0;
	size_t i;

	for (i = 0; i < corpus->symbols.count; i++) {
		if (kept && !corpus_symbol_compare(&corpus->symbols.items[kept - 1],
						   &corpus->symbols.items[i]))
			continue;
		corpus->symbols.items[kept++] = corpus->symbols.items[i];
	}
	corpus->symbols.count = kept;
}

static int fill(struct forecast *f)
{
	const struct script_question *q = f->c->q;
	size_t i;
	int r = add_nodes(f);

	for (i = 0; !r && i < q->released->symbols.count; i++)
		r = take_old(f, &q->released->symbols.items[i]);
	for (i = 0; !r && q->library && i < q->library->symbols.count; i++)
		r = take_new(f, &q->library->symbols.items[i]);
	for (i = 0; !r && i < f->c->script->patterns.count; i++)
		r = take_named(f, &f->c->script->patterns.items[i]);
	if (r || !f->new.symbols.count)
		return r;
	qsort(f->new.symbols.items, f->new.symbols.count, sizeof(struct corpus_symbol),
	      corpus_symbol_compare);
	drop_repeats(&f->new);
	return 0;
}

/* Of the comparison counts what the script decides. */
static bool is_of_script(const struct finding *finding)
{
	const char *id = finding->rule->id;

	if (!strcmp(id, "abi/ver-parent-changed"))
		return true;
	return finding->verdict != VERDICT_OK && strncmp(id, "abi/soname-", 11) &&
	       strncmp(id, "abi/pkg-", 8) && strcmp(id, "abi/ver-index-order-changed");
}

/* Where the script speaks of it: the symbol's pattern, or the node. */
static const struct script_word *place_of(struct checker *c, const struct finding *finding,
					  const char *name)
{
	const struct version_script *script = c->script;
	uint32_t node = version_script_find(script, finding->subject);
	struct script_outcome plain;

	if (node == NO_SCRIPT_NODE && finding->after)
		node = version_script_find(script, finding->after);
	if (!checker_match(c, name, &plain) && plain.pattern != NO_SCRIPT_PATTERN &&
	    !plain.is_local)
		return &script->patterns.items[plain.pattern].word;
	return node == NO_SCRIPT_NODE ? NULL : &script->nodes.items[node].word;
}

static const char *backport_fix(struct checker *c, const char *name)
{
	uint32_t newest = script_newest(c->script);
	const char *node = newest == NO_SCRIPT_NODE ? NULL
						    : c->script->nodes.items[newest].word.name;

	if (!node)
		return NULL;
	if (!script_is_released(c->q, node))
		return checker_text(c, "move %s to %s, which is not released", name, node);
	return checker_text(c, "move %s to a new node for this release, whose parent is %s", name,
			    node);
}

static int copy_why(struct checker *c, struct finding *to, const struct finding *from)
{
	size_t i;
	int r = 0;

	for (i = 0; !r && from->why && from->why[i]; i++)
		r = finding_why(&c->out->findings, to, "%s", from->why[i]);
	return r;
}

static int take_finding(struct checker *c, const struct finding *from)
{
	const char *name =
		arena_strndup(&c->out->findings.arena, from->subject, strcspn(from->subject, "@"));
	const struct script_word *place;
	struct finding *finding;

	if (!name)
		return -ENOMEM;
	place = place_of(c, from, name);
	finding = checker_add(
		c, from->rule->id, place ? place->line : 0, place ? place->column : 0,
		checker_text(c, "%s", from->subject),
		checker_text(c, "%s", from->message ? from->message : from->rule->summary));
	if (!finding)
		return -ENOMEM;
	finding->verdict = from->verdict;
	finding->severity = from->severity;
	if (from->before)
		finding->before = checker_text(c, "%s", from->before);
	if (from->after)
		finding->after = checker_text(c, "%s", from->after);
	finding->fix = strcmp(from->rule->id, "map/backport") ? NULL : backport_fix(c, name);
	return copy_why(c, finding, from);
}

int check_released(struct checker *c)
{
	const struct corpus *old = c->q->released;
	struct compare_options options = { .libc = LIBC_GLIBC };
	struct comparison *comparison = NULL;
	struct forecast f = { .c = c };
	size_t i;
	int r;

	if (!old)
		return 0;
	if (c->q->released_open &&
	    unchecked_add(&c->out->findings, c->script->path,
			  "what wildcards of the last release caught",
			  "its script does not name those symbols one by one",
			  "the library that was released, or its script as `map freeze` writes it",
			  c->q->released_open, true))
		return -ENOMEM;
	f.new = *old;
	f.new.arena = (struct arena){ 0 };
	f.new.types = NULL;
	f.new.symbol_types = NULL;
	memset(&f.new.nodes, 0, sizeof(f.new.nodes));
	memset(&f.new.symbols, 0, sizeof(f.new.symbols));
	r = fill(&f);
	if (!r)
		r = compare(old, &f.new, &options, &comparison);
	for (i = 0; !r && i < comparison->findings.items.count; i++) {
		if (is_of_script(&comparison->findings.items.items[i]))
			r = take_finding(c, &comparison->findings.items.items[i]);
	}
	comparison_free(comparison);
	array_done(&f.new.nodes);
	array_done(&f.new.symbols);
	arena_done(&f.new.arena);
	return r;
}

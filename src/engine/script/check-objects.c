/* SPDX-License-Identifier: Apache-2.0 */
/* The script beside the objects that are to be linked with it: .symver; contract in
 * engine/script/parts.h. */
#include "engine/script/parts.h"

#include <string.h>

struct held {
	struct checker *c;
	struct map versioned; /* "name@VERSION" of the objects */
	struct map plain;     /* "name" of them, by itself */
	struct map names;     /* names in a node → the first pattern */
	struct map told;      /* of those that stand in another node too */
};

static const char *key_of(struct held *h, const char *name, const char *version)
{
	return checker_text(h->c, "%s@%s", name, version);
}

static int check_node(struct held *h, const struct script_symver *s)
{
	const char *marks = s->is_default ? "@@" : "@";
	struct script_outcome own;
	const char *text = checker_text(h->c, "%s%s%s", s->name, marks, s->version);
	int r;

	if (version_script_find(h->c->script, s->version) == NO_SCRIPT_NODE)
		return checker_add(
			       h->c, "map/symver-without-node", 0, 0, text,
			       checker_text(h->c,
					    "%s has a .symver %s, but the script has no node %s",
					    s->file, text, s->version))
			       ? 0
			       : -ENOMEM;
	r = script_match(&h->c->matcher, h->c->q->linker, s->name, s->version, s->is_default, &own);
	if (r || !own.is_local)
		return r;
	return checker_add(h->c, "map/symver-lost",
			   h->c->script->patterns.items[own.pattern].word.line,
			   h->c->script->patterns.items[own.pattern].word.column, text,
			   checker_text(h->c, "%s of %s is hidden by its node (%s)", text, s->file,
					checker_pattern(h->c, own.pattern)))
		       ? 0
		       : -ENOMEM;
}

/* In objects with code for link-time optimisation asm may stand that no symbol table shows. */
static int tell_lost(struct held *h, const struct script_pattern *p)
{
	const char *name = p->name[h->c->q->linker];
	const char *node = h->c->script->nodes.items[p->node].word.name;
	const char *lto = h->c->q->lto_object;
	struct finding *finding = checker_add(
		h->c, "map/symver-lost", p->word.line, p->word.column, key_of(h, name, node),
		lto ? checker_text(
			      h->c,
			      "%s stands in %s and other nodes, and no object shows a .symver for "
			      "it: %s is compiled at link time, where asm gets lost",
			      name, node, lto)
		    : checker_text(
			      h->c,
			      "%s stands in %s and other nodes, but no object has a .symver for it",
			      name, node));

	if (!finding)
		return -ENOMEM;
	if (lto)
		finding->verdict = VERDICT_RISK;
	return 0;
}

/*
 * Of a name in several nodes, one may be without .symver: the one that the linker
 * gives the name by itself. Where no object has it at all, others may.
 */
static int check_pattern(struct held *h, const struct script_pattern *p)
{
	const char *name = p->name[h->c->q->linker];
	const char *node = h->c->script->nodes.items[p->node].word.name;
	const char *key = key_of(h, name, node);
	bool is_plain = map_get(&h->plain, name) != NULL;
	struct script_outcome outcome;
	int r;

	if (!key)
		return -ENOMEM;
	if (map_get(&h->versioned, key))
		return 0;
	r = checker_match(h->c, name, &outcome);
	if (r || (is_plain && outcome.node == p->node && !outcome.is_local))
		return r;
	return is_plain || map_get(&h->versioned, name) || h->c->q->lto_object ? tell_lost(h, p)
									       : 0;
}

static bool is_named(const struct held *h, const struct script_pattern *p)
{
	enum script_linker linker = h->c->q->linker;

	return !p->is_wildcard[linker] && p->scope[linker] == SCOPE_GLOBAL &&
	       p->language == SCRIPT_C;
}

static int check_both(struct held *h, const struct script_pattern *first,
		      const struct script_pattern *p)
{
	const char *name = first->name[h->c->q->linker];
	int r = 0;

	if (!map_get(&h->told, name)) {
		r = map_set(&h->told, name, h);
		if (!r)
			r = check_pattern(h, first);
	}
	return r ? r : check_pattern(h, p);
}

static int check_names(struct held *h)
{
	const struct version_script *script = h->c->script;
	size_t i;
	int r = 0;

	for (i = 0; !r && !script->is_anonymous && i < script->patterns.count; i++) {
		const struct script_pattern *p = &script->patterns.items[i];
		const struct script_pattern *first;

		if (!is_named(h, p))
			continue;
		first = map_get(&h->names, p->name[h->c->q->linker]);
		if (!first)
			r = map_set(&h->names, p->name[h->c->q->linker], (void *)p);
		else if (first->node != p->node)
			r = check_both(h, first, p);
	}
	return r;
}

static int take(struct held *h, const struct script_symver *s)
{
	const char *key;
	int r;

	if (!s->version)
		return map_set(&h->plain, s->name, h);
	key = key_of(h, s->name, s->version);
	if (!key)
		return -ENOMEM;
	r = map_set(&h->versioned, key, h);
	/* That there is some version of it, too. */
	if (!r)
		r = map_set(&h->versioned, s->name, h);
	return r ? r : check_node(h, s);
}

int check_objects(struct checker *c)
{
	struct held h = { .c = c };
	size_t i;
	int r = 0;

	for (i = 0; !r && i < c->q->symver_count; i++)
		r = take(&h, &c->q->symvers[i]);
	if (!r && c->q->has_objects)
		r = check_names(&h);
	map_done(&h.versioned);
	map_done(&h.plain);
	map_done(&h.names);
	map_done(&h.told);
	return r;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The script beside the library that the linker made; contract in engine/script/parts.h. */
#include "engine/script/parts.h"
#include "base/demangle.h"

#include <string.h>

#define MOST_NAMED 6u

/* Symbols that one wildcard lets out. */
struct caught {
	size_t count;
	const char *names;
};

struct held {
	struct checker *c;
	const struct corpus *library;
	bool is_static;	       /* it is yet to be linked: nothing has a version */
	struct caught *caught; /* by pattern */
	struct map foreign;    /* nodes that the script has not */
	bool all_named;
};

static int other(struct held *h, const char *subject, const char *message)
{
	return checker_add(h->c, "map/built-otherwise", 0, 0, subject, message) ? 0 : -ENOMEM;
}

static const char *text_of(struct held *h, const struct corpus_symbol *s)
{
	return corpus_symbol_text(&h->c->out->findings.arena, s);
}

static int note_wildcard(struct held *h, const struct script_outcome *o, const char *name)
{
	struct caught *caught = &h->caught[o->pattern];

	h->all_named = false;
	if (caught->count++ >= MOST_NAMED)
		return 0;
	caught->names = caught->count == 1 ? name
					   : checker_text(h->c, "%s, %s", caught->names, name);
	return caught->names ? 0 : -ENOMEM;
}

/* Exported, and the script, too, says so. */
static int check_caught(struct held *h, const struct script_outcome *o, const char *name)
{
	if (o->pattern == NO_SCRIPT_PATTERN) {
		h->all_named = false;
		return checker_add(h->c, "map/unlisted", 0, 0, name,
				   checker_text(h->c, "%s is in no node, and %s without a version",
						name,
						h->is_static ? "will be exported" : "is exported"))
			       ? 0
			       : -ENOMEM;
	}
	return o->is_exact ? 0 : note_wildcard(h, o, name);
}

static int check_plain(struct held *h, const struct corpus_symbol *s,
		       const struct script_outcome *o)
{
	const struct version_script *script = h->c->script;
	const char *where;

	if (o->is_local && h->is_static)
		return 0;
	if (!o->is_local && (o->node == NO_SCRIPT_NODE || h->is_static))
		return check_caught(h, o, s->name);
	where = checker_pattern(h->c, o->pattern);
	if (!where)
		return -ENOMEM;
	return other(
		h, s->name,
		o->is_local ? checker_text(h->c, "%s is exported, which the script hides (%s)",
					   s->name, where)
			    : checker_text(h->c,
					   "%s has no version, but the script gives it to %s (%s)",
					   s->name, script->nodes.items[o->node].word.name, where));
}

static int add_foreign(struct held *h, const struct corpus_symbol *s)
{
	int r;

	if (map_get(&h->foreign, s->version))
		return 0;
	r = map_set(&h->foreign, s->version, h);
	return r ? r
		 : other(h, s->version,
			 checker_text(h->c,
				      "the library has %s in a node %s that the script has not",
				      s->name, s->version));
}

/* By .symver, or the library was linked with something else. */
static int check_moved(struct held *h, const struct corpus_symbol *s,
		       const struct script_outcome *o)
{
	const char *text = text_of(h, s);
	struct script_outcome own;
	int r = checker_match_versioned(h->c, s, &own);

	if (r || !text)
		return r ? r : -ENOMEM;
	if (own.is_local)
		return other(h, text,
			     checker_text(h->c,
					  "%s is exported, but %s of the script hides it (%s)",
					  text, s->version, checker_pattern(h->c, own.pattern)));
	if (s->mark != MARK_DEFAULT || own.pattern != NO_SCRIPT_PATTERN ||
	    o->pattern == NO_SCRIPT_PATTERN)
		return 0;
	return other(
		h, text,
		o->is_local
			? checker_text(h->c, "%s is exported, but the script hides %s (%s)", text,
				       s->name, checker_pattern(h->c, o->pattern))
			: checker_text(h->c,
				       "the library has %s, but the script gives %s to %s (%s)",
				       text, s->name, h->c->script->nodes.items[o->node].word.name,
				       checker_pattern(h->c, o->pattern)));
}

static int check_symbol(struct held *h, const struct corpus_symbol *s)
{
	uint32_t node = s->version ? version_script_find(h->c->script, s->version) : NO_SCRIPT_NODE;
	struct script_outcome o;
	int r = checker_match(h->c, s->name, &o);

	if (r || script_is_of_no_script(s->name))
		return r;
	if (!s->version)
		return check_plain(h, s, &o);
	if (node == NO_SCRIPT_NODE)
		return add_foreign(h, s);
	if (!o.is_local && o.node == node)
		return check_caught(h, &o, s->name);
	return check_moved(h, s, &o);
}

static int check_nodes(struct held *h)
{
	const struct version_script *script = h->c->script;
	size_t i;
	int r = 0;

	for (i = 0; !r && !h->is_static && !script->is_anonymous && i < script->nodes.count; i++) {
		const char *name = script->nodes.items[i].word.name;

		if (!corpus_node_find(h->library, name))
			r = other(h, name,
				  checker_text(h->c,
					       "the script has a node %s that the library has not",
					       name));
	}
	return r;
}

static int tell_caught(struct held *h)
{
	const struct version_script *script = h->c->script;
	size_t i;

	for (i = 0; i < script->patterns.count; i++) {
		const struct script_pattern *pattern = &script->patterns.items[i];
		const struct caught *caught = &h->caught[i];
		struct finding *finding;

		if (!caught->count)
			continue;
		finding = checker_add(h->c, "map/wildcard-only", pattern->word.line,
				      pattern->word.column, pattern->word.name,
				      checker_text(h->c,
						   caught->count == 1
							   ? "only %s lets %zu symbol out"
							   : "only %s lets %zu symbols out",
						   pattern->word.name, caught->count));
		if (!finding)
			return -ENOMEM;
		if (finding_why(&h->c->out->findings, finding,
				caught->count > MOST_NAMED ? "%s and %zu more" : "%s",
				caught->names, caught->count - MOST_NAMED))
			return -ENOMEM;
	}
	return 0;
}

/* Source forms of the library's names, when the script has such. */
static int list_cxx(struct held *h, struct map *ret)
{
	char text[DEMANGLED_SIZE];
	size_t i;
	int r = 0;

	for (i = 0; !r && h->c->matcher.has_cxx && i < h->library->symbols.count; i++) {
		const char *copy;

		r = demangle(h->library->symbols.items[i].name, text, sizeof(text));
		copy = r || !text[0] ? h->library->symbols.items[i].name
				     : arena_strdup(&h->c->out->findings.arena, text);
		if (!r)
			r = copy ? map_set(ret, copy, h) : -ENOMEM;
	}
	return r;
}

static bool is_defined(const struct held *h, const struct map *cxx, const struct script_pattern *p)
{
	const char *name = p->name[h->c->q->linker];
	size_t count;

	if (p->language != SCRIPT_C && map_get(cxx, name))
		return true;
	return corpus_find(h->library, name, &count) != NULL;
}

static bool has_version(const struct corpus *library, const char *name, const char *version)
{
	size_t count, i;
	const struct corpus_symbol *s = corpus_find(library, name, &count);

	for (i = 0; i < count; i++) {
		if (s[i].version && !strcmp(s[i].version, version))
			return true;
	}
	return false;
}

/* A name in several nodes takes a .symver for each but one of them. */
static int check_symver(struct held *h, const struct script_pattern *p, struct map *first)
{
	const struct version_script *script = h->c->script;
	const char *name = p->name[h->c->q->linker];
	const char *node = script->nodes.items[p->node].word.name;
	const struct script_pattern *before = map_get(first, name);
	const struct script_pattern *lost = p;

	if (!before)
		return map_set(first, name, (void *)p);
	if (before->node == p->node)
		return 0;
	if (!has_version(h->library, name, script->nodes.items[before->node].word.name))
		lost = before;
	else if (has_version(h->library, name, node))
		return 0;
	node = script->nodes.items[lost->node].word.name;
	return checker_add(h->c, "map/symver-lost", lost->word.line, lost->word.column,
			   checker_text(h->c, "%s@%s", name, node),
			   checker_text(h->c,
					"%s stands in %s and %s, but the library has no %s@%s: its "
					".symver did not reach the linker",
					name, script->nodes.items[before->node].word.name,
					script->nodes.items[p->node].word.name, name, node))
		       ? 0
		       : -ENOMEM;
}

static int check_names(struct held *h)
{
	const struct version_script *script = h->c->script;
	enum script_linker linker = h->c->q->linker;
	struct map cxx = { 0 };
	struct map first = { 0 };
	size_t i;
	int r = list_cxx(h, &cxx);

	for (i = 0; !r && i < script->patterns.count; i++) {
		const struct script_pattern *p = &script->patterns.items[i];

		if (p->is_wildcard[linker] || p->scope[linker] == SCOPE_LOCAL)
			continue;
		if (!is_defined(h, &cxx, p))
			r = checker_add(h->c, "map/undefined-name", p->word.line, p->word.column,
					p->word.name,
					checker_text(h->c, "%s is not in %s", p->word.name,
						     h->library->path))
				    ? 0
				    : -ENOMEM;
		else if (p->language == SCRIPT_C && !h->is_static && !script->is_anonymous)
			r = check_symver(h, p, &first);
	}
	map_done(&first);
	map_done(&cxx);
	return r;
}

/* Without `local: *` nothing escapes as long as all is named. */
static int settle_rest(struct held *h)
{
	struct findings *list = &h->c->out->findings;
	size_t i;

	for (i = 0; h->all_named && i < list->items.count; i++) {
		if (strcmp(list->items.items[i].rule->id, "map/no-local"))
			continue;
		list->items.items[i].verdict = VERDICT_OK;
		return finding_why(list, &list->items.items[i],
				   "each symbol that the library exports has a name in the script");
	}
	return 0;
}

int check_library(struct checker *c)
{
	const struct corpus *library = c->q->library;
	AUTO_FREE struct caught *caught = NULL;
	struct held h = { .c = c, .library = library, .all_named = true };
	size_t i;
	int r = 0;

	if (!library)
		return 0;
	h.caught = caught = calloc(c->script->patterns.count + 1, sizeof(*caught));
	if (!caught)
		return -ENOMEM;
	h.is_static = library->flags & CORPUS_STATIC;
	c->out->symbol_count = library->symbols.count;
	for (i = 0; !r && i < library->symbols.count; i++)
		r = check_symbol(&h, &library->symbols.items[i]);
	if (!r)
		r = check_nodes(&h);
	if (!r)
		r = tell_caught(&h);
	if (!r)
		r = check_names(&h);
	if (!r)
		r = settle_rest(&h);
	map_done(&h.foreign);
	return r;
}

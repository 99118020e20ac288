/* SPDX-License-Identifier: Apache-2.0 */
/* Symbols that GNU ld and lld treat differently; contract in engine/script/parts.h. */
#include "engine/script/parts.h"

#include <string.h>

#define ANY_OTHER "\x7f\x7f\x7f" /* no symbol is called so: what only `*` catches */
#define MOST_NAMED 6u

/* Symbols for which both linkers decide alike. */
struct group {
	const char *first;
	const char *names; /* further ones */
	size_t count;
	struct script_outcome outcomes[LINKER_COUNT];
};

struct differ {
	struct checker *c;
	struct map seen; /* names that were asked for */
	struct map by_key;
	struct array_of(struct group) groups;
};

static int add(struct differ *d, const char *name, const struct script_outcome *outcomes)
{
	const char *key = checker_text(d->c, "%d %u %d %u", outcomes[0].is_local, outcomes[0].node,
				       outcomes[1].is_local, outcomes[1].node);
	uintptr_t number = key ? (uintptr_t)map_get(&d->by_key, key) : 0;
	struct group group = { .first = name, .names = "" };
	struct group *place;

	if (!key)
		return -ENOMEM;
	if (!number) {
		memcpy(group.outcomes, outcomes, sizeof(group.outcomes));
		if (array_push(&d->groups, group) ||
		    map_set(&d->by_key, key, (void *)(uintptr_t)d->groups.count))
			return -ENOMEM;
		number = d->groups.count;
	}
	place = &d->groups.items[number - 1];
	if (place->count++ && place->count <= MOST_NAMED) {
		place->names = checker_text(d->c, "%s, %s", place->names, name);
		if (!place->names)
			return -ENOMEM;
	}
	return 0;
}

static int ask(struct differ *d, const char *name)
{
	struct script_outcome outcomes[LINKER_COUNT];
	enum script_linker linker;
	int r = 0;

	if (map_get(&d->seen, name))
		return 0;
	r = map_set(&d->seen, name, d);
	for (linker = 0; !r && linker < LINKER_COUNT; linker++)
		r = script_match(&d->c->matcher, linker, name, NULL, false, &outcomes[linker]);
	if (r || script_outcome_same(&outcomes[LINKER_BFD], &outcomes[LINKER_LLD]))
		return r;
	return add(d, name, outcomes);
}

static int ask_corpus(struct differ *d, const struct corpus *corpus)
{
	size_t i;
	int r = 0;

	for (i = 0; !r && corpus && i < corpus->symbols.count; i++) {
		if (!script_is_of_no_script(corpus->symbols.items[i].name))
			r = ask(d, corpus->symbols.items[i].name);
	}
	return r;
}

/* The names of both linkers, as one may take for a name what is a wildcard for the other. */
static int ask_script(struct differ *d)
{
	const struct version_script *script = d->c->script;
	size_t i;
	int r = 0;

	for (i = 0; !r && i < script->patterns.count; i++) {
		const struct script_pattern *pattern = &script->patterns.items[i];

		if (pattern->language == SCRIPT_C && !pattern->is_wildcard[LINKER_BFD])
			r = ask(d, pattern->name[LINKER_BFD]);
	}
	return r;
}

static const char *fate(struct differ *d, const struct script_outcome *outcome)
{
	if (outcome->is_local)
		return "hides it";
	if (outcome->node == NO_SCRIPT_NODE)
		return "exports it without a version";
	return checker_text(d->c, "gives it to %s",
			    d->c->script->nodes.items[outcome->node].word.name);
}

static unsigned line_of(const struct differ *d, uint32_t pattern)
{
	return pattern == NO_SCRIPT_PATTERN ? 0 : d->c->script->patterns.items[pattern].word.line;
}

static int tell(struct differ *d, const struct group *g)
{
	struct checker *c = d->c;
	const char *name = strcmp(g->first, ANY_OTHER) ? g->first : "any other symbol";
	const char *bfd = fate(d, &g->outcomes[LINKER_BFD]);
	const char *lld = fate(d, &g->outcomes[LINKER_LLD]);
	unsigned line = line_of(d, g->outcomes[c->q->linker].pattern);
	struct finding *finding =
		bfd && lld ? checker_add(c, "map/linkers-differ", line, 0, name,
					 checker_text(c, "%s: GNU ld %s, lld %s", name, bfd, lld))
			   : NULL;
	enum script_linker linker;
	int r = 0;

	if (!finding)
		return -ENOMEM;
	finding->before = bfd;
	finding->after = lld;
	if (c->q->is_only_linker)
		finding->verdict = VERDICT_OK;
	for (linker = 0; !r && linker < LINKER_COUNT; linker++) {
		const char *pattern = checker_pattern(c, g->outcomes[linker].pattern);

		r = pattern ? finding_why(&c->out->findings, finding, "%s follows %s",
					  script_linker_name(linker), pattern)
			    : -ENOMEM;
	}
	if (!r && g->count > MOST_NAMED)
		r = finding_why(&c->out->findings, finding, "so with %s and %zu more", g->names + 2,
				g->count - MOST_NAMED);
	else if (!r && g->count > 1)
		r = finding_why(&c->out->findings, finding, "so with %s", g->names + 2);
	return r;
}

int check_linkers(struct checker *c)
{
	struct differ d = { .c = c };
	size_t i;
	int r = ask_corpus(&d, c->q->library);

	if (!r)
		r = ask_corpus(&d, c->q->released);
	if (!r)
		r = ask_script(&d);
	if (!r)
		r = ask(&d, ANY_OTHER);
	for (i = 0; !r && i < d.groups.count; i++)
		r = tell(&d, &d.groups.items[i]);
	array_done(&d.groups);
	map_done(&d.by_key);
	map_done(&d.seen);
	return r;
}

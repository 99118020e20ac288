/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in engine/script/match.h. */
#include "engine/script/match.h"
#include "base/demangle.h"
#include "model/version-glob.h"

#include <string.h>

#define MOST_STEPS (1ull << 30)

struct query {
	struct script_matcher *matcher;
	enum script_linker linker;
	const char *name;
	const char *cxx;     /* its source form, or the name itself */
	const char *version; /* NULL: none */
};

/* Of two names that fit exactly, or two "*" for lld, the one that counts: lld's anonymous script
 * has the local ones first. */
static bool comes_first(const struct version_script *script, enum script_linker linker,
			const struct script_pattern *a, const struct script_pattern *b)
{
	bool is_local = a->scope[linker] == SCOPE_LOCAL;

	if (a->node != b->node)
		return a->node < b->node;
	if (a->scope[linker] == b->scope[linker])
		return false;
	return linker == LINKER_LLD && script->is_anonymous ? is_local : !is_local;
}

static int add_exact(struct script_matcher *m, enum script_linker linker, uint32_t number)
{
	const struct script_pattern *pattern = &m->script->patterns.items[number];
	struct map *map = &m->exact[linker][pattern->language != SCRIPT_C];
	uintptr_t known = (uintptr_t)map_get(map, pattern->name[linker]);

	if (known &&
	    !comes_first(m->script, linker, pattern, &m->script->patterns.items[known - 1]))
		return 0;
	return map_set(map, pattern->name[linker], (void *)((uintptr_t)number + 1));
}

int script_matcher_init(struct script_matcher *m, const struct version_script *script)
{
	enum script_linker linker;
	uint32_t i;
	int r = 0;

	*m = (struct script_matcher){ .script = script, .steps = MOST_STEPS };
	for (i = 0; !r && i < script->patterns.count; i++) {
		const struct script_pattern *pattern = &script->patterns.items[i];

		m->has_cxx |= pattern->language != SCRIPT_C;
		for (linker = 0; !r && linker < LINKER_COUNT; linker++) {
			if (!pattern->is_wildcard[linker])
				r = add_exact(m, linker, i);
		}
		if (!r && (pattern->is_wildcard[LINKER_BFD] || pattern->is_wildcard[LINKER_LLD]))
			r = array_push(&m->wildcards, i);
	}
	return r;
}

void script_matcher_done(struct script_matcher *m)
{
	enum script_linker linker;

	for (linker = 0; linker < LINKER_COUNT; linker++) {
		map_done(&m->exact[linker][0]);
		map_done(&m->exact[linker][1]);
	}
	array_done(&m->wildcards);
}

static const struct script_pattern *pattern_at(const struct query *q, uint32_t number)
{
	return &q->matcher->script->patterns.items[number];
}

static bool is_star(const struct query *q, const struct script_pattern *pattern)
{
	return pattern->is_wildcard[q->linker] && !strcmp(pattern->name[q->linker], "*");
}

static bool fits(const struct query *q, const struct script_pattern *pattern)
{
	const char *text = pattern->language == SCRIPT_C ? q->name : q->cxx;
	const char *name = pattern->name[q->linker];

	q->matcher->steps -= q->matcher->steps > 0;
	if (!pattern->is_wildcard[q->linker])
		return !strcmp(name, text);
	return version_glob_match(q->linker, name, text, &q->matcher->steps);
}

static uint32_t find_exact(const struct query *q)
{
	const struct map *maps = q->matcher->exact[q->linker];
	uintptr_t c = (uintptr_t)map_get(&maps[0], q->name);
	uintptr_t cxx = (uintptr_t)map_get(&maps[1], q->cxx);

	if (c && cxx)
		return (uint32_t)(comes_first(q->matcher->script, q->linker,
					      pattern_at(q, (uint32_t)cxx - 1),
					      pattern_at(q, (uint32_t)c - 1))
					  ? cxx
					  : c) -
		       1;
	return c || cxx ? (uint32_t)(c ? c : cxx) - 1 : NO_SCRIPT_PATTERN;
}

/*
 * Wildcards: of those for GNU ld, the last node counts, a global one before a
 * local one, and "*" only when nothing else fits. For lld the last node counts
 * whatever it says, within it a global one, and of the "*" the first.
 */
struct best {
	uint32_t found[2]; /* GNU ld: by scope; lld: the first only */
	uint32_t star[2];
};

static void bfd_take(const struct query *q, struct best *best, uint32_t number)
{
	const struct script_pattern *pattern = pattern_at(q, number);
	uint32_t *place = is_star(q, pattern) ? &best->star[pattern->scope[LINKER_BFD]]
					      : &best->found[pattern->scope[LINKER_BFD]];

	/* Within a node the first is as good as the last. */
	if (*place == NO_SCRIPT_PATTERN || pattern_at(q, *place)->node != pattern->node)
		*place = number;
}

static uint32_t bfd_choose(const struct best *best)
{
	const uint32_t order[] = { best->found[SCOPE_GLOBAL], best->found[SCOPE_LOCAL],
				   best->star[SCOPE_GLOBAL], best->star[SCOPE_LOCAL] };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(order) && order[i] == NO_SCRIPT_PATTERN; i++)
		;
	return i < ARRAY_SIZE(order) ? order[i] : NO_SCRIPT_PATTERN;
}

static void lld_take(const struct query *q, struct best *best, uint32_t number)
{
	const struct script_pattern *pattern = pattern_at(q, number);
	bool is_of_all = is_star(q, pattern);
	uint32_t *place = is_of_all ? &best->star[0] : &best->found[0];
	const struct script_pattern *known;

	if (*place == NO_SCRIPT_PATTERN) {
		*place = number;
		return;
	}
	known = pattern_at(q, *place);
	if (is_of_all ? comes_first(q->matcher->script, LINKER_LLD, pattern, known)
		      : known->node != pattern->node ||
				known->scope[LINKER_LLD] > pattern->scope[LINKER_LLD])
		*place = number;
}

static uint32_t find_wildcard(const struct query *q)
{
	struct best best = { { NO_SCRIPT_PATTERN, NO_SCRIPT_PATTERN },
			     { NO_SCRIPT_PATTERN, NO_SCRIPT_PATTERN } };
	size_t i;

	for (i = 0; i < q->matcher->wildcards.count; i++) {
		uint32_t number = q->matcher->wildcards.items[i];
		const struct script_pattern *pattern = pattern_at(q, number);

		if (!pattern->is_wildcard[q->linker] || !fits(q, pattern))
			continue;
		if (q->linker == LINKER_BFD)
			bfd_take(q, &best, number);
		else
			lld_take(q, &best, number);
	}
	return q->linker == LINKER_BFD		    ? bfd_choose(&best)
	       : best.found[0] != NO_SCRIPT_PATTERN ? best.found[0]
						    : best.star[0];
}

static void conclude(const struct query *q, uint32_t number, struct script_outcome *ret)
{
	const struct script_pattern *pattern;

	*ret = (struct script_outcome){ .pattern = number, .node = NO_SCRIPT_NODE };
	if (number == NO_SCRIPT_PATTERN)
		return;
	pattern = pattern_at(q, number);
	ret->is_local = pattern->scope[q->linker] == SCOPE_LOCAL;
	ret->is_exact = !pattern->is_wildcard[q->linker];
	if (!ret->is_local && !q->matcher->script->is_anonymous)
		ret->node = pattern->node;
}

/* GNU ld: what its own node has as global stays, what it has as local goes. */
static uint32_t bfd_find_versioned(const struct query *q, uint32_t node)
{
	const struct script_node *n = &q->matcher->script->nodes.items[node];
	uint32_t local = NO_SCRIPT_PATTERN;
	uint32_t i;

	for (i = n->first_pattern; i < n->first_pattern + n->pattern_count; i++) {
		const struct script_pattern *pattern = pattern_at(q, i);
		bool is_local = pattern->scope[LINKER_BFD] == SCOPE_LOCAL;

		if ((is_local && local != NO_SCRIPT_PATTERN) || !fits(q, pattern))
			continue;
		if (!is_local)
			return i;
		local = i;
	}
	return local;
}

/* lld: which step of its search the pattern takes part in. */
static unsigned lld_step(const struct query *q, const struct script_pattern *pattern)
{
	return !pattern->is_wildcard[LINKER_LLD] ? 0 : is_star(q, pattern) ? 2 : 1;
}

static bool lld_is_better(const struct query *q, const struct script_pattern *a,
			  const struct script_pattern *b)
{
	unsigned step = lld_step(q, a);

	if (step != lld_step(q, b))
		return step < lld_step(q, b);
	if (a->node != b->node)
		return step == 1 ? a->node > b->node : a->node < b->node;
	return a->scope[LINKER_LLD] < b->scope[LINKER_LLD];
}

/* lld: as without version, but only in what its node has; there may be two of that name. */
static uint32_t lld_find_versioned(const struct query *q, uint32_t first)
{
	const struct version_script *script = q->matcher->script;
	uint32_t best = NO_SCRIPT_PATTERN;
	uint32_t i, k;

	for (k = first; k < script->nodes.count; k++) {
		const struct script_node *node = &script->nodes.items[k];

		if (k > first && strcmp(node->word.name, q->version))
			continue;
		for (i = node->first_pattern; i < node->first_pattern + node->pattern_count; i++) {
			if (fits(q, pattern_at(q, i)) &&
			    (best == NO_SCRIPT_PATTERN ||
			     lld_is_better(q, pattern_at(q, i), pattern_at(q, best))))
				best = i;
		}
	}
	return best;
}

/* lld: a default version stays, unless some node has exactly this name as local. */
static uint32_t lld_find_default(const struct query *q)
{
	const struct version_script *script = q->matcher->script;
	uint32_t i;

	for (i = 0; i < script->patterns.count; i++) {
		const struct script_pattern *pattern = &script->patterns.items[i];

		if (pattern->scope[LINKER_LLD] == SCOPE_LOCAL &&
		    !pattern->is_wildcard[LINKER_LLD] && fits(q, pattern))
			return i;
	}
	return NO_SCRIPT_PATTERN;
}

static void match_versioned(const struct query *q, bool is_default, struct script_outcome *ret)
{
	uint32_t node = version_script_find(q->matcher->script, q->version);
	uint32_t number;

	*ret = (struct script_outcome){ .pattern = NO_SCRIPT_PATTERN, .node = NO_SCRIPT_NODE };
	if (node == NO_SCRIPT_NODE)
		return;
	number = q->linker == LINKER_BFD ? bfd_find_versioned(q, node)
		 : is_default		 ? lld_find_default(q)
					 : lld_find_versioned(q, node);
	conclude(q, number, ret);
	if (!ret->is_local)
		ret->node = node;
}

int script_match(struct script_matcher *m, enum script_linker linker, const char *name,
		 const char *version, bool is_default, struct script_outcome *ret)
{
	struct query query = { m, linker, name, name, version };
	char cxx[DEMANGLED_SIZE];
	uint32_t number;
	int r = 0;

	if (m->has_cxx) {
		r = demangle(name, cxx, sizeof(cxx));
		if (r)
			return r;
		if (cxx[0])
			query.cxx = cxx;
	}
	if (version) {
		match_versioned(&query, is_default, ret);
	} else {
		number = find_exact(&query);
		if (number == NO_SCRIPT_PATTERN)
			number = find_wildcard(&query);
		conclude(&query, number, ret);
	}
	return m->steps ? 0 : -E2BIG;
}

bool script_outcome_same(const struct script_outcome *a, const struct script_outcome *b)
{
	return a->is_local == b->is_local && (a->is_local || a->node == b->node);
}

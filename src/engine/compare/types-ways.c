/* SPDX-License-Identifier: Apache-2.0 */
/* On which ways, and from how many interfaces, causes are reached. Contract in
 * engine/compare/types.h. */
#include "engine/compare/cxx-name.h"
#include "engine/compare/types.h"

#include <string.h>

#define MOST_WORK 20000000  /* edges followed to count interfaces; beyond, counts are at least */
#define MOST_LISTED 2000000 /* interfaces of all findings; beyond, none are listed */
#define LONGEST_WAY 8	    /* steps of a way that are told */

static const char *step_word(const struct type_pair *pair)
{
	switch (pair->step_kind) {
	case PART_PARAMETER:
		return "parameter";
	case PART_BASE:
		return "base";
	default:
		return "member";
	}
}

/* A name for people: of C++ as it is in the source, without parameters. */
static const char *symbol_text(struct type_diff *d, uint32_t place)
{
	const char *name = d->c->kept.items[place].old->name;
	struct cxx_name parsed;

	if (strncmp(name, "_Z", 2))
		return name;
	if (cxx_name_parse(&d->c->out->findings.arena, name, &parsed)) {
		d->c->no_memory = true;
		return NULL;
	}
	return parsed.qualified ? parsed.qualified : *parsed.text ? parsed.text : name;
}

/* "foo: parameter ctx → struct ctx: member inner → struct inner" */
static const char *way_to(struct type_diff *d, uint32_t number)
{
	struct arena *arena = &d->c->out->findings.arena;
	const char *way = "";
	const char *below = ""; /* the way without its first step, */
	const char *last = "";	/* which has this text */
	unsigned steps;

	for (steps = 0; way && steps < LONGEST_WAY; steps++) {
		const struct type_pair *pair = &d->pairs.items[number];
		const char *text = types_old_text(d, pair->old);
		const char *arrow;

		if (!text)
			return NULL;
		/* A struct without a tag has the name of its typedef: once is enough. */
		if (!strcmp(text, last))
			way = below;
		arrow = *way ? " → " : "";
		below = way;
		last = text;
		if (pair->parent == PAIR_NONE) {
			const char *symbol = symbol_text(d, pair->symbol);

			if (!symbol)
				return NULL;
			return type_at(d->old, pair->old)->kind == TYPE_FUNCTION
				       ? arena_printf(arena, "%s: %s", symbol, way)
				       : arena_printf(arena, "%s: %s%s%s", symbol, text, arrow,
						      way);
		}
		way = type_at(d->old, pair->old)->kind == TYPE_FUNCTION || !pair->step ||
				      type_at(d->old, d->pairs.items[pair->parent].old)->kind ==
					      TYPE_TYPEDEF
			      ? arena_printf(arena, "%s%s%s", text, arrow, way)
			      : arena_printf(arena, "%s %s: %s%s%s", step_word(pair), pair->step,
					     text, arrow, way);
		number = pair->parent;
	}
	return way ? arena_printf(arena, "… → %s", way) : NULL;
}

/* Edges by where they lead to, for the way back. */
struct back {
	uint32_t *first; /* by pair */
	uint32_t *from;
	uint32_t *seen; /* by pair and symbol: the search that was there last */
	uint32_t *queue;
	uint64_t work_left;
	const char **texts;  /* by symbol, as far as they were asked for */
	uint64_t lists_left; /* items of lists of interfaces that may still be made */
};

static int back_init(struct type_diff *d, struct back *b)
{
	size_t pairs = d->pairs.count;
	size_t i;

	b->first = calloc(pairs + 2, sizeof(*b->first));
	b->from = malloc((d->edges.count + 1) * sizeof(*b->from));
	b->seen = calloc(pairs + d->c->kept.count + 1, sizeof(*b->seen));
	b->queue = malloc((pairs + 1) * sizeof(*b->queue));
	b->texts = calloc(d->c->kept.count + 1, sizeof(*b->texts));
	b->work_left = MOST_WORK;
	b->lists_left = MOST_LISTED;
	if (!b->first || !b->from || !b->seen || !b->queue || !b->texts)
		return -ENOMEM;
	for (i = 0; i < d->edges.count; i++)
		b->first[d->edges.items[i].to + 2]++;
	for (i = 0; i < pairs; i++)
		b->first[i + 2] += b->first[i + 1];
	for (i = 0; i < d->edges.count; i++)
		b->from[b->first[d->edges.items[i].to + 1]++] = d->edges.items[i].from;
	return 0;
}

static void back_done(struct back *b)
{
	free(b->first);
	free(b->from);
	free(b->seen);
	free(b->queue);
	free(b->texts);
}

/* Symbols that lead to the pairs of some causes. *ret_all: all of them were counted. */
static size_t count_interfaces(const struct type_diff *d, struct back *b,
			       const struct type_cause *causes, size_t cause_count, uint32_t mark,
			       bool *ret_all)
{
	size_t count = 0;
	size_t head = 0;
	size_t tail = 0;
	size_t k;

	for (k = 0; k < cause_count; k++) {
		if (b->seen[causes[k].pair] != mark)
			b->queue[tail++] = causes[k].pair;
		b->seen[causes[k].pair] = mark;
	}
	while (head < tail && b->work_left) {
		uint32_t at = b->queue[head++];
		uint32_t i;

		for (i = b->first[at]; i < b->first[at + 1] && b->work_left; i++) {
			uint32_t from = b->from[i];
			size_t place = from & EDGE_SYMBOL ? d->pairs.count + (from & ~EDGE_SYMBOL)
							  : from;

			b->work_left--;
			if (b->seen[place] == mark)
				continue;
			b->seen[place] = mark;
			if (from & EDGE_SYMBOL)
				count++;
			else
				b->queue[tail++] = from;
		}
	}
	*ret_all = head == tail;
	return count;
}

/* Those that the last count met, for a look at who uses them. */
static int list_interfaces(struct type_diff *d, struct back *b, size_t count, uint32_t mark,
			   const char ***ret)
{
	size_t symbols = d->c->kept.count;
	const char **list;
	size_t i;

	if (b->lists_left < count + symbols / 16)
		return 0;
	b->lists_left -= count + symbols / 16;
	list = arena_array(&d->c->out->findings.arena, count + 1, sizeof(*list));
	*ret = list;
	for (i = 0; list && i < symbols; i++) {
		if (b->seen[d->pairs.count + i] != mark)
			continue;
		if (!b->texts[i])
			b->texts[i] = compare_symbol(d->c, d->c->kept.items[i].old);
		if (!b->texts[i])
			return -ENOMEM;
		*list++ = b->texts[i];
	}
	if (list)
		*list = NULL;
	return list ? 0 : -ENOMEM;
}

/* All causes of one finding; the first was reached on the shortest way. */
static int tell_way(struct type_diff *d, struct back *b, const struct type_cause *cause,
		    size_t cause_count, uint32_t mark)
{
	struct finding *finding = &d->c->out->findings.items.items[cause->finding];
	const struct type_pair *pair = &d->pairs.items[cause->pair];
	bool is_all;
	size_t count = count_interfaces(d, b, cause, cause_count, mark, &is_all);
	const char *first = symbol_text(d, pair->symbol);
	const char *way;

	/* Told of the function itself. */
	if (finding->rule->hit == HIT_SYMBOL)
		return 0;
	if (is_all && list_interfaces(d, b, count, mark, &finding->interfaces))
		return -ENOMEM;
	if (!first)
		return -ENOMEM;
	/* Of a function itself there is no way to tell. */
	way = pair->parent == PAIR_NONE && type_at(d->old, pair->old)->kind == TYPE_FUNCTION
		      ? first
		      : way_to(d, cause->pair);
	if (!way)
		return -ENOMEM;
	finding->message = count > 1 ? compare_text(d->c, "%s (in %s%zu interfaces, as %s)",
						    finding->message, is_all ? "" : "at least ",
						    count, first)
				     : compare_text(d->c, "%s (in %s)", finding->message, first);
	return finding->message ? finding_why(&d->c->out->findings, finding, "%s", way) : -ENOMEM;
}

static int by_finding(const void *a, const void *b)
{
	const struct type_cause *x = a;
	const struct type_cause *y = b;

	return x->finding != y->finding ? (x->finding < y->finding ? -1 : 1)
	       : x->pair != y->pair	? (x->pair < y->pair ? -1 : 1)
					: 0;
}

int types_tell_ways(struct type_diff *d)
{
	struct back back = { 0 };
	size_t i, end;
	int r = d->causes.count ? back_init(d, &back) : 0;

	if (d->causes.count)
		qsort(d->causes.items, d->causes.count, sizeof(*d->causes.items), by_finding);
	for (i = 0; !r && i < d->causes.count; i = end) {
		for (end = i + 1; end < d->causes.count &&
				  d->causes.items[end].finding == d->causes.items[i].finding;
		     end++)
			;
		r = tell_way(d, &back, &d->causes.items[i], end - i, (uint32_t)i + 1);
	}
	back_done(&back);
	return r;
}

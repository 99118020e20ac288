/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Symbols that two builds of one source have in common: by name, and C++ functions
 * whose mangled names differ as size_t and the like are other types there, by what
 * the source calls them, where that is one on each side; overloads by parameters in
 * which integers are told apart by their sign only. Contract in
 * engine/compare/layout-pairs.h.
 */
#include "engine/compare/layout-pairs.h"
#include "engine/compare/cxx-name.h"

#include <stdlib.h>
#include <string.h>

struct named {
	const char *name;   /* in the source, without parameters */
	const char *widths; /* with them, whatever their integers' widths */
	const struct corpus_symbol *symbol;
};

struct names {
	struct array_of(struct named) items;
	size_t alone; /* all that have no namesake, C++ or not */
};

static int by_name(const void *a, const void *b)
{
	const struct named *x = a;
	const struct named *y = b;
	int order = strcmp(x->name, y->name);

	if (!order)
		order = strcmp(x->widths, y->widths);
	return order ? order : corpus_symbol_compare(x->symbol, y->symbol);
}

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == ':';
}

/* The text with int, long and long long as one, if they stand alone or behind "unsigned". */
static const char *without_widths(struct arena *arena, const char *text)
{
	static const char *const words[] = { "long long", "long", "int" };
	char *copy = arena_alloc(arena, strlen(text) + 1);
	const char *before = text;
	char *to = copy;
	size_t i, length;

	while (copy && *text) {
		for (i = 0, length = 0; i < ARRAY_SIZE(words) && !length; i++) {
			length = strlen(words[i]);
			if (strncmp(text, words[i], length) != 0 || is_word(text[length]) ||
			    !strncmp(text + length, " double", 7) ||
			    (text != before && is_word(text[-1])))
				length = 0;
		}
		*to++ = length ? 'i' : *text;
		text += length ? length : 1;
	}
	if (copy)
		*to = '\0';
	return copy;
}

/* Symbols without a namesake on the other side, each name once. */
static int list_alone(struct compare *c, const struct corpus *from, const struct corpus *in,
		      struct names *ret)
{
	const char *last = "";
	size_t i, count;

	for (i = 0; i < from->symbols.count; i++) {
		const struct corpus_symbol *s = &from->symbols.items[i];
		struct cxx_name parsed;
		const char *widths;

		if (!strcmp(s->name, last) || corpus_find(in, s->name, &count))
			continue;
		last = s->name;
		ret->alone++;
		if (strncmp(s->name, "_Z", 2) != 0 || s->kind != SYMBOL_FUNCTION)
			continue;
		if (cxx_name_parse(&c->out->findings.arena, s->name, &parsed))
			return -ENOMEM;
		if (!parsed.qualified)
			continue;
		widths = without_widths(&c->out->findings.arena, parsed.text);
		if (!widths ||
		    array_push(&ret->items, (struct named){ parsed.qualified, widths, s }))
			return -ENOMEM;
	}
	if (ret->items.count)
		qsort(ret->items.items, ret->items.count, sizeof(*ret->items.items), by_name);
	return 0;
}

/* How many from this place on have the name of the first. */
static size_t count_same(const struct names *names, size_t at)
{
	size_t end = at;

	while (end < names->items.count &&
	       !strcmp(names->items.items[end].name, names->items.items[at].name))
		end++;
	return end - at;
}

/* Is the place the only one of its parameters in the group? */
static bool is_single(const struct named *group, size_t count, size_t at)
{
	return (!at || strcmp(group[at - 1].widths, group[at].widths) != 0) &&
	       (at + 1 == count || strcmp(group[at + 1].widths, group[at].widths) != 0);
}

/* Overloads of one name, sorted by their parameters. */
static int pair_overloads(struct compare *c, const struct named *one, size_t left,
			  const struct named *other, size_t right, size_t *paired)
{
	size_t i = 0;
	size_t k = 0;

	while (i < left && k < right) {
		int order = strcmp(one[i].widths, other[k].widths);

		if (!order && is_single(one, left, i) && is_single(other, right, k)) {
			if (array_push(&c->kept,
				       (struct symbol_pair){ one[i].symbol, other[k].symbol }))
				return -ENOMEM;
			++*paired;
		}
		i += order <= 0;
		k += order >= 0;
	}
	return 0;
}

static int pair_alone(struct compare *c, const struct names *one, const struct names *other,
		      size_t *paired)
{
	size_t i = 0;
	size_t k = 0;

	while (i < one->items.count && k < other->items.count) {
		const struct named *a = &one->items.items[i];
		const struct named *b = &other->items.items[k];
		int order = strcmp(a->name, b->name);
		size_t left = count_same(one, i);
		size_t right = count_same(other, k);

		if (!order && left == 1 && right == 1) {
			if (array_push(&c->kept, (struct symbol_pair){ a->symbol, b->symbol }))
				return -ENOMEM;
			++*paired;
		} else if (!order && pair_overloads(c, a, left, b, right, paired)) {
			return -ENOMEM;
		}
		i += order <= 0 ? left : 0;
		k += order >= 0 ? right : 0;
	}
	return 0;
}

/* Of several versions the one that is the same, or any. */
static int pair_same(struct compare *c)
{
	size_t i, k, count;

	for (i = 0; i < c->old->symbols.count; i++) {
		const struct corpus_symbol *s = &c->old->symbols.items[i];
		const struct corpus_symbol *found = corpus_find(c->new, s->name, &count);
		struct symbol_pair pair = { .old = s, .new = found };

		for (k = 0; k < count; k++) {
			if (s->version && found[k].version && !strcmp(s->version, found[k].version))
				pair.new = &found[k];
		}
		if (found && array_push(&c->kept, pair))
			return -ENOMEM;
	}
	return 0;
}

int layout_pair(struct compare *c, size_t *ret_alone)
{
	struct names one = { 0 };
	struct names other = { 0 };
	size_t paired = 0;
	int r = pair_same(c);

	if (!r)
		r = list_alone(c, c->old, c->new, &one);
	if (!r)
		r = list_alone(c, c->new, c->old, &other);
	if (!r)
		r = pair_alone(c, &one, &other, &paired);
	*ret_alone = one.alone - paired;
	array_done(&one.items);
	array_done(&other.items);
	return r;
}

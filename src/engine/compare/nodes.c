/* SPDX-License-Identifier: Apache-2.0 */
/* Version nodes side by side: gone, renamed, added; a library that has versions now, or no more. */
#include "engine/compare/parts.h"
#include "model/version-name.h"

#include <string.h>

#define MOST_NAMED 8

/* The names of a node's symbols, some of them. */
static const char *names_of(struct compare *c, const struct corpus *corpus, const char *node)
{
	const char *names = "";
	size_t shown = 0;
	size_t total = 0;
	size_t i;

	for (i = 0; i < corpus->symbols.count; i++) {
		const struct corpus_symbol *s = &corpus->symbols.items[i];

		if (!s->version || strcmp(s->version, node))
			continue;
		if (total++ >= MOST_NAMED)
			continue;
		names = compare_text(c, "%s%s%s", names, shown++ ? ", " : "", s->name);
		if (!names)
			return NULL;
	}
	return total > MOST_NAMED ? compare_text(c, "%s and %zu more", names, total - MOST_NAMED)
				  : names;
}

/* Has `node` of `corpus` every symbol that `old_node` of OLD had? */
static bool holds_all(const struct compare *c, const char *old_node, const char *node)
{
	size_t i, k;

	for (i = 0; i < c->old->symbols.count; i++) {
		const struct corpus_symbol *s = &c->old->symbols.items[i];
		const struct corpus_symbol *found;
		size_t count;

		if (!s->version || strcmp(s->version, old_node))
			continue;
		found = corpus_find(c->new, s->name, &count);
		for (k = 0; k < count; k++) {
			if (found[k].version && !strcmp(found[k].version, node))
				break;
		}
		if (k == count)
			return false;
	}
	return true;
}

static const char *renamed_to(const struct compare *c, const char *old_node)
{
	size_t i;

	for (i = 0; i < c->new->nodes.count; i++) {
		const char *node = c->new->nodes.items[i].name;

		if (!corpus_node_find(c->old, node) && c->new->nodes.items[i].export_count &&
		    holds_all(c, old_node, node))
			return node;
	}
	return NULL;
}

static int add_gone(struct compare *c, const struct corpus_node *node, enum node_fate *ret_fate)
{
	const char *to = renamed_to(c, node->name);
	const char *names = names_of(c, c->old, node->name);
	struct finding *finding;

	if (!names)
		return -ENOMEM;
	*ret_fate = to ? NODE_RENAMED : NODE_GONE;
	if (compare_is_private(node->name))
		return compare_note(c, "abi/ver-private-node-churn", node->name, node->name, to,
				    compare_text(c, "the private node %s is gone", node->name));
	finding = compare_add(
		c, to ? "abi/ver-node-renamed" : "abi/ver-node-removed", node->name,
		to ? compare_text(c, "the node %s is called %s now: old programs stop at start",
				  node->name, to)
		   : compare_text(c, "the node %s is gone: old programs stop at start",
				  node->name));
	if (!finding)
		return -ENOMEM;
	finding->before = node->name;
	finding->after = to;
	/* musl compares neither nodes nor versions. */
	if (c->options->libc == LIBC_MUSL)
		finding->verdict = VERDICT_OK;
	return finding_why(&c->out->findings, finding, "it held %s", names);
}

static bool same_parents(const char *const *a, const char *const *b)
{
	size_t i;

	for (i = 0; a[i] && b[i] && !strcmp(a[i], b[i]); i++)
		;
	return !a[i] && !b[i];
}

/* A node that stands for an ability of the library: programs ask for it without using a symbol of
 * it. */
static bool is_marker(const char *name)
{
	return strstr(name, "_ABI_") != NULL;
}

static int compare_old_node(struct compare *c, size_t number)
{
	const struct corpus_node *node = &c->old->nodes.items[number];
	const struct corpus_node *new = corpus_node_find(c->new, node->name);

	if (!new && !node->export_count && !is_marker(node->name))
		return compare_note(c, "abi/ver-empty-node-changed", node->name, node->name, NULL,
				    compare_text(c, "the empty node %s is gone", node->name));
	if (!new)
		return add_gone(c, node, &c->fates[number]);
	if (same_parents(node->parents, new->parents))
		return 0;
	return compare_note(c, "abi/ver-parent-changed", node->name, NULL, NULL,
			    compare_text(c, "the node %s has other parents", node->name));
}

static int compare_new_node(struct compare *c, const struct corpus_node *node)
{
	size_t i;

	if (corpus_node_find(c->old, node->name))
		return 0;
	for (i = 0; i < c->old->nodes.count; i++) {
		const char *to = c->fates[i] == NODE_RENAMED
					 ? renamed_to(c, c->old->nodes.items[i].name)
					 : NULL;

		if (to && !strcmp(to, node->name))
			return 0;
	}
	if (!node->export_count)
		return compare_note(c, "abi/ver-empty-node-changed", node->name, NULL, node->name,
				    compare_text(c, "the node %s is new and empty", node->name));
	return compare_note(c, "abi/ver-node-added", node->name, NULL, node->name,
			    compare_text(c, "the node %s is new, with %zu symbol%s", node->name,
					 node->export_count, node->export_count == 1 ? "" : "s"));
}

/* OLD had versions, NEW has none. */
static int add_all_dropped(struct compare *c)
{
	bool has_table = c->new->flags &CORPUS_VERSYM;
	struct finding *finding = compare_add(
		c, has_table ? "abi/ver-all-dropped" : "abi/ver-all-dropped-no-versym",
		c->out->name,
		has_table
			? compare_text(c,
				       "%s has no versions any more: each start of an old program "
				       "prints a warning",
				       c->out->name)
			: compare_text(c,
				       "%s has neither versions nor a version table any more: "
				       "glibc before 2.41 aborts",
				       c->out->name));

	if (!finding)
		return -ENOMEM;
	if (c->options->libc == LIBC_MUSL)
		finding->verdict = VERDICT_OK;
	c->all_dropped = true;
	return 0;
}

/* OLD had none, NEW has. */
static int add_introduced(struct compare *c)
{
	const struct corpus_symbol *symbols = c->new->symbols.items;
	const char *several = NULL;
	size_t i;

	for (i = 1; i < c->new->symbols.count && !several; i++) {
		size_t count;

		if (!strcmp(symbols[i].name, symbols[i - 1].name) &&
		    corpus_find(c->old, symbols[i].name, &count))
			several = symbols[i].name;
	}
	if (several)
		return compare_note(
			c, "abi/ver-introduced-multi", several, NULL, c->new->nodes.items[0].name,
			compare_text(
				c,
				"%s has several versions now: old programs, which ask for none, "
				"take that of the first node, %s",
				several, c->new->nodes.items[0].name));
	return compare_note(c, "abi/ver-introduced", c->out->name, NULL, NULL,
			    compare_text(c, "%s has versions now: old programs take the default",
					 c->out->name));
}

/* Are the nodes that both have numbered in another order? Only references without version look at
 * numbers. */
static int compare_order(struct compare *c)
{
	size_t last = 0;
	size_t i;

	for (i = 0; i < c->old->nodes.count; i++) {
		const struct corpus_node *new =
			corpus_node_find(c->new, c->old->nodes.items[i].name);
		size_t place = new ? (size_t)(new - c->new->nodes.items) : last;

		if (place < last)
			return compare_note(
				c, "abi/ver-index-order-changed", c->out->name, NULL, NULL,
				compare_text(c, "the version nodes of %s stand in another order",
					     c->out->name));
		last = place;
	}
	return 0;
}

int compare_nodes(struct compare *c)
{
	size_t i;
	int r = 0;

	c->has_releases =
		c->old->nodes.count &&
		version_names_keep_releases(&c->old->nodes.items[0].name, c->old->nodes.count,
					    sizeof(c->old->nodes.items[0]));
	if (c->old->nodes.count && !c->new->nodes.count)
		return add_all_dropped(c);
	if (!c->old->nodes.count && c->new->nodes.count)
		return add_introduced(c);
	for (i = 0; !r && i < c->old->nodes.count; i++)
		r = compare_old_node(c, i);
	for (i = 0; !r && i < c->new->nodes.count; i++)
		r = compare_new_node(c, &c->new->nodes.items[i]);
	if (!r)
		r = compare_order(c);
	/* It usually repeats the soname, and is told there. */
	if (!r && c->old->base_name &&
	    c->new->base_name &&strcmp(c->old->base_name, c->new->base_name) &&
	    !(c->old->soname && c->new->soname &&strcmp(c->old->soname, c->new->soname)))
		r = compare_note(
			c, "abi/ver-base-name-changed", c->old->base_name, c->old->base_name,
			c->new->base_name,
			compare_text(c, "the base version is called %s now", c->new->base_name));
	return r;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The nodes of both releases as one list, and those that a fix adds. Contract in fix-parts.h. */
#include "engine/compare/fix-parts.h"
#include "engine/compare/parts.h"
#include "model/version-name.h"

#include <string.h>

size_t fix_nodes_find(const struct fixer *f, const char *name)
{
	return (size_t)(uintptr_t)map_get(&f->node_numbers, name) - 1;
}

int fix_nodes_add(struct fixer *f, struct fix_node node, size_t *ret)
{
	if (!node.name)
		return -ENOMEM;
	if (array_push(&f->out->nodes, node))
		return -ENOMEM;
	*ret = f->out->nodes.count - 1;
	return map_set(&f->node_numbers, node.name, (void *)(uintptr_t)f->out->nodes.count);
}

static int add_all(struct fixer *f, const struct corpus *corpus, bool is_new)
{
	size_t i, at;
	int r = 0;

	for (i = 0; !r && i < corpus->nodes.count; i++) {
		const struct corpus_node *from = &corpus->nodes.items[i];
		struct fix_node node = {
			.name = from->name,
			.parents = (const char *const *)from->parents,
			.is_there = is_new,
		};

		at = fix_nodes_find(f, from->name);
		if (at == NO_NODE)
			r = fix_nodes_add(f, node, &at);
		else if (is_new)
			f->out->nodes.items[at] = node;
	}
	return r;
}

int fix_nodes_init(struct fixer *f)
{
	int r = f->old ? add_all(f, f->old, false) : 0;

	return r ? r : add_all(f, f->new, true);
}

/* "V_1.2" → "V_1.3"; a name without number gets one. */
static const char *next_name(struct fixer *f, const char *name)
{
	size_t length = strlen(name);
	size_t start = length;
	unsigned long long number;

	while (start && name[start - 1] >= '0' && name[start - 1] <= '9')
		start--;
	if (start == length || length - start > 9)
		return fix_text(f, "%s_2", name);
	number = strtoull(name + start, NULL, 10);
	return fix_text(f, "%.*s%llu", (int)size_min(start, 4096), name, number + 1);
}

static const char **one_parent(struct fixer *f, const char *name)
{
	const char **parents = arena_array(&f->out->arena, 2, sizeof(*parents));

	if (parents)
		parents[0] = name;
	return parents;
}

/* A node of its own after `after`, for what is newer than the releases that are out. */
static int invent(struct fixer *f, size_t after, size_t *ret)
{
	const char *parent = f->out->nodes.items[after].name;
	const char *name = next_name(f, parent);
	const char **parents = one_parent(f, parent);

	if (!name || !parents)
		return -ENOMEM;
	*ret = fix_nodes_find(f, name);
	if (*ret != NO_NODE)
		return 0;
	return fix_nodes_add(
		f, (struct fix_node){ .name = name, .parents = parents, .is_invented = true }, ret);
}

static size_t highest(const struct fixer *f, const char *like)
{
	size_t best = NO_NODE;
	size_t i;

	for (i = 0; i < f->out->nodes.count; i++) {
		const struct fix_node *node = &f->out->nodes.items[i];

		if (!node->is_there || compare_is_private(node->name) ||
		    (like && !version_name_same_family(node->name, like)))
			continue;
		if (best == NO_NODE ||
		    !version_name_same_family(node->name, f->out->nodes.items[best].name) ||
		    version_name_compare(node->name, f->out->nodes.items[best].name) > 0)
			best = i;
	}
	return best;
}

int fix_nodes_newest(struct fixer *f, const char *like, size_t *ret)
{
	size_t best = like ? highest(f, like) : NO_NODE;
	int r = 0;

	if (best == NO_NODE && f->has_newest) {
		*ret = f->newest;
		return 0;
	}
	if (best == NO_NODE)
		best = highest(f, NULL);
	if (best == NO_NODE)
		best = 0; /* private ones alone */
	*ret = best;
	/* What is released gets no new symbols. */
	if (f->old && corpus_node_find(f->old, f->out->nodes.items[best].name))
		r = invent(f, best, ret);
	if (!like) {
		f->newest = *ret;
		f->has_newest = !r;
	}
	return r;
}

int fix_nodes_introduce(struct fixer *f, size_t *ret_first, size_t *ret_second)
{
	const char *family = version_name_of_library(&f->out->arena, f->out->name);
	const char *first = family ? fix_text(f, "%s_1", family) : NULL;
	int r;

	if (!first)
		return -ENOMEM;
	*ret_first = fix_nodes_find(f, first);
	if (*ret_first == NO_NODE) {
		r = fix_nodes_add(
			f,
			(struct fix_node){ .name = first, .is_invented = true, .takes_all = true },
			ret_first);
		if (r)
			return r;
	}
	return invent(f, *ret_first, ret_second);
}

/* What comes back needs its parents. */
static void want_parents(struct fixer *f, size_t number)
{
	const char *const *parents = f->out->nodes.items[number].parents;
	size_t i;

	for (i = 0; parents && parents[i]; i++) {
		size_t parent = fix_nodes_find(f, parents[i]);

		if (parent != NO_NODE && !f->out->nodes.items[parent].is_there)
			f->out->nodes.items[parent].is_wanted = true;
	}
}

struct visit {
	size_t node;
	size_t next; /* parent to look at */
};

/* Depth-first with a stack of its own: the chain of parents is as long as a file makes it. */
static void order_from(struct fixer *f, size_t start, struct visit *stack, bool *seen,
		       size_t *count)
{
	size_t depth = 0;

	if (seen[start])
		return;
	seen[start] = true;
	stack[depth++] = (struct visit){ .node = start };
	while (depth) {
		struct visit *top = &stack[depth - 1];
		const char *const *parents = f->out->nodes.items[top->node].parents;
		const char *name = parents ? parents[top->next] : NULL;
		size_t parent = name ? fix_nodes_find(f, name) : NO_NODE;

		if (!name) {
			f->out->order[(*count)++] = top->node;
			depth--;
			continue;
		}
		top->next++;
		if (parent == NO_NODE || seen[parent])
			continue;
		seen[parent] = true;
		stack[depth++] = (struct visit){ .node = parent };
	}
}

int fix_nodes_order(struct fixer *f)
{
	size_t count = f->out->nodes.count;
	AUTO_FREE struct visit *stack = calloc(count + 1, sizeof(*stack));
	AUTO_FREE bool *seen = calloc(count + 1, sizeof(*seen));
	size_t done = 0;
	size_t i;

	f->out->order = arena_array(&f->out->arena, count + 1, sizeof(*f->out->order));
	if (!stack || !seen || !f->out->order)
		return -ENOMEM;
	for (i = 0; i < f->out->lines.count; i++)
		f->out->nodes.items[f->out->lines.items[i].node].is_wanted = true;
	for (i = 0; i < count; i++)
		order_from(f, i, stack, seen, &done);
	for (i = done; i > 0; i--) {
		const struct fix_node *node = &f->out->nodes.items[f->out->order[i - 1]];

		if (node->is_wanted && !node->is_there)
			want_parents(f, f->out->order[i - 1]);
	}
	return 0;
}

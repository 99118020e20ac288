/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in read/dwarf-types.h. */
#include "read/dwarf-types.h"
#include "read/dwarf-graph.h"

#include <string.h>

static int index_roots(struct graph *graph)
{
	size_t i;
	int r = 0;

	graph->next_root = calloc(graph->root_count + 1, sizeof(*graph->next_root));
	graph->root_entries = calloc(graph->root_count + 1, sizeof(*graph->root_entries));
	if (!graph->next_root || !graph->root_entries)
		return -ENOMEM;
	for (i = 0; !r && i < graph->root_count; i++) {
		uint64_t address = graph->roots[i].address;
		uint32_t first = numbers_get(&graph->by_address, address);

		graph->next_root[i] = NUMBERS_NONE;
		if (first == NUMBERS_NONE) {
			r = numbers_add(&graph->by_address, address, (uint32_t)i);
			continue;
		}
		graph->next_root[i] = graph->next_root[first];
		graph->next_root[first] = (uint32_t)i;
	}
	return r;
}

/* Nodes 0 and 1, which stand in no file. */
static int add_fixed(struct graph *graph)
{
	struct node nothing = { .identity = 4, .type.kind = TYPE_VOID };
	struct node unknown = { .identity = 5, .type.kind = TYPE_UNKNOWN };

	return array_push(&graph->nodes, nothing) ? -ENOMEM : array_push(&graph->nodes, unknown);
}

static int want_roots(struct graph *graph)
{
	size_t i;
	int r = 0;

	for (i = 0; !r && i < graph->root_count; i++) {
		uint32_t node;

		if (graph->root_entries[i])
			r = graph_want(graph, graph->root_entries[i], &node);
	}
	return r;
}

/* A variable's entry is no type: it stands for that of its type. */
static int want_definitions(struct graph *graph)
{
	size_t i;
	int r = 0;

	for (i = 0; !r && i < graph->definitions.count; i++) {
		uint32_t node;

		r = graph_want(graph, graph->definitions.items[i].offset, &node);
	}
	return r;
}

static void note_roots(struct graph *graph)
{
	size_t i;

	for (i = 0; i < graph->root_count; i++) {
		struct type_root *root = &graph->roots[i];
		uint32_t node = numbers_get(&graph->by_offset, graph->root_entries[i]);

		root->is_found = graph->root_entries[i] && node != NUMBERS_NONE;
		root->type = root->is_found ? graph->nodes.items[node].id : TYPE_ID_VOID;
	}
}

static int read_graph(struct graph *graph, bool all)
{
	int r = index_roots(graph);

	if (!r)
		r = add_fixed(graph);
	if (!r)
		r = graph_index_prefixes(graph);
	if (!r)
		r = graph_scan(graph);
	if (!r)
		r = graph_find_names(graph);
	if (!r)
		r = want_roots(graph);
	if (!r && all)
		r = want_definitions(graph);
	if (!r)
		r = graph_decode(graph, NODE_UNKNOWN + 1);
	if (!r)
		r = graph_merge(graph);
	if (!r)
		note_roots(graph);
	return r;
}

static void graph_done(struct graph *graph)
{
	numbers_done(&graph->by_address);
	numbers_done(&graph->prefixes);
	free(graph->unwanted);
	array_done(&graph->named);
	numbers_done(&graph->names_of_anonymous);
	numbers_done(&graph->declared_unnamed);
	numbers_done(&graph->by_offset);
	numbers_done(&graph->kept);
	array_done(&graph->kept_strings);
	numbers_done(&graph->c_units);
	array_done(&graph->instances);
	numbers_done(&graph->templates);
	numbers_done(&graph->rebuilt);
	array_done(&graph->rebuilt_names);
	array_done(&graph->scopes);
	array_done(&graph->definitions);
	array_done(&graph->typedef_names);
	array_done(&graph->nodes);
	array_done(&graph->parts);
	free(graph->next_root);
	free(graph->root_entries);
	graph_files_done(graph);
	free(graph);
}

int types_from_dwarf(struct debug_files *files, struct type_root *roots, size_t root_count,
		     bool all, struct types **ret, struct fault *ret_fault)
{
	struct graph *graph = calloc(1, sizeof(*graph));
	struct types *types = calloc(1, sizeof(*types));
	int r;

	*ret_fault = (struct fault){ 0 };
	if (!graph || !types || root_count >= NUMBERS_NONE) {
		free(graph);
		free(types);
		return -ENOMEM;
	}
	graph->debug = files;
	graph->types = types;
	graph->roots = roots;
	graph->root_count = root_count;
	r = files->main ? graph_files_init(graph, ret_fault) : -ENOENT;
	if (!r)
		r = read_graph(graph, all);
	graph_done(graph);
	if (r) {
		types_free(types);
		return r;
	}
	*ret = types;
	return 0;
}

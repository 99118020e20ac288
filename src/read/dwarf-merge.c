/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Equal types of all units become one. A type with a name is known by it
 * (`identity`); what it holds, with its targets by their identities, is its
 * content. Two nodes that agree in both are one type, unless they lead to a name
 * that stands for several types. Contract in read/dwarf-graph.h.
 */
#include "base/map.h"
#include "read/dwarf-graph.h"

#include <string.h>

#define NOT_FILLED UINT32_MAX /* as the count of parts */
#define MOST_ROUNDS 100	      /* of telling types apart by what they lead to */
#define MOST_DEPTH 1000	      /* of pointers to pointers and the like */

enum { STATE_NEW, STATE_UNDER_WAY, STATE_DONE };

static uint64_t add_hash(uint64_t hash, uint64_t number)
{
	return number_mix(hash * 31 + number + 1);
}

static uint64_t text_hash(const char *text)
{
	return text ? hash_bytes(text, strlen(text)) : 0;
}

static struct node *node_at(struct graph *graph, uint32_t node)
{
	return &graph->nodes.items[node];
}

/* Follows a declaration to its definition. */
static uint32_t defined(struct graph *graph, uint32_t node)
{
	unsigned hops;

	for (hops = 0; node_at(graph, node)->redirect && hops < 8; hops++)
		node = node_at(graph, node)->redirect;
	return node;
}

static uint64_t identity(struct graph *graph, uint32_t number, unsigned depth);

static uint64_t parts_hash(struct graph *graph, const struct node *node, uint64_t hash,
			   unsigned depth)
{
	uint32_t i;

	for (i = 0; i < node->part_count; i++) {
		const struct node_part *part = &graph->parts.items[node->first_part + i];
		const struct type_part *p = &part->part;

		/* Units that do not use it do not have it. */
		if (p->kind == PART_METHOD && p->is_artificial)
			continue;
		/* Names of parameters are no part of a type. */
		if (p->kind != PART_PARAMETER)
			hash = add_hash(hash, text_hash(p->name));
		hash = add_hash(hash, p->place);
		hash = add_hash(hash, p->bits);
		hash = add_hash(hash, p->align);
		hash = add_hash(hash, part->storage + 1);
		hash = add_hash(hash, (uint64_t)p->kind << 8 | p->is_artificial << 3 |
					      p->is_mutable << 2 | p->is_virtual << 1 | p->is_pure);
		hash = add_hash(hash, identity(graph, p->type, depth + 1));
	}
	return hash;
}

static uint64_t content_hash(struct graph *graph, const struct node *node, unsigned depth)
{
	const struct type *t = &node->type;
	uint64_t hash = add_hash(node->tag, t->has_size ? t->size + 1 : 0);

	hash = add_hash(hash, t->align);
	hash = add_hash(hash, (uint64_t)t->encoding << 8 | (uint64_t)t->is_declared << 2 |
				      (uint64_t)t->is_variadic << 1 | t->is_scoped);
	hash = add_hash(hash, (uint64_t)t->is_implicit << 19 | (uint64_t)t->convention << 8 |
				      (uint64_t)t->call << 4 | (uint64_t)t->has_constructor << 17 |
				      (uint64_t)t->is_closed << 18 | (uint64_t)node->has_copy << 3 |
				      (uint64_t)t->is_vector << 2 | (uint64_t)t->is_noreturn << 1 |
				      t->is_unprototyped);
	hash = add_hash(hash, identity(graph, node->target, depth + 1));
	hash = add_hash(hash, identity(graph, node->owner, depth + 1));
	return parts_hash(graph, node, hash, depth);
}

/* A circle of types without names can only be damage. */
static uint64_t identity(struct graph *graph, uint32_t number, unsigned depth)
{
	struct node *node = node_at(graph, defined(graph, number));

	if (node->identity)
		return node->identity;
	if (node->state == STATE_UNDER_WAY || depth > MOST_DEPTH)
		return 1;
	node->state = STATE_UNDER_WAY;
	node->identity = content_hash(graph, node, depth) | 2;
	node->state = STATE_DONE;
	return node->identity;
}

static int find_definition(struct graph *graph, const struct numbers *by_identity, uint32_t number)
{
	const struct node *node = node_at(graph, number);
	uint32_t place, redirect;

	/* What has no name, such as a function, is no declaration of another type. */
	if (!node->type.is_declared || node->redirect || !node->identity)
		return 0;
	place = numbers_get(by_identity, node->identity);
	if (place == NUMBERS_NONE)
		return 0;
	if (graph_want(graph, graph->definitions.items[place].offset, &redirect))
		return -ENOMEM;
	node_at(graph, number)->redirect = redirect;
	return 0;
}

/* Definitions of what is only declared where it was met: looked up by name. */
static int find_definitions(struct graph *graph)
{
	struct numbers by_identity = { 0 };
	size_t next, i;
	int r = 0;

	for (i = 0; !r && i < graph->definitions.count && i < NUMBERS_NONE; i++)
		r = numbers_add(&by_identity, graph->definitions.items[i].identity, (uint32_t)i);
	for (next = 0; !r && next < graph->nodes.count;) {
		size_t first = graph->nodes.count;

		for (; !r && next < first; next++)
			r = find_definition(graph, &by_identity, (uint32_t)next);
		if (!r)
			r = graph_decode(graph, first);
	}
	numbers_done(&by_identity);
	return r;
}

static void classify(struct graph *graph)
{
	size_t i;

	for (i = 0; i < graph->nodes.count; i++) {
		struct node *node = node_at(graph, (uint32_t)i);

		identity(graph, (uint32_t)i, 0);
		node->class = add_hash(node->identity, content_hash(graph, node, 0));
	}
}

/* Marks the nodes whose name stands for several types. */
static int find_split(struct graph *graph, size_t *ret_count)
{
	struct numbers first = { 0 };
	struct numbers split = { 0 };
	size_t i;
	int r = 0;

	for (i = 0; !r && i < graph->nodes.count; i++) {
		const struct node *node = node_at(graph, (uint32_t)i);
		uint32_t before;

		if (node->redirect)
			continue;
		before = numbers_get(&first, node->identity);
		if (before == NUMBERS_NONE)
			r = numbers_add(&first, node->identity, (uint32_t)i);
		else if (node_at(graph, before)->class != node->class)
			r = numbers_add(&split, node->identity, 0);
	}
	*ret_count = 0;
	for (i = 0; !r && split.count && i < graph->nodes.count; i++) {
		struct node *node = node_at(graph, (uint32_t)i);

		node->is_split = !node->redirect &&
				 numbers_get(&split, node->identity) != NUMBERS_NONE;
		*ret_count += node->is_split;
	}
	numbers_done(&first);
	numbers_done(&split);
	return r;
}

/*
 * The nodes that lead to a name with several types, and where they lead to: small, as
 * they are gone over many times.
 */
struct refining {
	uint32_t *nodes;
	uint64_t *classes;
	uint64_t *next;
	uint32_t *edges;
	uint32_t *first_edge; /* by place in `nodes`, and one more */
	size_t count;
	size_t edge_count;
};

static void refining_done(struct refining *r)
{
	free(r->nodes);
	free(r->classes);
	free(r->next);
	free(r->edges);
	free(r->first_edge);
}

static size_t target_count(const struct node *node)
{
	return (size_t)node->part_count + 2;
}

/* The nodes that a node leads to, by number below target_count(). */
static uint32_t target_at(struct graph *graph, const struct node *node, size_t i)
{
	uint32_t number = i == 0   ? node->target
			  : i == 1 ? node->owner
				   : graph->parts.items[node->first_part + i - 2].part.type;

	return defined(graph, number);
}

static bool leads_to_split(struct graph *graph, const struct node *node)
{
	size_t i;

	for (i = 0; i < target_count(node); i++) {
		if (node_at(graph, target_at(graph, node, i))->is_split)
			return true;
	}
	return false;
}

/* What leads to a split node is one, too. Most targets stand behind what refers to them. */
static void spread_split(struct graph *graph, size_t *count)
{
	size_t before = 0;

	while (before != *count) {
		size_t i;

		before = *count;
		for (i = graph->nodes.count; i-- > 0;) {
			struct node *node = node_at(graph, (uint32_t)i);

			if (node->is_split || node->redirect || !leads_to_split(graph, node))
				continue;
			node->is_split = true;
			*count += 1;
		}
	}
}

/* `places`: by node, its place among the split ones. */
static void fill_edges(struct graph *graph, const uint32_t *places, struct refining *r)
{
	size_t place, i;

	for (place = 0; place < r->count; place++) {
		const struct node *node = node_at(graph, r->nodes[place]);

		r->first_edge[place] = (uint32_t)r->edge_count;
		for (i = 0; i < target_count(node); i++) {
			uint32_t to = target_at(graph, node, i);

			if (node_at(graph, to)->is_split)
				r->edges[r->edge_count++] = places[to];
		}
	}
	r->first_edge[place] = (uint32_t)r->edge_count;
}

static int refining_init(struct graph *graph, size_t count, struct refining *r)
{
	AUTO_FREE uint32_t *places = malloc(graph->nodes.count * sizeof(*places));
	size_t edges = 0;
	size_t i;

	*r = (struct refining){ .nodes = malloc((count + 1) * sizeof(*r->nodes)),
				.classes = malloc((count + 1) * sizeof(*r->classes)),
				.next = malloc((count + 1) * sizeof(*r->next)),
				.first_edge = malloc((count + 1) * sizeof(*r->first_edge)) };
	if (!places || !r->nodes || !r->classes || !r->next || !r->first_edge)
		return -ENOMEM;
	for (i = 0; i < graph->nodes.count; i++) {
		const struct node *node = node_at(graph, (uint32_t)i);

		if (!node->is_split)
			continue;
		edges += target_count(node);
		places[i] = (uint32_t)r->count;
		r->classes[r->count] = node->class;
		r->nodes[r->count++] = (uint32_t)i;
	}
	r->edges = malloc((edges + 1) * sizeof(*r->edges));
	if (!r->edges || edges >= UINT32_MAX)
		return -ENOMEM;
	fill_edges(graph, places, r);
	return 0;
}

/* One round: the class of each node with those of what it leads to. */
static int refine_once(struct refining *r, size_t *ret_count)
{
	struct numbers seen = { 0 };
	uint64_t *classes = r->next;
	size_t i;
	int error = 0;

	for (i = 0; !error && i < r->count; i++) {
		uint64_t hash = r->classes[i];
		uint32_t edge;

		for (edge = r->first_edge[i]; edge < r->first_edge[i + 1]; edge++)
			hash = add_hash(hash, r->classes[r->edges[edge]]);
		classes[i] = hash;
		error = numbers_add(&seen, hash, 0);
	}
	r->next = r->classes;
	r->classes = classes;
	*ret_count = seen.count;
	numbers_done(&seen);
	return error;
}

/* Types that are alike but for what a name with several types stands for become several. */
static int refine(struct graph *graph)
{
	struct refining refining = { 0 };
	size_t before = 0;
	size_t count = 1;
	size_t split, i;
	unsigned round;
	int r = find_split(graph, &split);

	if (r || !split)
		return r;
	spread_split(graph, &split);
	r = refining_init(graph, split, &refining);
	for (round = 0; !r && round < MOST_ROUNDS && count != before; round++) {
		before = count;
		r = refine_once(&refining, &count);
	}
	for (i = 0; !r && i < refining.count; i++)
		node_at(graph, refining.nodes[i])->class = refining.classes[i];
	refining_done(&refining);
	return r;
}

/* A string of the types, which outlive the file: each once. NULL stays. 0 or -ENOMEM. */
static int keep_string(struct graph *graph, const char *text, const char **ret)
{
	uint64_t key = (uintptr_t)text;
	uint32_t place = text ? numbers_get(&graph->kept, key) : NUMBERS_NONE;
	const char *copy;

	*ret = NULL;
	if (!text)
		return 0;
	if (place != NUMBERS_NONE) {
		*ret = graph->kept_strings.items[place];
		return 0;
	}
	*ret = copy = arena_strdup(&graph->types->arena, text);
	if (!copy || array_push(&graph->kept_strings, copy))
		return -ENOMEM;
	return numbers_add(&graph->kept, key, (uint32_t)graph->kept_strings.count - 1);
}

/* A type's name with its scopes. 0 or -ENOMEM. */
static int set_name(struct graph *graph, const struct node *node, struct type *type)
{
	static const char anonymous[] = "(anonymous)";
	uint64_t size = 1;
	uint64_t length;
	uint32_t scope;
	char *at;

	if (!node->name || node->scope == UINT32_MAX)
		return keep_string(graph, node->name, &type->name);
	/* Damaged files may have scopes with names of megabytes around each type. */
	for (scope = node->scope; scope != UINT32_MAX && size < graph->names_left;
	     scope = graph->scopes.items[scope].parent) {
		const char *outer = graph->scopes.items[scope].name;

		size += 2 + strlen(outer ? outer : anonymous);
	}
	length = strlen(node->name);
	size += length;
	if (!graph_spend(&graph->names_left, size + 16))
		return keep_string(graph, node->name, &type->name);
	at = arena_alloc(&graph->types->arena, size);
	if (!at)
		return -ENOMEM;
	type->name = at;
	at += size - 1 - length;
	memcpy(at, node->name, length);
	for (scope = node->scope; scope != UINT32_MAX; scope = graph->scopes.items[scope].parent) {
		const char *outer = graph->scopes.items[scope].name;

		outer = outer ? outer : anonymous;
		length = strlen(outer);
		at -= length + 2;
		memcpy(at, outer, length);
		memcpy(at + length, "::", 2);
	}
	return 0;
}

/* Numbers for the nodes, the same for those of one class. */
static int number_nodes(struct graph *graph)
{
	struct numbers ids = { 0 };
	size_t i;
	int r;

	classify(graph);
	r = refine(graph);
	for (i = 0; !r && i < graph->nodes.count; i++) {
		struct node *node = node_at(graph, (uint32_t)i);
		uint32_t id;

		if (node->redirect)
			continue;
		id = i <= NODE_UNKNOWN ? NUMBERS_NONE : numbers_get(&ids, node->class);
		if (id == NUMBERS_NONE) {
			id = (uint32_t)graph->types->items.count;
			r = array_push(&graph->types->items, node->type);
			if (!r)
				r = numbers_add(&ids, node->class, id);
			if (!r)
				r = set_name(graph, node, &graph->types->items.items[id]);
			if (!r)
				graph->types->items.items[id].part_count = NOT_FILLED;
		}
		node->id = id;
	}
	for (i = 0; !r && i < graph->nodes.count; i++) {
		struct node *node = node_at(graph, (uint32_t)i);
		uint32_t to = defined(graph, (uint32_t)i);

		if (node->redirect)
			node->id = node_at(graph, to)->redirect ? NODE_UNKNOWN
								: node_at(graph, to)->id;
	}
	numbers_done(&ids);
	return r;
}

/* The unit that a bit-field of DWARF 2 counts in, where it is that of its type. */
static uint64_t storage_of(struct graph *graph, const struct node_part *part)
{
	uint32_t number = part->part.type;
	unsigned hops;

	for (hops = 0; !part->storage && hops < 16; hops++) {
		const struct node *node = node_at(graph, defined(graph, number));

		if (node->type.has_size)
			return node->type.size;
		number = node->target;
	}
	return part->storage;
}

/* Is the parameter a reference to the class itself? */
static bool is_to_itself(struct graph *graph, const struct node *class, uint32_t number)
{
	const struct node *node = node_at(graph, defined(graph, number));
	unsigned hops;

	if (node->type.kind != TYPE_REFERENCE && node->type.kind != TYPE_RVALUE_REFERENCE)
		return false;
	for (hops = 0; hops < 4; hops++) {
		node = node_at(graph, defined(graph, node->target));
		if (node->type.kind != TYPE_CONST && node->type.kind != TYPE_VOLATILE)
			break;
	}
	return node->identity == class->identity;
}

/*
 * A class that has a copy or move constructor or a destructor of its own, or can be
 * copied in no way, is not handed over by value: Itanium C++ ABI §1.1, "trivial for
 * the purposes of calls". Its members and bases are not looked at here.
 */
static void find_call(struct graph *graph, const struct node *node, struct type *type)
{
	bool has_deleted = false;
	bool has_default = false;
	bool has_copy = node->has_copy;
	uint32_t i;

	for (i = 0; i < node->part_count; i++) {
		const struct type_part *p = &graph->parts.items[node->first_part + i].part;

		if (p->kind != PART_COPY || !is_to_itself(graph, node, p->type))
			continue;
		/* is_pure: deleted; is_virtual: by default. */
		has_copy |= !p->is_pure && !p->is_virtual;
		has_deleted |= p->is_pure;
		has_default |= p->is_virtual;
	}
	if (type->call == TYPE_CALL_UNKNOWN && (has_copy || (has_deleted && !has_default)))
		type->call = TYPE_CALL_BY_REFERENCE;
}

static int fill_type(struct graph *graph, const struct node *node)
{
	struct types *types = graph->types;
	struct type *type = &types->items.items[node->id];
	uint32_t i;

	type->target = node_at(graph, node->target)->id;
	type->owner = node_at(graph, node->owner)->id;
	type->first_part = (uint32_t)types->parts.count;
	find_call(graph, node, type);
	for (i = 0; i < node->part_count; i++) {
		const struct node_part *part = &graph->parts.items[node->first_part + i];
		struct type_part copy = part->part;

		if (copy.kind == PART_COPY)
			continue;
		copy.type = node_at(graph, part->part.type)->id;
		if (keep_string(graph, copy.name, &copy.name))
			return -ENOMEM;
		if (part->counts_from_top)
			copy.place += storage_of(graph, part) * 8;
		if (array_push(&types->parts, copy))
			return -ENOMEM;
	}
	type->part_count = (uint32_t)types->parts.count - type->first_part;
	return 0;
}

/* Of the nodes of one type, one that has all: units leave out what is implicit. */
static uint32_t *fullest_nodes(struct graph *graph)
{
	uint32_t *fullest = calloc(graph->types->items.count + 1, sizeof(*fullest));
	size_t i;

	for (i = NODE_UNKNOWN + 1; fullest && i < graph->nodes.count; i++) {
		const struct node *node = node_at(graph, (uint32_t)i);

		if (!node->redirect &&
		    (!fullest[node->id] ||
		     node->part_count > node_at(graph, fullest[node->id])->part_count))
			fullest[node->id] = (uint32_t)i;
	}
	return fullest;
}

int graph_merge(struct graph *graph)
{
	AUTO_FREE uint32_t *fullest = NULL;
	size_t i;
	int r = find_definitions(graph);

	if (!r)
		r = number_nodes(graph);
	if (!r) {
		fullest = fullest_nodes(graph);
		r = fullest ? 0 : -ENOMEM;
	}
	for (i = 0; !r && i < graph->nodes.count; i++) {
		const struct node *node = node_at(graph, (uint32_t)i);

		if (node->redirect || graph->types->items.items[node->id].part_count != NOT_FILLED)
			continue;
		r = fill_type(graph, fullest[node->id] ? node_at(graph, fullest[node->id]) : node);
	}
	return r;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Functions and variables whose entry has no address: found by the names of the
 * symbols. Contract in read/dwarf-graph.h.
 */
#include "base/map.h"
#include "read/dwarf-graph.h"

#include <string.h>

#define PREFIX 32 /* bytes */

/* Virtual tables, type information, guards: made by the compiler, and in no debug information. */
static bool is_made(const char *name)
{
	return !strncmp(name, "_ZT", 3) || !strncmp(name, "_ZG", 3);
}

/* How a name begins: most are told apart by it, and long ones are not read to their end. */
static uint64_t prefix_hash(const char *name)
{
	return hash_bytes(name, strnlen(name, PREFIX));
}

/* Is it a string of .debug_str that is the name of no root? */
static bool is_unwanted(const struct graph *graph, const char *name)
{
	uintptr_t at = (uintptr_t)name - (uintptr_t)graph->strings.bytes;

	return at < graph->strings.size && (graph->unwanted[at / 8] >> at % 8 & 1);
}

int graph_note_name(struct graph *graph, struct dwarf_cursor *cursor)
{
	struct named_entry entry = {
		.offset = cursor->die.offset,
		.is_function = cursor->die.tag == DW_TAG_subprogram,
	};
	struct dwarf_value value;
	unsigned slot = AT_LINKAGE_NAME;

	if (!graph->prefixes.count)
		return 0;
	/* In C the name is the symbol's. */
	if (!dwarf_has(cursor, slot) && cursor->die.depth == 1 && dwarf_has(cursor, AT_EXTERNAL))
		slot = AT_NAME;
	if (!dwarf_has(cursor, slot))
		return 0;
	switch (dwarf_value(cursor, slot, &value)) {
	case DWARF_STRING:
		entry.name = value.string;
		break;
	case DWARF_STRING_ALT:
		entry.name = graph_alternate_string(graph, value.number);
		break;
	default:
		return 0;
	}
	if (!entry.name || is_unwanted(graph, entry.name) ||
	    numbers_get(&graph->prefixes, prefix_hash(entry.name)) == NUMBERS_NONE ||
	    !graph_spend(&graph->names_left, strlen(entry.name) + 1))
		return 0;
	return array_push(&graph->named, entry);
}

/*
 * Marks the strings of .debug_str that are the name of no root, so that they need not be
 * looked at again for each entry that has one of them.
 */
static int mark_unwanted(struct graph *graph, const struct numbers *names)
{
	struct fault fault;
	struct table t;
	const unsigned char *at, *end;
	int r = debug_section_get(graph->main->dwarf.sections, DEBUG_STR, false, &t, &fault);

	/* Where it is damaged, entries tell so. */
	if (r || !t.size)
		return r == -ENOMEM ? r : 0;
	graph->unwanted = calloc(t.size / 8 + 1, 1);
	if (!graph->unwanted)
		return -ENOMEM;
	graph->strings = t;
	for (at = t.bytes; (end = memchr(at, 0, t.size - (size_t)(at - t.bytes))) != NULL;
	     at = end + 1) {
		size_t place = (size_t)(at - t.bytes);

		if (numbers_get(names, hash_bytes(at, (size_t)(end - at))) == NUMBERS_NONE)
			graph->unwanted[place / 8] |= (unsigned char)(1 << place % 8);
	}
	return 0;
}

int graph_index_prefixes(struct graph *graph)
{
	struct numbers names = { 0 };
	size_t i;
	int r = 0;

	for (i = 0; !r && i < graph->root_count; i++) {
		const char *name = graph->roots[i].name;

		if (is_made(name))
			continue;
		r = numbers_add(&graph->prefixes, prefix_hash(name), 0);
		if (!r)
			r = numbers_add(&names, hash_bytes(name, strlen(name)), 0);
	}
	if (!r && names.count)
		r = mark_unwanted(graph, &names);
	numbers_done(&names);
	return r;
}

static int index_names(const struct graph *graph, struct numbers *names)
{
	size_t i;
	int r = 0;

	for (i = 0; !r && i < graph->root_count; i++) {
		const char *name = graph->roots[i].name;

		if (!graph->root_entries[i] && !is_made(name))
			r = numbers_add(names, hash_bytes(name, strlen(name)), (uint32_t)i);
	}
	return r;
}

static void look_up_name(struct graph *graph, const struct named_entry *entry,
			 const struct numbers *names)
{
	uint32_t root = numbers_get(names, hash_bytes(entry->name, strlen(entry->name)));

	if (root == NUMBERS_NONE || graph->root_entries[root] ||
	    strcmp(graph->roots[root].name, entry->name))
		return;
	graph->root_entries[root] = entry->offset;
	graph->roots[root].is_function = entry->is_function;
}

/* Several versions of a symbol have one name. */
static void share_names(struct graph *graph, const struct numbers *names)
{
	size_t i;

	for (i = 0; i < graph->root_count; i++) {
		const char *name = graph->roots[i].name;
		uint32_t first = graph->root_entries[i]
					 ? NUMBERS_NONE
					 : numbers_get(names, hash_bytes(name, strlen(name)));

		if (first == NUMBERS_NONE || strcmp(graph->roots[first].name, name))
			continue;
		graph->root_entries[i] = graph->root_entries[first];
		graph->roots[i].is_function = graph->roots[first].is_function;
	}
}

int graph_find_names(struct graph *graph)
{
	struct numbers names = { 0 };
	size_t i;
	int r = index_names(graph, &names);

	for (i = 0; !r && names.count && i < graph->named.count; i++)
		look_up_name(graph, &graph->named.items[i], &names);
	if (!r)
		share_names(graph, &names);
	numbers_done(&names);
	return r;
}

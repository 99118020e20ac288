/* SPDX-License-Identifier: Apache-2.0 */
/* The entries of symbols by their names, and the names of what has none of its own. Contract in
 * read/dwarf-graph.h. */
#include "base/map.h"
#include "read/dwarf-graph.h"

#include <string.h>

#define PREFIX 32 /* bytes */

bool graph_is_made(const char *name)
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

		if (graph_is_made(name))
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

/*
 * Functions that are alike may have been made one: the entry at their address is that of
 * one of them only. A mangled name is sure to mean the same everywhere.
 */
static bool is_better_by_name(const struct graph *graph, size_t root)
{
	uint32_t first = numbers_get(&graph->by_address, graph->roots[root].address);

	return first != NUMBERS_NONE && graph->next_root[first] != NUMBERS_NONE &&
	       graph->roots[root].is_function && !strncmp(graph->roots[root].name, "_Z", 2);
}

static int index_names(const struct graph *graph, struct numbers *names)
{
	size_t i;
	int r = 0;

	for (i = 0; !r && i < graph->root_count; i++) {
		const char *name = graph->roots[i].name;

		if ((!graph->root_entries[i] || is_better_by_name(graph, i)) &&
		    !graph_is_made(name))
			r = numbers_add(names, hash_bytes(name, strlen(name)), (uint32_t)i);
	}
	return r;
}

/* `taken`, by root: its entry is known to have its name. */
static void look_up_name(struct graph *graph, const struct named_entry *entry,
			 const struct numbers *names, bool keep, bool *taken)
{
	uint32_t root = numbers_get(names, hash_bytes(entry->name, strlen(entry->name)));

	if (root == NUMBERS_NONE || taken[root] || strcmp(graph->roots[root].name, entry->name) ||
	    (keep && graph->root_entries[root] != entry->offset))
		return;
	taken[root] = true;
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
	AUTO_FREE bool *taken = calloc(graph->root_count + 1, sizeof(*taken));
	struct numbers names = { 0 };
	size_t pass, i;
	int r = taken ? index_names(graph, &names) : -ENOMEM;

	/* First those whose entry has their address and their name. */
	for (pass = 0; pass < 2; pass++) {
		for (i = 0; !r && names.count && i < graph->named.count; i++)
			look_up_name(graph, &graph->named.items[i], &names, !pass, taken);
	}
	if (!r)
		share_names(graph, &names);
	numbers_done(&names);
	/* No name is asked for any longer. */
	array_done(&graph->named);
	numbers_done(&graph->prefixes);
	free(graph->unwanted);
	graph->unwanted = NULL;
	graph->strings = (struct table){ 0 };
	return r;
}

/* The last part of a mangled name: "N5outer4nameE" or "4name"; NULL: it is another kind of name. */
static const char *last_source_name(const char *mangled, size_t *ret_length)
{
	const char *at = mangled + (mangled[0] == 'N');
	const char *name = NULL;

	while (*at >= '1' && *at <= '9') {
		size_t length = 0;

		for (; *at >= '0' && *at <= '9' && length < UINT16_MAX; at++)
			length = length * 10 + (size_t)(*at - '0');
		if (!length || strnlen(at, length) < length)
			return NULL;
		name = at;
		*ret_length = length;
		at += length;
	}
	return !strcmp(at, mangled[0] == 'N' ? "E" : "") ? name : NULL;
}

int graph_typedef_name_of_linkage(struct graph *graph, struct dwarf_cursor *cursor,
				  const char **ret)
{
	const char *mangled = graph_string(graph, cursor, AT_LINKAGE_NAME);
	size_t length;
	const char *name = mangled ? last_source_name(mangled, &length) : NULL;

	*ret = NULL;
	if (!name)
		return 0;
	*ret = arena_strndup(&graph->types->arena, name, length);
	return *ret ? 0 : -ENOMEM;
}

int graph_share_typedef_name(struct graph *graph, uint64_t offset, uint64_t definition)
{
	uint32_t own = numbers_get(&graph->names_of_anonymous, offset);
	uint32_t other = numbers_get(&graph->names_of_anonymous, definition);
	int r;

	if (other == NUMBERS_NONE) {
		r = own == NUMBERS_NONE ? graph_note_anonymous(graph, offset, NULL) : 0;
		own = numbers_get(&graph->names_of_anonymous, offset);
		return r ? r : numbers_add(&graph->names_of_anonymous, definition, own);
	}
	if (own == NUMBERS_NONE)
		return numbers_add(&graph->names_of_anonymous, offset, other);
	if (!graph->typedef_names.items[other])
		graph->typedef_names.items[other] = graph->typedef_names.items[own];
	return 0;
}

int graph_note_anonymous(struct graph *graph, uint64_t offset, const char *name)
{
	if (array_push(&graph->typedef_names, name))
		return -ENOMEM;
	return numbers_add(&graph->names_of_anonymous, offset,
			   (uint32_t)graph->typedef_names.count - 1);
}

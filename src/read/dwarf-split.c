/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Split units (DWARF 5 §3.1.3, and GNU's form of DWARF 4): a skeleton in the main
 * file tells the addresses, the unit with the same id in another file all the
 * rest. Contract in read/dwarf-graph.h.
 */
#include "read/dwarf-graph.h"

#define MOST_LOOKED_FOR 60000 /* split files */

static const char *text_of(struct dwarf_cursor *cursor, unsigned slot)
{
	struct dwarf_value value;

	return dwarf_has(cursor, slot) && dwarf_value(cursor, slot, &value) == DWARF_STRING
		       ? value.string
		       : NULL;
}

int graph_note_skeleton(struct graph *graph, struct dwarf_cursor *cursor)
{
	size_t unit = (size_t)(cursor->unit - graph->main->dwarf.units.items);
	struct skeleton skeleton = {
		.id = cursor->bases.dwo_id,
		.name = text_of(cursor, AT_DWO_NAME),
		.dir = text_of(cursor, AT_COMP_DIR),
		.unit = unit,
		.count = 1,
	};
	uint32_t known = numbers_get(&graph->by_dwo_id, skeleton.id);

	graph->main->left_out[unit] = true;
	if (known != NUMBERS_NONE) {
		graph->skeletons.items[known].count++;
		return 0;
	}
	if (graph->skeletons.count >= NUMBERS_NONE)
		return 0;
	if (array_push(&graph->skeletons, skeleton))
		return -ENOMEM;
	return numbers_add(&graph->by_dwo_id, skeleton.id, (uint32_t)graph->skeletons.count - 1);
}

/* NULL: the unit is of no skeleton. Without an id nothing shows that they belong together. */
static struct skeleton *skeleton_of(struct graph *graph, uint64_t id)
{
	uint32_t place = id ? numbers_get(&graph->by_dwo_id, id) : NUMBERS_NONE;

	return place == NUMBERS_NONE ? NULL : &graph->skeletons.items[place];
}

int graph_adopt(struct graph *graph, struct dwarf_cursor *cursor)
{
	const struct skeleton *skeleton = skeleton_of(graph, cursor->bases.dwo_id);
	struct dwarf_cursor *main;
	int r;

	if (!cursor->dwarf->is_dwo || cursor->unit->type_offset || !skeleton)
		return 0;
	r = graph_cursor(graph, graph->main, &main);
	if (!r)
		r = dwarf_cursor_enter(main, &graph->main->dwarf.units.items[skeleton->unit]);
	if (!r)
		dwarf_cursor_adopt(cursor, main);
	return r == -ENOMEM ? r : 0;
}

/* Whether a unit of the split file is that of a skeleton which has none yet. */
static int match_unit(struct graph *graph, struct graph_file *file, size_t number, bool *ret_any)
{
	const struct dwarf_unit *unit = &file->dwarf.units.items[number];
	struct skeleton *skeleton;
	struct dwarf_cursor *cursor;
	uint64_t id = unit->signature;
	int r = 0;

	if (unit->is_damaged || unit->type_offset)
		return 0;
	if (unit->version < 5) {
		r = graph_cursor(graph, file, &cursor);
		if (!r)
			r = dwarf_cursor_enter(cursor, unit);
		if (!r)
			id = cursor->bases.dwo_id;
	}
	skeleton = r ? NULL : skeleton_of(graph, id);
	if (skeleton && !skeleton->is_found)
		*ret_any = skeleton->is_found = true;
	else
		file->left_out[number] = true;
	return r == -ENOMEM ? r : 0;
}

/* What has no unit of this library is not read: neither are its type units. */
static int add_split(struct graph *graph, struct debug_sections *sections)
{
	uint64_t key = (uint64_t)(uintptr_t)sections;
	struct graph_file *file;
	struct fault fault;
	bool any = false;
	size_t i;
	int r;

	if (numbers_get(&graph->split_files, key) != NUMBERS_NONE)
		return 0;
	r = numbers_add(&graph->split_files, key, 0);
	if (!r)
		r = graph_file_add(graph, sections, true, &file, &fault);
	if (r)
		return r == -ENOMEM ? r : 0;
	for (i = 0; !r && i < file->dwarf.units.count; i++)
		r = match_unit(graph, file, i, &any);
	if (!r && any)
		return graph_scan_file(graph, file);
	graph_file_drop(graph);
	return r;
}

static bool are_all_found(const struct graph *graph)
{
	size_t i;

	for (i = 0; i < graph->skeletons.count; i++) {
		if (!graph->skeletons.items[i].is_found)
			return false;
	}
	return true;
}

/* One file with all units of the library. */
static int scan_packages(struct graph *graph)
{
	struct debug_file *file;
	unsigned next = 0;
	int r = 0;

	while (!r && !are_all_found(graph)) {
		r = debug_files_package(graph->debug, &next, &file);
		if (r || !file)
			break;
		r = add_split(graph, &file->sections);
	}
	return r;
}

/* The file that a skeleton names: the first that has its unit. */
static int scan_split(struct graph *graph, size_t number)
{
	struct debug_file *file;
	unsigned next = 0;
	int r = 0;

	while (!r && !graph->skeletons.items[number].is_found) {
		const struct skeleton *s = &graph->skeletons.items[number];

		r = s->name ? debug_files_split(graph->debug, s->dir, s->name, &next, &file) : 0;
		if (r || !s->name || !file)
			break;
		r = add_split(graph, &file->sections);
	}
	return r;
}

static void count_missing(struct graph *graph)
{
	struct debug_files *debug = graph->debug;
	size_t i;

	debug->missing_splits = 0;
	debug->missing_split = NULL;
	for (i = 0; i < graph->skeletons.count; i++) {
		const struct skeleton *skeleton = &graph->skeletons.items[i];

		if (skeleton->is_found)
			continue;
		if (!debug->missing_splits)
			debug->missing_split = skeleton->name;
		debug->missing_splits += skeleton->count;
	}
	graph->types->missing_splits = debug->missing_splits;
}

int graph_scan_splits(struct graph *graph)
{
	struct debug_sections *main = &graph->debug->main->sections;
	size_t i;
	int r = 0;

	if (!graph->skeletons.count)
		return 0;
	/* An object may have both halves in itself. */
	if (debug_section_has(main, DEBUG_INFO, true))
		r = add_split(graph, main);
	if (!r)
		r = scan_packages(graph);
	for (i = 0; !r && i < graph->skeletons.count && i < MOST_LOOKED_FOR; i++)
		r = scan_split(graph, i);
	if (!r)
		count_missing(graph);
	return r;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The files of one graph, and cursors in them; contract in read/dwarf-graph.h. */
#include "read/dwarf-graph.h"

#include <string.h>

#define EXTENT_MOST (UINT64_C(1) << GRAPH_FILE_SHIFT)
#define MOST_FILES 65000

static void give_up_cursor(struct graph_file *file)
{
	if (!file->cursor)
		return;
	file->abbrev_left = file->cursor->abbrev_left;
	dwarf_cursor_done(file->cursor);
	free(file->cursor);
	file->cursor = NULL;
}

static void file_free(struct graph_file *file)
{
	if (file->cursor)
		dwarf_cursor_done(file->cursor);
	free(file->cursor);
	free(file->left_out);
	dwarf_done(&file->dwarf);
	free(file);
}

/* What sound files never use up is counted by their size. */
static void grant(struct graph *graph, uint64_t extent)
{
	graph->names_left += 64 * extent;
	graph->walk_left += 64 * extent;
	graph->rebuild_left += extent / 2 + 1000;
}

int graph_file_add(struct graph *graph, struct debug_sections *sections, bool is_dwo,
		   struct graph_file **ret, struct fault *ret_fault)
{
	struct graph_file *file = calloc(1, sizeof(*file));
	uint64_t base = (uint64_t)graph->files.count << GRAPH_FILE_SHIFT;
	int r;

	if (!file)
		return -ENOMEM;
	r = dwarf_init_at(&file->dwarf, sections, is_dwo, dwarf_graph_wanted,
			  ARRAY_SIZE(dwarf_graph_wanted), base);
	*ret_fault = file->dwarf.fault;
	if (!r && (dwarf_extent(&file->dwarf) >= EXTENT_MOST || graph->files.count >= MOST_FILES))
		r = -EBADMSG;
	if (!r) {
		file->left_out = calloc(file->dwarf.units.count + 1, sizeof(bool));
		r = file->left_out ? array_push(&graph->files, file) : -ENOMEM;
	}
	if (r) {
		file_free(file);
		return r;
	}
	file->abbrev_left = UINT64_MAX;
	graph->types->unit_count += file->dwarf.units.count;
	grant(graph, dwarf_extent(&file->dwarf));
	*ret = file;
	return 0;
}

void graph_file_drop(struct graph *graph)
{
	struct graph_file *file = graph->files.items[--graph->files.count];
	size_t i;

	for (i = 0; i < GRAPH_MOST_CURSORS; i++) {
		if (graph->with_cursor[i] == file)
			graph->with_cursor[i] = NULL;
	}
	graph->types->unit_count -= file->dwarf.units.count;
	file_free(file);
}

static int make_cursor(struct graph_file *file)
{
	file->cursor = malloc(sizeof(*file->cursor));
	if (!file->cursor)
		return -ENOMEM;
	dwarf_cursor_init(file->cursor, &file->dwarf);
	file->cursor->keeps_tables = true;
	if (file->abbrev_left < file->cursor->abbrev_left)
		file->cursor->abbrev_left = file->abbrev_left;
	return 0;
}

int graph_cursor(struct graph *graph, struct graph_file *file, struct dwarf_cursor **ret)
{
	unsigned place = graph->next_cursor;

	if (!file->cursor) {
		if (make_cursor(file))
			return -ENOMEM;
		if (graph->with_cursor[place])
			give_up_cursor(graph->with_cursor[place]);
		graph->with_cursor[place] = file;
		graph->next_cursor = (place + 1) % GRAPH_MOST_CURSORS;
	}
	*ret = file->cursor;
	return 0;
}

/* Ends at the last NUL, so that each offset inside is a string. */
static int load_alternate_strings(struct graph *graph, struct debug_sections *sections)
{
	struct table *t = &graph->alternate_strings;
	struct fault fault;
	const unsigned char *end;
	int r = debug_section_get(sections, DEBUG_STR, false, t, &fault);

	end = !r && t->size ? memrchr(t->bytes, 0, t->size) : NULL;
	t->size = end ? (size_t)(end - t->bytes) + 1 : 0;
	return r == -ENOMEM ? r : 0;
}

/* One that cannot be read is as good as none. */
static int add_alternate(struct graph *graph)
{
	struct debug_file *alternate = graph->debug->alternate;
	struct fault fault;
	int r;

	if (!alternate)
		return 0;
	r = graph_file_add(graph, &alternate->sections, false, &graph->alternate, &fault);
	if (r == -EBADMSG) {
		graph->debug->alternate_problem = "the alternate file is damaged";
		return 0;
	}
	if (r)
		return r;
	graph->alternate->is_alternate = true;
	memset(graph->alternate->left_out, true, graph->alternate->dwarf.units.count);
	return load_alternate_strings(graph, &alternate->sections);
}

int graph_files_init(struct graph *graph, struct fault *ret_fault)
{
	int r;

	graph->names_left = graph->walk_left = 1 << 20;
	/* The alternate file first: what others refer to must have been seen before. */
	r = add_alternate(graph);
	return r ? r
		 : graph_file_add(graph, &graph->debug->main->sections, false, &graph->main,
				  ret_fault);
}

void graph_files_done(struct graph *graph)
{
	size_t i;

	for (i = 0; i < graph->files.count; i++)
		file_free(graph->files.items[i]);
	array_done(&graph->files);
	array_done(&graph->skeletons);
	numbers_done(&graph->by_dwo_id);
	numbers_done(&graph->split_files);
}

/* Units of the alternate file whose own imports are still to be looked at. */
struct imports {
	struct graph *graph;
	struct array_of(size_t) units;
};

static int import_unit(struct imports *imports, uint64_t offset)
{
	struct graph_file *alternate = imports->graph->alternate;
	const struct dwarf_unit *unit = dwarf_unit_find(&alternate->dwarf, offset);
	size_t number;

	if (!unit)
		return 0;
	number = (size_t)(unit - alternate->dwarf.units.items);
	if (!alternate->left_out[number])
		return 0;
	alternate->left_out[number] = false;
	return array_push(&imports->units, number);
}

/* Looks for imports among the entries directly inside of the unit's first. */
static int find_in_unit(struct imports *imports, struct dwarf_cursor *cursor,
			const struct dwarf_unit *unit)
{
	uint64_t base = imports->graph->alternate->dwarf.base;
	enum dwarf_kind kind = cursor->dwarf->base == base ? DWARF_REF : DWARF_REF_ALT;
	struct dwarf_value value;
	int r = dwarf_cursor_enter(cursor, unit);

	while (!r && (r = dwarf_cursor_next(cursor)) > 0) {
		r = 0;
		if (!cursor->die.depth)
			continue;
		if (cursor->die.tag == DW_TAG_imported_unit &&
		    dwarf_value(cursor, AT_IMPORT, &value) == kind)
			r = import_unit(imports,
					kind == DWARF_REF ? value.number : base + value.number);
		if (!r && cursor->die.has_children)
			r = dwarf_cursor_skip(cursor);
	}
	return r == -EBADMSG ? 0 : r; /* the scan counts it */
}

static int find_imports(struct imports *imports, struct dwarf_cursor *cursor)
{
	struct graph *graph = imports->graph;
	size_t i;
	int r = 0;

	dwarf_cursor_init(cursor, &graph->main->dwarf);
	for (i = 0; !r && i < graph->main->dwarf.units.count; i++)
		r = find_in_unit(imports, cursor, &graph->main->dwarf.units.items[i]);
	dwarf_cursor_done(cursor);
	dwarf_cursor_init(cursor, &graph->alternate->dwarf);
	for (i = 0; !r && i < imports->units.count; i++)
		r = find_in_unit(imports, cursor,
				 &graph->alternate->dwarf.units.items[imports->units.items[i]]);
	dwarf_cursor_done(cursor);
	return r;
}

int graph_find_imports(struct graph *graph)
{
	struct imports imports = { .graph = graph };
	AUTO_FREE struct dwarf_cursor *cursor = malloc(sizeof(*cursor));
	int r;

	if (!cursor)
		return -ENOMEM;
	r = find_imports(&imports, cursor);
	array_done(&imports.units);
	return r;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * .debug_cu_index and .debug_tu_index (DWARF 5 §7.3.5, and GNU's form of version 2).
 * The hash tables in them are not needed: all rows are read. Contract in
 * read/dwarf-package.h.
 */
#include "read/dwarf-package.h"

#include <string.h>

#define HEADER_SIZE 16
#define MOST_COLUMNS 16 /* there are eight kinds of sections */

/* Columns by what they are of; DW_SECT_. */
enum {
	SECT_INFO = 1,
	SECT_TYPES = 2, /* version 2 only */
	SECT_ABBREV = 3,
	SECT_STR_OFFSETS = 6,
	SECT_RNGLISTS = 8, /* version 5 only */
	SECT_COUNT,
};

struct index {
	struct table table;
	bool swap;
	uint32_t version;
	uint32_t columns;
	uint32_t units;
	const unsigned char *offsets; /* by row, then by column */
	const unsigned char *sizes;
	uint32_t column_of[SECT_COUNT]; /* MOST_COLUMNS: none */
};

static int damaged(struct fault *ret_fault, enum debug_section_id id, uint64_t offset,
		   const char *text)
{
	*ret_fault = (struct fault){ "input/damaged-debug-info", debug_section_name(id, false),
				     offset, text };
	return -EBADMSG;
}

/* The sizes that the header tells; false: they are more than the section has. */
static bool lay_out(struct index *index, uint32_t slots)
{
	uint64_t row = 4 * (uint64_t)index->columns;
	uint64_t before = HEADER_SIZE + 12 * (uint64_t)slots + row;
	uint64_t cells = index->units * row;

	if (!index->columns || index->columns > MOST_COLUMNS || before > index->table.size ||
	    cells > (index->table.size - before) / 2)
		return false;
	index->offsets = index->table.bytes + before;
	index->sizes = index->offsets + cells;
	return true;
}

static void find_columns(struct index *index)
{
	const unsigned char *names = index->offsets - 4 * (size_t)index->columns;
	uint32_t i;

	for (i = 0; i < SECT_COUNT; i++)
		index->column_of[i] = MOST_COLUMNS;
	for (i = 0; i < index->columns; i++) {
		uint32_t name = elf_u32(index->swap, names + 4 * (size_t)i);

		if (name < SECT_COUNT && index->column_of[name] == MOST_COLUMNS)
			index->column_of[name] = i;
	}
	if (index->version < 5)
		index->column_of[SECT_RNGLISTS] = MOST_COLUMNS;
	else
		index->column_of[SECT_TYPES] = MOST_COLUMNS;
}

static int open_index(struct index *index, enum debug_section_id id, struct fault *ret_fault)
{
	const unsigned char *bytes = index->table.bytes;
	uint32_t slots;

	if (index->table.size < HEADER_SIZE)
		return damaged(ret_fault, id, 0, "the index ends inside its header");
	index->version = elf_u16(index->swap, bytes);
	if (index->version != 5)
		index->version = elf_u32(index->swap, bytes);
	if (index->version != 2 && index->version != 5)
		return damaged(ret_fault, id, 0, "the index is of an unknown version");
	index->columns = elf_u32(index->swap, bytes + 4);
	index->units = elf_u32(index->swap, bytes + 8);
	slots = elf_u32(index->swap, bytes + 12);
	if (index->units && !lay_out(index, slots))
		return damaged(ret_fault, id, 4, "the index is larger than its section");
	if (index->units)
		find_columns(index);
	return 0;
}

static uint32_t cell(const struct index *index, const unsigned char *rows, uint32_t row,
		     unsigned section)
{
	uint32_t column = index->column_of[section];

	if (column == MOST_COLUMNS)
		return 0;
	return elf_u32(index->swap, rows + 4 * ((size_t)row * index->columns + column));
}

static int take_row(struct dwarf_package *package, const struct index *index, uint32_t row,
		    bool in_types)
{
	unsigned own = in_types ? SECT_TYPES : SECT_INFO;
	struct dwarf_parts parts = {
		.start = cell(index, index->offsets, row, own),
		.abbrev = cell(index, index->offsets, row, SECT_ABBREV),
		.str_offsets = cell(index, index->offsets, row, SECT_STR_OFFSETS),
		.rnglists = cell(index, index->offsets, row, SECT_RNGLISTS),
	};

	parts.end = parts.start + cell(index, index->sizes, row, own);
	if (parts.end == parts.start)
		return 0;
	return in_types ? array_push(&package->types, parts) : array_push(&package->info, parts);
}

static int read_index(struct dwarf_package *package, struct debug_sections *sections,
		      enum debug_section_id id, struct fault *ret_fault)
{
	struct index index = { .swap = sections->object.swap };
	bool in_types;
	uint32_t i;
	int r;

	if (!debug_section_has(sections, id, false))
		return 0;
	package->is_there = true;
	r = debug_section_get(sections, id, false, &index.table, ret_fault);
	if (!r)
		r = open_index(&index, id, ret_fault);
	in_types = !r && index.units && id == DEBUG_TU_INDEX && index.version < 5;
	for (i = 0; !r && i < index.units; i++)
		r = take_row(package, &index, i, in_types);
	return r;
}

static int compare_parts(const void *a, const void *b)
{
	const struct dwarf_parts *x = a;
	const struct dwarf_parts *y = b;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return x->end < y->end ? -1 : x->end > y->end;
}

int dwarf_package_init(struct dwarf_package *ret, struct debug_sections *sections,
		       struct fault *ret_fault)
{
	int r;

	*ret = (struct dwarf_package){ 0 };
	r = read_index(ret, sections, DEBUG_CU_INDEX, ret_fault);
	if (!r)
		r = read_index(ret, sections, DEBUG_TU_INDEX, ret_fault);
	if (ret->info.count)
		qsort(ret->info.items, ret->info.count, sizeof(ret->info.items[0]), compare_parts);
	if (ret->types.count)
		qsort(ret->types.items, ret->types.count, sizeof(ret->types.items[0]),
		      compare_parts);
	return r;
}

void dwarf_package_done(struct dwarf_package *package)
{
	array_done(&package->info);
	array_done(&package->types);
}

const struct dwarf_parts *dwarf_package_find(const struct dwarf_package *package, bool in_types,
					     uint64_t offset)
{
	const struct dwarf_parts *items = in_types ? package->types.items : package->info.items;
	size_t high = in_types ? package->types.count : package->info.count;
	size_t low = 0;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (items[middle].start <= offset)
			low = middle + 1;
		else
			high = middle;
	}
	return low && offset < items[low - 1].end ? &items[low - 1] : NULL;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in read/dwarf-line.h. */
#include "read/dwarf-line.h"
#include "model/dwarf-codes.h"
#include "read/dwarf-bytes.h"

#include <string.h>

#define MOST_OPCODES 256
#define MOST_FORMATS 16 /* of an entry: DWARF knows five */

enum {
	LNCT_PATH = 1,
	LNCT_DIRECTORY = 2,
};

enum {
	LNS_COPY = 1,
	LNS_ADVANCE_PC,
	LNS_ADVANCE_LINE,
	LNS_SET_FILE,
	LNS_SET_COLUMN,
	LNS_NEGATE_STMT,
	LNS_SET_BASIC_BLOCK,
	LNS_CONST_ADD_PC,
	LNS_FIXED_ADVANCE_PC,
};

enum {
	LNE_END_SEQUENCE = 1,
	LNE_SET_ADDRESS,
	LNE_DEFINE_FILE,
};

/* A name: here, or at a place in another section. */
struct line_name {
	const char *text; /* NULL: it is none, or elsewhere */
	uint64_t offset;
	enum debug_section_id section;
	bool is_elsewhere;
};

struct line_file {
	struct line_name name;
	uint64_t folder; /* its number */
};

struct unit {
	struct debug_sections *sections;
	struct arena *arena;
	struct source_line *lines; /* that are asked for, by address */
	size_t count;
	const unsigned char *at, *end;
	bool is_big;
	uint16_t version;
	uint8_t offset_size;
	uint8_t address_size;
	uint8_t least_length;
	uint8_t most_operations;
	int8_t line_base;
	uint8_t line_range;
	uint8_t opcode_base;
	uint8_t lengths[MOST_OPCODES];
	struct array_of(struct line_name) folders;
	struct array_of(struct line_file) files;
	struct array_of(const char *) texts; /* by file: its path, once it was made; or NULL */
	uint64_t *budget; /* answers that may still be looked at, in all tables */
	bool no_memory;
};

/* Of the line number machine. */
struct row {
	uint64_t address;
	uint64_t operation;
	uint64_t file;
	uint64_t line;
};

static bool take(struct unit *u, unsigned size, uint64_t *ret)
{
	if ((size_t)(u->end - u->at) < size)
		return false;
	*ret = dwarf_fixed(u->is_big, u->at, size);
	u->at += size;
	return true;
}

static bool take_byte(struct unit *u, uint8_t *ret)
{
	uint64_t v;

	if (!take(u, 1, &v))
		return false;
	*ret = (uint8_t)v;
	return true;
}

static bool take_string(struct unit *u, const char **ret)
{
	const unsigned char *stop = memchr(u->at, '\0', (size_t)(u->end - u->at));

	if (!stop)
		return false;
	*ret = (const char *)u->at;
	u->at = stop + 1;
	return true;
}

/* NULL: there is none. */
static const char *name_text(struct unit *u, const struct line_name *name)
{
	struct table table;
	struct fault fault = { 0 };
	int r;

	if (!name->is_elsewhere)
		return name->text;
	r = debug_section_get(u->sections, name->section, false, &table, &fault);
	u->no_memory |= r == -ENOMEM;
	if (r || name->offset >= table.size ||
	    !memchr(table.bytes + name->offset, '\0', table.size - name->offset))
		return NULL;
	return (const char *)table.bytes + name->offset;
}

/* One field of an entry of DWARF 5; a string or a number. False: cut off, or of no known form. */
static bool take_form(struct unit *u, uint64_t form, struct line_name *ret_name, uint64_t *ret)
{
	uint64_t size;

	*ret_name = (struct line_name){ 0 };
	*ret = 0;
	switch (form) {
	case DW_FORM_string:
		return take_string(u, &ret_name->text);
	case DW_FORM_line_strp:
	case DW_FORM_strp:
		if (!take(u, u->offset_size, ret))
			return false;
		ret_name->is_elsewhere = true;
		ret_name->section = form == DW_FORM_strp ? DEBUG_STR : DEBUG_LINE_STR;
		ret_name->offset = *ret;
		return true;
	case DW_FORM_udata:
		return dwarf_uleb(&u->at, u->end, ret);
	case DW_FORM_data1:
	case DW_FORM_data2:
	case DW_FORM_data4:
	case DW_FORM_data8:
		return take(u,
			    form == DW_FORM_data1   ? 1
			    : form == DW_FORM_data2 ? 2
			    : form == DW_FORM_data4 ? 4
						    : 8,
			    ret);
	case DW_FORM_data16:
		size = 16;
		break;
	case DW_FORM_block:
		if (!dwarf_uleb(&u->at, u->end, &size))
			return false;
		break;
	default:
		return false;
	}
	if (size > (uint64_t)(u->end - u->at))
		return false;
	u->at += size;
	return true;
}

/* The folders, or the files, of DWARF 5: first how each is written. */
static bool take_entries(struct unit *u, bool are_files)
{
	uint64_t content[MOST_FORMATS], form[MOST_FORMATS];
	uint8_t format_count;
	uint64_t count, i, k;

	if (!take_byte(u, &format_count) || format_count > MOST_FORMATS)
		return false;
	for (i = 0; i < format_count; i++) {
		if (!dwarf_uleb(&u->at, u->end, &content[i]) ||
		    !dwarf_uleb(&u->at, u->end, &form[i]))
			return false;
	}
	if (!dwarf_uleb(&u->at, u->end, &count))
		return false;
	/* Each entry takes a byte at least. */
	if (count > (uint64_t)(u->end - u->at) || (count && !format_count))
		return false;
	for (i = 0; i < count; i++) {
		struct line_file file = { 0 };

		for (k = 0; k < format_count; k++) {
			const unsigned char *before = u->at;
			struct line_name name;
			uint64_t number;

			if (!take_form(u, form[k], &name, &number) || u->at == before)
				return false;
			if (content[k] == LNCT_PATH)
				file.name = name;
			else if (content[k] == LNCT_DIRECTORY)
				file.folder = number;
		}
		if (are_files ? array_push(&u->files, file) : array_push(&u->folders, file.name)) {
			u->no_memory = true;
			return false;
		}
	}
	return true;
}

static bool take_file(struct unit *u, const char *name)
{
	struct line_file file = { .name = { .text = name } };
	uint64_t number;

	/* Its folder, time and size. */
	if (!dwarf_uleb(&u->at, u->end, &file.folder) || !dwarf_uleb(&u->at, u->end, &number) ||
	    !dwarf_uleb(&u->at, u->end, &number))
		return false;
	u->no_memory |= array_push(&u->files, file) != 0;
	return !u->no_memory;
}

/* Up to DWARF 4: lists that end with an empty name. Both count from 1. */
static bool take_old_entries(struct unit *u)
{
	const char *name = NULL;

	u->no_memory |= array_push(&u->folders, (struct line_name){ 0 }) != 0;
	while (!u->no_memory) {
		if (!take_string(u, &name))
			return false;
		if (!*name)
			break;
		u->no_memory |= array_push(&u->folders, (struct line_name){ .text = name }) != 0;
	}
	u->no_memory |= array_push(&u->files, (struct line_file){ 0 }) != 0;
	while (!u->no_memory) {
		if (!take_string(u, &name))
			return false;
		if (!*name)
			return true;
		if (!take_file(u, name))
			return false;
	}
	return false;
}

static const char *folder_text(struct unit *u, uint64_t number)
{
	const char *folder, *first;

	if (!number || number >= u->folders.count)
		return NULL;
	folder = name_text(u, &u->folders.items[number]);
	/* gcc names the folder that it worked in once more. */
	first = u->version >= 5 ? name_text(u, &u->folders.items[0]) : NULL;
	return folder && first && !strcmp(folder, first) ? NULL : folder;
}

/* The path of a file: one of the folder that was compiled in is told as it was named. */
static const char *file_text(struct unit *u, uint64_t number)
{
	const char *folder, *name, *text;

	if (number >= u->files.count)
		return NULL;
	while (u->texts.count <= number) {
		if (array_push(&u->texts, NULL)) {
			u->no_memory = true;
			return NULL;
		}
	}
	if (u->texts.items[number])
		return u->texts.items[number];
	name = name_text(u, &u->files.items[number].name);
	if (!name)
		return NULL;
	folder = folder_text(u, u->files.items[number].folder);
	text = folder && *name != '/' ? arena_printf(u->arena, "%s/%s", folder, name)
				      : arena_strdup(u->arena, name);
	u->no_memory |= !text;
	u->texts.items[number] = text;
	return text;
}

static size_t first_from(const struct unit *u, uint64_t address)
{
	size_t low = 0;
	size_t high = u->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (u->lines[middle].address < address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* All addresses from the row up to `end` are of its line. */
static void answer(struct unit *u, const struct row *row, uint64_t end)
{
	size_t i;

	for (i = row->address < end ? first_from(u, row->address) : u->count;
	     i < u->count && u->lines[i].address < end && !u->no_memory; i++) {
		if (!*u->budget)
			return;
		--*u->budget;
		if (u->lines[i].file)
			continue;
		u->lines[i].file = file_text(u, row->file);
		u->lines[i].line = row->line > UINT32_MAX ? 0 : (uint32_t)row->line;
	}
}

static void advance(const struct unit *u, struct row *row, uint64_t operations)
{
	uint64_t all = row->operation + operations;

	if (u->most_operations <= 1) {
		row->address += operations * u->least_length;
		return;
	}
	row->address += u->least_length * (all / u->most_operations);
	row->operation = all % u->most_operations;
}

static const struct row first_row = { .file = 1, .line = 1 };

/* What the machine does: its row, the one before it, and whether there is such. */
struct machine_state {
	struct row row, last;
	bool has_last;
};

static void emit(struct unit *u, struct machine_state *m)
{
	if (m->has_last)
		answer(u, &m->last, m->row.address);
	m->last = m->row;
	m->has_last = true;
}

static bool run_extended(struct unit *u, struct machine_state *m)
{
	const unsigned char *stop;
	const char *name;
	uint64_t length;
	uint8_t opcode;

	if (!dwarf_uleb(&u->at, u->end, &length) || !length || length > (uint64_t)(u->end - u->at))
		return false;
	stop = u->at + length;
	if (!take_byte(u, &opcode))
		return false;
	if (opcode == LNE_END_SEQUENCE) {
		emit(u, m);
		*m = (struct machine_state){ .row = first_row };
	} else if (opcode == LNE_SET_ADDRESS && length - 1 <= 8) {
		if (!take(u, (unsigned)length - 1, &m->row.address))
			return false;
		m->row.operation = 0;
	} else if (opcode == LNE_DEFINE_FILE) {
		if (!take_string(u, &name) || !take_file(u, name))
			return false;
	}
	u->at = stop;
	return true;
}

static bool run_standard(struct unit *u, struct machine_state *m, uint8_t opcode)
{
	uint64_t number;
	int64_t signed_number;
	uint8_t i;

	switch (opcode) {
	case LNS_COPY:
		emit(u, m);
		return true;
	case LNS_ADVANCE_PC:
		if (!dwarf_uleb(&u->at, u->end, &number))
			return false;
		advance(u, &m->row, number);
		return true;
	case LNS_ADVANCE_LINE:
		if (!dwarf_sleb(&u->at, u->end, &signed_number))
			return false;
		m->row.line += (uint64_t)signed_number;
		return true;
	case LNS_SET_FILE:
		return dwarf_uleb(&u->at, u->end, &m->row.file);
	case LNS_CONST_ADD_PC:
		advance(u, &m->row, (255u - u->opcode_base) / u->line_range);
		return true;
	case LNS_FIXED_ADVANCE_PC:
		if (!take(u, 2, &number))
			return false;
		m->row.address += number;
		m->row.operation = 0;
		return true;
	default:
		for (i = 0; i < u->lengths[opcode]; i++) {
			if (!dwarf_uleb(&u->at, u->end, &number))
				return false;
		}
		return true;
	}
}

static bool run_program(struct unit *u)
{
	struct machine_state m = { .row = first_row };
	uint8_t opcode;

	while (u->at < u->end && !u->no_memory) {
		bool is_fine = true;

		if (!take_byte(u, &opcode))
			return false;
		if (!opcode) {
			is_fine = run_extended(u, &m);
		} else if (opcode < u->opcode_base) {
			is_fine = run_standard(u, &m, opcode);
		} else {
			unsigned special = opcode - u->opcode_base;

			advance(u, &m.row, special / u->line_range);
			m.row.line +=
				(uint64_t)(int64_t)(u->line_base + (int)(special % u->line_range));
			emit(u, &m);
		}
		if (!is_fine)
			return false;
	}
	return true;
}

/* From behind the version on. */
static bool take_header(struct unit *u, const unsigned char **ret_program)
{
	uint64_t length;
	uint8_t byte, i;

	u->address_size = 8;
	if (u->version >= 5 && (!take_byte(u, &u->address_size) || !take_byte(u, &byte)))
		return false;
	if (!take(u, u->offset_size, &length) || length > (uint64_t)(u->end - u->at))
		return false;
	*ret_program = u->at + length;
	u->most_operations = 1;
	if (!take_byte(u, &u->least_length) ||
	    (u->version >= 4 && !take_byte(u, &u->most_operations)) || !take_byte(u, &byte) ||
	    !take_byte(u, &byte))
		return false;
	u->line_base = (int8_t)byte;
	if (!take_byte(u, &u->line_range) || !take_byte(u, &u->opcode_base) || !u->line_range ||
	    !u->opcode_base)
		return false;
	for (i = 1; i < u->opcode_base; i++) {
		if (!take_byte(u, &u->lengths[i]))
			return false;
	}
	return true;
}

/* False: it is damaged. */
static bool read_unit(struct unit *u)
{
	const unsigned char *program;
	uint64_t version;

	if (!take(u, 2, &version) || version < 2 || version > 5)
		return false;
	u->version = (uint16_t)version;
	if (!take_header(u, &program))
		return false;
	if (u->version >= 5 ? !take_entries(u, false) || !take_entries(u, true)
			    : !take_old_entries(u))
		return false;
	u->at = program;
	return run_program(u);
}

static void unit_done(struct unit *u)
{
	array_done(&u->folders);
	array_done(&u->files);
	array_done(&u->texts);
}

static int by_address(const void *a, const void *b)
{
	const struct source_line *x = a;
	const struct source_line *y = b;

	return x->address < y->address ? -1 : x->address > y->address;
}

/* The next table of the section: *at goes behind it. False: there is no more to be had. */
static bool next_unit(const struct table *section, size_t *at, struct unit *u)
{
	const unsigned char *bytes = section->bytes + *at;
	size_t left = section->size - *at;
	uint64_t length;

	if (left < 4)
		return false;
	length = dwarf_fixed(u->is_big, bytes, 4);
	u->offset_size = 4;
	u->at = bytes + 4;
	left -= 4;
	if (length == UINT32_MAX) {
		if (left < 8)
			return false;
		length = dwarf_fixed(u->is_big, u->at, 8);
		u->offset_size = 8;
		u->at += 8;
		left -= 8;
	}
	if (length > left)
		return false;
	u->end = u->at + length;
	*at = (size_t)(u->end - section->bytes);
	return true;
}

int dwarf_lines(struct debug_sections *sections, struct arena *arena, struct source_line *lines,
		size_t count, size_t *ret_damaged)
{
	struct table section;
	struct fault fault = { 0 };
	size_t at = 0;
	uint64_t budget;
	int r;

	if (count)
		qsort(lines, count, sizeof(*lines), by_address);
	r = debug_section_get(sections, DEBUG_LINE, false, &section, &fault);
	*ret_damaged = r == -EBADMSG;
	if (r || !count)
		return r == -ENOMEM ? r : 0;
	budget = 64 * (uint64_t)count + section.size;
	while (section.bytes && at < section.size) {
		struct unit u = { .sections = sections,
				  .arena = arena,
				  .lines = lines,
				  .count = count,
				  .is_big = sections->object.is_big,
				  .budget = &budget };
		bool no_memory;

		if (!next_unit(&section, &at, &u)) {
			++*ret_damaged;
			break;
		}
		*ret_damaged += !read_unit(&u);
		no_memory = u.no_memory;
		unit_done(&u);
		if (no_memory)
			return -ENOMEM;
	}
	return 0;
}

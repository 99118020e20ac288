/* SPDX-License-Identifier: Apache-2.0 */
/* From one entry to the next (DWARF 5 §7.5.2, §7.5.3); contract in read/dwarf.h. */
#include "read/dwarf-abbrev.h"
#include "read/dwarf-bytes.h"

/* What is decoded of .debug_abbrev in all: see dwarf-abbrev.c. */
#define DECODE_FACTOR 16
#define DECODE_BASE (4 << 20)

static uint64_t offset_of(const struct dwarf_cursor *c, const unsigned char *at)
{
	return c->unit->offset + (uint64_t)(at - c->unit->bytes);
}

static int fail(struct dwarf_cursor *c, const unsigned char *at, const char *rule, const char *text)
{
	bool in_types = c->unit->in_types;

	c->done = true;
	c->fault = (struct fault){
		rule, debug_section_name(in_types ? DEBUG_TYPES : DEBUG_INFO, c->dwarf->is_dwo),
		offset_of(c, at) - c->dwarf->base - (in_types ? c->dwarf->info.size : 0), text
	};
	return -EBADMSG;
}

static int damaged(struct dwarf_cursor *c, const unsigned char *at, const char *text)
{
	return fail(c, at, "input/damaged-debug-info", text);
}

/* Over one entry's values. NULL: they do not end inside the unit. */
static inline __attribute__((always_inline)) const unsigned char *
run(struct dwarf_cursor *c, const struct dwarf_abbrev *abbrev, const unsigned char *at)
{
	const struct dwarf_step *steps = c->table->steps;
	const unsigned char *end = c->end;
	uint32_t i;

	c->die.marks[0] = at;
	for (i = 0; i < abbrev->step_count; i++) {
		const struct dwarf_step *step = &steps[abbrev->step + i];

		/* A value that is cut off leaves `at` past the end; each has a byte at least. */
		if (end - at <= (ptrdiff_t)step->skip)
			return NULL;
		at += step->skip;
		if (step->load <= LOAD_SLEB)
			at = dwarf_skip_leb(at, end);
		else if (step->load == LOAD_BLOCK && *at < 0x80)
			at = end - at > *at ? at + *at + 1 : end + 1;
		else
			at = dwarf_skip(c, step->load, at, end);
		c->die.marks[step->mark] = at;
	}
	return end - at < (ptrdiff_t)abbrev->tail ? NULL : at + abbrev->tail;
}

/* The code of the next entry, 0 for the end of a list of siblings. */
static inline bool take_code(struct dwarf_cursor *c, uint64_t *ret)
{
	if (!(*c->at & 0x80)) {
		*ret = *c->at++;
		return true;
	}
	return dwarf_uleb(&c->at, c->end, ret);
}

static inline int enter_children(struct dwarf_cursor *c)
{
	if (c->depth >= DWARF_DEPTH_MAX - 1)
		return fail(c, c->at, "input/limit", "entries are nested too deeply");
	c->parents[c->depth++] = c->die.offset;
	return 1;
}

static inline __attribute__((always_inline)) int take_die(struct dwarf_cursor *c,
							  const unsigned char *start, uint64_t code)
{
	const struct dwarf_abbrev *abbrev = dwarf_abbrev_find(c->table, code);
	const unsigned char *at;

	if (!abbrev)
		return damaged(c, start,
			       c->table->is_damaged ? "the unit's abbreviations are cut off"
						    : "the entry's abbreviation is not there");
	if (abbrev->is_unknown)
		return damaged(c, start, "the entry has an attribute of an unknown form");
	at = run(c, abbrev, c->at);
	if (!at)
		return damaged(c, start, "the entry is cut off");
	c->at = at;
	c->die.offset = offset_of(c, start);
	c->die.depth = c->depth;
	c->die.parent = c->depth ? c->parents[c->depth - 1] : 0;
	c->die.has = abbrev->has;
	c->die.abbrev = abbrev;
	c->die.tag = abbrev->tag;
	c->die.has_children = abbrev->has_children;
	if (abbrev->has_children)
		return enter_children(c);
	c->done = !c->depth;
	return 1;
}

enum { STEP_END, STEP_ENTRY, STEP_LIST_END };

static inline int take_step(struct dwarf_cursor *c)
{
	const unsigned char *start = c->at;
	uint64_t code;

	/* Some producers leave out the last ends of lists: the end of the unit ends them all. */
	if (c->done || c->at >= c->end) {
		c->done = true;
		return c->out_of_memory ? -ENOMEM : c->fault.rule ? -EBADMSG : STEP_END;
	}
	if (!take_code(c, &code))
		return damaged(c, start, "the entry is cut off");
	if (code)
		return take_die(c, start, code);
	if (c->depth)
		c->depth--;
	c->done = !c->depth;
	return STEP_LIST_END;
}

int dwarf_cursor_next(struct dwarf_cursor *cursor)
{
	int r;

	do
		r = take_step(cursor);
	while (r == STEP_LIST_END);
	return r;
}

/* To the entry's sibling, when it tells where that is. 1: done, 0: it does not tell. */
static int jump(struct dwarf_cursor *c, uint32_t depth)
{
	const unsigned char *start = c->unit->bytes + (c->die.offset - c->unit->offset);
	struct dwarf_value value;
	uint64_t offset;

	if (dwarf_value(c, c->dwarf->slot_of[DW_AT_sibling], &value) != DWARF_REF)
		return 0;
	offset = value.number - c->unit->offset;
	if (offset < (uint64_t)(c->at - c->unit->bytes) || offset > c->unit->size)
		return damaged(c, start, "the sibling is not behind the entry");
	c->at = c->unit->bytes + offset;
	c->depth = depth;
	return 1;
}

int dwarf_cursor_skip(struct dwarf_cursor *cursor)
{
	uint32_t depth = cursor->die.depth;
	int r;

	if (cursor->done || !cursor->die.has_children || cursor->depth <= depth)
		return 0;
	r = jump(cursor, depth);
	while (r >= 0 && !cursor->done && cursor->depth > depth) {
		r = take_step(cursor);
		if (r == STEP_ENTRY && cursor->die.has_children)
			r = jump(cursor, cursor->die.depth);
	}
	cursor->done = cursor->done || !depth;
	return r < 0 ? r : 0;
}

static uint64_t base_of(struct dwarf_cursor *c, uint64_t attribute, uint64_t absent, bool *ret_has)
{
	uint8_t slot = dwarf_slot_of(c->dwarf, attribute);
	struct dwarf_value value;

	*ret_has = false;
	switch (dwarf_value(c, slot, &value)) {
	case DWARF_OFFSET:
	case DWARF_CONSTANT:
	case DWARF_UNSIGNED:
	case DWARF_ADDRESS:
		*ret_has = true;
		return value.number;
	default:
		return absent;
	}
}

/* Where tables begin that no base is told of: behind the only header (DWARF 5 §7.26 to §7.29). */
static void read_bases(struct dwarf_cursor *c)
{
	bool is_5 = c->unit->version >= 5;
	uint64_t length = c->unit->offset_size == 8 ? 12 : 4;
	uint64_t small = is_5 ? length + 4 : 0;
	uint64_t lists = is_5 ? length + 8 : 0;
	uint64_t strings = small + c->unit->str_offsets;
	struct dwarf_bases *b = &c->bases;
	bool has;

	b->str_offsets = base_of(c, DW_AT_str_offsets_base, strings, &has);
	b->addr = base_of(c, DW_AT_addr_base, small, &b->has_addr);
	b->rnglists = base_of(c, DW_AT_rnglists_base, lists + c->unit->rnglists, &has);
	b->loclists = base_of(c, DW_AT_loclists_base, lists, &has);
	b->ranges = base_of(c, DW_AT_GNU_ranges_base, 0, &has);
	b->dwo_id = is_5 ? c->unit->signature : base_of(c, DW_AT_GNU_dwo_id, 0, &has);
	b->low_pc = base_of(c, DW_AT_low_pc, 0, &has);
}

static void go(struct dwarf_cursor *c, const unsigned char *at)
{
	c->at = at;
	c->depth = 0;
	c->done = c->out_of_memory;
	c->fault = (struct fault){ 0 };
	c->die = (struct dwarf_die){ 0 };
}

int dwarf_cursor_enter(struct dwarf_cursor *cursor, const struct dwarf_unit *unit)
{
	const unsigned char *first = unit->bytes + unit->header_size;
	int r;

	cursor->unit = unit;
	cursor->bases = (struct dwarf_bases){ 0 };
	cursor->end = unit->bytes + unit->size;
	go(cursor, first);
	cursor->done = true;
	if (unit->is_damaged)
		return damaged(cursor, unit->bytes, "the unit's header is damaged");
	r = dwarf_table_get(cursor, unit, &cursor->table);
	if (r)
		return r;
	cursor->done = false;
	r = dwarf_cursor_next(cursor);
	if (r > 0)
		read_bases(cursor);
	if (r >= 0)
		go(cursor, first);
	return cursor->out_of_memory ? -ENOMEM : r < 0 ? r : 0;
}

bool dwarf_cursor_seek(struct dwarf_cursor *cursor, uint64_t offset)
{
	uint64_t inside = offset - cursor->unit->offset;

	if (inside < cursor->unit->header_size || inside >= cursor->unit->size || !cursor->table)
		return false;
	go(cursor, cursor->unit->bytes + inside);
	return true;
}

void dwarf_cursor_adopt(struct dwarf_cursor *cursor, struct dwarf_cursor *skeleton)
{
	enum debug_section_id shared[] = { DEBUG_ADDR, DEBUG_RANGES };
	size_t i;

	/* .debug_ranges is shared in DWARF 4 only; the lists of DWARF 5 are the unit's own. */
	for (i = 0; i < (cursor->unit->version < 5 ? 2 : 1); i++) {
		struct table t;

		if (dwarf_section(skeleton, shared[i], &t)) {
			cursor->tables[shared[i]] = t;
			cursor->loaded |= UINT32_C(1) << shared[i];
		}
	}
	cursor->bases.addr = skeleton->bases.addr;
	cursor->bases.ranges = skeleton->bases.ranges;
	cursor->bases.low_pc = skeleton->bases.low_pc;
	cursor->bases.has_addr = true;
}

void dwarf_cursor_init(struct dwarf_cursor *ret, struct dwarf *dwarf)
{
	*ret = (struct dwarf_cursor){ .dwarf = dwarf, .done = true };
	ret->abbrev_most = dwarf->abbrev.size * DECODE_FACTOR + DECODE_BASE;
	ret->abbrev_left = ret->abbrev_most;
}

void dwarf_cursor_done(struct dwarf_cursor *cursor)
{
	dwarf_table_cache_done(cursor);
}

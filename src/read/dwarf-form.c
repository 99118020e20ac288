/* SPDX-License-Identifier: Apache-2.0 */
/* Forms of attributes (DWARF 5 §7.5.5, §7.5.6) → values; contracts in read/dwarf.h and
 * read/dwarf-abbrev.h. */
#include "read/dwarf-abbrev.h"
#include "read/dwarf-bytes.h"

#include <string.h>

enum { SIZE_ADDRESS = 254, SIZE_OFFSET = 255, SIZE_REF_ADDR = 253 }; /* they depend on the unit */

static const struct dwarf_form_info forms[] = {
	[DW_FORM_addr] = { LOAD_FIXED, SIZE_ADDRESS, DWARF_ADDRESS },
	[DW_FORM_block2] = { LOAD_BLOCK2, 0, DWARF_BLOCK },
	[DW_FORM_block4] = { LOAD_BLOCK4, 0, DWARF_BLOCK },
	[DW_FORM_data2] = { LOAD_FIXED, 2, DWARF_CONSTANT },
	[DW_FORM_data4] = { LOAD_FIXED, 4, DWARF_CONSTANT },
	[DW_FORM_data8] = { LOAD_FIXED, 8, DWARF_CONSTANT },
	[DW_FORM_string] = { LOAD_STRING, 0, DWARF_RAW_INLINE },
	[DW_FORM_block] = { LOAD_BLOCK, 0, DWARF_BLOCK },
	[DW_FORM_block1] = { LOAD_BLOCK1, 0, DWARF_BLOCK },
	[DW_FORM_data1] = { LOAD_FIXED, 1, DWARF_CONSTANT },
	[DW_FORM_flag] = { LOAD_FIXED, 1, DWARF_FLAG },
	[DW_FORM_sdata] = { LOAD_SLEB, 0, DWARF_SIGNED },
	[DW_FORM_strp] = { LOAD_FIXED, SIZE_OFFSET, DWARF_RAW_STR },
	[DW_FORM_udata] = { LOAD_ULEB, 0, DWARF_UNSIGNED },
	[DW_FORM_ref_addr] = { LOAD_FIXED, SIZE_REF_ADDR, DWARF_RAW_REF },
	[DW_FORM_ref1] = { LOAD_FIXED, 1, DWARF_RAW_UNIT_REF },
	[DW_FORM_ref2] = { LOAD_FIXED, 2, DWARF_RAW_UNIT_REF },
	[DW_FORM_ref4] = { LOAD_FIXED, 4, DWARF_RAW_UNIT_REF },
	[DW_FORM_ref8] = { LOAD_FIXED, 8, DWARF_RAW_UNIT_REF },
	[DW_FORM_ref_udata] = { LOAD_ULEB, 0, DWARF_RAW_UNIT_REF },
	[DW_FORM_indirect] = { LOAD_INDIRECT, 0, DWARF_CONSTANT },
	[DW_FORM_sec_offset] = { LOAD_FIXED, SIZE_OFFSET, DWARF_OFFSET },
	[DW_FORM_exprloc] = { LOAD_BLOCK, 0, DWARF_EXPRESSION },
	[DW_FORM_flag_present] = { LOAD_NOTHING, 0, DWARF_FLAG },
	[DW_FORM_strx] = { LOAD_ULEB, 0, DWARF_RAW_STRX },
	[DW_FORM_addrx] = { LOAD_ULEB, 0, DWARF_RAW_ADDRX },
	[DW_FORM_ref_sup4] = { LOAD_FIXED, 4, DWARF_REF_ALT },
	[DW_FORM_strp_sup] = { LOAD_FIXED, SIZE_OFFSET, DWARF_STRING_ALT },
	[DW_FORM_data16] = { LOAD_BLOCK16, 16, DWARF_BLOCK },
	[DW_FORM_line_strp] = { LOAD_FIXED, SIZE_OFFSET, DWARF_RAW_LINE_STR },
	[DW_FORM_ref_sig8] = { LOAD_FIXED, 8, DWARF_REF_SIGNATURE },
	[DW_FORM_implicit_const] = { LOAD_IMPLICIT, 0, DWARF_SIGNED },
	[DW_FORM_loclistx] = { LOAD_ULEB, 0, DWARF_LOCLIST_INDEX },
	[DW_FORM_rnglistx] = { LOAD_ULEB, 0, DWARF_RNGLIST_INDEX },
	[DW_FORM_ref_sup8] = { LOAD_FIXED, 8, DWARF_REF_ALT },
	[DW_FORM_strx1] = { LOAD_FIXED, 1, DWARF_RAW_STRX },
	[DW_FORM_strx2] = { LOAD_FIXED, 2, DWARF_RAW_STRX },
	[DW_FORM_strx3] = { LOAD_FIXED, 3, DWARF_RAW_STRX },
	[DW_FORM_strx4] = { LOAD_FIXED, 4, DWARF_RAW_STRX },
	[DW_FORM_addrx1] = { LOAD_FIXED, 1, DWARF_RAW_ADDRX },
	[DW_FORM_addrx2] = { LOAD_FIXED, 2, DWARF_RAW_ADDRX },
	[DW_FORM_addrx3] = { LOAD_FIXED, 3, DWARF_RAW_ADDRX },
	[DW_FORM_addrx4] = { LOAD_FIXED, 4, DWARF_RAW_ADDRX },
};

static const struct dwarf_form_info no_form;

static struct dwarf_form_info gnu_form(uint64_t form)
{
	switch (form) {
	case DW_FORM_GNU_addr_index:
		return forms[DW_FORM_addrx];
	case DW_FORM_GNU_str_index:
		return forms[DW_FORM_strx];
	case DW_FORM_GNU_ref_alt:
		return (struct dwarf_form_info){ LOAD_FIXED, SIZE_OFFSET, DWARF_REF_ALT };
	case DW_FORM_GNU_strp_alt:
		return forms[DW_FORM_strp_sup];
	default:
		return no_form;
	}
}

struct dwarf_form_info dwarf_form_info(const struct dwarf_unit *unit, uint64_t form)
{
	struct dwarf_form_info info = form < ARRAY_SIZE(forms) ? forms[form] : gnu_form(form);

	if (info.size == SIZE_ADDRESS)
		info.size = unit->address_size;
	else if (info.size == SIZE_OFFSET)
		info.size = unit->offset_size;
	else if (info.size == SIZE_REF_ADDR)
		info.size = unit->version == 2 ? unit->address_size : unit->offset_size;
	return info;
}

/* The form that stands before an indirect value; one that cannot stand there is none. */
static struct dwarf_form_info indirect_info(const struct dwarf_unit *unit, const unsigned char **at,
					    const unsigned char *end)
{
	struct dwarf_form_info info;
	uint64_t form;

	if (!dwarf_uleb(at, end, &form))
		return no_form;
	info = dwarf_form_info(unit, form);
	return info.load == LOAD_INDIRECT || info.load == LOAD_IMPLICIT ? no_form : info;
}

static const unsigned char *skip_bytes(const unsigned char *at, const unsigned char *end,
				       uint64_t count)
{
	return at > end || count > (uint64_t)(end - at) ? end + 1 : at + count;
}

/* What the block's length says, and *at behind that; past the end when it is cut off. */
static uint64_t block_length(bool is_big, enum dwarf_load load, const unsigned char **at,
			     const unsigned char *end)
{
	unsigned size = load == LOAD_BLOCK1 ? 1 : load == LOAD_BLOCK2 ? 2 : 4;
	uint64_t length = 0;

	if (load == LOAD_BLOCK16)
		return 16;
	if (load != LOAD_BLOCK) {
		length = dwarf_fixed(is_big, *at, size);
		*at += size;
	} else if (!dwarf_uleb(at, end, &length)) {
		*at = end + 1;
	}
	return length;
}

static const unsigned char *skip_indirect(const struct dwarf_cursor *c, const unsigned char *at,
					  const unsigned char *end)
{
	struct dwarf_form_info info = indirect_info(c->unit, &at, end);

	if (!info.kind || at > end)
		return end + 1;
	if (info.load < LOAD_ULEB)
		return skip_bytes(at, end, info.size);
	return dwarf_skip(c, info.load, at, end);
}

const unsigned char *dwarf_skip(const struct dwarf_cursor *cursor, enum dwarf_load load,
				const unsigned char *at, const unsigned char *end)
{
	uint64_t length;

	if (at >= end)
		return end + 1; /* each of them has at least one byte */
	if (load == LOAD_ULEB || load == LOAD_SLEB)
		return dwarf_skip_leb(at, end);
	if (load == LOAD_STRING)
		return dwarf_skip_string(at, end);
	if (load == LOAD_INDIRECT)
		return skip_indirect(cursor, at, end);
	length = block_length(cursor->dwarf->sections->object.is_big, load, &at, end);
	return skip_bytes(at, end, length);
}

void dwarf_damage(struct dwarf_cursor *cursor, const char *section, uint64_t offset,
		  const char *text)
{
	if (!cursor->damage.rule)
		cursor->damage =
			(struct fault){ "input/damaged-debug-info", section, offset, text };
}

/* Sections of strings end at their last NUL, so that each offset inside is a string. */
static void trim_strings(struct table *t)
{
	const unsigned char *end = t->size ? memrchr(t->bytes, 0, t->size) : NULL;

	t->size = end ? (size_t)(end - t->bytes) + 1 : 0;
}

static void load_section(struct dwarf_cursor *c, enum debug_section_id id)
{
	struct fault fault = { 0 };
	struct table t;
	/* What split units have in the file of their skeletons. */
	bool is_shared = id == DEBUG_ADDR || id == DEBUG_RANGES;
	bool is_dwo = c->dwarf->is_dwo && !is_shared;
	int r = debug_section_get(c->dwarf->sections, id, is_dwo, &t, &fault);

	c->loaded |= UINT32_C(1) << id;
	if (r == -ENOMEM)
		c->done = c->out_of_memory = true;
	else if (r && !c->damage.rule)
		c->damage = fault;
	if (r)
		return;
	if (id == DEBUG_STR || id == DEBUG_LINE_STR)
		trim_strings(&t);
	c->tables[id] = t;
}

bool dwarf_section(struct dwarf_cursor *cursor, enum debug_section_id id, struct table *ret)
{
	if (!(cursor->loaded >> id & 1))
		load_section(cursor, id);
	*ret = cursor->tables[id];
	return ret->bytes != NULL;
}

static enum dwarf_kind broken(struct dwarf_cursor *c, struct dwarf_value *ret, const char *text)
{
	bool in_types = c->unit->in_types;
	enum debug_section_id id = in_types ? DEBUG_TYPES : DEBUG_INFO;

	dwarf_damage(c, debug_section_name(id, c->dwarf->is_dwo),
		     c->die.offset - c->dwarf->base - (in_types ? c->dwarf->info.size : 0), text);
	return ret->kind = DWARF_BROKEN;
}

static enum dwarf_kind string_at(struct dwarf_cursor *c, enum debug_section_id id, uint64_t offset,
				 struct dwarf_value *ret)
{
	struct table t;

	if (!dwarf_section(c, id, &t) || offset >= t.size)
		return broken(c, ret, "a string is out of bounds");
	ret->string = (const char *)t.bytes + offset;
	return ret->kind = DWARF_STRING;
}

/* Entry `index` of a table of numbers that begins at `base`. */
static bool table_entry(struct dwarf_cursor *c, enum debug_section_id id, uint64_t base,
			uint64_t index, unsigned size, uint64_t *ret)
{
	struct table t;

	if (!dwarf_section(c, id, &t) || base > t.size || index >= (t.size - base) / size)
		return false;
	*ret = dwarf_fixed(c->dwarf->sections->object.is_big, t.bytes + base + index * size, size);
	return true;
}

static enum dwarf_kind indexed_string(struct dwarf_cursor *c, struct dwarf_value *ret)
{
	uint64_t offset;

	if (!table_entry(c, DEBUG_STR_OFFSETS, c->bases.str_offsets, ret->number,
			 c->unit->offset_size, &offset))
		return broken(c, ret, "the index of a string is out of bounds");
	return string_at(c, DEBUG_STR, offset, ret);
}

bool dwarf_address_by_index(struct dwarf_cursor *cursor, uint64_t index, uint64_t *ret)
{
	return table_entry(cursor, DEBUG_ADDR, cursor->bases.addr, index,
			   cursor->unit->address_size, ret);
}

static enum dwarf_kind indexed_address(struct dwarf_cursor *c, struct dwarf_value *ret)
{
	if (c->dwarf->is_dwo && !c->bases.has_addr)
		return ret->kind = DWARF_ADDRESS_INDEX;
	if (!dwarf_address_by_index(c, ret->number, &ret->number))
		return broken(c, ret, "the index of an address is out of bounds");
	return ret->kind = DWARF_ADDRESS;
}

static enum dwarf_kind resolve(struct dwarf_cursor *c, struct dwarf_value *ret)
{
	switch (ret->kind) {
	case DWARF_RAW_STR:
		return string_at(c, DEBUG_STR, ret->number, ret);
	case DWARF_RAW_LINE_STR:
		return string_at(c, DEBUG_LINE_STR, ret->number, ret);
	case DWARF_RAW_STRX:
		return indexed_string(c, ret);
	case DWARF_RAW_ADDRX:
		return indexed_address(c, ret);
	case DWARF_RAW_UNIT_REF:
		ret->number += c->unit->offset;
		return ret->kind = DWARF_REF;
	case DWARF_RAW_REF:
		ret->number += c->dwarf->base;
		return ret->kind = DWARF_REF;
	default:
		return ret->kind;
	}
}

/* The entry's bytes were gone over once, so that all that is read here is inside the unit. */
static enum dwarf_kind load_variable(struct dwarf_cursor *c, enum dwarf_load load,
				     const unsigned char *at, struct dwarf_value *ret)
{
	int64_t number = 0;

	switch (load) {
	case LOAD_ULEB:
		if (!dwarf_uleb(&at, c->end, &ret->number))
			return broken(c, ret, "a number is cut off");
		return resolve(c, ret);
	case LOAD_SLEB:
		if (!dwarf_sleb(&at, c->end, &number))
			return broken(c, ret, "a number is cut off");
		ret->number = (uint64_t)number;
		return ret->kind;
	case LOAD_STRING:
		ret->string = (const char *)at;
		return ret->kind = DWARF_STRING;
	default:
		ret->size =
			(size_t)block_length(c->dwarf->sections->object.is_big, load, &at, c->end);
		ret->bytes = at;
		return ret->kind;
	}
}

static enum dwarf_kind load_value(struct dwarf_cursor *c, enum dwarf_load load, unsigned size,
				  const unsigned char *at, struct dwarf_value *ret)
{
	if (load == LOAD_FIXED) {
		ret->number = dwarf_fixed(c->dwarf->sections->object.is_big, at, size);
		ret->size = size;
		return resolve(c, ret);
	}
	if (load == LOAD_NOTHING) {
		ret->number = 1;
		return ret->kind;
	}
	return load_variable(c, load, at, ret);
}

static enum dwarf_kind load_indirect(struct dwarf_cursor *c, const unsigned char *at,
				     struct dwarf_value *ret)
{
	struct dwarf_form_info info = indirect_info(c->unit, &at, c->end);

	ret->kind = info.kind;
	if (!info.kind)
		return broken(c, ret, "a form is unknown");
	return load_value(c, info.load, info.size, at, ret);
}

enum dwarf_kind dwarf_value(struct dwarf_cursor *cursor, unsigned slot, struct dwarf_value *ret)
{
	const struct dwarf_field *field;
	enum dwarf_load load;

	*ret = (struct dwarf_value){ 0 };
	if (!dwarf_has(cursor, slot))
		return DWARF_NONE;
	field = dwarf_field_find(cursor->table, cursor->die.abbrev, slot);
	load = field->load_size >> 4;
	ret->kind = field->kind;
	if (load == LOAD_IMPLICIT) {
		ret->number = (uint64_t)cursor->table->constants[field->offset];
		return ret->kind;
	}
	if (load == LOAD_INDIRECT)
		return load_indirect(cursor, cursor->die.marks[field->mark] + field->offset, ret);
	return load_value(cursor, load, field->load_size & 15,
			  cursor->die.marks[field->mark] + field->offset, ret);
}

bool dwarf_value_signed(const struct dwarf_value *value, int64_t *ret)
{
	unsigned shift;

	if (value->kind != DWARF_CONSTANT && value->kind != DWARF_UNSIGNED &&
	    value->kind != DWARF_SIGNED)
		return false;
	*ret = (int64_t)value->number;
	if (value->kind == DWARF_CONSTANT && value->size && value->size < 8) {
		shift = 64 - 8 * (unsigned)value->size;
		*ret = (int64_t)(value->number << shift) >> shift;
	}
	return true;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* .debug_ranges (DWARF 4 §2.17.3) and .debug_rnglists (DWARF 5 §2.17.3); contract in read/dwarf.h.
 */
#include "read/dwarf-abbrev.h"
#include "read/dwarf-bytes.h"

#define ENTRIES_MAX 256 /* looked at for a range that is not empty */

/* A list from where it begins. */
struct list {
	struct dwarf_cursor *cursor;
	struct table section;
	const char *name;
	const unsigned char *at;
	const unsigned char *end;
	uint64_t base; /* what offset pairs are added to */
	bool is_bad;
};

static bool damaged(const struct list *l, uint64_t offset, const char *text)
{
	dwarf_damage(l->cursor, l->name, offset, text);
	return false;
}

static uint64_t take(struct list *l, unsigned size)
{
	uint64_t v = 0;

	if ((size_t)(l->end - l->at) < size)
		l->is_bad = true;
	else
		v = dwarf_fixed(l->cursor->dwarf->sections->object.is_big, l->at, size);
	l->at = l->is_bad ? l->end : l->at + size;
	return v;
}

static uint64_t take_address(struct list *l)
{
	return take(l, l->cursor->unit->address_size);
}

static uint64_t take_uleb(struct list *l)
{
	uint64_t v = 0;

	if (!dwarf_uleb(&l->at, l->end, &v))
		l->is_bad = true;
	return v;
}

static uint64_t take_indexed(struct list *l)
{
	uint64_t index = take_uleb(l);
	uint64_t v = 0;

	if (!dwarf_address_by_index(l->cursor, index, &v))
		l->is_bad = true;
	return v;
}

/* One entry of .debug_rnglists. False: the list ends; *ret is empty for one that is no range. */
static bool take_entry(struct list *l, struct dwarf_range *ret)
{
	*ret = (struct dwarf_range){ 0 };
	switch (take(l, 1)) {
	case DW_RLE_end_of_list:
		return false;
	case DW_RLE_base_addressx:
		l->base = take_indexed(l);
		break;
	case DW_RLE_startx_endx:
		ret->low = take_indexed(l);
		ret->high = take_indexed(l);
		break;
	case DW_RLE_startx_length:
		ret->low = take_indexed(l);
		ret->high = ret->low + take_uleb(l);
		break;
	case DW_RLE_offset_pair:
		ret->low = l->base + take_uleb(l);
		ret->high = l->base + take_uleb(l);
		break;
	case DW_RLE_base_address:
		l->base = take_address(l);
		break;
	case DW_RLE_start_end:
		ret->low = take_address(l);
		ret->high = take_address(l);
		break;
	case DW_RLE_start_length:
		ret->low = take_address(l);
		ret->high = ret->low + take_uleb(l);
		break;
	default:
		l->is_bad = true;
	}
	return !l->is_bad;
}

/* The same for .debug_ranges. */
static bool take_pair(struct list *l, struct dwarf_range *ret)
{
	unsigned size = l->cursor->unit->address_size;
	uint64_t low = take(l, size);
	uint64_t high = take(l, size);

	*ret = (struct dwarf_range){ 0 };
	if (l->is_bad || (!low && !high))
		return false;
	if (low == UINT64_MAX >> (64 - 8 * size))
		l->base = high;
	else
		*ret = (struct dwarf_range){ l->base + low, l->base + high };
	return true;
}

static bool first(struct list *l, uint64_t offset,
		  bool (*take_one)(struct list *l, struct dwarf_range *ret),
		  struct dwarf_range *ret)
{
	struct dwarf_range range;
	unsigned i;

	if (offset >= l->section.size)
		return damaged(l, offset, "a list of ranges is out of bounds");
	l->at = l->section.bytes + offset;
	for (i = 0; i < ENTRIES_MAX && take_one(l, &range); i++) {
		if (range.low < range.high) {
			*ret = range;
			return true;
		}
	}
	return l->is_bad ? damaged(l, offset, "a list of ranges is damaged") : false;
}

static bool open_list(struct list *l, enum debug_section_id id)
{
	l->name = debug_section_name(id, l->cursor->dwarf->is_dwo);
	l->base = l->cursor->bases.low_pc;
	if (!dwarf_section(l->cursor, id, &l->section))
		return damaged(l, 0, "ranges, but no section for them");
	l->end = l->section.bytes + l->section.size;
	return true;
}

static bool first_by_index(struct list *l, uint64_t index, struct dwarf_range *ret)
{
	unsigned size = l->cursor->unit->offset_size;
	uint64_t base = l->cursor->bases.rnglists;

	if (base > l->section.size || index >= (l->section.size - base) / size)
		return damaged(l, base, "the index of a list of ranges is out of bounds");
	l->at = l->section.bytes + base + index * size;
	return first(l, base + take(l, size), take_entry, ret);
}

bool dwarf_first_range(struct dwarf_cursor *cursor, const struct dwarf_value *ranges,
		       struct dwarf_range *ret)
{
	struct list list = { .cursor = cursor };
	bool is_5 = cursor->unit->version >= 5;

	if (ranges->kind != DWARF_OFFSET && ranges->kind != DWARF_CONSTANT &&
	    ranges->kind != DWARF_RNGLIST_INDEX)
		return false;
	/* A split unit's addresses are known with its skeleton only. */
	if (cursor->dwarf->is_dwo && !cursor->bases.has_addr)
		return false;
	if (!open_list(&list, is_5 ? DEBUG_RNGLISTS : DEBUG_RANGES))
		return false;
	if (ranges->kind == DWARF_RNGLIST_INDEX)
		return first_by_index(&list, ranges->number, ret);
	if (is_5)
		return first(&list, ranges->number + cursor->unit->rnglists, take_entry, ret);
	return first(&list, ranges->number + (cursor->dwarf->is_dwo ? cursor->bases.ranges : 0),
		     take_pair, ret);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Expressions that stand for one number (DWARF 5 §2.5, §7.7.1); contracts in read/dwarf.h. */
#include "read/dwarf-abbrev.h"
#include "read/dwarf-bytes.h"

struct expression {
	struct dwarf_cursor *cursor;
	const unsigned char *at;
	const unsigned char *end;
};

static bool take(struct expression *e, unsigned size, uint64_t *ret)
{
	if ((size_t)(e->end - e->at) < size)
		return false;
	*ret = dwarf_fixed(e->cursor->dwarf->sections->object.is_big, e->at, size);
	e->at += size;
	return true;
}

static bool begin(struct dwarf_cursor *cursor, const struct dwarf_value *value,
		  struct expression *ret)
{
	if ((value->kind != DWARF_BLOCK && value->kind != DWARF_EXPRESSION) || !value->size)
		return false;
	*ret = (struct expression){ cursor, value->bytes, value->bytes + value->size };
	return true;
}

/* Offsets that are added, up to the end; anything else makes it no constant. */
static bool add_offsets(struct expression *e, uint64_t *sum)
{
	uint64_t offset;

	while (e->at < e->end) {
		if (*e->at++ != DW_OP_plus_uconst || !dwarf_uleb(&e->at, e->end, &offset))
			return false;
		*sum += offset;
	}
	return true;
}

static bool take_address(struct expression *e, uint64_t *ret)
{
	uint64_t index;

	switch (*e->at++) {
	case DW_OP_addr:
		return take(e, e->cursor->unit->address_size, ret);
	case DW_OP_addrx:
	case DW_OP_GNU_addr_index:
		return dwarf_uleb(&e->at, e->end, &index) &&
		       dwarf_address_by_index(e->cursor, index, ret);
	default:
		return false;
	}
}

bool dwarf_expression_address(struct dwarf_cursor *cursor, const struct dwarf_value *value,
			      uint64_t *ret)
{
	struct expression e;
	uint64_t address;

	if (!begin(cursor, value, &e) || !take_address(&e, &address) || !add_offsets(&e, &address))
		return false;
	*ret = address;
	return true;
}

static bool take_number(struct expression *e, uint64_t *ret)
{
	unsigned op = *e->at++;
	int64_t number;
	unsigned size;

	if (op >= DW_OP_lit0 && op <= DW_OP_lit31) {
		*ret = op - DW_OP_lit0;
		return true;
	}
	if (op == DW_OP_plus_uconst || op == DW_OP_constu)
		return dwarf_uleb(&e->at, e->end, ret);
	if (op == DW_OP_consts) {
		if (!dwarf_sleb(&e->at, e->end, &number))
			return false;
		*ret = (uint64_t)number;
		return true;
	}
	if (op < DW_OP_const1u || op > DW_OP_const8s)
		return false;
	size = 1U << (op - DW_OP_const1u) / 2;
	if (!take(e, size, ret))
		return false;
	if ((op - DW_OP_const1u) % 2)
		*ret = (uint64_t)((int64_t)(*ret << (64 - 8 * size)) >> (64 - 8 * size));
	return true;
}

bool dwarf_expression_number(struct dwarf_cursor *cursor, const struct dwarf_value *value,
			     uint64_t *ret)
{
	struct expression e;
	uint64_t number;

	if (!begin(cursor, value, &e) || !take_number(&e, &number) || !add_offsets(&e, &number))
		return false;
	*ret = number;
	return true;
}

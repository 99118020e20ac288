/* SPDX-License-Identifier: Apache-2.0 */
/* Unit headers (DWARF 5 §7.5.1); contract in read/dwarf.h. */
#include "read/dwarf.h"

#include "read/dwarf-abbrev.h"
#include "read/dwarf-bytes.h"
#include "read/dwarf-package.h"

#include <string.h>

static void fail(struct dwarf *d, const char *section, uint64_t offset, const char *text)
{
	if (!d->fault.rule)
		d->fault = (struct fault){ "input/damaged-debug-info", section, offset, text };
}

static void want(struct dwarf *d, uint16_t attribute, uint8_t slot)
{
	if (attribute < ARRAY_SIZE(d->slot_of)) {
		if (d->slot_of[attribute] == DWARF_SLOTS)
			d->slot_of[attribute] = slot;
	} else {
		d->vendor[slot] = attribute;
		d->has_vendor = true;
	}
}

static void want_all(struct dwarf *d, const uint16_t *wanted, size_t count)
{
	size_t i;

	memset(d->slot_of, DWARF_SLOTS, sizeof(d->slot_of));
	for (i = 0; i < count && i < DWARF_WANTED_MAX; i++)
		want(d, wanted[i], (uint8_t)i);
	want(d, DW_AT_str_offsets_base, SLOT_STR_OFFSETS_BASE);
	want(d, DW_AT_addr_base, SLOT_ADDR_BASE);
	want(d, DW_AT_rnglists_base, SLOT_RNGLISTS_BASE);
	want(d, DW_AT_loclists_base, SLOT_LOCLISTS_BASE);
	want(d, DW_AT_GNU_ranges_base, SLOT_RANGES_BASE);
	want(d, DW_AT_GNU_dwo_id, SLOT_DWO_ID);
	want(d, DW_AT_low_pc, SLOT_LOW_PC);
	want(d, DW_AT_sibling, SLOT_SIBLING);
}

struct scan {
	struct dwarf *dwarf;
	const struct dwarf_package *package;
	struct table section;
	uint64_t base; /* what the section's offsets have added */
	const char *name;
	bool in_types;
};

/* Takes fields one after the other, inside the bytes of the unit. */
struct taker {
	const unsigned char *at;
	const unsigned char *end;
	bool is_big;
	bool is_short;
};

static uint64_t take(struct taker *t, unsigned size)
{
	uint64_t v;

	if ((size_t)(t->end - t->at) < size) {
		t->is_short = true;
		return 0;
	}
	v = dwarf_fixed(t->is_big, t->at, size);
	t->at += size;
	return v;
}

static bool has_signature(uint8_t type)
{
	return type == DW_UT_type || type == DW_UT_split_type || type == DW_UT_skeleton ||
	       type == DW_UT_split_compile;
}

static void take_fields(const struct scan *s, struct taker *t, struct dwarf_unit *unit)
{
	bool is_type;

	unit->type = s->in_types ? DW_UT_type : DW_UT_compile;
	if (unit->version >= 5) {
		unit->type = (uint8_t)take(t, 1);
		unit->address_size = (uint8_t)take(t, 1);
		unit->abbrev_offset = take(t, unit->offset_size);
	} else {
		unit->abbrev_offset = take(t, unit->offset_size);
		unit->address_size = (uint8_t)take(t, 1);
	}
	is_type = unit->type == DW_UT_type || unit->type == DW_UT_split_type;
	if (s->in_types || (unit->version >= 5 && has_signature(unit->type)))
		unit->signature = take(t, 8);
	if (is_type)
		unit->type_offset = take(t, unit->offset_size) + unit->offset;
}

/* In a package each unit counts from where its parts begin. False: it is not in the index. */
static bool take_parts(const struct scan *s, uint64_t offset, struct dwarf_unit *unit)
{
	const struct dwarf_parts *parts;

	if (!s->package->is_there)
		return true;
	parts = dwarf_package_find(s->package, s->in_types, offset);
	if (!parts)
		return false;
	unit->abbrev_offset += parts->abbrev;
	unit->str_offsets = parts->str_offsets;
	unit->rnglists = parts->rnglists;
	return true;
}

static const char *unit_problem(const struct scan *s, const struct taker *t,
				const struct dwarf_unit *unit)
{
	if (unit->version < 2 || unit->version > 5)
		return "the unit is of an unknown version";
	if (t->is_short)
		return "the unit ends inside its header";
	if (unit->address_size != 4 && unit->address_size != 8 && unit->address_size != 2)
		return "unknown size of addresses";
	if (unit->type < DW_UT_compile || unit->type > DW_UT_split_type)
		return "the unit is of an unknown type";
	if (unit->abbrev_offset >= s->dwarf->abbrev.size)
		return "the unit's abbreviations are out of bounds";
	return NULL;
}

static int add_unit(const struct scan *s, struct taker *t, uint64_t offset, unsigned offset_size)
{
	struct dwarf_unit unit = { .bytes = s->section.bytes + offset,
				   .offset = s->base + offset,
				   .size = (uint64_t)(t->end - s->section.bytes) - offset,
				   .offset_size = (uint8_t)offset_size,
				   .in_types = s->in_types };
	uint64_t version = take(t, 2);
	const char *problem = NULL;

	unit.version = (uint8_t)(version > UINT8_MAX ? 0 : version);
	if (unit.version >= 2 && unit.version <= 5)
		take_fields(s, t, &unit);
	unit.header_size = (uint32_t)(t->at - unit.bytes);
	if (!take_parts(s, offset, &unit))
		problem = "the unit is not in the package's index";
	if (!problem)
		problem = unit_problem(s, t, &unit);
	if (problem) {
		unit.is_damaged = true;
		fail(s->dwarf, s->name, offset, problem);
	}
	/* What is too short for a header could be there very often: it is told, not kept. */
	return t->is_short ? 0 : array_push(&s->dwarf->units, unit);
}

/* Goes from one unit's length to the next one; a length that lies ends the section. */
static int scan(const struct scan *s)
{
	struct taker t = { .at = s->section.bytes, .is_big = s->dwarf->sections->object.is_big };
	const unsigned char *end;
	int r;

	if (!s->section.size)
		return 0;
	end = s->section.bytes + s->section.size;
	while (t.at < end) {
		uint64_t offset = (uint64_t)(t.at - s->section.bytes);
		unsigned offset_size = 4;
		uint64_t length;

		t.end = end;
		t.is_short = false;
		length = take(&t, 4);
		if (length == UINT32_MAX) {
			offset_size = 8;
			length = take(&t, 8);
		}
		if (t.is_short || length > (size_t)(end - t.at) ||
		    (offset_size == 4 && length >= 0xfffffff0)) {
			fail(s->dwarf, s->name, offset, "a unit is longer than its section");
			return 0;
		}
		if (!length)
			continue; /* padding of some linkers */
		t.end = t.at + length;
		r = add_unit(s, &t, offset, offset_size);
		if (r)
			return r;
		t.at = t.end;
	}
	return 0;
}

static int compare_signatures(const void *a, const void *b)
{
	const struct dwarf_signature *x = a;
	const struct dwarf_signature *y = b;

	if (x->signature != y->signature)
		return x->signature < y->signature ? -1 : 1;
	return x->unit < y->unit ? -1 : x->unit > y->unit;
}

static int index_signatures(struct dwarf *d)
{
	size_t i;
	int r;

	for (i = 0; i < d->units.count; i++) {
		const struct dwarf_unit *unit = &d->units.items[i];

		if (unit->is_damaged || !unit->type_offset)
			continue;
		r = array_push(&d->signatures, (struct dwarf_signature){ unit->signature, i });
		if (r)
			return r;
	}
	if (d->signatures.count)
		qsort(d->signatures.items, d->signatures.count, sizeof(d->signatures.items[0]),
		      compare_signatures);
	return 0;
}

/* All units of both sections. */
static int scan_all(struct dwarf *d, const struct dwarf_package *package)
{
	struct scan s = { .dwarf = d, .package = package, .section = d->info, .base = d->base };
	int r;

	s.name = debug_section_name(DEBUG_INFO, d->is_dwo);
	r = scan(&s);
	s.section = d->types;
	s.name = debug_section_name(DEBUG_TYPES, d->is_dwo);
	s.base += d->info.size;
	s.in_types = true;
	return r ? r : scan(&s);
}

int dwarf_init_at(struct dwarf *ret, struct debug_sections *sections, bool is_dwo,
		  const uint16_t *wanted, size_t wanted_count, uint64_t base)
{
	struct dwarf_package package = { 0 };
	int r;

	*ret = (struct dwarf){
		.sections = sections, .base = base, .is_dwo = is_dwo, .swap = sections->object.swap
	};
	want_all(ret, wanted, wanted_count);
	r = debug_section_get(sections, DEBUG_INFO, is_dwo, &ret->info, &ret->fault);
	if (!r)
		r = debug_section_get(sections, DEBUG_ABBREV, is_dwo, &ret->abbrev, &ret->fault);
	if (!r)
		r = debug_section_get(sections, DEBUG_TYPES, is_dwo, &ret->types, &ret->fault);
	if (r == -ENOMEM || !ret->info.bytes || !ret->abbrev.bytes)
		return r;
	r = is_dwo ? dwarf_package_init(&package, sections, &ret->fault) : 0;
	if (!r)
		r = scan_all(ret, &package);
	dwarf_package_done(&package);
	return r ? r : index_signatures(ret);
}

int dwarf_init(struct dwarf *ret, struct debug_sections *sections, bool is_dwo,
	       const uint16_t *wanted, size_t wanted_count)
{
	return dwarf_init_at(ret, sections, is_dwo, wanted, wanted_count, 0);
}

void dwarf_done(struct dwarf *dwarf)
{
	array_done(&dwarf->units);
	array_done(&dwarf->signatures);
}

const struct dwarf_unit *dwarf_unit_find(const struct dwarf *dwarf, uint64_t offset)
{
	size_t low = 0;
	size_t high = dwarf->units.count;
	const struct dwarf_unit *unit;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (dwarf->units.items[middle].offset <= offset)
			low = middle + 1;
		else
			high = middle;
	}
	if (!low)
		return NULL;
	unit = &dwarf->units.items[low - 1];
	return offset - unit->offset < unit->size ? unit : NULL;
}

const struct dwarf_unit *dwarf_unit_by_signature(const struct dwarf *dwarf, uint64_t signature)
{
	size_t low = 0;
	size_t high = dwarf->signatures.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (dwarf->signatures.items[middle].signature < signature)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == dwarf->signatures.count || dwarf->signatures.items[low].signature != signature)
		return NULL;
	return &dwarf->units.items[dwarf->signatures.items[low].unit];
}

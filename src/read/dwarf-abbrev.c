/* SPDX-License-Identifier: Apache-2.0 */
/* .debug_abbrev (DWARF 5 §7.5.3) → programs; contract in read/dwarf-abbrev.h. */
#include "read/dwarf-abbrev.h"

#include "read/dwarf-bytes.h"

#include <string.h>

#define CACHE_SIZE 256	      /* buckets */
#define CACHE_BYTES (4 << 20) /* then the cache starts anew */
#define FIXED_MAX (UINT32_MAX / 4)

/* One attribute of an abbreviation as it stands in the section. */
struct spec {
	uint64_t attribute;
	uint64_t form;
	int64_t constant;
};

/* What is known while one abbreviation is read. */
struct builder {
	struct dwarf_table *table;
	struct dwarf_abbrev *abbrev;
	uint64_t run;	 /* bytes since the last step */
	uint64_t offset; /* and since the last mark, when there is one for this place */
	uint8_t mark;	 /* of this place; DWARF_NO_MARK: not needed so far */
	uint8_t marks;	 /* used so far */
};

uint8_t dwarf_slot_of(const struct dwarf *d, uint64_t attribute)
{
	uint8_t slot;

	if (attribute < ARRAY_SIZE(d->slot_of))
		return d->slot_of[attribute];
	if (attribute == DW_AT_MIPS_linkage_name)
		return d->slot_of[DW_AT_linkage_name];
	if (attribute == DW_AT_GNU_dwo_name)
		return d->slot_of[DW_AT_dwo_name];
	if (attribute == DW_AT_GNU_addr_base)
		return d->slot_of[DW_AT_addr_base];
	for (slot = 0; slot < DWARF_SLOTS; slot++) {
		if (d->vendor[slot] && d->vendor[slot] == attribute)
			return slot;
	}
	return DWARF_SLOTS;
}

static int add_field(struct builder *b, uint8_t slot, const struct dwarf_form_info *info,
		     int64_t constant)
{
	struct dwarf_field field = { .slot = slot,
				     .load_size = (uint8_t)(info->load << 4 | (info->size & 15)),
				     .kind = info->kind };

	if (info->load == LOAD_IMPLICIT) {
		field.offset = (uint32_t)b->table->constants.count;
		if (array_push(&b->table->constants, constant))
			return -ENOMEM;
	} else {
		if (b->mark == DWARF_NO_MARK) {
			b->mark = ++b->marks;
			b->table->steps.items[b->table->steps.count - 1].mark = b->mark;
		}
		field.mark = b->mark;
		field.offset = (uint32_t)b->offset;
	}
	b->abbrev->has |= UINT64_C(1) << slot;
	return array_push(&b->table->fields, field);
}

static int add_spec(const struct dwarf *d, struct builder *b, const struct spec *spec)
{
	struct dwarf_form_info info = dwarf_form_info(b->table, spec->form);
	uint8_t slot = dwarf_slot_of(d, spec->attribute);
	int r = 0;

	if (!info.kind || b->run > FIXED_MAX || b->offset > FIXED_MAX) {
		b->abbrev->is_unknown = true;
		return 0;
	}
	if (slot != DWARF_SLOTS && !(b->abbrev->has >> slot & 1))
		r = add_field(b, slot, &info, spec->constant);
	if (r)
		return r;
	if (info.load < LOAD_ULEB) {
		b->run += info.size;
		b->offset += info.size;
		return 0;
	}
	r = array_push(&b->table->steps,
		       (struct dwarf_step){ (uint32_t)b->run, info.load, DWARF_NO_MARK });
	b->abbrev->step_count++;
	b->run = b->offset = 0;
	b->mark = DWARF_NO_MARK;
	return r;
}

static bool read_spec(const unsigned char **at, const unsigned char *end, struct spec *ret)
{
	ret->constant = 0;
	if (end - *at >= 2 && !((*at)[0] & 0x80) && !((*at)[1] & 0x80)) {
		ret->attribute = *(*at)++;
		ret->form = *(*at)++;
	} else if (!dwarf_uleb(at, end, &ret->attribute) || !dwarf_uleb(at, end, &ret->form)) {
		return false;
	}
	return ret->form != DW_FORM_implicit_const || dwarf_sleb(at, end, &ret->constant);
}

/* 1: one abbreviation more, 0: the end of the table, -EBADMSG: cut off. */
static int read_abbrev(const struct dwarf *d, struct dwarf_table *table, const unsigned char **at,
		       const unsigned char *end)
{
	struct dwarf_abbrev abbrev = { .field = (uint32_t)table->fields.count,
				       .step = (uint32_t)table->steps.count };
	struct builder b = { .table = table, .abbrev = &abbrev };
	struct spec spec;
	uint64_t tag;
	int r;

	if (!dwarf_uleb(at, end, &abbrev.code))
		return -EBADMSG;
	if (!abbrev.code)
		return 0;
	if (!dwarf_uleb(at, end, &tag) || *at >= end)
		return -EBADMSG;
	abbrev.tag = (uint16_t)(tag > UINT16_MAX ? UINT16_MAX : tag);
	abbrev.has_children = *(*at)++ != 0;
	for (;;) {
		if (!read_spec(at, end, &spec))
			return -EBADMSG;
		if (!spec.attribute && !spec.form)
			break;
		r = add_spec(d, &b, &spec);
		if (r)
			return r;
	}
	abbrev.tail = (uint32_t)b.run;
	return array_push(&table->abbrevs, abbrev) ? -ENOMEM : 1;
}

static int compare_codes(const void *a, const void *b, void *data)
{
	const struct dwarf_table *table = data;
	uint32_t x = *(const uint32_t *)a;
	uint32_t y = *(const uint32_t *)b;
	uint64_t code_x = table->abbrevs.items[x].code;
	uint64_t code_y = table->abbrevs.items[y].code;

	if (code_x != code_y)
		return code_x < code_y ? -1 : 1;
	return x < y ? -1 : x > y;
}

static int sort_codes(struct dwarf_table *table)
{
	bool in_order = true;
	size_t i;

	for (i = 0; i < table->abbrevs.count && in_order; i++)
		in_order = table->abbrevs.items[i].code == i + 1;
	if (in_order)
		return 0;
	table->by_code = calloc(table->abbrevs.count, sizeof(*table->by_code));
	if (!table->by_code)
		return -ENOMEM;
	for (i = 0; i < table->abbrevs.count; i++)
		table->by_code[i] = (uint32_t)i;
	qsort_r(table->by_code, table->abbrevs.count, sizeof(*table->by_code), compare_codes,
		table);
	return 0;
}

const struct dwarf_abbrev *dwarf_abbrev_search(const struct dwarf_table *table, uint64_t code)
{
	size_t low = 0;
	size_t high = table->abbrevs.count;
	const struct dwarf_abbrev *found;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (table->abbrevs.items[table->by_code[middle]].code < code)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == table->abbrevs.count)
		return NULL;
	found = &table->abbrevs.items[table->by_code[low]];
	return found->code == code ? found : NULL;
}

static void free_table(struct dwarf_table *table)
{
	array_done(&table->abbrevs);
	array_done(&table->fields);
	array_done(&table->steps);
	array_done(&table->constants);
	free(table->by_code);
	free(table);
}

/* A table that is cut off serves as far as it goes. */
static int read_table(const struct dwarf *d, struct dwarf_table *table, uint64_t *left)
{
	const unsigned char *start = d->abbrev.bytes + table->offset;
	const unsigned char *end = d->abbrev.bytes + d->abbrev.size;
	const unsigned char *at = start;
	int r;

	do
		r = read_abbrev(d, table, &at, end);
	while (r > 0 && (uint64_t)(at - start) <= *left);
	if (r == -ENOMEM)
		return r;
	table->is_damaged = r != 0;
	*left -= (uint64_t)(at - start) < *left ? (uint64_t)(at - start) : *left;
	table->bytes = sizeof(*table) + table->abbrevs.capacity * sizeof(table->abbrevs.items[0]) +
		       table->fields.capacity * sizeof(table->fields.items[0]) +
		       table->steps.capacity * sizeof(table->steps.items[0]) +
		       table->constants.capacity * sizeof(table->constants.items[0]);
	return sort_codes(table);
}

static bool is_for(const struct dwarf_table *table, const struct dwarf_unit *unit)
{
	return table->offset == unit->abbrev_offset && table->offset_size == unit->offset_size &&
	       table->address_size == unit->address_size &&
	       (table->version == 2) == (unit->version == 2);
}

void dwarf_table_cache_done(struct dwarf_cursor *cursor)
{
	size_t i;

	for (i = 0; cursor->cache && i < CACHE_SIZE; i++) {
		while (cursor->cache[i]) {
			struct dwarf_table *table = cursor->cache[i];

			cursor->cache[i] = table->next;
			free_table(table);
		}
	}
	free(cursor->cache);
	cursor->cache = NULL;
	cursor->cache_bytes = 0;
	cursor->table = NULL;
}

static int make_cache(struct dwarf_cursor *cursor)
{
	if (cursor->cache_bytes > CACHE_BYTES)
		dwarf_table_cache_done(cursor);
	if (!cursor->cache)
		cursor->cache = calloc(CACHE_SIZE, sizeof(*cursor->cache));
	return cursor->cache ? 0 : -ENOMEM;
}

static int add_table(struct dwarf_cursor *cursor, const struct dwarf_unit *unit,
		     struct dwarf_table **bucket, const struct dwarf_table **ret)
{
	struct dwarf_table *table;
	int r;

	if (!cursor->abbrev_left) {
		cursor->fault = (struct fault){ "input/limit", ".debug_abbrev", unit->abbrev_offset,
						"abbreviations would be read over and over" };
		return -EBADMSG;
	}
	table = calloc(1, sizeof(*table));
	if (!table)
		return -ENOMEM;
	table->offset = unit->abbrev_offset;
	table->version = unit->version;
	table->address_size = unit->address_size;
	table->offset_size = unit->offset_size;
	r = read_table(cursor->dwarf, table, &cursor->abbrev_left);
	if (r) {
		free_table(table);
		return r;
	}
	table->next = *bucket;
	*bucket = table;
	cursor->cache_bytes += table->bytes;
	*ret = table;
	return 0;
}

int dwarf_table_get(struct dwarf_cursor *cursor, const struct dwarf_unit *unit,
		    const struct dwarf_table **ret)
{
	size_t bucket = (size_t)(unit->abbrev_offset * UINT64_C(0x9e3779b97f4a7c15) >> 56);
	struct dwarf_table *table;

	if (make_cache(cursor))
		return -ENOMEM;
	for (table = cursor->cache[bucket]; table; table = table->next) {
		if (is_for(table, unit)) {
			*ret = table;
			return 0;
		}
	}
	return add_table(cursor, unit, &cursor->cache[bucket], ret);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* .debug_abbrev (DWARF 5 §7.5.3) → programs; contract in read/dwarf-abbrev.h. */
#include "read/dwarf-abbrev.h"

#include "read/dwarf-bytes.h"

#include <string.h>

#define CACHE_SIZE 256 /* buckets */

/*
 * Most tables serve one unit only, so that the cache starts anew when its piece of memory is
 * full; the processor's own cache holds that. A user that goes to and fro needs the tables
 * again: once much was decoded, all are kept. Then each is decoded once, and those of a sound
 * file do not overlap.
 */
#define CACHE_BYTES (256 << 10)
#define FIXED_MAX (UINT32_MAX / 4)

#define COMMON_FORMS 64

struct dwarf_cache {
	struct dwarf_table *buckets[CACHE_SIZE];
	unsigned char *memory; /* of CACHE_BYTES: tables that fit are in it */
	size_t used;
	/* What a table is put together in, until its size is known. */
	struct array_of(struct dwarf_abbrev) abbrevs;
	struct array_of(struct dwarf_field) fields;
	struct array_of(struct dwarf_step) steps;
	struct array_of(int64_t) constants;
	/* The forms as the last unit had them. */
	struct dwarf_form_info forms[COMMON_FORMS];
	uint8_t version;
	uint8_t address_size;
	uint8_t offset_size;
};

/* One attribute of an abbreviation as it stands in the section. */
struct spec {
	uint64_t attribute;
	uint64_t form;
	int64_t constant;
};

/* What is known while one abbreviation is read. */
struct builder {
	struct dwarf_cache *cache;
	const struct dwarf_unit *unit;
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
		field.offset = (uint32_t)b->cache->constants.count;
		if (array_push(&b->cache->constants, constant))
			return -ENOMEM;
	} else {
		if (b->mark == DWARF_NO_MARK) {
			b->mark = ++b->marks;
			b->cache->steps.items[b->cache->steps.count - 1].mark = b->mark;
		}
		field.mark = b->mark;
		field.offset = (uint32_t)b->offset;
	}
	b->abbrev->has |= UINT64_C(1) << slot;
	return array_push(&b->cache->fields, field);
}

static int add_spec(const struct dwarf *d, struct builder *b, const struct spec *spec)
{
	struct dwarf_form_info info = spec->form < COMMON_FORMS
					      ? b->cache->forms[spec->form]
					      : dwarf_form_info(b->unit, spec->form);
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
	r = array_push(&b->cache->steps,
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
static int read_abbrev(const struct dwarf *d, struct dwarf_cache *cache,
		       const struct dwarf_unit *unit, const unsigned char **at,
		       const unsigned char *end)
{
	struct dwarf_abbrev abbrev = { .field = (uint32_t)cache->fields.count,
				       .step = (uint32_t)cache->steps.count };
	struct builder b = { .cache = cache, .unit = unit, .abbrev = &abbrev };
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
	return array_push(&cache->abbrevs, abbrev) ? -ENOMEM : 1;
}

static int compare_codes(const void *a, const void *b, void *data)
{
	const struct dwarf_table *table = data;
	uint32_t x = *(const uint32_t *)a;
	uint32_t y = *(const uint32_t *)b;
	uint64_t code_x = table->abbrevs[x].code;
	uint64_t code_y = table->abbrevs[y].code;

	if (code_x != code_y)
		return code_x < code_y ? -1 : 1;
	return x < y ? -1 : x > y;
}

/* Whether each code says where its abbreviation is. */
static bool is_in_order(const struct dwarf_cache *cache)
{
	size_t i;

	for (i = 0; i < cache->abbrevs.count; i++) {
		if (cache->abbrevs.items[i].code != i + 1)
			return false;
	}
	return true;
}

static void sort_codes(struct dwarf_table *table)
{
	size_t i;

	for (i = 0; i < table->count; i++)
		table->by_code[i] = (uint32_t)i;
	qsort_r(table->by_code, table->count, sizeof(*table->by_code), compare_codes, table);
}

const struct dwarf_abbrev *dwarf_abbrev_search(const struct dwarf_table *table, uint64_t code)
{
	size_t low = 0;
	size_t high = table->count;
	const struct dwarf_abbrev *found;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (table->abbrevs[table->by_code[middle]].code < code)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == table->count)
		return NULL;
	found = &table->abbrevs[table->by_code[low]];
	return found->code == code ? found : NULL;
}

/* Copies `size` bytes to *next and goes behind them. */
static const void *move(unsigned char **next, const void *from, size_t size)
{
	unsigned char *to = *next;

	if (size)
		memcpy(to, from, size);
	*next += size;
	return to;
}

/* From the cache's memory; else an allocation of its own. */
static struct dwarf_table *alloc_table(struct dwarf_cache *cache, size_t bytes)
{
	struct dwarf_table *table = (struct dwarf_table *)(cache->memory + cache->used);
	bool is_own = bytes > CACHE_BYTES - cache->used;

	if (is_own)
		table = malloc(bytes);
	else
		cache->used += (bytes + 7) & ~(size_t)7;
	if (table)
		*table = (struct dwarf_table){ .is_own = is_own };
	return table;
}

/* All of a table in one piece, of the size that it needs. */
static struct dwarf_table *pack_table(struct dwarf_cache *cache)
{
	size_t abbrevs = cache->abbrevs.count * sizeof(cache->abbrevs.items[0]);
	size_t fields = cache->fields.count * sizeof(cache->fields.items[0]);
	size_t steps = cache->steps.count * sizeof(cache->steps.items[0]);
	size_t constants = cache->constants.count * sizeof(cache->constants.items[0]);
	size_t codes = is_in_order(cache) ? 0 : cache->abbrevs.count * sizeof(uint32_t);
	struct dwarf_table *table =
		alloc_table(cache, sizeof(*table) + abbrevs + fields + steps + constants + codes);
	unsigned char *next;

	if (!table)
		return NULL;
	next = (unsigned char *)(table + 1);
	table->count = cache->abbrevs.count;
	table->abbrevs = move(&next, cache->abbrevs.items, abbrevs);
	table->constants = move(&next, cache->constants.items, constants);
	table->fields = move(&next, cache->fields.items, fields);
	table->steps = move(&next, cache->steps.items, steps);
	if (codes) {
		table->by_code = (uint32_t *)next;
		sort_codes(table);
	}
	return table;
}

static void know_forms(struct dwarf_cache *cache, const struct dwarf_unit *unit)
{
	uint64_t form;

	if (cache->version == unit->version && cache->address_size == unit->address_size &&
	    cache->offset_size == unit->offset_size)
		return;
	cache->version = unit->version;
	cache->address_size = unit->address_size;
	cache->offset_size = unit->offset_size;
	for (form = 0; form < COMMON_FORMS; form++)
		cache->forms[form] = dwarf_form_info(unit, form);
}

/* A table that is cut off serves as far as it goes. */
static int read_table(struct dwarf_cursor *cursor, const struct dwarf_unit *unit,
		      struct dwarf_table **ret)
{
	const struct dwarf *d = cursor->dwarf;
	struct dwarf_cache *cache = cursor->cache;
	const unsigned char *start = d->abbrev.bytes + unit->abbrev_offset;
	const unsigned char *end = d->abbrev.bytes + d->abbrev.size;
	const unsigned char *at = start;
	int r;

	know_forms(cache, unit);
	cache->abbrevs.count = cache->fields.count = 0;
	cache->steps.count = cache->constants.count = 0;
	do
		r = read_abbrev(d, cache, unit, &at, end);
	while (r > 0 && (uint64_t)(at - start) <= cursor->abbrev_left);
	if (r == -ENOMEM)
		return r;
	cursor->abbrev_left -= size_min((size_t)(at - start), (size_t)cursor->abbrev_left);
	*ret = pack_table(cache);
	if (!*ret)
		return -ENOMEM;
	(*ret)->is_damaged = r != 0;
	(*ret)->offset = unit->abbrev_offset;
	(*ret)->version = unit->version;
	(*ret)->address_size = unit->address_size;
	(*ret)->offset_size = unit->offset_size;
	return 0;
}

static bool is_for(const struct dwarf_table *table, const struct dwarf_unit *unit)
{
	return table->offset == unit->abbrev_offset && table->offset_size == unit->offset_size &&
	       table->address_size == unit->address_size &&
	       (table->version == 2) == (unit->version == 2);
}

static void drop_tables(struct dwarf_cache *cache)
{
	size_t i;

	for (i = 0; i < CACHE_SIZE; i++) {
		while (cache->buckets[i]) {
			struct dwarf_table *table = cache->buckets[i];

			cache->buckets[i] = table->next;
			if (table->is_own)
				free(table);
		}
	}
	cache->used = 0;
}

void dwarf_table_cache_done(struct dwarf_cursor *cursor)
{
	struct dwarf_cache *cache = cursor->cache;

	cursor->cache = NULL;
	cursor->table = NULL;
	if (!cache)
		return;
	drop_tables(cache);
	free(cache->memory);
	array_done(&cache->abbrevs);
	array_done(&cache->fields);
	array_done(&cache->steps);
	array_done(&cache->constants);
	free(cache);
}

static int add_table(struct dwarf_cursor *cursor, const struct dwarf_unit *unit, size_t bucket,
		     const struct dwarf_table **ret)
{
	struct dwarf_table *table;
	int r;

	if (!cursor->abbrev_left) {
		cursor->fault = (struct fault){ "input/limit", ".debug_abbrev", unit->abbrev_offset,
						"abbreviations would be read over and over" };
		return -EBADMSG;
	}
	r = read_table(cursor, unit, &table);
	if (r)
		return r;
	table->next = cursor->cache->buckets[bucket];
	cursor->cache->buckets[bucket] = table;
	*ret = table;
	return 0;
}

static int make_cache(struct dwarf_cursor *cursor)
{
	struct dwarf_cache *cache = calloc(1, sizeof(*cache));

	if (!cache)
		return -ENOMEM;
	cache->memory = malloc(CACHE_BYTES);
	if (!cache->memory) {
		free(cache);
		return -ENOMEM;
	}
	cursor->cache = cache;
	return 0;
}

int dwarf_table_get(struct dwarf_cursor *cursor, const struct dwarf_unit *unit,
		    const struct dwarf_table **ret)
{
	size_t bucket = (size_t)(unit->abbrev_offset * UINT64_C(0x9e3779b97f4a7c15) >> 56);
	struct dwarf_table *table;

	*ret = NULL;
	if (!cursor->cache && make_cache(cursor))
		return -ENOMEM;
	for (table = cursor->cache->buckets[bucket]; table; table = table->next) {
		if (is_for(table, unit)) {
			*ret = table;
			return 0;
		}
	}
	if (!cursor->keeps_tables && cursor->cache->used > CACHE_BYTES / 8 * 7 &&
	    cursor->abbrev_left > cursor->abbrev_most / 2)
		drop_tables(cursor->cache);
	return add_table(cursor, unit, bucket, ret);
}

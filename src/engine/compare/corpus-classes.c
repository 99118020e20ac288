/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Type information and virtual tables, as the relocations fill them. Contract
 * in engine/compare/corpus.h. Layout: Itanium C++ ABI 2.5.2 and 2.9.5; packed
 * relocations: gABI, DT_RELR.
 */
#include "engine/compare/corpus.h"

#include <string.h>

/* An exported symbol at its address; tables also have their size. */
struct place {
	uint64_t address;
	const struct corpus_symbol *symbol;
};

struct classes {
	struct corpus *corpus;
	const struct image *image;
	size_t word;
	struct array_of(struct place) tables, all; /* by address */
	size_t at; /* the table of the last relocation: the next one is most often near */
};

static bool is_table(const struct corpus_symbol *s)
{
	return s->address && s->size && !strncmp(s->name, "_ZT", 3) &&
	       (s->name[3] == 'I' || s->name[3] == 'V') && s->name[4];
}

/* Of several names at one address the first in their order comes first. */
static int by_address(const void *a, const void *b)
{
	const struct place *x = a;
	const struct place *y = b;

	if (x->address != y->address)
		return x->address < y->address ? -1 : 1;
	return x->symbol < y->symbol ? -1 : x->symbol > y->symbol;
}

/* Places that start at or before `address`. */
static size_t count_before(const struct place *places, size_t count, uint64_t address)
{
	size_t low = 0;
	size_t high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (places[middle].address <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool holds(const struct place *table, uint64_t address)
{
	return address >= table->address && address - table->address < table->symbol->size;
}

static const struct place *table_at(struct classes *c, uint64_t address)
{
	const struct place *tables = c->tables.items;
	size_t count;

	if (holds(&tables[c->at], address))
		return &tables[c->at];
	count = count_before(tables, c->tables.count, address);
	if (!count || !holds(&tables[count - 1], address))
		return NULL;
	c->at = count - 1;
	return &tables[c->at];
}

/* The exported name at an address, NULL: none. */
static const char *name_at(const struct classes *c, uint64_t address)
{
	size_t count = count_before(c->all.items, c->all.count, address);

	if (!address || !count || c->all.items[count - 1].address != address)
		return NULL;
	return c->all.items[count - 1].symbol->name;
}

/* A word at `offset` of a table that refers to `target`. */
static int add_link(struct classes *c, const struct place *table, uint64_t offset,
		    const char *target)
{
	struct corpus_link link = { .class = table->symbol->name + 4, .target = target };
	bool is_type = !strncmp(target, "_ZTI", 4) && target[4];
	uint64_t place = offset / c->word;

	if (offset % c->word || place > UINT32_MAX)
		return 0;
	link.place = (uint32_t)place;
	if (table->symbol->name[3] == 'V')
		return is_type ? 0 : array_push(&c->corpus->slots, link);
	/* The first two words are its own kind and its name. */
	if (!is_type || place < 2)
		return 0;
	link.target = target + 4;
	return array_push(&c->corpus->bases, link);
}

static int take_address(struct classes *c, uint64_t offset, uint64_t address)
{
	const struct place *table = table_at(c, offset);
	const char *name = table ? name_at(c, address) : NULL;

	return name ? add_link(c, table, offset - table->address, name) : 0;
}

/* What the file has at an address that is relocated in place. */
static int take_in_place(struct classes *c, uint64_t offset)
{
	struct table bytes;

	if (!table_at(c, offset))
		return 0;
	bytes = image_at_address(c->image, offset);
	return bytes.size < c->word ? 0
				    : take_address(c, offset, image_word(c->image, bytes.bytes));
}

static int take_relocations(struct classes *c, const struct table *table, bool has_addend)
{
	const struct image *image = c->image;
	size_t size = c->word * (has_addend ? 3 : 2);
	size_t i;
	int r = 0;

	for (i = 0; !r && i < table->size / size; i++) {
		const unsigned char *at = table->bytes + i * size;
		uint64_t offset = image_word(image, at);
		uint64_t info = image_word(image, at + c->word);
		uint32_t index = (uint32_t)(image->is_64 ? info >> 32 : info >> 8);
		const struct place *in = table_at(c, offset);
		struct symbol s;

		if (!in)
			continue;
		if (index)
			r = image_symbol(image, index, &s)
				    ? add_link(c, in, offset - in->address, s.name)
				    : 0;
		else if (has_addend)
			r = take_address(c, offset, image_word(image, at + 2 * c->word));
		else
			r = take_in_place(c, offset);
	}
	return r;
}

static int take_packed(struct classes *c)
{
	const struct table *table = &c->image->relr;
	uint64_t base = 0;
	size_t i, bit;
	int r = 0;

	for (i = 0; !r && i < table->size / c->word; i++) {
		uint64_t entry = image_word(c->image, table->bytes + i * c->word);

		if (!(entry & 1)) {
			r = take_in_place(c, entry);
			base = entry + c->word;
			continue;
		}
		for (bit = 1; !r && bit < c->word * 8; bit++) {
			if (entry >> bit & 1)
				r = take_in_place(c, base + (bit - 1) * c->word);
		}
		base += (c->word * 8 - 1) * c->word;
	}
	return r;
}

/* Of several names at one place the first stands for all. */
static void sort_places(struct place *places, size_t *count)
{
	size_t kept = 0;
	size_t i;

	if (*count)
		qsort(places, *count, sizeof(*places), by_address);
	for (i = 0; i < *count; i++) {
		if (!kept || places[kept - 1].address != places[i].address)
			places[kept++] = places[i];
	}
	*count = kept;
}

static int find_places(struct classes *c)
{
	size_t i;

	for (i = 0; i < c->corpus->symbols.count; i++) {
		const struct corpus_symbol *s = &c->corpus->symbols.items[i];
		struct place place = { s->address, s };

		if (is_table(s) && array_push(&c->tables, place))
			return -ENOMEM;
	}
	for (i = 0; c->tables.count && i < c->corpus->symbols.count; i++) {
		const struct corpus_symbol *s = &c->corpus->symbols.items[i];
		struct place place = { s->address, s };

		if (s->address && s->kind != SYMBOL_TLS && array_push(&c->all, place))
			return -ENOMEM;
	}
	sort_places(c->tables.items, &c->tables.count);
	sort_places(c->all.items, &c->all.count);
	return 0;
}

/* Damaged files can fill one word twice: the first one stands. */
static void sort_links(struct corpus_link *links, size_t *count)
{
	size_t kept = 0;
	size_t i;

	if (*count)
		qsort(links, *count, sizeof(*links), corpus_link_compare);
	for (i = 0; i < *count; i++) {
		if (!kept || corpus_link_compare(&links[kept - 1], &links[i]))
			links[kept++] = links[i];
	}
	*count = kept;
}

/* Their order among the bases is their place, whatever lies between. */
static void number_bases(struct corpus *corpus)
{
	size_t i;

	for (i = 0; i < corpus->bases.count; i++) {
		struct corpus_link *link = &corpus->bases.items[i];

		link->place = i && !strcmp(link[-1].class, link->class) ? link[-1].place + 1 : 0;
	}
}

int corpus_add_classes(struct corpus *corpus)
{
	const struct image *image = corpus->image;
	struct classes c = { .corpus = corpus, .image = image, .word = image->is_64 ? 8 : 4 };
	int r = find_places(&c);

	if (!r && c.tables.count) {
		r = take_relocations(&c, &image->rela, true);
		if (!r)
			r = take_relocations(&c, &image->rel, false);
		if (!r)
			r = take_packed(&c);
	}
	sort_links(corpus->bases.items, &corpus->bases.count);
	sort_links(corpus->slots.items, &corpus->slots.count);
	number_bases(corpus);
	array_done(&c.tables);
	array_done(&c.all);
	return r;
}

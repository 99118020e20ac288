/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reduces the relocations of an image to the symbols that they refer to, each
 * once per class of look-up, in the order of the tables (the order matters for
 * STB_GNU_UNIQUE only). DT_RELR and relative entries name no symbol.
 */
#include "model/image.h"

#include <string.h>

struct collector {
	struct image *image;
	uint8_t *seen; /* per symbol: bits by class, then the same again for eager */
	size_t symbol_count;
};

#define SEEN(class) (1u << (class))
#define SEEN_EAGER(class) (1u << ((class) + 4))

static int collect(struct collector *c, uint32_t type, uint32_t symbol, bool lazy_table)
{
	const struct machine *machine = c->image->machine;
	enum relocation_class class = machine_relocation_class(machine, type);
	unsigned bits;

	if (type == machine->irelative && type)
		c->image->has_irelative = true;
	if (type == machine->tp_offset && type)
		c->image->has_tp_offsets = true;
	if (class == CLASS_UNKNOWN && !c->image->unknown_relocation) {
		c->image->unknown_relocation = type;
		c->image->unknown_is_lazy = lazy_table;
	}
	if (class >= CLASS_NONE || symbol == 0)
		return 0;
	if (symbol >= c->symbol_count)
		return -EBADMSG;
	bits = SEEN(class);
	if (!lazy_table || type != machine->jump_slot)
		bits |= SEEN_EAGER(class);
	if ((c->seen[symbol] & bits) == bits)
		return 0;
	if (!(c->seen[symbol] & SEEN(class)) &&
	    array_push(&c->image->references,
		       (struct reference){ .symbol = symbol, .class = (uint8_t)class }))
		return -ENOMEM;
	c->seen[symbol] |= (uint8_t)bits;
	return 0;
}

static int scan(struct collector *c, const struct table *t, bool has_addend, bool lazy_table,
		const char *section)
{
	struct image *image = c->image;
	size_t word = image->is_64 ? 8 : 4;
	size_t entry = word * (has_addend ? 3 : 2);
	size_t at;

	for (at = 0; t->bytes && t->size - at >= entry; at += entry) {
		uint64_t info = image_word(image, t->bytes + at + word);
		uint32_t type = image->is_64 ? (uint32_t)info : (uint32_t)info & 0xff;
		uint32_t symbol = image->is_64 ? (uint32_t)(info >> 32) : (uint32_t)info >> 8;
		int r;

		image->relocation_count++;
		if (type == image->machine->relative)
			continue;
		r = collect(c, type, symbol, lazy_table);
		if (r == -EBADMSG)
			image_fail(image, "input/malformed", section, at,
				   "a relocation names a symbol out of bounds");
		if (r)
			return r;
	}
	return 0;
}

static void finish(struct collector *c)
{
	size_t i;

	for (i = 0; i < c->image->references.count; i++) {
		struct reference *ref = &c->image->references.items[i];

		if (c->seen[ref->symbol] & SEEN_EAGER(ref->class))
			ref->flags |= REFERENCE_EAGER;
	}
}

int image_load_references(struct image *image)
{
	struct collector c = { .image = image };
	AUTO_FREE uint8_t *seen = NULL;
	int r;

	if (image->references_loaded)
		return image->references_error;
	if (!image->machine) {
		image->references_loaded = true;
		image->references_error = -ENOTSUP;
		return -ENOTSUP;
	}
	image->references.count = 0;
	image->relocation_count = 0;
	c.symbol_count = image->symbols.size / image_symbol_size(image);
	seen = calloc(c.symbol_count + 1, 1);
	if (!seen)
		return -ENOMEM;
	c.seen = seen;
	r = scan(&c, &image->rel, false, false, ".rel.dyn");
	if (!r)
		r = scan(&c, &image->rela, true, false, ".rela.dyn");
	if (!r)
		r = scan(&c, &image->jump, image->jump_rela, !image->bind_now,
			 image->jump_rela ? ".rela.plt" : ".rel.plt");
	finish(&c);
	if (r == -ENOMEM)
		return r;
	image->references_loaded = true;
	image->references_error = r;
	return r;
}

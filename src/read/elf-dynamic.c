/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The dynamic section: tags are gathered first, then turned into tables and
 * strings, because the string table may come last. As in ld.so the last entry
 * of a tag counts (DT_NEEDED and its kin apart), addresses go through PT_LOAD,
 * and DT_STRSZ is not relied on.
 */
#include "read/elf-dynamic.h"

#include <string.h>

/* Tags below 38 by number, then these. */
enum {
	SLOT_GNU_HASH = 38,
	SLOT_VERSYM,
	SLOT_VERDEF,
	SLOT_VERDEFNUM,
	SLOT_VERNEED,
	SLOT_VERNEEDNUM,
	SLOT_FLAGS_1,
	SLOT_COUNT,
};

struct tags {
	uint64_t value[SLOT_COUNT];
	bool present[SLOT_COUNT];
};

static int slot_of(uint64_t tag)
{
	static const struct {
		uint64_t tag;
		int slot;
	} high[] = {
		{ DT_GNU_HASH, SLOT_GNU_HASH }, { DT_VERSYM, SLOT_VERSYM },
		{ DT_VERDEF, SLOT_VERDEF },	{ DT_VERDEFNUM, SLOT_VERDEFNUM },
		{ DT_VERNEED, SLOT_VERNEED },	{ DT_VERNEEDNUM, SLOT_VERNEEDNUM },
		{ DT_FLAGS_1, SLOT_FLAGS_1 },
	};
	size_t i;

	if (tag < SLOT_GNU_HASH)
		return (int)tag;
	for (i = 0; i < ARRAY_SIZE(high); i++) {
		if (high[i].tag == tag)
			return high[i].slot;
	}
	return -1;
}

/* Would the address lie in the file, if the file were whole? */
static bool is_cut_off(const struct image *image, uint64_t address)
{
	size_t i;

	for (i = 0; i < image->segment_count; i++) {
		const struct segment *s = &image->segments[i];

		if (s->type == PT_LOAD && address >= s->address && address - s->address < s->file_size)
			return true;
	}
	return false;
}

/* Addresses at which a table is to be found; a table that is not there is a fault. */
static struct table locate(struct image *image, const struct tags *tags, int slot,
			   const char *section)
{
	struct table t = { 0 };

	if (!tags->present[slot])
		return t;
	t = image_at_address(image, tags->value[slot]);
	if (!t.bytes && is_cut_off(image, tags->value[slot]))
		image_fail(image, "input/truncated", section, 0, "the file ends before this table");
	else if (!t.bytes)
		image_fail(image, "input/malformed", section, 0,
			   "its address lies in no part of the file");
	return t;
}

static struct table locate_sized(struct image *image, const struct tags *tags, int slot,
				 int size_slot, const char *section)
{
	struct table t;
	uint64_t size = tags->present[size_slot] ? tags->value[size_slot] : 0;

	if (!size)
		return (struct table){ 0 };
	t = locate(image, tags, slot, section);
	if (t.bytes && t.size < size) {
		image_fail(image, "input/truncated", section, t.size,
			   "the table runs past the end of its segment");
		return t;
	}
	t.size = t.bytes ? (size_t)size : 0;
	return t;
}

static void locate_strings(struct image *image, const struct tags *tags)
{
	const unsigned char *end;

	image->strings = locate(image, tags, DT_STRTAB, ".dynstr");
	if (!image->strings.bytes)
		return;
	end = memrchr(image->strings.bytes, 0, image->strings.size);
	image->strings.size = end ? (size_t)(end - image->strings.bytes) + 1 : 0;
}

static void locate_relocations(struct image *image, const struct tags *tags)
{
	image->jump_rela = tags->value[DT_PLTREL] == DT_RELA;
	image->rel = locate_sized(image, tags, DT_REL, DT_RELSZ, ".rel.dyn");
	image->rela = locate_sized(image, tags, DT_RELA, DT_RELASZ, ".rela.dyn");
	image->relr = locate_sized(image, tags, DT_RELR, DT_RELRSZ, ".relr.dyn");
	image->jump = locate_sized(image, tags, DT_JMPREL, DT_PLTRELSZ, ".rela.plt");
	/* Some linkers count the jump slots at the end of the other table as well. */
	if (image->jump.bytes) {
		struct table *t = image->jump_rela ? &image->rela : &image->rel;

		if (t->bytes && image->jump.bytes >= t->bytes &&
		    image->jump.bytes + image->jump.size == t->bytes + t->size)
			t->size -= image->jump.size;
	}
}

static void locate_tables(struct image *image, const struct tags *tags)
{
	locate_strings(image, tags);
	image->symbols = locate(image, tags, DT_SYMTAB, ".dynsym");
	image->gnu_hash = locate(image, tags, SLOT_GNU_HASH, ".gnu.hash");
	/* No loader looks at the older table where there is the newer one: damage in it does no harm. */
	if (!image->gnu_hash.bytes)
		image->hash = locate(image, tags, DT_HASH, ".hash");
	else if (tags->present[DT_HASH])
		image->hash = image_at_address(image, tags->value[DT_HASH]);
	image->has_hash = image->hash.bytes || image->gnu_hash.bytes;
	image->versym = locate(image, tags, SLOT_VERSYM, ".gnu.version");
	image->verdef = locate(image, tags, SLOT_VERDEF, ".gnu.version_d");
	image->verneed = locate(image, tags, SLOT_VERNEED, ".gnu.version_r");
	image->verdef_count = tags->value[SLOT_VERDEFNUM];
	image->verneed_count = tags->value[SLOT_VERNEEDNUM];
	locate_relocations(image, tags);
}

static const char *string_tag(struct image *image, const struct tags *tags, int slot)
{
	const char *text;

	if (!tags->present[slot])
		return NULL;
	text = image_string(image, tags->value[slot]);
	if (!text)
		image_fail(image, "input/malformed", ".dynamic", tags->value[slot],
			   "a string of the dynamic section is out of bounds");
	return text;
}

static void take_values(struct image *image, const struct tags *tags)
{
	image->flags = tags->value[DT_FLAGS];
	image->flags_1 = tags->value[SLOT_FLAGS_1];
	image->symbolic = tags->present[DT_SYMBOLIC] || (image->flags & DF_SYMBOLIC);
	image->bind_now = tags->present[DT_BIND_NOW] || (image->flags & DF_BIND_NOW) ||
			  (image->flags_1 & DF_1_NOW);
	image->text_relocations = tags->present[DT_TEXTREL] || (image->flags & DF_TEXTREL);
	image->static_tls = image->flags & DF_STATIC_TLS;
	image->has_init = tags->present[DT_INIT] || tags->present[DT_INIT_ARRAY];
	image->soname = string_tag(image, tags, DT_SONAME);
	image->runpath = string_tag(image, tags, DT_RUNPATH);
	image->rpath = image->runpath ? NULL : string_tag(image, tags, DT_RPATH);
}

static int take_need(struct image *image, uint64_t tag, uint64_t value, uint64_t offset)
{
	struct need need = { NEED_LIBRARY, NULL };

	if (tag == DT_AUXILIARY)
		need.kind = NEED_AUXILIARY;
	else if (tag == DT_FILTER)
		need.kind = NEED_FILTER;
	else if (tag != DT_NEEDED)
		return 0;
	need.name = image_string(image, value);
	if (!need.name) {
		image_fail(image, "input/malformed", ".dynamic", offset,
			   "the name of a needed library is out of bounds");
		return 0;
	}
	return array_push(&image->needs, need);
}

int elf_read_dynamic(struct image *image, const struct segment *segment)
{
	size_t word = image->is_64 ? 8 : 4;
	struct table t = image_at_address(image, segment->address);
	struct tags tags = { 0 };
	size_t end;
	size_t at;

	if (!segment->file_size)
		return 0;
	if (!t.bytes) {
		image_fail(image, is_cut_off(image, segment->address) ? "input/truncated" : "input/malformed",
			   ".dynamic", segment->offset, "the dynamic section lies in no part of the file");
		return 0;
	}
	image->has_dynamic = true;
	for (at = 0;; at += 2 * word) {
		uint64_t tag;
		int slot;

		if (t.size - at < 2 * word) {
			image_fail(image, "input/truncated", ".dynamic", at,
				   "the dynamic section has no end");
			break;
		}
		tag = image_word(image, t.bytes + at);
		if (tag == DT_NULL)
			break;
		slot = slot_of(tag);
		if (slot >= 0) {
			tags.value[slot] = image_word(image, t.bytes + at + word);
			tags.present[slot] = true;
		}
	}
	end = at;
	locate_tables(image, &tags);
	take_values(image, &tags);
	for (at = 0; at < end; at += 2 * word) {
		int r = take_need(image, image_word(image, t.bytes + at),
				  image_word(image, t.bytes + at + word), at);

		if (r)
			return r;
	}
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Source lines of what causes a need: where the code of a linked file refers to it, and
 * the lines once they are known. A call of a function goes by way of a stub, whose jump
 * takes the address from a place that a relocation fills; code built with -fno-plt, and
 * what takes an address, reads that place itself. Contract in engine/inspect/why.h.
 */
#include "base/numbers.h"
#include "engine/inspect/why.h"

#include <string.h>

#define MOST_USES 20000
#define MOST_LINES 1000 /* of one symbol in one file */

static int by_place(const void *a, const void *b)
{
	const struct source_line *x = a;
	const struct source_line *y = b;
	int order = strcmp(x->file, y->file);

	return order ? order : (x->line > y->line) - (x->line < y->line);
}

static int add_line(struct why_lines *lines, const struct source_line *line)
{
	size_t i;

	/* Those of one function follow each other. */
	for (i = lines->count; i-- > 0 && lines->count - i < 16;) {
		if (!by_place(&lines->items[i], line))
			return 0;
	}
	return lines->count < MOST_LINES ? array_push(lines, *line) : 0;
}

static void sort_lines(struct why_lines *lines)
{
	size_t kept = 0;
	size_t i;

	if (lines->count)
		qsort(lines->items, lines->count, sizeof(*lines->items), by_place);
	for (i = 0; i < lines->count; i++) {
		if (!kept || by_place(&lines->items[kept - 1], &lines->items[i]))
			lines->items[kept++] = lines->items[i];
	}
	lines->count = kept;
}

/* The lines of the cause: of the file, or of the object that was searched last; NULL: none. */
static struct why_lines *lines_of(const struct why_blame *blame, struct why_cause *cause,
				  bool is_file)
{
	struct why_objects *objects = &cause->objects;
	struct why_object *last = objects->count ? &objects->items[objects->count - 1] : NULL;

	if (is_file)
		return &cause->lines;
	return last && last->file == blame->file && last->member == blame->member ? &last->lines
										  : NULL;
}

int why_add_lines(struct why_blame *blame, const struct why_use *uses,
		  const struct source_line *lines, size_t count, bool is_file)
{
	struct why *why = blame->why;
	size_t i;
	int r = 0;

	for (i = 0; i < count && !r; i++) {
		uint32_t at = uses[i].cause + 1;

		/* An object says only the name; the file itself, which symbol of the name. */
		for (; at && lines[i].file && !r; at = is_file ? 0 : blame->next[at - 1]) {
			struct why_lines *of = lines_of(blame, &why->causes.items[at - 1], is_file);

			if (of)
				r = add_line(of, &lines[i]);
		}
	}
	for (i = 0; i < why->causes.count && !r; i++) {
		struct why_lines *of = lines_of(blame, &why->causes.items[i], is_file);

		if (of)
			sort_lines(of);
	}
	return r;
}

/* What the search in the code knows. */
struct search {
	const struct image *image;
	struct numbers causes; /* symbol → cause */
	struct numbers places; /* address that a relocation fills → cause */
	struct numbers stubs;  /* address of a stub → cause */
	struct why_uses *uses;
	bool finds_stubs; /* first those, then what calls them */
};

static int find_places(struct search *s, const struct table *table, bool has_addend)
{
	const struct image *image = s->image;
	size_t word = image->is_64 ? 8 : 4;
	size_t entry = word * (has_addend ? 3 : 2);
	size_t at;
	int r = 0;

	for (at = 0; !r && table->bytes && table->size - at >= entry; at += entry) {
		uint64_t offset = image_word(image, table->bytes + at);
		uint64_t info = image_word(image, table->bytes + at + word);
		uint64_t symbol = image->is_64 ? info >> 32 : (uint32_t)info >> 8;
		uint32_t cause = symbol ? numbers_get(&s->causes, symbol) : NUMBERS_NONE;

		if (cause != NUMBERS_NONE)
			r = numbers_add(&s->places, offset, cause);
	}
	return r;
}

static int add_use(struct search *s, uint64_t address, uint32_t cause)
{
	if (s->uses->count >= MOST_USES)
		return 0;
	return array_push(
		s->uses,
		(struct why_use){ .cause = cause, .section = WHY_NO_SECTION, .offset = address });
}

/* The address that 32 bits at `at` lead to, from behind them. */
static uint64_t relative(const struct search *s, const unsigned char *at, uint64_t address)
{
	return address + 4 + (uint64_t)(int64_t)(int32_t)elf_u32(s->image->swap, at);
}

/* x86-64: jmp *place(%rip), call *place(%rip), mov place(%rip),%reg, cmp …; call and jmp to a stub.
 */
static int look_x86(struct search *s, const unsigned char *bytes, size_t size, uint64_t address)
{
	size_t i;
	int r = 0;

	for (i = 0; !r && i + 6 <= size; i++) {
		uint64_t at = address + i;
		uint32_t cause = NUMBERS_NONE;

		if (bytes[i] == 0xff && (bytes[i + 1] == 0x25 || bytes[i + 1] == 0x15)) {
			cause = numbers_get(&s->places, relative(s, bytes + i + 2, at + 2));
			if (cause != NUMBERS_NONE && bytes[i + 1] == 0x25 && s->finds_stubs) {
				/* Behind the marks of a target, and of bounds. */
				r = numbers_add(&s->stubs, at, cause);
				if (!r)
					r = numbers_add(&s->stubs, at - 1, cause);
				if (!r)
					r = numbers_add(&s->stubs, at - 4, cause);
				if (!r)
					r = numbers_add(&s->stubs, at - 5, cause);
			}
		} else if (!s->finds_stubs && (bytes[i] == 0xe8 || bytes[i] == 0xe9)) {
			cause = numbers_get(&s->stubs, relative(s, bytes + i + 1, at + 1));
		} else if (!s->finds_stubs && (bytes[i] & 0xf8) == 0x48 && i + 7 <= size &&
			   (bytes[i + 2] & 0xc7) == 0x05) {
			cause = numbers_get(&s->places, relative(s, bytes + i + 3, at + 3));
		}
		if (!r && cause != NUMBERS_NONE && !s->finds_stubs)
			r = add_use(s, at, cause);
	}
	return r;
}

/* adrp xN, page; ldr xM, [xN, #offset]: the place that is read; 0: it is no such pair. */
static uint64_t pair_place(uint32_t first, uint32_t second, uint64_t address)
{
	uint64_t page;
	int64_t immediate;

	if ((first & 0x9f000000) != 0x90000000 || (second & 0xffc00000) != 0xf9400000 ||
	    (second >> 5 & 31) != (first & 31))
		return 0;
	immediate = (int64_t)((first >> 5 & 0x7ffff) << 2 | (first >> 29 & 3));
	immediate = (int64_t)((uint64_t)immediate << 43) >> 31;
	page = (address & ~UINT64_C(0xfff)) + (uint64_t)immediate;
	return page + (second >> 10 & 0xfff) * 8;
}

static int look_aarch64(struct search *s, const unsigned char *bytes, size_t size, uint64_t address)
{
	bool swap = s->image->swap;
	size_t i;
	int r = 0;

	for (i = 0; !r && i + 8 <= size; i += 4) {
		uint32_t code = elf_u32(swap, bytes + i);
		uint32_t next = elf_u32(swap, bytes + i + 4);
		uint64_t at = address + i;
		uint64_t place = pair_place(code, next, at);
		uint32_t cause = place ? numbers_get(&s->places, place) : NUMBERS_NONE;

		if (cause != NUMBERS_NONE && s->finds_stubs && (code & 31) == 16) {
			/* Behind the mark of a target. */
			r = numbers_add(&s->stubs, at, cause);
			if (!r)
				r = numbers_add(&s->stubs, at - 4, cause);
			continue;
		}
		if (s->finds_stubs)
			continue;
		if ((code & 0x7c000000) == 0x14000000) {
			int64_t distance = (int64_t)((uint64_t)code << 38) >> 36;

			cause = numbers_get(&s->stubs, at + (uint64_t)distance);
		}
		if (cause != NUMBERS_NONE && numbers_get(&s->stubs, at) == NUMBERS_NONE)
			r = add_use(s, at, cause);
	}
	return r;
}

static int look_everywhere(struct search *s)
{
	const struct image *image = s->image;
	size_t i;
	int r = 0;

	for (i = 0; i < image->segment_count && !r; i++) {
		const struct segment *segment = &image->segments[i];
		struct table code;

		if (segment->type != PT_LOAD || !(segment->flags & PF_X))
			continue;
		code = image_at_address(image, segment->address);
		if (!code.bytes)
			continue;
		r = image->elf_machine == EM_X86_64
			    ? look_x86(s, code.bytes, code.size, segment->address)
			    : look_aarch64(s, code.bytes, code.size, segment->address);
	}
	return r;
}

static int search_code(struct search *s)
{
	int r = find_places(s, &s->image->rel, false);

	if (!r)
		r = find_places(s, &s->image->rela, true);
	if (!r)
		r = find_places(s, &s->image->jump, s->image->jump_rela);
	s->finds_stubs = true;
	if (!r)
		r = look_everywhere(s);
	s->finds_stubs = false;
	return r ? r : look_everywhere(s);
}

int why_image_uses(const struct image *image, const struct why *why, struct why_uses *ret)
{
	struct search search = { .image = image, .uses = ret };
	size_t i;
	int r = 0;

	if ((image->elf_machine != EM_X86_64 && image->elf_machine != EM_AARCH64) ||
	    image->is_big || !image->is_64)
		return 0;
	/* The first cause of a symbol stands for all of it. */
	for (i = 0; i < why->causes.count && !r; i++)
		r = numbers_add(&search.causes, why->causes.items[i].import.index, (uint32_t)i);
	if (!r && why->causes.count)
		r = search_code(&search);
	numbers_done(&search.causes);
	numbers_done(&search.places);
	numbers_done(&search.stubs);
	return r;
}

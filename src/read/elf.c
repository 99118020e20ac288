/* SPDX-License-Identifier: Apache-2.0 */
/* ELF header and program headers; contract in read/elf.h. */
#include "read/elf.h"
#include "read/elf-dynamic.h"
#include "read/elf-note.h"

#include <string.h>

static bool read_ident(struct image *image)
{
	struct elf_format format;
	struct fault fault;

	if (!elf_format_read(image->bytes, image->size, &format, &fault)) {
		if (fault.rule)
			image_fail(image, fault.rule, fault.section, fault.offset, fault.text);
		return false;
	}
	image->is_64 = format.is_64;
	image->is_big = format.is_big;
	image->swap = format.swap;
	return true;
}

static void read_segment(const struct image *image, const unsigned char *at, struct segment *s)
{
	s->type = image_u32(image, at);
	if (image->is_64) {
		s->flags = image_u32(image, at + 4);
		s->offset = image_u64(image, at + 8);
		s->address = image_u64(image, at + 16);
		s->file_size = image_u64(image, at + 32);
		s->memory_size = image_u64(image, at + 40);
		s->align = image_u64(image, at + 48);
	} else {
		s->offset = image_u32(image, at + 4);
		s->address = image_u32(image, at + 8);
		s->file_size = image_u32(image, at + 16);
		s->memory_size = image_u32(image, at + 20);
		s->flags = image_u32(image, at + 24);
		s->align = image_u32(image, at + 28);
	}
}

static int read_segments(struct image *image, uint64_t offset, uint16_t size, uint16_t count)
{
	uint16_t expected = image->is_64 ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr);
	const unsigned char *table;
	size_t i;

	if (!count)
		return 0;
	if (size != expected) {
		image_fail(image, "input/malformed", "ELF header", image->is_64 ? 54 : 42,
			   "unexpected size of a program header");
		return 0;
	}
	table = image_range(image, offset, (uint64_t)size * count);
	if (!table) {
		image_fail(image, "input/truncated", "program headers", offset,
			   "the program headers lie outside the file");
		return 0;
	}
	image->segments = arena_array(&image->arena, count, sizeof(*image->segments));
	if (!image->segments)
		return -ENOMEM;
	for (i = 0; i < count; i++)
		read_segment(image, table + i * size, &image->segments[i]);
	image->segment_count = count;
	return 0;
}

static void read_interpreter(struct image *image, const struct segment *s)
{
	const unsigned char *text = image_range(image, s->offset, s->file_size);

	if (!text || !s->file_size || text[s->file_size - 1]) {
		image_fail(image, text ? "input/malformed" : "input/truncated", "PT_INTERP", s->offset,
			   "the interpreter's path is cut off");
		return;
	}
	if (!image->interpreter)
		image->interpreter = (const char *)text;
}

/* Segments that overlap could have each note read many times: the file's size is the limit. */
static int read_notes(struct image *image, const struct segment *s, uint64_t *left)
{
	if (!image_range(image, s->offset, s->file_size))
		return elf_read_notes(image, s);
	if (s->file_size > *left) {
		image_warn(image, "input/limit", "PT_NOTE", s->offset,
			   "there are more notes than the file has bytes");
		return 0;
	}
	*left -= s->file_size;
	return elf_read_notes(image, s);
}

static int note_segment(struct image *image, const struct segment *s, uint64_t *notes_left)
{
	switch (s->type) {
	case PT_INTERP:
		read_interpreter(image, s);
		break;
	case PT_GNU_STACK:
		image->has_stack = true;
		image->stack_exec = s->flags & PF_X;
		break;
	case PT_GNU_RELRO:
		image->relro = true;
		break;
	case PT_TLS:
		image->has_tls = true;
		image->tls_size = s->memory_size;
		image->tls_align = s->align;
		break;
	case PT_NOTE:
		return read_notes(image, s, notes_left);
	default:
		break;
	}
	return 0;
}

static const struct segment *find_segment(const struct image *image, uint32_t type)
{
	size_t i;

	for (i = 0; i < image->segment_count; i++) {
		if (image->segments[i].type == type)
			return &image->segments[i];
	}
	return NULL;
}

static void check_loads(struct image *image)
{
	size_t i;

	for (i = 0; i < image->segment_count; i++) {
		const struct segment *s = &image->segments[i];

		if (s->type == PT_LOAD && s->file_size &&
		    !image_range(image, s->offset, s->file_size))
			image_fail(image, "input/truncated", "PT_LOAD", s->offset,
				   "the file ends before this segment does");
		else if (s->type == PT_LOAD && s->file_size > s->memory_size && image_is_program(image))
			image_fail(image, "input/malformed", "program headers", i,
				   "a segment is larger in the file than in memory");
	}
}

static int read_all_segments(struct image *image)
{
	const struct segment *dynamic;
	uint64_t notes_left = image->size;
	size_t i;
	int r;

	for (i = 0; i < image->segment_count; i++) {
		r = note_segment(image, &image->segments[i], &notes_left);
		if (r)
			return r;
	}
	dynamic = find_segment(image, PT_DYNAMIC);
	if (dynamic) {
		r = elf_read_dynamic(image, dynamic);
		if (r)
			return r;
	}
	check_loads(image);
	return 0;
}

int elf_read(struct image *image)
{
	const unsigned char *at = image->bytes;
	uint64_t phoff;
	int r;

	image->is_elf = read_ident(image);
	if (!image->is_elf)
		return 0;
	image->elf_type = image_u16(image, at + 16);
	image->elf_machine = image_u16(image, at + 18);
	image->elf_flags = image_u32(image, at + (image->is_64 ? 48 : 36));
	image->machine = machine_find(image->elf_machine, image->is_64, image->is_big,
				      image->elf_flags);
	phoff = image_word(image, at + (image->is_64 ? 32 : 28));
	at += image->is_64 ? 54 : 42;
	r = read_segments(image, phoff, image_u16(image, at), image_u16(image, at + 2));
	return r ? r : read_all_segments(image);
}

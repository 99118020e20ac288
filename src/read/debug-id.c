/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Build ids: the note NT_GNU_BUILD_ID of sections, or of segments where a file
 * has no sections left. Specification: gABI chapter 5 ("Note Section").
 * Contract in read/debug-id.h.
 */
#include "read/debug-id.h"

#include <string.h>

static size_t padded(size_t size)
{
	return (size + 3) & ~(size_t)3;
}

/* Goes over the notes of one section or segment. */
static struct table find_note(const struct object_file *object, struct table notes)
{
	bool swap = object->swap;
	size_t at = 0;

	while (notes.size - at >= 12) {
		const unsigned char *head = notes.bytes + at;
		size_t name_size = elf_u32(swap, head);
		size_t size = elf_u32(swap, head + 4);
		size_t left = notes.size - at - 12;

		if (name_size > left || padded(name_size) > left || size > left - padded(name_size))
			break;
		if (elf_u32(swap, head + 8) == NT_GNU_BUILD_ID && name_size == 4 &&
		    !memcmp(head + 12, "GNU", 4) && size >= 2 && size <= DEBUG_ID_MOST)
			return (struct table){ head + 16, size };
		at += 12 + padded(name_size);
		if (padded(size) > notes.size - at)
			break;
		at += padded(size);
	}
	return (struct table){ NULL, 0 };
}

/* Headers may name the same bytes again and again: no more is looked at than the file has. */
static struct table look_at(const struct object_file *object, struct table notes, size_t *left)
{
	if (!notes.bytes || notes.size > *left)
		return (struct table){ NULL, 0 };
	*left -= notes.size;
	return find_note(object, notes);
}

static struct table segment_notes(const struct object_file *object, const unsigned char *header)
{
	bool swap = object->swap;
	uint64_t offset = object->is_64 ? elf_u64(swap, header + 8) : elf_u32(swap, header + 4);
	uint64_t size = object->is_64 ? elf_u64(swap, header + 32) : elf_u32(swap, header + 16);

	if (elf_u32(swap, header) != PT_NOTE || offset > object->size ||
	    size > object->size - offset)
		return (struct table){ NULL, 0 };
	return (struct table){ object->bytes + offset, (size_t)size };
}

static struct table id_of_segments(const struct object_file *object)
{
	const unsigned char *bytes = object->bytes;
	bool swap = object->swap;
	uint64_t offset = object->is_64 ? elf_u64(swap, bytes + 32) : elf_u32(swap, bytes + 28);
	size_t entry = object->is_64 ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr);
	size_t count = elf_u16(swap, bytes + (object->is_64 ? 56 : 44));
	struct table id = { NULL, 0 };
	size_t left = object->size;
	size_t i;

	if (offset > object->size || count > (object->size - offset) / entry)
		return id;
	for (i = 0; i < count && !id.bytes; i++)
		id = look_at(object, segment_notes(object, bytes + offset + i * entry), &left);
	return id;
}

struct table debug_build_id(const struct object_file *object)
{
	struct object_section section;
	struct table id = { NULL, 0 };
	size_t left = object->size;
	uint32_t i;

	if (!object->is_elf)
		return id;
	for (i = 1; i < object->section_count && !id.bytes; i++) {
		if (object_section(object, i, &section) && section.type == SHT_NOTE)
			id = look_at(object, object_section_bytes(object, &section), &left);
	}
	return id.bytes ? id : id_of_segments(object);
}

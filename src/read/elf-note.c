/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Notes: GNU ABI tag, build id, properties (x86-64 and AArch64 psABI), and the
 * dlopen metadata of the FDO owner (uapi-group ELF dlopen metadata). The
 * loader reads property notes only in segments aligned to 4 or 8.
 */
#include "read/elf-note.h"

#include <jansson.h>
#include <string.h>

#define NOTE_FDO_DLOPEN 0x407c0c0a
#define PROPERTY_1_NEEDED 0xb0008000
#define PROPERTY_AARCH64_FEATURES 0xc0000000
#define PROPERTY_X86_FEATURES 0xc0000002
#define PROPERTY_X86_ISA_NEEDED 0xc0008002
#define PROPERTY_X86_ISA_USED 0xc0010002
#define LARGEST_JSON 65536u /* a parsed text takes many times its size */

static void take_property(struct image *image, uint32_t type, uint32_t value)
{
	bool x86 = image->elf_machine == EM_X86_64 || image->elf_machine == EM_386;

	if (type == PROPERTY_1_NEEDED) {
		image->properties.needed |= value;
	} else if (x86 && type == PROPERTY_X86_ISA_NEEDED) {
		image->properties.has_isa_needed = true;
		image->properties.isa_needed |= value;
	} else if (x86 && type == PROPERTY_X86_ISA_USED) {
		image->properties.isa_used |= value;
	} else if (type == (x86 ? PROPERTY_X86_FEATURES : PROPERTY_AARCH64_FEATURES)) {
		image->properties.features |= value;
	}
}

static void take_properties(struct image *image, const unsigned char *bytes, size_t size)
{
	size_t align = image->is_64 ? 8 : 4;
	size_t at = 0;

	while (size - at >= 8) {
		uint32_t type = image_u32(image, bytes + at);
		uint32_t length = image_u32(image, bytes + at + 4);

		at += 8;
		if (length > size - at) {
			image_warn(image, "input/truncated", ".note.gnu.property", at,
				   "a property is cut off");
			return;
		}
		if (length == 4)
			take_property(image, type, image_u32(image, bytes + at));
		at += length;
		at += -at & (align - 1);
		if (at > size)
			return;
	}
}

/* The loaders that heed it look only in segments that are aligned as notes are. */
static void take_abi_tag(struct image *image, const struct segment *segment,
			 const unsigned char *bytes, size_t size)
{
	size_t i;

	if (size < 16 || (segment->align != 4 && segment->align != 8))
		return;
	image->abi_tag.present = true;
	image->abi_tag.system = image_u32(image, bytes);
	for (i = 0; i < 3; i++)
		image->abi_tag.kernel[i] = image_u32(image, bytes + 4 + 4 * i);
}

/* A string member, copied; NULL when there is none. -ENOMEM through *error. */
static const char *string_member(struct image *image, const json_t *object, const char *name,
				 int *error)
{
	const char *text = json_string_value(json_object_get(object, name));
	const char *copy = text ? arena_strdup(&image->arena, text) : NULL;

	if (text && !copy)
		*error = -ENOMEM;
	return copy;
}

static int take_sonames(struct image *image, const json_t *value, struct dlopen_note *note)
{
	size_t count = json_is_array(value) ? json_array_size(value) : 1;
	size_t used = 0;
	size_t i;

	note->sonames = arena_array(&image->arena, count + 1, sizeof(char *));
	if (!note->sonames)
		return -ENOMEM;
	for (i = 0; i < count; i++) {
		const char *text =
			json_string_value(json_is_array(value) ? json_array_get(value, i) : value);

		if (!text)
			continue;
		note->sonames[used] = arena_strdup(&image->arena, text);
		if (!note->sonames[used++])
			return -ENOMEM;
	}
	return 0;
}

static int take_dlopen_entry(struct image *image, const json_t *object)
{
	struct dlopen_note note = { .priority = DLOPEN_RECOMMENDED };
	const char *priority = json_string_value(json_object_get(object, "priority"));
	const json_t *sonames = json_object_get(object, "soname");
	int r = 0;

	if (!sonames)
		return 0;
	if (priority && !strcmp(priority, "required"))
		note.priority = DLOPEN_REQUIRED;
	else if (priority && !strcmp(priority, "suggested"))
		note.priority = DLOPEN_SUGGESTED;
	note.feature = string_member(image, object, "feature", &r);
	note.description = string_member(image, object, "description", &r);
	if (!r)
		r = take_sonames(image, sonames, &note);
	return r ? r : array_push(&image->dlopen_notes, note);
}

/* JSON: an array of objects; the first draft had one object. */
static int take_dlopen(struct image *image, const unsigned char *bytes, size_t size)
{
	size_t length = strnlen((const char *)bytes, size);
	json_error_t error;
	json_t *root;
	size_t i;
	int r = 0;

	if (length > LARGEST_JSON) {
		image_warn(image, "input/limit", ".note.dlopen", (uint64_t)(bytes - image->bytes),
			   "a dlopen note is too large");
		return 0;
	}
	errno = 0;
	root = json_loadb((const char *)bytes, length, 0, &error);
	if (!root) {
		/* Where memory is out inside a string, the code says "invalid syntax". */
		if (json_error_code(&error) == json_error_out_of_memory || errno == ENOMEM)
			return -ENOMEM;
		image_warn(image, "input/malformed", ".note.dlopen", (uint64_t)(bytes - image->bytes),
			   "a dlopen note is not valid JSON");
		return 0;
	}
	if (json_is_object(root))
		r = take_dlopen_entry(image, root);
	for (i = 0; !r && i < json_array_size(root); i++)
		r = take_dlopen_entry(image, json_array_get(root, i));
	json_decref(root);
	return r;
}

static int take_note(struct image *image, const struct segment *segment, const char *owner,
		     size_t owner_size, uint32_t type, const unsigned char *desc, size_t size)
{
	if (owner_size == 4 && !memcmp(owner, "GNU", 4)) {
		if (type == NT_GNU_ABI_TAG) {
			take_abi_tag(image, segment, desc, size);
		} else if (type == NT_GNU_BUILD_ID) {
			image->build_id = desc;
			image->build_id_size = size;
		} else if (type == NT_GNU_PROPERTY_TYPE_0) {
			take_properties(image, desc, size);
		}
	} else if (owner_size == 4 && !memcmp(owner, "FDO", 4) && type == NOTE_FDO_DLOPEN) {
		return take_dlopen(image, desc, size);
	}
	return 0;
}

static size_t align_up(size_t value, size_t align)
{
	return value + (-value & (align - 1));
}

int elf_read_notes(struct image *image, const struct segment *segment)
{
	const unsigned char *bytes = image_range(image, segment->offset, segment->file_size);
	size_t align = segment->align == 8 ? 8 : 4;
	size_t size = (size_t)segment->file_size;
	size_t at = 0;

	if (!bytes) {
		image_warn(image, "input/truncated", "PT_NOTE", segment->offset,
			   "the notes lie outside the file");
		return 0;
	}
	while (size - at >= 12) {
		uint32_t owner_size = image_u32(image, bytes + at);
		uint32_t desc_size = image_u32(image, bytes + at + 4);
		size_t owner = at + 12;
		size_t desc;
		int r;

		if (owner_size > size - owner)
			break;
		desc = owner + align_up(owner_size, align);
		if (align == 8)
			desc = align_up(owner + owner_size, 8);
		if (desc > size || desc_size > size - desc)
			break;
		r = take_note(image, segment, (const char *)bytes + owner, owner_size,
			      image_u32(image, bytes + at + 8), bytes + desc, desc_size);
		if (r)
			return r;
		at = align_up(desc + desc_size, align);
		if (at >= size)
			return 0;
	}
	if (size - at >= 12)
		image_warn(image, "input/truncated", "PT_NOTE", segment->offset + at,
			   "a note is cut off");
	return 0;
}

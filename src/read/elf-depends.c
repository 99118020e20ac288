/* SPDX-License-Identifier: Apache-2.0 */
/* Section headers, version tables and dynamic tags; contract in read/elf-depends.h. */
#include "read/elf-depends.h"

#include <elf.h>
#include <string.h>

struct part {
	const unsigned char *bytes; /* NULL: none */
	size_t size;
};

struct section {
	uint32_t type;
	uint32_t link;
	uint32_t info;
	uint64_t offset;
	uint64_t size;
	uint64_t entry_size;
};

struct reader {
	const unsigned char *bytes;
	size_t size;
	struct elf_depends *depends;
	bool is_64;
	bool swap;
	uint64_t sections; /* where the section headers are */
	uint64_t count;
	uint64_t left; /* bytes of tables that are still read: sections of a sound file do not
			  overlap */
};

static void fail(struct reader *reader, const char *rule, const char *section, uint64_t offset,
		 const char *text)
{
	if (!reader->depends->fault.rule)
		reader->depends->fault = (struct fault){ rule, section, offset, text };
}

static struct part range(const struct reader *reader, uint64_t offset, uint64_t size)
{
	if (offset > reader->size || size > reader->size - offset)
		return (struct part){ 0 };
	return (struct part){ reader->bytes + offset, (size_t)size };
}

static uint64_t word(const struct reader *reader, const unsigned char *at)
{
	return reader->is_64 ? elf_u64(reader->swap, at) : elf_u32(reader->swap, at);
}

static bool read_section(const struct reader *reader, uint64_t index, struct section *ret)
{
	bool is_64 = reader->is_64;
	bool swap = reader->swap;
	size_t size = is_64 ? sizeof(Elf64_Shdr) : sizeof(Elf32_Shdr);
	const unsigned char *at;
	struct part part;

	if (index >= reader->count)
		return false;
	part = range(reader, reader->sections + index * size, size);
	if (!part.bytes)
		return false;
	at = part.bytes;
	ret->type = elf_u32(swap, at + 4);
	ret->offset = word(reader, at + (is_64 ? 24 : 16));
	ret->size = word(reader, at + (is_64 ? 32 : 20));
	ret->link = elf_u32(swap, at + (is_64 ? 40 : 24));
	ret->info = elf_u32(swap, at + (is_64 ? 44 : 28));
	ret->entry_size = word(reader, at + (is_64 ? 56 : 36));
	return true;
}

/* The strings that a section refers to, as far as they are ended by a NUL. */
static struct part strings_of(const struct reader *reader, const struct section *section)
{
	struct section strings;
	struct part part;
	const unsigned char *end;

	if (!read_section(reader, section->link, &strings) || strings.type != SHT_STRTAB)
		return (struct part){ 0 };
	part = range(reader, strings.offset, strings.size);
	end = part.bytes ? memrchr(part.bytes, 0, part.size) : NULL;
	return end ? (struct part){ part.bytes, (size_t)(end - part.bytes) + 1 }
		   : (struct part){ 0 };
}

static const char *string_at(struct part strings, uint64_t offset)
{
	return offset < strings.size ? (const char *)strings.bytes + offset : NULL;
}

static int add(struct reader *reader, enum elf_depend_kind kind, const char *soname,
	       const char *version)
{
	return array_push(&reader->depends->items, (struct elf_depend){ kind, soname, version });
}

/*
 * One step along a chain of version entries. Offsets only grow, so that a chain ends; 0
 * ends it, whatever the count says.
 */
static bool advance(const struct part *part, size_t *at, uint32_t next, size_t need)
{
	if (!next || next > part->size - *at || need > part->size - *at - next)
		return false;
	*at += next;
	return true;
}

/* elfdeps names a version once for itself and once for each parent; the parents are not told. */
static int read_definition(struct reader *reader, struct part part, struct part strings, size_t at,
			   const char **soname, size_t *left)
{
	bool base = elf_u16(reader->swap, part.bytes + at + 2) & VER_FLG_BASE;
	uint32_t count = elf_u16(reader->swap, part.bytes + at + 6);
	size_t name = at;
	const char *text;
	int r = 0;

	if (!advance(&part, &name, elf_u32(reader->swap, part.bytes + at + 12),
		     sizeof(Elf32_Verdaux)))
		return 0;
	text = string_at(strings, elf_u32(reader->swap, part.bytes + name));
	if (!text)
		return 0;
	if (base)
		*soname = text;
	for (; !r && !base && *soname && count && *left; count--, (*left)--)
		r = add(reader, ELF_DEPEND_DEFINES, *soname, text);
	return r;
}

static int read_definitions(struct reader *reader, const struct section *section, struct part part,
			    struct part strings)
{
	size_t left = part.size / sizeof(Elf32_Verdaux);
	const char *soname = NULL;
	uint32_t count = section->info;
	size_t at = 0;
	int r = 0;

	if (part.size < sizeof(Elf32_Verdef))
		return 0;
	while (!r && count-- && left) {
		r = read_definition(reader, part, strings, at, &soname, &left);
		if (!advance(&part, &at, elf_u32(reader->swap, part.bytes + at + 16),
			     sizeof(Elf32_Verdef)))
			break;
	}
	return r;
}

static int read_need(struct reader *reader, struct part part, struct part strings, size_t at,
		     size_t *left)
{
	const char *file = string_at(strings, elf_u32(reader->swap, part.bytes + at + 4));
	uint32_t count = elf_u16(reader->swap, part.bytes + at + 2);
	size_t version = at;
	int r = 0;

	if (!file || !advance(&part, &version, elf_u32(reader->swap, part.bytes + at + 8),
			      sizeof(Elf32_Vernaux)))
		return 0;
	while (!r && count-- && (*left)--) {
		const char *text =
			string_at(strings, elf_u32(reader->swap, part.bytes + version + 8));

		if (!text)
			return 0;
		r = add(reader, ELF_DEPEND_NEEDS_VERSION, file, text);
		if (!advance(&part, &version, elf_u32(reader->swap, part.bytes + version + 12),
			     sizeof(Elf32_Vernaux)))
			break;
	}
	return r;
}

static int read_needs(struct reader *reader, const struct section *section, struct part part,
		      struct part strings)
{
	size_t left = part.size / sizeof(Elf32_Vernaux);
	uint32_t count = section->info;
	size_t at = 0;
	int r = 0;

	if (part.size < sizeof(Elf32_Verneed))
		return 0;
	while (!r && count-- && left) {
		r = read_need(reader, part, strings, at, &left);
		if (!advance(&part, &at, elf_u32(reader->swap, part.bytes + at + 12),
			     sizeof(Elf32_Verneed)))
			break;
	}
	return r;
}

static int take_tag(struct reader *reader, uint64_t tag, const char *text)
{
	struct elf_depends *depends = reader->depends;

	switch (tag) {
	case DT_HASH:
		depends->has_hash = true;
		break;
	case DT_GNU_HASH:
		depends->has_gnu_hash = true;
		break;
	case DT_DEBUG:
		depends->has_debug = true;
		break;
	case DT_SONAME:
		if (text)
			depends->soname = text;
		break;
	case DT_NEEDED:
		if (text)
			return add(reader, ELF_DEPEND_NEEDS, text, NULL);
		break;
	default:
		break;
	}
	return 0;
}

static int read_dynamic(struct reader *reader, const struct section *section, struct part part,
			struct part strings)
{
	size_t entry = reader->is_64 ? sizeof(Elf64_Dyn) : sizeof(Elf32_Dyn);
	uint64_t count = section->entry_size ? section->size / section->entry_size : 0;
	size_t at;
	int r = 0;

	for (at = 0; !r && count-- && part.size - at >= entry; at += entry)
		r = take_tag(reader, word(reader, part.bytes + at),
			     string_at(strings, word(reader, part.bytes + at + entry / 2)));
	return r;
}

static int take_section(struct reader *reader, const struct section *section, const char *name,
			int (*take)(struct reader *, const struct section *, struct part,
				    struct part))
{
	struct part part = range(reader, section->offset, section->size);

	if (!part.bytes) {
		fail(reader, "input/truncated", name, section->offset,
		     "the section lies outside the file");
		return 0;
	}
	if (part.size > reader->left) {
		fail(reader, "input/limit", name, section->offset,
		     "sections overlap: they have more bytes than the file");
		return 0;
	}
	reader->left -= part.size;
	return take(reader, section, part, strings_of(reader, section));
}

static int read_sections(struct reader *reader)
{
	struct section section;
	uint64_t i;
	int r = 0;

	for (i = 1; !r && i < reader->count; i++) {
		if (!read_section(reader, i, &section)) {
			fail(reader, "input/truncated", "section headers", reader->sections,
			     "the section headers lie outside the file");
			break;
		}
		if (section.type == SHT_GNU_verdef)
			r = take_section(reader, &section, ".gnu.version_d", read_definitions);
		else if (section.type == SHT_GNU_verneed)
			r = take_section(reader, &section, ".gnu.version_r", read_needs);
		else if (section.type == SHT_DYNAMIC)
			r = take_section(reader, &section, ".dynamic", read_dynamic);
	}
	return r;
}

static void read_segments(struct reader *reader, uint64_t table, uint16_t count)
{
	size_t size = reader->is_64 ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr);
	struct part part = range(reader, table, (uint64_t)size * count);
	bool has_interpreter = false;
	size_t i;

	for (i = 0; part.bytes && i < count; i++) {
		const unsigned char *at = part.bytes + i * size;
		uint32_t type = elf_u32(reader->swap, at);
		uint64_t offset = word(reader, at + (reader->is_64 ? 8 : 4));

		reader->depends->has_dynamic_segment |= type == PT_DYNAMIC;
		if (type != PT_INTERP || has_interpreter || offset >= reader->size)
			continue;
		has_interpreter = true;
		if (memchr(reader->bytes + offset, 0, reader->size - (size_t)offset))
			reader->depends->interpreter = (const char *)reader->bytes + offset;
	}
}

/* More than 0xfeff sections: their number stands in the first one. */
static void count_sections(struct reader *reader, uint16_t count)
{
	struct section first;

	if (!reader->sections)
		return;
	reader->count = 1;
	if (!read_section(reader, 0, &first)) {
		fail(reader, "input/truncated", "section headers", reader->sections,
		     "the section headers lie outside the file");
		reader->count = 0;
		return;
	}
	reader->count = count ? count : first.size;
	reader->depends->has_sections = reader->count > 1;
}

int elf_depends_read(const unsigned char *bytes, size_t size, struct elf_depends *ret)
{
	struct reader reader = { .bytes = bytes, .size = size, .left = size, .depends = ret };
	bool is_64, swap;

	*ret = (struct elf_depends){ 0 };
	if (!elf_format_read(bytes, size, &ret->format, &ret->fault))
		return 0;
	ret->is_elf = true;
	reader.is_64 = is_64 = ret->format.is_64;
	reader.swap = swap = ret->format.swap;
	ret->type = elf_u16(swap, bytes + 16);
	ret->machine = elf_u16(swap, bytes + 18);
	if (ret->type != ET_EXEC && ret->type != ET_DYN)
		return 0;
	reader.sections = word(&reader, bytes + (is_64 ? 40 : 32));
	read_segments(&reader, word(&reader, bytes + (is_64 ? 32 : 28)),
		      elf_u16(swap, bytes + (is_64 ? 56 : 44)));
	count_sections(&reader, elf_u16(swap, bytes + (is_64 ? 60 : 48)));
	return read_sections(&reader);
}

void elf_depends_done(struct elf_depends *depends)
{
	array_done(&depends->items);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Writer of small ELF files; contract in elf-maker.h. */
#include "elf-maker.h"
#include "memory-source.h"

#include <string.h>

#define ROOM 65536u

struct writer {
	const struct elf_maker *maker;
	unsigned char *bytes;
	size_t at;
	size_t strings; /* where the string table starts */
	size_t strings_end;
	size_t tags; /* where the next dynamic entry goes */
};

static void put_at(struct writer *w, size_t at, uint64_t value, unsigned width)
{
	unsigned i;

	for (i = 0; i < width; i++)
		w->bytes[at + i] =
			(unsigned char)(value >> 8 * (w->maker->is_big ? width - 1 - i : i));
}

static void put(struct writer *w, uint64_t value, unsigned width)
{
	put_at(w, w->at, value, width);
	w->at += width;
}

static unsigned word(const struct writer *w)
{
	return w->maker->is_32 ? 4 : 8;
}

static void align(struct writer *w)
{
	w->at = (w->at + 7) & ~(size_t)7;
}

static size_t add_string(struct writer *w, const char *text)
{
	size_t at = w->strings_end;

	memcpy(w->bytes + at, text, strlen(text) + 1);
	w->strings_end += strlen(text) + 1;
	return at - w->strings;
}

static void add_tag(struct writer *w, uint64_t tag, uint64_t value)
{
	put_at(w, w->tags, tag, word(w));
	put_at(w, w->tags + word(w), value, word(w));
	w->tags += 2 * word(w);
}

static void put_header(struct writer *w, unsigned segments)
{
	const struct elf_maker *m = w->maker;

	memcpy(w->bytes, ELFMAG, SELFMAG);
	w->bytes[EI_CLASS] = m->is_32 ? ELFCLASS32 : ELFCLASS64;
	w->bytes[EI_DATA] = m->is_big ? ELFDATA2MSB : ELFDATA2LSB;
	w->bytes[EI_VERSION] = EV_CURRENT;
	w->at = EI_NIDENT;
	put(w, m->type ? m->type : ET_DYN, 2);
	put(w, m->machine ? m->machine : EM_X86_64, 2);
	put(w, EV_CURRENT, 4);
	put(w, 0, word(w));
	put(w, m->is_32 ? 52 : 64, word(w));
	put(w, 0, word(w));
	put(w, m->flags, 4);
	put(w, m->is_32 ? 52 : 64, 2);
	put(w, m->is_32 ? 32 : 56, 2);
	put(w, segments, 2);
	put(w, 0, 6);
}

static void put_segment(struct writer *w, uint32_t type, uint64_t offset, uint64_t size)
{
	put(w, type, 4);
	if (!w->maker->is_32)
		put(w, PF_R | PF_W, 4);
	put(w, offset, word(w));
	put(w, offset, word(w));
	put(w, offset, word(w));
	put(w, size, word(w));
	put(w, size, word(w));
	if (w->maker->is_32)
		put(w, PF_R | PF_W, 4);
	put(w, type == PT_LOAD ? 4096 : 8, word(w));
}

static void put_symbol(struct writer *w, const struct elf_maker_symbol *s)
{
	size_t name = add_string(w, s->name);
	unsigned info = (unsigned)s->binding << 4 | s->type;
	uint64_t value = s->undefined ? 0 : 0x100;

	put(w, name, 4);
	if (w->maker->is_32) {
		put(w, value, 4);
		put(w, 4, 4);
	}
	put(w, info, 1);
	put(w, 0, 1);
	put(w, s->undefined ? SHN_UNDEF : 1, 2);
	if (!w->maker->is_32) {
		put(w, value, 8);
		put(w, 4, 8);
	}
}

static unsigned count_symbols(const struct elf_maker *m)
{
	unsigned n = 0;

	while (n < ARRAY_SIZE(m->symbols) && m->symbols[n].name)
		n++;
	return n;
}

/* One bucket: the chain runs from the last symbol to the first. */
static void put_symbols(struct writer *w)
{
	unsigned count = count_symbols(w->maker);
	unsigned i;

	align(w);
	add_tag(w, DT_SYMTAB, w->at);
	w->at += w->maker->is_32 ? 16 : 24;
	for (i = 0; i < count; i++)
		put_symbol(w, &w->maker->symbols[i]);
	add_tag(w, DT_HASH, w->at);
	put(w, 1, 4);
	put(w, count + 1, 4);
	put(w, count, 4);
	put(w, 0, 4);
	for (i = 0; i < count; i++)
		put(w, i, 4);
}

static uint32_t sysv_hash(const char *name)
{
	uint32_t h = 0;

	for (; *name; name++) {
		h = (h << 4) + (unsigned char)*name;
		h ^= (h & 0xf0000000) >> 24;
		h &= 0x0fffffff;
	}
	return h;
}

static unsigned count_texts(const char *const *texts)
{
	unsigned n = 0;

	while (n < 8 && texts[n])
		n++;
	return n;
}

static void put_definitions(struct writer *w, unsigned count)
{
	unsigned i;

	align(w);
	add_tag(w, DT_VERDEF, w->at);
	add_tag(w, DT_VERDEFNUM, count);
	for (i = 0; i < count; i++) {
		put(w, 1, 2);
		put(w, i ? 0 : VER_FLG_BASE, 2);
		put(w, i + 1, 2);
		put(w, 1, 2);
		put(w, sysv_hash(w->maker->defines[i]), 4);
		put(w, 20, 4);
		put(w, i + 1 < count ? 28 : 0, 4);
		put(w, add_string(w, w->maker->defines[i]), 4);
		put(w, 0, 4);
	}
}

static void put_needs(struct writer *w, unsigned count, unsigned first_index)
{
	unsigned i;

	align(w);
	add_tag(w, DT_VERNEED, w->at);
	add_tag(w, DT_VERNEEDNUM, 1);
	put(w, 1, 2);
	put(w, count, 2);
	put(w, add_string(w, w->maker->needed[0]), 4);
	put(w, 16, 4);
	put(w, 0, 4);
	for (i = 0; i < count; i++) {
		put(w, sysv_hash(w->maker->needs_version[i]), 4);
		put(w, 0, 2);
		put(w, first_index + i, 2);
		put(w, add_string(w, w->maker->needs_version[i]), 4);
		put(w, i + 1 < count ? 16 : 0, 4);
	}
}

static void put_versions(struct writer *w)
{
	unsigned definitions = count_texts(w->maker->defines);
	unsigned needs = count_texts(w->maker->needs_version);
	unsigned i;

	if (!definitions && !needs)
		return;
	align(w);
	add_tag(w, DT_VERSYM, w->at);
	put(w, 0, 2);
	for (i = 0; i < count_symbols(w->maker); i++)
		put(w, w->maker->symbols[i].version, 2);
	if (definitions)
		put_definitions(w, definitions);
	if (needs)
		put_needs(w, needs, definitions ? definitions + 1 : 2);
}

static void put_texts(struct writer *w)
{
	const struct elf_maker *m = w->maker;
	unsigned i;

	for (i = 0; i < count_texts(m->needed); i++)
		add_tag(w, DT_NEEDED, add_string(w, m->needed[i]));
	if (m->soname)
		add_tag(w, DT_SONAME, add_string(w, m->soname));
	if (m->rpath)
		add_tag(w, DT_RPATH, add_string(w, m->rpath));
	if (m->runpath)
		add_tag(w, DT_RUNPATH, add_string(w, m->runpath));
	if (m->flags_1)
		add_tag(w, DT_FLAGS_1, m->flags_1);
}

/* Headers, strings (up to 4096), dynamic section (up to 8192), then all else. */
unsigned char *elf_make(const struct elf_maker *maker, size_t *ret_size)
{
	struct writer w = { .maker = maker, .bytes = calloc(1, ROOM + maker->text_size) };
	size_t interpreter = 0;

	if (!w.bytes)
		abort();
	w.strings = 512;
	w.strings_end = w.strings + 1;
	w.tags = 4096;
	w.at = 8192;
	if (maker->interpreter) {
		interpreter = w.at;
		memcpy(w.bytes + w.at, maker->interpreter, strlen(maker->interpreter) + 1);
		w.at += strlen(maker->interpreter) + 1;
	}
	put_texts(&w);
	put_symbols(&w);
	put_versions(&w);
	if (maker->text)
		memcpy(w.bytes + w.at, maker->text, maker->text_size);
	*ret_size = w.at + maker->text_size;
	add_tag(&w, DT_STRTAB, w.strings);
	add_tag(&w, DT_STRSZ, w.strings_end - w.strings);
	add_tag(&w, DT_NULL, 0);
	put_header(&w, interpreter ? 3 : 2);
	put_segment(&w, PT_LOAD, 0, *ret_size);
	put_segment(&w, PT_DYNAMIC, 4096, w.tags - 4096);
	if (interpreter)
		put_segment(&w, PT_INTERP, interpreter, strlen(maker->interpreter) + 1);
	return w.bytes;
}

void elf_make_in(struct source *source, const char *path, const struct elf_maker *maker)
{
	size_t size;
	unsigned char *bytes = elf_make(maker, &size);

	memory_source_file(source, path, bytes, size);
	free(bytes);
}

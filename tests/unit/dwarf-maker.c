/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in tests/unit/dwarf-maker.h. */
#include "dwarf-maker.h"

#include <string.h>

void put_at(struct buffer *b, size_t at, uint64_t value, unsigned width)
{
	unsigned i;

	if (at + width > sizeof(b->bytes))
		abort();
	for (i = 0; i < width; i++) {
		unsigned place = b->is_big ? width - 1 - i : i;

		b->bytes[at + i] = place < 8 ? (unsigned char)(value >> 8 * place) : 0;
	}
}

void put(struct buffer *b, uint64_t value, unsigned width)
{
	put_at(b, b->size, value, width);
	b->size += width;
}

void put_uleb(struct buffer *b, uint64_t value)
{
	do {
		put(b, (value & 0x7f) | (value > 0x7f ? 0x80 : 0), 1);
		value >>= 7;
	} while (value);
}

void put_sleb(struct buffer *b, int64_t value)
{
	bool is_last;

	do {
		unsigned char bits = value & 0x7f;

		value >>= 7;
		is_last = (value == 0 && !(bits & 0x40)) || (value == -1 && bits & 0x40);
		put(b, bits | (is_last ? 0 : 0x80), 1);
	} while (!is_last);
}

void put_bytes(struct buffer *b, const void *bytes, size_t size)
{
	if (b->size + size > sizeof(b->bytes))
		abort();
	memcpy(b->bytes + b->size, bytes, size);
	b->size += size;
}

void put_string(struct buffer *b, const char *text)
{
	put_bytes(b, text, strlen(text) + 1);
}

void put_spec(struct buffer *b, unsigned attribute, unsigned form)
{
	put_uleb(b, attribute);
	put_uleb(b, form);
}

struct writer {
	unsigned char *bytes;
	bool is_32;
	bool is_big;
};

static void write_at(const struct writer *w, size_t at, uint64_t value, unsigned width)
{
	unsigned i;

	for (i = 0; i < width; i++)
		w->bytes[at + i] = (unsigned char)(value >> 8 * (w->is_big ? width - 1 - i : i));
}

static void write_section(const struct writer *w, size_t at, const struct made_section *s,
			  size_t name, size_t offset, size_t size)
{
	unsigned word = w->is_32 ? 4 : 8;

	write_at(w, at, name, 4);
	write_at(w, at + 4, s->type ? s->type : SHT_PROGBITS, 4);
	write_at(w, at + 8, s->flags, word);
	write_at(w, at + 8 + 2 * word, offset, word);
	write_at(w, at + 8 + 3 * word, size, word);
	write_at(w, at + 8 + 4 * word, s->link, 4);
	write_at(w, at + 12 + 4 * word, s->info, 4);
	write_at(w, at + 16 + 4 * word, 1, word);
	write_at(w, at + 16 + 5 * word, s->entry_size, word);
}

static void write_header(const struct writer *w, uint16_t type, uint16_t machine, size_t table,
			 size_t count)
{
	memcpy(w->bytes, ELFMAG, SELFMAG);
	w->bytes[EI_CLASS] = w->is_32 ? ELFCLASS32 : ELFCLASS64;
	w->bytes[EI_DATA] = w->is_big ? ELFDATA2MSB : ELFDATA2LSB;
	write_at(w, 16, type, 2);
	write_at(w, 18, machine, 2);
	write_at(w, w->is_32 ? 32 : 40, table, w->is_32 ? 4 : 8);
	write_at(w, w->is_32 ? 46 : 58, w->is_32 ? sizeof(Elf32_Shdr) : sizeof(Elf64_Shdr), 2);
	write_at(w, w->is_32 ? 48 : 60, count, 2);
	write_at(w, w->is_32 ? 50 : 62, count - 1, 2);
}

unsigned char *make_file(const struct made_section *sections, size_t count, uint16_t type,
			 uint16_t machine, bool is_32, bool is_big, size_t *ret_size)
{
	static const struct made_section strings = { .name = "", .type = SHT_STRTAB };
	struct writer w = { .is_32 = is_32, .is_big = is_big };
	size_t header = is_32 ? sizeof(Elf32_Shdr) : sizeof(Elf64_Shdr);
	size_t table = 64;
	size_t content = table + (count + 2) * header;
	size_t total = content;
	size_t names = 1;
	size_t name = 1;
	size_t i;

	for (i = 0; i < count; i++) {
		total += sections[i].content->size;
		names += strlen(sections[i].name) + 1;
	}
	w.bytes = calloc(1, total + names);
	if (!w.bytes)
		abort();
	write_header(&w, type, machine, table, count + 2);
	for (i = 0; i < count; i++) {
		size_t size = sections[i].content->size;

		write_section(&w, table + (i + 1) * header, &sections[i], name, content, size);
		memcpy(w.bytes + content, sections[i].content->bytes, size);
		strcpy((char *)w.bytes + total + name, sections[i].name);
		content += size;
		name += strlen(sections[i].name) + 1;
	}
	write_section(&w, table + (count + 1) * header, &strings, 0, total, names);
	*ret_size = total + names;
	return w.bytes;
}

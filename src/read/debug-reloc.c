/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Only what assemblers write into debug sections. Numbers of relocations: each
 * machine's ELF psABI supplement. Contract in read/debug-reloc.h.
 */
#include "read/debug-reloc.h"

enum action { ACTION_NONE, ACTION_SET, ACTION_ADD, ACTION_SUB };

enum { WIDTH_ULEB = 0, WIDTH_6_BITS = 6 }; /* the others: bytes */

struct row {
	uint16_t machine;
	uint16_t type;
	uint8_t action;
	uint8_t width;
};

static const struct row rows[] = {
	{ EM_X86_64, R_X86_64_32, ACTION_SET, 4 },
	{ EM_X86_64, R_X86_64_64, ACTION_SET, 8 },
	{ EM_X86_64, R_X86_64_32S, ACTION_SET, 4 },
	{ EM_X86_64, R_X86_64_DTPOFF64, ACTION_SET, 8 },
	{ EM_X86_64, R_X86_64_DTPOFF32, ACTION_SET, 4 },
	{ EM_386, R_386_32, ACTION_SET, 4 },
	{ EM_386, R_386_TLS_LDO_32, ACTION_SET, 4 },
	{ EM_AARCH64, R_AARCH64_ABS32, ACTION_SET, 4 },
	{ EM_AARCH64, R_AARCH64_ABS64, ACTION_SET, 8 },
	{ EM_AARCH64, R_AARCH64_TLS_DTPREL, ACTION_SET, 8 },
	{ EM_ARM, R_ARM_ABS32, ACTION_SET, 4 },
	{ EM_ARM, R_ARM_TLS_LDO32, ACTION_SET, 4 },
	{ EM_PPC64, R_PPC64_ADDR32, ACTION_SET, 4 },
	{ EM_PPC64, R_PPC64_ADDR64, ACTION_SET, 8 },
	{ EM_PPC64, R_PPC64_UADDR32, ACTION_SET, 4 },
	{ EM_PPC64, R_PPC64_UADDR64, ACTION_SET, 8 },
	{ EM_PPC64, R_PPC64_DTPREL64, ACTION_SET, 8 },
	{ EM_S390, R_390_32, ACTION_SET, 4 },
	{ EM_S390, R_390_64, ACTION_SET, 8 },
	{ EM_S390, R_390_TLS_LDO32, ACTION_SET, 4 },
	{ EM_S390, R_390_TLS_LDO64, ACTION_SET, 8 },
	{ EM_RISCV, 1 /* 32 */, ACTION_SET, 4 },
	{ EM_RISCV, 2 /* 64 */, ACTION_SET, 8 },
	{ EM_RISCV, 8 /* TLS_DTPREL32 */, ACTION_SET, 4 },
	{ EM_RISCV, 9 /* TLS_DTPREL64 */, ACTION_SET, 8 },
	{ EM_RISCV, 33 /* ADD8 */, ACTION_ADD, 1 },
	{ EM_RISCV, 34 /* ADD16 */, ACTION_ADD, 2 },
	{ EM_RISCV, 35 /* ADD32 */, ACTION_ADD, 4 },
	{ EM_RISCV, 36 /* ADD64 */, ACTION_ADD, 8 },
	{ EM_RISCV, 37 /* SUB8 */, ACTION_SUB, 1 },
	{ EM_RISCV, 38 /* SUB16 */, ACTION_SUB, 2 },
	{ EM_RISCV, 39 /* SUB32 */, ACTION_SUB, 4 },
	{ EM_RISCV, 40 /* SUB64 */, ACTION_SUB, 8 },
	{ EM_RISCV, 52 /* SUB6 */, ACTION_SUB, WIDTH_6_BITS },
	{ EM_RISCV, 53 /* SET6 */, ACTION_SET, WIDTH_6_BITS },
	{ EM_RISCV, 54 /* SET8 */, ACTION_SET, 1 },
	{ EM_RISCV, 55 /* SET16 */, ACTION_SET, 2 },
	{ EM_RISCV, 56 /* SET32 */, ACTION_SET, 4 },
	{ EM_RISCV, 60 /* SET_ULEB128 */, ACTION_SET, WIDTH_ULEB },
	{ EM_RISCV, 61 /* SUB_ULEB128 */, ACTION_SUB, WIDTH_ULEB },
};

struct relocation {
	uint64_t offset;
	uint64_t symbol;
	uint32_t type;
	uint64_t addend;
	bool has_addend; /* else it stands in the field */
};

struct target {
	struct debug_sections *sections;
	unsigned char *bytes;
	size_t size;
};

/* The first of those for `section`, or of those behind them. */
static size_t find_relocations(const struct debug_sections *s, uint32_t section)
{
	size_t low = 0;
	size_t high = s->relocations.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (s->relocations.items[middle].target < section)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool debug_is_relocated(const struct debug_sections *sections, uint32_t section)
{
	size_t i = find_relocations(sections, section);

	return i < sections->relocations.count && sections->relocations.items[i].target == section;
}

static const struct row *find_row(uint16_t machine, uint32_t type)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		if (rows[i].machine == machine && rows[i].type == type)
			return &rows[i];
	}
	return NULL;
}

/* How many bytes the field has; 0 when it is not all there. */
static size_t field_length(const struct target *t, uint64_t offset, const struct row *row)
{
	size_t length = row->width == WIDTH_6_BITS ? 1 : row->width;

	if (offset >= t->size || length > t->size - offset)
		return 0;
	if (row->width != WIDTH_ULEB)
		return length;
	while (length < 10 && length < t->size - offset) {
		if (!(t->bytes[offset + length++] & 0x80))
			return length;
	}
	return 0;
}

static uint64_t get_field(const struct target *t, uint64_t offset, const struct row *row,
			  size_t length)
{
	bool is_big = t->sections->object.is_big;
	uint64_t v = 0;
	size_t i;

	for (i = 0; i < length; i++) {
		const unsigned char *at = t->bytes + offset;

		if (row->width == WIDTH_ULEB)
			v |= i < 9 ? (uint64_t)(at[i] & 0x7f) << 7 * i : (uint64_t)at[i] << 63;
		else
			v = v << 8 | at[is_big ? i : length - 1 - i];
	}
	return row->width == WIDTH_6_BITS ? v & 0x3f : v;
}

static void put_field(const struct target *t, uint64_t offset, const struct row *row, size_t length,
		      uint64_t v)
{
	bool is_big = t->sections->object.is_big;
	unsigned char *at = t->bytes + offset;
	size_t i;

	if (row->width == WIDTH_6_BITS)
		v = (v & 0x3f) | (*at & 0xc0);
	for (i = 0; i < length; i++) {
		if (row->width == WIDTH_ULEB) {
			at[i] = (v & 0x7f) | (i + 1 < length ? 0x80 : 0);
			v >>= 7;
		} else {
			at[is_big ? length - 1 - i : i] = (unsigned char)v;
			v >>= 8;
		}
	}
}

/* False: there is no such symbol or section. Undefined and common ones count as 0. */
static bool symbol_value(const struct debug_sections *s, uint64_t index, uint64_t *ret)
{
	struct symbol symbol;
	uint32_t section;

	*ret = 0;
	if (!index)
		return true;
	if (index > UINT32_MAX || !object_symbol(&s->object, (uint32_t)index, &symbol))
		return false;
	if (symbol.section == SHN_UNDEF || symbol.section == SHN_COMMON)
		return true;
	*ret = symbol.value;
	if (symbol.section >= SHN_LORESERVE && symbol.section != SHN_XINDEX)
		return true;
	section = object_symbol_section(&s->object, &symbol);
	if (section >= s->object.section_count)
		return false;
	*ret += s->places[section];
	return true;
}

static const char *apply(const struct target *t, const struct relocation *r)
{
	const struct row *row = find_row(t->sections->object.elf_machine, r->type);
	uint64_t field;
	uint64_t value;
	size_t length;

	if (!r->type)
		return NULL; /* R_*_NONE of every machine */
	if (!row)
		return "a relocation of a type that debug information does not have";
	length = field_length(t, r->offset, row);
	if (!length)
		return "a relocation of a field outside its section";
	if (!symbol_value(t->sections, r->symbol, &value))
		return "a relocation by a symbol that is not there";
	field = get_field(t, r->offset, row, length);
	value += r->has_addend ? r->addend : row->action == ACTION_SET ? field : 0;
	if (row->action == ACTION_ADD)
		value = field + value;
	else if (row->action == ACTION_SUB)
		value = field - value;
	put_field(t, r->offset, row, length, value);
	return NULL;
}

static struct relocation decode(const struct object_file *object, const unsigned char *at,
				bool has_addend)
{
	bool swap = object->swap;
	struct relocation r = { .has_addend = has_addend };
	uint64_t info;

	if (object->is_64) {
		r.offset = elf_u64(swap, at);
		info = elf_u64(swap, at + 8);
		r.symbol = info >> 32;
		r.type = (uint32_t)info;
		r.addend = has_addend ? elf_u64(swap, at + 16) : 0;
	} else {
		r.offset = elf_u32(swap, at);
		info = elf_u32(swap, at + 4);
		r.symbol = info >> 8;
		r.type = info & 0xff;
		r.addend = has_addend ? (uint64_t)(int32_t)elf_u32(swap, at + 8) : 0;
	}
	return r;
}

static size_t entry_size(bool is_64, bool has_addend)
{
	return (is_64 ? 8 : 4) * (has_addend ? 3 : 2);
}

static void note(struct debug_sections *s, uint64_t offset, const char *text)
{
	pthread_mutex_lock(&s->lock);
	if (!s->fault.rule)
		s->fault =
			(struct fault){ "input/damaged-debug-info", "relocations", offset, text };
	pthread_mutex_unlock(&s->lock);
}

static int apply_all(const struct target *t, const struct object_section *section,
		     struct fault *ret_fault)
{
	struct debug_sections *s = t->sections;
	struct table table = object_section_bytes(&s->object, section);
	bool has_addend = section->type == SHT_RELA;
	size_t entry = entry_size(s->object.is_64, has_addend);
	size_t at;

	if (!debug_spend(s, &s->relocation_left, table.size)) {
		*ret_fault = (struct fault){ "input/limit", "relocations", section->offset,
					     "more relocations than the file can hold" };
		return -EBADMSG;
	}
	for (at = 0; table.size - at >= entry; at += entry) {
		struct relocation r = decode(&s->object, table.bytes + at, has_addend);
		const char *text = apply(t, &r);

		if (text)
			note(s, section->offset + at, text);
	}
	return 0;
}

int debug_relocate(struct debug_sections *sections, uint32_t section, unsigned char *bytes,
		   size_t size, struct fault *ret_fault)
{
	struct target target = { sections, bytes, size };
	struct object_section s;
	size_t i;
	int r;

	for (i = find_relocations(sections, section); i < sections->relocations.count; i++) {
		if (sections->relocations.items[i].target != section)
			break;
		object_section(&sections->object, sections->relocations.items[i].section, &s);
		r = apply_all(&target, &s, ret_fault);
		if (r)
			return r;
	}
	return 0;
}

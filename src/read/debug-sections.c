/* SPDX-License-Identifier: Apache-2.0 */
/* Which sections there are, and when they are loaded; contract in read/debug-sections.h. */
#include "read/debug-sections.h"

#include "read/debug-inflate.h"
#include "read/debug-reloc.h"
#include "read/object.h"

#include <string.h>
#include <sys/mman.h>

#define LARGE_PAGE ((size_t)2 << 20)
#define MEMORY_BASE (UINT64_C(64) << 20)
#define MEMORY_FACTOR 200 /* times the file's size; debug information shrinks to a third */
#define FIRST_PLACE UINT64_C(0x10000) /* not 0, which says "removed" to many readers */

static const struct {
	const char *name;
	const char *dwo_name;
} names[DEBUG_SECTION_COUNT] = {
	[DEBUG_INFO] = { ".debug_info", ".debug_info.dwo" },
	[DEBUG_TYPES] = { ".debug_types", ".debug_types.dwo" },
	[DEBUG_ABBREV] = { ".debug_abbrev", ".debug_abbrev.dwo" },
	[DEBUG_STR] = { ".debug_str", ".debug_str.dwo" },
	[DEBUG_LINE_STR] = { ".debug_line_str", ".debug_line_str.dwo" },
	[DEBUG_STR_OFFSETS] = { ".debug_str_offsets", ".debug_str_offsets.dwo" },
	[DEBUG_ADDR] = { ".debug_addr", ".debug_addr.dwo" },
	[DEBUG_RANGES] = { ".debug_ranges", ".debug_ranges.dwo" },
	[DEBUG_RNGLISTS] = { ".debug_rnglists", ".debug_rnglists.dwo" },
	[DEBUG_LOC] = { ".debug_loc", ".debug_loc.dwo" },
	[DEBUG_LOCLISTS] = { ".debug_loclists", ".debug_loclists.dwo" },
	[DEBUG_LINE] = { ".debug_line", ".debug_line.dwo" },
	[DEBUG_MACRO] = { ".debug_macro", ".debug_macro.dwo" },
	[DEBUG_CU_INDEX] = { ".debug_cu_index", ".debug_cu_index.dwo" },
	[DEBUG_TU_INDEX] = { ".debug_tu_index", ".debug_tu_index.dwo" },
};

const char *debug_section_name(enum debug_section_id id, bool is_dwo)
{
	return is_dwo ? names[id].dwo_name : names[id].name;
}

static const char *slot_name(unsigned slot)
{
	return debug_section_name(slot % DEBUG_SECTION_COUNT, slot >= DEBUG_SECTION_COUNT);
}

static void fail(struct debug_sections *s, const char *section, uint64_t offset, const char *text)
{
	if (!s->fault.rule)
		s->fault = (struct fault){ "input/damaged-debug-info", section, offset, text };
}

/* The slot that a section's name asks for, or -1. */
static int find_slot(const char *name, bool *ret_zdebug)
{
	unsigned slot;

	*ret_zdebug = !strncmp(name, ".zdebug_", 8);
	if (!*ret_zdebug && strncmp(name, ".debug_", 7))
		return -1;
	name += *ret_zdebug ? 8 : 7;
	for (slot = 0; slot < 2 * DEBUG_SECTION_COUNT; slot++) {
		if (!strcmp(slot_name(slot) + 7, name))
			return (int)slot;
	}
	return -1;
}

static int add_piece(struct debug_sections *s, uint32_t index, const struct object_section *section,
		     unsigned slot, bool is_zdebug)
{
	struct debug_piece piece = { .section = index,
				     .slot = (uint8_t)slot,
				     .is_zdebug = is_zdebug };
	size_t i;

	if (section->type == SHT_NOBITS)
		return 0;
	for (i = s->pieces.count; i-- > 0;) {
		if (s->pieces.items[i].slot != slot)
			continue;
		if (s->object.elf_type != ET_REL)
			return 0;
		piece.base = s->pieces.items[i].base + s->pieces.items[i].size;
		break;
	}
	piece.size = debug_inflated_size(&s->object, section, is_zdebug);
	if (s->places)
		s->places[index] = piece.base;
	return array_push(&s->pieces, piece);
}

static void read_debug_link(struct debug_sections *s, struct table t)
{
	size_t length = t.bytes ? strnlen((const char *)t.bytes, t.size) : 0;
	size_t crc = (length + 4) & ~(size_t)3;

	if (!length || crc > t.size || t.size - crc < 4) {
		fail(s, ".gnu_debuglink", 0, "the section is cut off");
		return;
	}
	s->links.debug_file = (const char *)t.bytes;
	s->links.debug_crc = elf_u32(s->object.swap, t.bytes + crc);
}

static void set_alt(struct debug_sections *s, const unsigned char *name, const unsigned char *id,
		    size_t id_size)
{
	s->links.alt_file = (const char *)name;
	s->links.alt_id = id;
	s->links.alt_id_size = id_size;
}

static void read_alt_link(struct debug_sections *s, struct table t)
{
	size_t length = t.bytes ? strnlen((const char *)t.bytes, t.size) : 0;

	if (!length || length + 1 >= t.size)
		fail(s, ".gnu_debugaltlink", 0, "the section is cut off");
	else
		set_alt(s, t.bytes, t.bytes + length + 1, t.size - length - 1);
}

/* DWARF 5 §7.3.6. The length of the checksum is small: one byte of LEB128 holds it. */
static void read_sup(struct debug_sections *s, struct table t)
{
	size_t length;

	if (!t.bytes || t.size < 5 || elf_u16(s->object.swap, t.bytes) != 5 || t.bytes[2] > 1) {
		fail(s, ".debug_sup", 0, "the header is not one of version 5");
		return;
	}
	length = strnlen((const char *)t.bytes + 3, t.size - 3);
	if (length + 4 >= t.size || t.bytes[length + 4] > t.size - length - 5 ||
	    t.bytes[length + 4] & 0x80) {
		fail(s, ".debug_sup", 3, "the section is cut off");
		return;
	}
	if (t.bytes[2]) {
		s->links.is_alt = true;
		s->links.own_id = t.bytes + length + 5;
		s->links.own_id_size = t.bytes[length + 4];
	} else {
		set_alt(s, t.bytes + 3, t.bytes + length + 5, t.bytes[length + 4]);
	}
}

static void read_link(struct debug_sections *s, const struct object_section *section)
{
	static const struct {
		const char *name;
		void (*read)(struct debug_sections *s, struct table t);
	} links[] = {
		{ ".gnu_debuglink", read_debug_link },
		{ ".gnu_debugaltlink", read_alt_link },
		{ ".debug_sup", read_sup },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(links); i++) {
		if (strcmp(section->name, links[i].name) || s->links.seen & 1 << i)
			continue;
		s->links.seen |= (uint8_t)(1 << i);
		links[i].read(s, object_section_bytes(&s->object, section));
	}
}

/*
 * An address of its own for each section of an object that would be in memory. Thread-local
 * ones are told by offsets.
 */
static void place_section(struct debug_sections *s, uint32_t index,
			  const struct object_section *section, uint64_t *next)
{
	uint64_t align = section->align ? section->align : 1;

	if (align & (align - 1) || align > UINT32_MAX)
		align = 1;
	*next = (*next + align - 1) & ~(align - 1);
	s->places[index] = section->flags & SHF_TLS ? 0 : *next;
	*next += section->size;
}

static int scan(struct debug_sections *s)
{
	uint64_t next = FIRST_PLACE;
	struct object_section section;
	bool is_zdebug;
	uint32_t i;
	int slot;
	int r;

	for (i = 1; i < s->object.section_count; i++) {
		object_section(&s->object, i, &section);
		if (s->places && section.flags & SHF_ALLOC)
			place_section(s, i, &section, &next);
		if (!section.name)
			continue;
		read_link(s, &section);
		slot = find_slot(section.name, &is_zdebug);
		r = slot < 0 ? 0 : add_piece(s, i, &section, (unsigned)slot, is_zdebug);
		if (r)
			return r;
	}
	return 0;
}

static bool is_piece(const struct debug_sections *s, uint32_t section)
{
	size_t low = 0;
	size_t high = s->pieces.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (s->pieces.items[middle].section < section)
			low = middle + 1;
		else
			high = middle;
	}
	return low < s->pieces.count && s->pieces.items[low].section == section;
}

static int compare_relocations(const void *a, const void *b)
{
	const struct debug_relocations *x = a;
	const struct debug_relocations *y = b;

	if (x->target != y->target)
		return x->target < y->target ? -1 : 1;
	return x->section < y->section ? -1 : x->section > y->section;
}

/* Only an object needs them; in a linked file those that are left were applied by the linker. */
static int find_relocations(struct debug_sections *s)
{
	struct object_section section;
	uint32_t i;
	int r;

	for (i = 1; s->places && i < s->object.section_count; i++) {
		object_section(&s->object, i, &section);
		if ((section.type != SHT_RELA && section.type != SHT_REL) ||
		    !is_piece(s, section.info))
			continue;
		r = array_push(&s->relocations, (struct debug_relocations){ section.info, i });
		if (r)
			return r;
	}
	if (s->relocations.count)
		qsort(s->relocations.items, s->relocations.count, sizeof(s->relocations.items[0]),
		      compare_relocations);
	return 0;
}

int debug_sections_init(struct debug_sections *ret, const unsigned char *bytes, size_t size)
{
	size_t i;
	int r;

	*ret = (struct debug_sections){ .memory_left = MEMORY_BASE,
					.relocation_left = size,
					.lock = PTHREAD_MUTEX_INITIALIZER };
	if (size < UINT64_MAX / MEMORY_FACTOR / 2)
		ret->memory_left += size * MEMORY_FACTOR;
	ret->memory_most = ret->memory_left;
	for (i = 0; i < ARRAY_SIZE(ret->slots); i++)
		pthread_mutex_init(&ret->slots[i].lock, NULL);
	object_read(bytes, size, &ret->object);
	ret->fault = ret->object.fault;
	if (!ret->object.is_elf)
		return -EBADMSG;
	if (ret->object.elf_type == ET_REL && ret->object.section_count) {
		ret->places = calloc(ret->object.section_count, sizeof(*ret->places));
		if (!ret->places)
			return -ENOMEM;
	}
	r = scan(ret);
	if (!r)
		r = find_relocations(ret);
	return r ? r : ret->fault.rule ? -EBADMSG : 0;
}

void debug_sections_done(struct debug_sections *sections)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sections->slots); i++)
		free(sections->slots[i].owned);
	array_done(&sections->pieces);
	array_done(&sections->relocations);
	free(sections->places);
	*sections = (struct debug_sections){ .lock = PTHREAD_MUTEX_INITIALIZER };
}

bool debug_section_has(const struct debug_sections *sections, enum debug_section_id id, bool is_dwo)
{
	unsigned slot = id + (is_dwo ? DEBUG_SECTION_COUNT : 0);
	size_t i;

	for (i = 0; i < sections->pieces.count; i++) {
		if (sections->pieces.items[i].slot == slot)
			return true;
	}
	return false;
}

bool debug_spend(struct debug_sections *sections, uint64_t *left, uint64_t amount)
{
	bool is_enough;

	pthread_mutex_lock(&sections->lock);
	is_enough = amount <= *left;
	if (is_enough)
		*left -= amount;
	pthread_mutex_unlock(&sections->lock);
	return is_enough;
}

static int refuse(struct debug_slot *slot, const char *rule, const char *section, uint64_t offset,
		  const char *text)
{
	slot->fault = (struct fault){ rule, section, offset, text };
	return -EBADMSG;
}

/* The sum of a slot's pieces, as far as memory may be spent on them. */
static int measure(struct debug_sections *s, unsigned id, uint64_t *ret_size, size_t *ret_count)
{
	struct debug_slot *slot = &s->slots[id];
	size_t i;

	*ret_size = 0;
	*ret_count = 0;
	for (i = 0; i < s->pieces.count; i++) {
		const struct debug_piece *piece = &s->pieces.items[i];
		struct object_section section;

		if (piece->slot != id)
			continue;
		object_section(&s->object, piece->section, &section);
		if (!debug_inflate_check(&s->object, &section, piece->is_zdebug, &slot->fault)) {
			slot->fault.section = slot_name(id);
			return -EBADMSG;
		}
		*ret_size = piece->base + piece->size;
		++*ret_count;
		if (piece->base > s->memory_most || piece->size > s->memory_most - piece->base)
			return refuse(slot, "input/limit", slot_name(id), 0,
				      "the section would be larger than any sound one");
	}
	return 0;
}

static int fill(struct debug_sections *s, unsigned id)
{
	struct debug_slot *slot = &s->slots[id];
	size_t i;
	int r;

	for (i = 0; i < s->pieces.count; i++) {
		const struct debug_piece *piece = &s->pieces.items[i];
		struct object_section section;

		if (piece->slot != id)
			continue;
		object_section(&s->object, piece->section, &section);
		r = debug_inflate(&s->object, &section, piece->is_zdebug, slot->owned + piece->base,
				  (size_t)piece->size, &slot->fault);
		if (r) {
			slot->fault.section = slot_name(id);
			return r;
		}
		r = debug_relocate(s, piece->section, slot->owned + piece->base,
				   (size_t)piece->size, &slot->fault);
		if (r)
			return r;
	}
	return 0;
}

/* A section that can stay where it is in the file. */
static bool take_in_place(struct debug_sections *s, unsigned id, size_t count)
{
	struct object_section section;
	const struct debug_piece *piece = s->pieces.items;
	struct table t;

	if (count != 1)
		return false;
	while (piece->slot != id)
		piece++;
	object_section(&s->object, piece->section, &section);
	if (piece->is_zdebug || section.flags & SHF_COMPRESSED ||
	    debug_is_relocated(s, piece->section))
		return false;
	t = object_section_bytes(&s->object, &section);
	if (!t.bytes || s->object.size - section.offset - section.size < DEBUG_PADDING)
		return false;
	s->slots[id].table = t;
	return true;
}

/* Large ones in large pages, where the kernel has them: small ones cost as much as to inflate. */
static unsigned char *alloc_section(size_t size)
{
	void *bytes;

	if (size < 2 * LARGE_PAGE)
		return malloc(size);
	if (posix_memalign(&bytes, LARGE_PAGE, size))
		return NULL;
	madvise(bytes, size, MADV_HUGEPAGE);
	return bytes;
}

static int load(struct debug_sections *s, unsigned id)
{
	struct debug_slot *slot = &s->slots[id];
	uint64_t size;
	size_t count;
	int r = measure(s, id, &size, &count);

	if (r || !count || take_in_place(s, id, count))
		return r;
	if (!debug_spend(s, &s->memory_left, size))
		return refuse(slot, "input/limit", slot_name(id), 0,
			      "the sections would be larger than any sound ones");
	slot->owned = alloc_section((size_t)size + DEBUG_PADDING);
	if (!slot->owned)
		return -ENOMEM;
	memset(slot->owned + size, 0, DEBUG_PADDING);
	r = fill(s, id);
	if (!r)
		slot->table = (struct table){ slot->owned, (size_t)size };
	return r;
}

int debug_section_get(struct debug_sections *sections, enum debug_section_id id, bool is_dwo,
		      struct table *ret, struct fault *ret_fault)
{
	unsigned index = id + (is_dwo ? DEBUG_SECTION_COUNT : 0);
	struct debug_slot *slot = &sections->slots[index];

	if (!__atomic_load_n(&slot->loaded, __ATOMIC_ACQUIRE)) {
		pthread_mutex_lock(&slot->lock);
		if (!slot->loaded) {
			slot->error = load(sections, index);
			__atomic_store_n(&slot->loaded, true, __ATOMIC_RELEASE);
		}
		pthread_mutex_unlock(&slot->lock);
	}
	if (slot->error == -EBADMSG)
		*ret_fault = slot->fault;
	*ret = slot->table;
	return slot->error;
}

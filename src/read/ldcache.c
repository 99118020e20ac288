/* SPDX-License-Identifier: Apache-2.0 */
/* Decoder of ld.so.cache; contract in read/ldcache.h. */
#include "read/ldcache.h"

#include <limits.h>
#include <string.h>

#define OLD_MAGIC "ld.so-1.7.0"
#define OLD_HEADER 16
#define OLD_ENTRY 12
#define NEW_MAGIC "glibc-ld.so.cache1.1"
#define NEW_HEADER 48
#define NEW_ENTRY 24
#define EXTENSION_MAGIC 0xeaa42174u
#define EXTENSION_SECTION 16
#define TAG_HWCAPS 1
#define ORDER_MASK 3u
#define ORDER_LITTLE 2u
#define ORDER_BIG 3u
#define HWCAP_LEVEL_MASK 0x3ffu /* bits of the upper half that hold the ISA level */
#define HWCAP_EXTENSION (1u << 30)

/*
 * Offsets of entries count from the header. Those of the extension count from
 * the start of the file, also where the loader so misses what ldconfig wrote
 * for a new cache inside an old one.
 */
struct reader {
	const unsigned char *bytes; /* from the header on */
	size_t size;
	const unsigned char *file;
	size_t file_size;
	bool swap;
	struct table hwcaps; /* string offsets of glibc-hwcaps names */
	struct library_cache *cache;
	struct fault *fault;
};

static uint32_t u32_at(const struct reader *r, const unsigned char *at)
{
	uint32_t v;

	memcpy(&v, at, sizeof(v));
	return r->swap ? __builtin_bswap32(v) : v;
}

static uint32_t get_u32(const struct reader *r, size_t at)
{
	return u32_at(r, r->bytes + at);
}

static uint64_t get_u64(const struct reader *r, size_t at)
{
	uint64_t v;

	memcpy(&v, r->bytes + at, sizeof(v));
	return r->swap ? __builtin_bswap64(v) : v;
}

static void complain(struct reader *r, const char *rule, size_t at, const char *text)
{
	if (!r->fault->rule)
		*r->fault = (struct fault){ rule, "ld.so.cache", (size_t)(r->bytes - r->file) + at,
					    text };
}

/* A string that ends in `size` bytes, and before a path could not be used any more. */
static const char *get_string(const unsigned char *bytes, size_t size, size_t offset)
{
	size_t most;

	if (offset >= size)
		return NULL;
	most = size_min(size - offset, PATH_MAX);
	return memchr(bytes + offset, 0, most) ? (const char *)bytes + offset : NULL;
}

/* "" for an index out of bounds: no loader has such a level. */
static const char *hwcap_name(const struct reader *r, uint32_t index)
{
	const char *name;

	if (index >= r->hwcaps.size / 4)
		return "";
	name = get_string(r->file, r->file_size, u32_at(r, r->hwcaps.bytes + 4 * (size_t)index));
	return name ? name : "";
}

static void take_hwcap(const struct reader *r, uint64_t hwcap, struct cache_entry *entry)
{
	uint32_t high = (uint32_t)(hwcap >> 32);

	if ((high & ~HWCAP_LEVEL_MASK) != HWCAP_EXTENSION) {
		entry->legacy_hwcap = hwcap != 0;
		return;
	}
	entry->hwcap = hwcap_name(r, (uint32_t)hwcap);
	entry->isa_level = (uint8_t)size_min(high & HWCAP_LEVEL_MASK, UINT8_MAX);
}

/* `strings`: where the offsets of an entry count from. */
static int take_entry(struct reader *r, size_t at, size_t strings, bool is_new)
{
	struct cache_entry entry = { .flags = (int32_t)get_u32(r, at) };

	entry.name = get_string(r->bytes, r->size, strings + get_u32(r, at + 4));
	entry.path = get_string(r->bytes, r->size, strings + get_u32(r, at + 8));
	if (!entry.name || !entry.path) {
		complain(r, "input/malformed", at, "a string of an entry is out of bounds");
		return 0;
	}
	if (is_new) {
		entry.os_version = get_u32(r, at + 12);
		take_hwcap(r, get_u64(r, at + 16), &entry);
	}
	return array_push(&r->cache->entries, entry);
}

static int take_entries(struct reader *r, size_t first, size_t count, size_t strings, bool is_new)
{
	size_t entry_size = is_new ? NEW_ENTRY : OLD_ENTRY;
	size_t i;

	if (array_reserve(&r->cache->entries, count))
		return -ENOMEM;
	for (i = 0; i < count; i++) {
		if (take_entry(r, first + i * entry_size, strings, is_new))
			return -ENOMEM;
	}
	return 0;
}

static void complain_extension(struct reader *r, const char *rule, size_t at, const char *text)
{
	if (!r->fault->rule)
		*r->fault = (struct fault){ rule, "ld.so.cache", at, text };
}

/* The loader takes a damaged extension directory for an absent one. */
static void find_hwcaps(struct reader *r)
{
	size_t at = get_u32(r, 32);
	struct table found = { 0 };
	size_t count, i;

	if (!at)
		return;
	if (at % 4 || at > r->file_size || r->file_size - at < 8 ||
	    u32_at(r, r->file + at) != EXTENSION_MAGIC) {
		complain(r, "input/malformed", 32,
			 "the extension directory is not where it should be");
		return;
	}
	count = u32_at(r, r->file + at + 4);
	at += 8;
	if (count > (r->file_size - at) / EXTENSION_SECTION) {
		complain_extension(r, "input/truncated", at, "the extension directory is cut off");
		return;
	}
	for (i = 0; i < count; i++, at += EXTENSION_SECTION) {
		size_t offset = u32_at(r, r->file + at + 8);
		size_t size = u32_at(r, r->file + at + 12);

		if (offset > r->file_size || size > r->file_size - offset) {
			complain_extension(r, "input/truncated", at,
					   "an extension section is cut off");
			return;
		}
		if (u32_at(r, r->file + at) == TAG_HWCAPS)
			found = (struct table){ r->file + offset, size };
	}
	r->hwcaps = found;
}

static bool is_new_format(const struct reader *r)
{
	return r->size >= NEW_HEADER && !memcmp(r->bytes, NEW_MAGIC, strlen(NEW_MAGIC));
}

static bool order_fits(const struct reader *r, bool big_endian)
{
	unsigned flags = r->bytes[28];

	return !flags || (flags & ORDER_MASK) == (big_endian ? ORDER_BIG : ORDER_LITTLE);
}

static int read_new(struct reader *r, bool big_endian)
{
	size_t count = get_u32(r, 20);

	if (!order_fits(r, big_endian)) {
		complain(r, "input/malformed", 28, "made for the other byte order");
		return -EBADMSG;
	}
	if (count > (r->size - NEW_HEADER) / NEW_ENTRY) {
		complain(r, "input/truncated", 20, "fewer entries than the header says");
		return -EBADMSG;
	}
	find_hwcaps(r);
	return take_entries(r, NEW_HEADER, count, 0, true);
}

/* The old format, or the new one behind it. */
static int read_old(struct reader *r, bool big_endian)
{
	size_t count = get_u32(r, 12);
	struct reader inner = *r;
	size_t strings, offset;

	if (count > (r->size - OLD_HEADER) / OLD_ENTRY) {
		complain(r, "input/truncated", 12, "fewer entries than the header says");
		return -EBADMSG;
	}
	strings = OLD_HEADER + count * OLD_ENTRY;
	offset = (strings + 7) & ~(size_t)7;
	if (offset <= r->size) {
		inner.bytes = r->bytes + offset;
		inner.size = r->size - offset;
		if (is_new_format(&inner))
			return read_new(&inner, big_endian);
	}
	return take_entries(r, OLD_HEADER, count, strings, false);
}

static int read_any(struct reader *r, bool big_endian)
{
	if (is_new_format(r))
		return read_new(r, big_endian);
	if (r->size >= OLD_HEADER && !memcmp(r->bytes, OLD_MAGIC, strlen(OLD_MAGIC)))
		return read_old(r, big_endian);
	complain(r, r->size < NEW_HEADER ? "input/truncated" : "input/malformed", 0,
		 "not a cache of libraries");
	return -EBADMSG;
}

int ldcache_read(const unsigned char *bytes, size_t size, bool big_endian,
		 struct library_cache **ret, struct fault *fault)
{
	struct reader reader = {
		.bytes = bytes,
		.size = size,
		.file = bytes,
		.file_size = size,
		.swap = big_endian != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__),
		.fault = fault,
	};
	int r;

	*fault = (struct fault){ 0 };
	reader.cache = calloc(1, sizeof(*reader.cache));
	if (!reader.cache)
		return -ENOMEM;
	r = read_any(&reader, big_endian);
	if (r) {
		library_cache_free(reader.cache);
		return r;
	}
	*ret = reader.cache;
	return 0;
}

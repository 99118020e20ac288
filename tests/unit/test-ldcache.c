/* SPDX-License-Identifier: Apache-2.0 */
/* read/ldcache.c over made-up caches, and the look-up of model/loader.c. */
#include "read/ldcache.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define ROOM 1024

struct bytes {
	unsigned char at[ROOM];
	size_t size;
	bool big;
};

static void put(struct bytes *b, size_t at, uint64_t value, unsigned width)
{
	unsigned i;

	for (i = 0; i < width; i++)
		b->at[at + i] = (unsigned char)(value >> 8 * (b->big ? width - 1 - i : i));
	if (b->size < at + width)
		b->size = at + width;
}

static size_t put_text(struct bytes *b, const char *text)
{
	size_t at = b->size;

	memcpy(b->at + at, text, strlen(text) + 1);
	b->size += strlen(text) + 1;
	return at;
}

static void put_entry(struct bytes *b, size_t at, uint32_t key, uint32_t value, uint64_t hwcap)
{
	put(b, at, 0x303, 4);
	put(b, at + 4, key, 4);
	put(b, at + 8, value, 4);
	put(b, at + 12, 0x30200, 4);
	put(b, at + 16, hwcap, 8);
}

/* Two entries from `base` on: libb.so.1 in a glibc-hwcaps folder, and liba.so.1. */
static void make_new(struct bytes *b, size_t base, unsigned order)
{
	size_t names, key, value;

	b->size = base + 48 + 48 + 4 + 24;
	memcpy(b->at + base, "glibc-ld.so.cache1.1", 20);
	put(b, base + 20, 2, 4);
	b->at[base + 28] = (unsigned char)order;
	key = put_text(b, "libb.so.1") - base;
	value = put_text(b, "/lib/glibc-hwcaps/x86-64-v3/libb.so.1") - base;
	put_entry(b, base + 48, (uint32_t)key, (uint32_t)value,
		  (uint64_t)((1u << 30) | 2) << 32 | 1);
	key = put_text(b, "liba.so.1") - base;
	value = put_text(b, "/lib/liba.so.1") - base;
	put_entry(b, base + 72, (uint32_t)key, (uint32_t)value, 5);
	put_text(b, "x86-64-v2");
	names = put_text(b, "x86-64-v3");
	b->size = (b->size + 3) & ~(size_t)3;
	put(b, base + 32, b->size, 4);
	put(b, b->size, 0xeaa42174, 4);
	put(b, b->size, 1, 4);
	put(b, b->size, 1, 4);
	put(b, b->size, 0, 4);
	put(b, b->size, b->size + 8, 4);
	put(b, b->size, 8, 4);
	put(b, b->size, names - 10, 4);
	put(b, b->size, names, 4);
}

static void make_old(struct bytes *b)
{
	size_t strings = 16 + 2 * 12;
	size_t at = 16;
	unsigned i;

	memcpy(b->at, "ld.so-1.7.0", 11);
	put(b, 12, 2, 4);
	b->size = strings;
	for (i = 0; i < 2; i++, at += 12) {
		put(b, at, 0x303, 4);
		put(b, at + 4, put_text(b, i ? "liba.so.1" : "libb.so.1") - strings, 4);
		put(b, at + 8, put_text(b, i ? "/lib/liba.so.1" : "/lib/libb.so.1") - strings, 4);
	}
}

/* Bytes end where the cache does, so that sanitizers see what is read past it. */
static int read_cut(const struct bytes *b, size_t size, bool big, struct library_cache **ret,
		    struct fault *fault, unsigned char **ret_bytes)
{
	*ret_bytes = malloc(size ? size : 1);
	assert_non_null(*ret_bytes);
	memcpy(*ret_bytes, b->at, size);
	return ldcache_read(*ret_bytes, size, big, ret, fault);
}

static void check_new(const struct bytes *b, const char *hwcap)
{
	struct library_cache *cache;
	unsigned char *bytes;
	struct fault fault;

	assert_int_equal(read_cut(b, b->size, b->big, &cache, &fault, &bytes), 0);
	assert_null(fault.rule);
	assert_int_equal(cache->entries.count, 2);
	assert_string_equal(cache->entries.items[0].name, "libb.so.1");
	assert_string_equal(cache->entries.items[0].hwcap, hwcap);
	assert_int_equal(cache->entries.items[0].isa_level, 2);
	assert_false(cache->entries.items[0].legacy_hwcap);
	assert_string_equal(cache->entries.items[1].path, "/lib/liba.so.1");
	assert_null(cache->entries.items[1].hwcap);
	assert_true(cache->entries.items[1].legacy_hwcap);
	assert_int_equal(cache->entries.items[1].flags, 0x303);
	assert_int_equal(cache->entries.items[1].os_version, 0x30200);
	library_cache_free(cache);
	free(bytes);
}

static void new_format(void **state)
{
	static const struct {
		bool big;
		unsigned order;
	} cases[] = { { false, 2 }, { false, 0 }, { true, 3 }, { true, 0 } };
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct bytes b = { .big = cases[i].big };

		make_new(&b, 0, cases[i].order);
		check_new(&b, "x86-64-v3");
	}
}

static void other_byte_order(void **state)
{
	struct library_cache *cache;
	struct bytes b = { 0 };
	struct fault fault;

	(void)state;
	make_new(&b, 0, 2);
	assert_int_equal(ldcache_read(b.at, b.size, true, &cache, &fault), -EBADMSG);
	assert_string_equal(fault.rule, "input/malformed");
	assert_int_equal(fault.offset, 28);
}

static void old_format(void **state)
{
	struct library_cache *cache;
	struct bytes b = { 0 };
	struct fault fault;

	(void)state;
	make_old(&b);
	assert_int_equal(ldcache_read(b.at, b.size, false, &cache, &fault), 0);
	assert_null(fault.rule);
	assert_int_equal(cache->entries.count, 2);
	assert_string_equal(cache->entries.items[0].path, "/lib/libb.so.1");
	assert_string_equal(cache->entries.items[1].name, "liba.so.1");
	library_cache_free(cache);
}

/* Strings of the inner cache count from its own header, those of the extension from the file's. */
static void compat_format(void **state)
{
	struct bytes b = { 0 };

	(void)state;
	memcpy(b.at, "ld.so-1.7.0", 11);
	put(&b, 12, 1, 4);
	put(&b, 20, 0, 8);
	make_new(&b, 32, 2);
	check_new(&b, "x86-64-v3");
}

static void damaged_strings(void **state)
{
	struct library_cache *cache;
	struct bytes b = { 0 };
	struct fault fault;

	(void)state;
	make_new(&b, 0, 2);
	put(&b, 48 + 4, 0xffffffff, 4);
	assert_int_equal(ldcache_read(b.at, b.size, false, &cache, &fault), 0);
	assert_int_equal(cache->entries.count, 1);
	assert_string_equal(cache->entries.items[0].name, "liba.so.1");
	assert_string_equal(fault.rule, "input/malformed");
	assert_int_equal(fault.offset, 48);
	library_cache_free(cache);
}

static void damaged_hwcap_index(void **state)
{
	struct bytes b = { 0 };

	(void)state;
	make_new(&b, 0, 2);
	put(&b, 48 + 16, 7, 4);
	check_new(&b, "");
}

static void too_many_entries(void **state)
{
	struct library_cache *cache;
	struct bytes b = { 0 };
	struct fault fault;

	(void)state;
	make_new(&b, 0, 2);
	put(&b, 20, 0x10000000, 4);
	assert_int_equal(ldcache_read(b.at, b.size, false, &cache, &fault), -EBADMSG);
	assert_string_equal(fault.rule, "input/truncated");
}

/* Every length gives a cache or an error, and no read past the end. */
static void truncated(void **state)
{
	struct bytes forms[3];
	size_t form, size;

	(void)state;
	memset(forms, 0, sizeof(forms));
	make_new(&forms[0], 0, 2);
	make_old(&forms[1]);
	memcpy(forms[2].at, forms[1].at, ROOM);
	make_new(&forms[2], 40, 2);
	for (form = 0; form < ARRAY_SIZE(forms); form++) {
		for (size = 0; size < forms[form].size; size++) {
			struct library_cache *cache;
			unsigned char *bytes;
			struct fault fault;
			int r = read_cut(&forms[form], size, false, &cache, &fault, &bytes);

			if (r)
				assert_non_null(fault.rule);
			else
				library_cache_free(cache);
			free(bytes);
		}
	}
}

static void name_order(void **state)
{
	(void)state;
	assert_true(library_name_compare("libx.so.9", "libx.so.10") < 0);
	assert_true(library_name_compare("libx.so.2.10", "libx.so.2.9") > 0);
	assert_int_equal(library_name_compare("libx.so.01", "libx.so.1"), 0);
	assert_true(library_name_compare("libx.so.1", "libx.so.") > 0);
	assert_true(library_name_compare("libx.so", "libx.so.1") < 0);
	assert_true(library_name_compare("lib1", "liba") > 0);
	assert_true(library_name_compare("liba", "lib1") < 0);
	assert_true(library_name_compare("liba", "libb") < 0);
	assert_int_equal(library_name_compare("", ""), 0);
	assert_true(library_name_compare("", "1") < 0);
}

static void look_up(void **state)
{
	/* In descending order, as ldconfig writes them. */
	static struct cache_entry entries[] = {
		{ .name = "libz.so.1", .path = "/1" }, { .name = "libm.so.10", .path = "/2" },
		{ .name = "libm.so.9", .path = "/3" }, { .name = "libm.so.9", .path = "/4" },
		{ .name = "libm.so.9", .path = "/5" }, { .name = "liba.so.1", .path = "/6" },
	};
	static const struct {
		const char *name;
		const char *path;
		size_t count;
	} cases[] = {
		{ "libz.so.1", "/1", 1 },  { "libm.so.10", "/2", 1 }, { "libm.so.9", "/3", 3 },
		{ "libm.so.09", "/3", 3 }, { "liba.so.1", "/6", 1 },  { "liba.so", NULL, 0 },
		{ "libzz.so", NULL, 0 },   { "a", NULL, 0 },
	};
	struct library_cache cache = { .entries = { entries, ARRAY_SIZE(entries), 0 } };
	struct library_cache empty = { 0 };
	size_t count, n, i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct cache_entry *found = library_cache_find(&cache, cases[i].name, &count);

		assert_int_equal(count, cases[i].count);
		if (cases[i].path)
			assert_string_equal(found->path, cases[i].path);
		else
			assert_null(found);
	}
	assert_null(library_cache_find(&empty, "x", &count));
	for (n = 1; n <= ARRAY_SIZE(entries); n++) {
		cache.entries.count = n;
		for (i = 0; i < n; i++)
			assert_non_null(library_cache_find(&cache, entries[i].name, &count));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(new_format),	    cmocka_unit_test(other_byte_order),
		cmocka_unit_test(old_format),	    cmocka_unit_test(compat_format),
		cmocka_unit_test(damaged_strings),  cmocka_unit_test(damaged_hwcap_index),
		cmocka_unit_test(too_many_entries), cmocka_unit_test(truncated),
		cmocka_unit_test(name_order),	    cmocka_unit_test(look_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

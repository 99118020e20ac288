/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Prints a library cache as `ldconfig -p` does, one entry a line:
 *   dump-cache FILE [big]             a cache file
 *   dump-cache --root ROOT FOLDER...  worked out from ROOT's ld.so.conf and these system folders
 */
#include "read/ldcache.h"
#include "read/ldconf.h"
#include "read/root.h"

#include <stdio.h>
#include <string.h>

static void print_cache(const struct library_cache *cache)
{
	size_t i;

	for (i = 0; i < cache->entries.count; i++) {
		const struct cache_entry *e = &cache->entries.items[i];

		printf("%s (%#x", e->name, (unsigned)e->flags);
		if (e->hwcap)
			printf(", hwcap: \"%s\", level %u", e->hwcap, e->isa_level);
		if (e->legacy_hwcap)
			printf(", legacy hwcap");
		if (e->os_version)
			printf(", OS ABI: %#x", e->os_version);
		printf(") => %s\n", e->path);
	}
}

static int fail(const char *what, int error)
{
	fprintf(stderr, "%s: %s\n", what, strerror(-error));
	return 1;
}

static int dump_file(const char *path, bool big)
{
	struct library_cache *cache;
	struct source *source;
	struct fault fault;
	char *bytes;
	size_t size;
	int r = root_open("/", &source);

	if (r)
		return fail("/", r);
	r = source_load(source, path, (size_t)1 << 30, &bytes, &size);
	source_free(source);
	if (r)
		return fail(path, r);
	r = ldcache_read((unsigned char *)bytes, size, big, &cache, &fault);
	if (fault.rule)
		fprintf(stderr, "%s+%#llx: %s [%s]\n", path, (unsigned long long)fault.offset,
			fault.text, fault.rule);
	if (!r) {
		print_cache(cache);
		library_cache_free(cache);
	}
	free(bytes);
	return r ? fail(path, r) : 0;
}

static int dump_root(const char *root, const char *const *folders)
{
	struct library_cache *cache;
	struct source *source;
	int r = root_open(root, &source);

	if (r)
		return fail(root, r);
	r = ldconf_emulate(source, "/etc/ld.so.conf", folders, &cache);
	if (!r) {
		print_cache(cache);
		library_cache_free(cache);
	}
	source_free(source);
	return r ? fail(root, r) : 0;
}

int main(int argc, char **argv)
{
	if (argc > 2 && !strcmp(argv[1], "--root"))
		return dump_root(argv[2], (const char *const *)argv + 3);
	if (argc > 1)
		return dump_file(argv[1], argc > 2 && !strcmp(argv[2], "big"));
	fprintf(stderr, "usage: dump-cache FILE [big] | --root ROOT FOLDER...\n");
	return 2;
}

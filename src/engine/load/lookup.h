/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One symbol in one image, found as the loader finds it: through the hash
 * table, with the version rules of glibc's check_match (dl-lookup.c) or the
 * simpler ones of musl's find_sym (ldso/dynlink.c).
 */
#ifndef ENGINE_LOAD_LOOKUP_H
#define ENGINE_LOAD_LOOKUP_H

#include "model/loader.h"

/* What a reference asks for. */
struct query_symbol {
	const char *name;
	uint32_t gnu_hash;
	const char *version; /* NULL: none */
	uint32_t version_hash;
	bool version_hidden;
	uint8_t class; /* enum relocation_class */
	bool newest;   /* as dlsym(): the default version, not the oldest */
};

/* Whose rules. */
struct lookup_rules {
	enum libc_kind libc;
	uint32_t version; /* 0: the newest */
};

uint32_t gnu_hash(const char *name);
uint32_t sysv_hash(const char *name);

/* Bytes that hashing all names of an image may take: far above what sound files need. */
#define HASH_BUDGET(image) (((uint64_t)(image)->strings.size + 4096) * 32)
/* gnu_hash() that takes the name's length off *budget; false when that is used up. */
bool gnu_hash_bounded(const char *name, uint64_t *budget, uint32_t *ret);

/* Finds `query` in `image`; true with the definition in *ret. */
bool lookup_symbol(const struct image *image, const struct query_symbol *query,
		   const struct lookup_rules *rules, struct symbol *ret);

/*
 * Calls `visit` for each symbol that the hash table reaches, with half its GNU
 * hash (hash >> 1). Stops at a non-zero result and returns it. Entries are
 * visited at most once; a table that would make more visits is malformed:
 * -EBADMSG.
 */
typedef int (*export_visit)(void *data, uint32_t symbol, uint32_t half_hash);
int lookup_exports(const struct image *image, export_visit visit, void *data) MUST_CHECK;

#endif

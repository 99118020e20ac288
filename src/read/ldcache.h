/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ld.so.cache → model/loader.h: the old format "ld.so-1.7.0", the format
 * "glibc-ld.so.cache1.1", the second inside the first, and the extension with
 * glibc-hwcaps names. After glibc's sysdeps/generic/dl-cache.h.
 */
#ifndef READ_LDCACHE_H
#define READ_LDCACHE_H

#include "model/loader.h"

/*
 * Reads a cache of a loader of the given byte order. Strings of the result are
 * slices of `bytes`, which the caller keeps as long as the cache.
 *
 * -EBADMSG: the loader ignores such a file as a whole (no known magic, cut off,
 * made for the other byte order); `fault` tells why. -ENOMEM. With 0, `fault`
 * tells of entries that were left out because their strings are out of bounds;
 * its rule is NULL when there were none. Offsets count from the file's start.
 */
int ldcache_read(const unsigned char *bytes, size_t size, bool big_endian,
		 struct library_cache **ret, struct fault *fault) MUST_CHECK;

#endif

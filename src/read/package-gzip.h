/* SPDX-License-Identifier: Apache-2.0 */
/* A gzip file (RFC 1952) as a stream that libarchive reads, its checksums compared; part of
 * read/package.h. */
#ifndef READ_PACKAGE_GZIP_H
#define READ_PACKAGE_GZIP_H

#include "read/package-library.h"

#ifdef HAVE_LIBARCHIVE

#define PACKAGE_GZIP_PIECE ((size_t)64 << 10)

struct package_gzip {
	const struct package_library *lib;
	const unsigned char *bytes;
	size_t size;
	size_t at; /* of what is read next */
	z_stream stream;
	bool is_open;
	bool is_between;     /* a member ended: another one may follow */
	const char *problem; /* why it cannot go on; NULL: nothing is wrong */
	bool is_cut;
	unsigned char piece[PACKAGE_GZIP_PIECE];
};

/* 0 or -ENOMEM. The bytes stay the caller's. */
int package_gzip_init(struct package_gzip *gzip, const struct package_library *lib,
		      const unsigned char *bytes, size_t size) MUST_CHECK;
void package_gzip_done(struct package_gzip *gzip);
/* The next bytes at *ret; 0: the end; -1: gzip->problem tells. */
ssize_t package_gzip_next(struct package_gzip *gzip, const void **ret);

#endif
#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where contents of packages are kept: in memory up to a bound, then in a temporary file that
 * has no name. One spool serves all packages of a source, one after another.
 */
#ifndef READ_PACKAGE_SPOOL_H
#define READ_PACKAGE_SPOOL_H

#include "base/common.h"

struct spool {
	uint64_t memory_left;
	uint64_t size;	    /* of the file */
	int fd;		    /* -1: no file yet */
	const char *folder; /* where the file was wanted; set when that failed */
};

/* `memory`: bytes that are kept without a file. */
void spool_init(struct spool *spool, uint64_t memory);
void spool_done(struct spool *spool);
/* Takes so many bytes off what may be kept in memory; false: it is to go to the file. */
bool spool_fits(struct spool *spool, uint64_t size);
/* Room for `size` bytes of zeros at *ret. 0, or the negative errno of making the file. */
int spool_reserve(struct spool *spool, uint64_t size, uint64_t *ret) MUST_CHECK;
int spool_write(struct spool *spool, uint64_t at, const void *bytes, size_t size) MUST_CHECK;
/* The next content starts where a mapping can start. */
void spool_align(struct spool *spool);
/* Maps what lies from `start` on; the caller unmaps it. 0 or a negative errno. */
int spool_map(const struct spool *spool, uint64_t start, const unsigned char **ret) MUST_CHECK;

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Compressed sections: SHF_COMPRESSED with zlib or zstd, and the old .zdebug_ form. */
#ifndef READ_DEBUG_INFLATE_H
#define READ_DEBUG_INFLATE_H

#include "model/object.h"

/* The size that the section claims to have when inflated; 0 when it has no sound header. */
uint64_t debug_inflated_size(const struct object_file *object, const struct object_section *section,
			     bool is_zdebug);
/* Whether the bytes are there and the claimed size can be true; else the fault, without section. */
bool debug_inflate_check(const struct object_file *object, const struct object_section *section,
			 bool is_zdebug, struct fault *ret_fault);
/*
 * Writes exactly `size` bytes, those of debug_inflated_size(), to `to`; plain
 * sections are copied. 0, -ENOMEM, or -EBADMSG with the fault, without section.
 */
int debug_inflate(const struct object_file *object, const struct object_section *section,
		  bool is_zdebug, unsigned char *to, size_t size,
		  struct fault *ret_fault) MUST_CHECK;

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* The members of one tar or cpio archive into a tree; part of read/package.h. */
#ifndef READ_PACKAGE_STREAM_H
#define READ_PACKAGE_STREAM_H

#include "read/package.h"

struct package_stream {
	const unsigned char *bytes; /* as they are in the package, compressed or not */
	size_t size;
	const char *name; /* of this part, for messages */
	bool is_cpio;
	const struct package_limits *limits;
	struct spool *spool;
	struct arena *texts;
};

/* Fills `tree`, which was initialized. As package_open(). */
int package_stream_read(const struct package_stream *stream, struct package_tree *tree,
			struct fault *ret_fault) MUST_CHECK;

#endif

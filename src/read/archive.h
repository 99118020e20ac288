/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Static libraries: the System V archive with GNU's and BSD's ways of writing
 * long names (ar(5)). Members are slices of the archive's bytes. A thin archive
 * only names its members; the files themselves are not looked for.
 *
 *	struct archive archive;
 *	struct archive_member member;
 *
 *	archive_init(&archive, bytes, size);
 *	while (archive_next(&archive, &member))
 *		...
 *	if (archive.fault.rule)
 *		damaged: what follows could not be told
 */
#ifndef READ_ARCHIVE_H
#define READ_ARCHIVE_H

#include "model/image.h"

struct archive {
	const unsigned char *bytes;
	size_t size;
	size_t at; /* of the next header */
	bool is_thin;
	struct table names; /* GNU's table of long names */
	struct fault fault; /* NULL rule: none yet */
};

struct archive_member {
	const char *name; /* not NUL-terminated */
	size_t name_length;
	const unsigned char *bytes; /* NULL in a thin archive */
	size_t size;
	size_t offset; /* of its header */
};

bool archive_is(const unsigned char *bytes, size_t size);
/* Prepares the walk over an archive, for which archive_is() holds. Nothing is to be freed. */
void archive_init(struct archive *archive, const unsigned char *bytes, size_t size);
/* The next member; indices and tables are passed over. False: the end, or archive->fault is set. */
bool archive_next(struct archive *archive, struct archive_member *ret);

#endif

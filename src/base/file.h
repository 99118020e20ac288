/* SPDX-License-Identifier: Apache-2.0 */
/* A file mapped for reading. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/common.h"

#include <sys/stat.h>

struct file {
	const unsigned char *bytes; /* NULL when empty */
	size_t size;
	struct stat stat;
	bool is_borrowed; /* the bytes are someone else's */
};

/*
 * Maps the regular file `path` (symbolic links followed). Never blocks on a
 * device or FIFO: anything but a regular file is -EISDIR (a folder) or -EINVAL.
 * Other errors: the negative errno of open, fstat or mmap.
 */
int file_map(const char *path, struct file *ret) MUST_CHECK;
void file_unmap(struct file *file);
/*
 * Reads to the end of the file, whose size may be told wrongly (/proc), at most `most` bytes.
 * *ret is malloc'ed, with a NUL behind it. 0, -EFBIG, -ENOMEM, or the errno of reading.
 */
int file_load(int fd, size_t most, char **ret, size_t *ret_size) MUST_CHECK;

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * model/source.h over files that a test makes up. Paths are absolute and
 * written without "." and ".."; the folders above a path come to be by
 * themselves. The functions that add fail the test when memory is out.
 */
#ifndef TESTS_UNIT_MEMORY_SOURCE_H
#define TESTS_UNIT_MEMORY_SOURCE_H

#include "model/source.h"

struct source *memory_source_new(void);
/* A regular file with a copy of these bytes. */
void memory_source_file(struct source *source, const char *path, const void *bytes, size_t size);
void memory_source_text(struct source *source, const char *path, const char *text);
void memory_source_folder(struct source *source, const char *path);
void memory_source_link(struct source *source, const char *path, const char *target);
/* A further name for the file at `old`: same inode. */
void memory_source_same(struct source *source, const char *path, const char *old);
/* Opening or looking at `path` gives this negative errno. */
void memory_source_error(struct source *source, const char *path, int error);

#endif

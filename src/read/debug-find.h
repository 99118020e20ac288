/* SPDX-License-Identifier: Apache-2.0 */
/* How candidates become files of a `struct debug_files`; only read/debug-*.c know of it. */
#ifndef READ_DEBUG_FIND_H
#define READ_DEBUG_FIND_H

#include "read/debug-files.h"

#define DEBUG_FOLDER "/usr/lib/debug"

/* What a candidate must be. */
struct debug_wish {
	const unsigned char *id; /* its build id; NULL: any */
	size_t id_size;
	const uint32_t *crc; /* of all its bytes; NULL: any */
	bool is_split;	     /* it has sections of split units, which tell who they belong to */
};

/*
 * Opens the candidate at `path` when it is there and is what it must be; what there is
 * and does not belong is remembered. A NULL path stands for memory that ran out. 1: *ret
 * is it, which `files` owns; 0: it is not; -ENOMEM.
 */
int debug_try(struct debug_files *files, const struct debug_wish *wish, const char *path,
	      struct debug_file **ret) MUST_CHECK;
/* The same for a path that is put together. */
int debug_try_format(struct debug_files *files, const struct debug_wish *wish,
		     struct debug_file **ret, const char *format, ...) PRINTF_LIKE(4, 5) MUST_CHECK;
/* In the folders of build ids. */
int debug_try_build_id(struct debug_files *files, const struct debug_wish *wish,
		       struct debug_file **ret) MUST_CHECK;
/* From a debuginfod server, by the build id of *wish. */
int debug_try_server(struct debug_files *files, const struct debug_wish *wish,
		     struct debug_file **ret) MUST_CHECK;
/* Finds the alternate file of files->main. 0 or -ENOMEM. */
int debug_find_alternate(struct debug_files *files) MUST_CHECK;
/* The folder of a path, "." for one without; malloc'ed, NULL: memory is out. */
char *debug_dirname(const char *path);
/* The path with links followed; malloc'ed, NULL when it cannot be told. */
char *debug_real(const struct debug_files *files, const char *path);
/* Bytes as hexadecimal digits in files->arena; NULL: memory is out. */
const char *debug_hex(struct debug_files *files, const unsigned char *bytes, size_t size);

#endif

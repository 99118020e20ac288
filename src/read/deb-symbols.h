/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bytes → model/deb-symbols.h: symbols files and their templates, as deb-symbols(5) and
 * deb-src-symbols(5) have them. Where dpkg warns of a line and passes it over, the file is
 * refused: a dependency must not get weaker because a line was not understood.
 */
#ifndef READ_DEB_SYMBOLS_H
#define READ_DEB_SYMBOLS_H

#include "model/deb-symbols.h"

/* Gives the bytes of an included file, malloc'ed; 0 or a negative errno value. */
typedef int (*symbols_include)(void *data, const char *path, char **ret, size_t *ret_size);

/*
 * Reads into `file`, which may hold something already. `include` NULL: nothing can be
 * included. What is wrong stands in the file's fault. 0 or -ENOMEM.
 */
int symbols_read(struct symbols_file *file, const char *bytes, size_t size, symbols_include include,
		 void *data) MUST_CHECK;

#endif

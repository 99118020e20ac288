/* SPDX-License-Identifier: Apache-2.0 */
/* A shlibs file of Debian (deb-shlibs(5)): which dependency a library asks for. */
#ifndef READ_DEB_SHLIBS_H
#define READ_DEB_SHLIBS_H

#include "base/arena.h"

/*
 * "libfoo.so.1" → "libfoo", "1"; "libfoo-1.2.so" → "libfoo", "1.2". False: the soname has no
 * version, so that no shlibs file can tell of it. Texts live in `arena`; NULL: out of memory.
 */
bool shlibs_split_soname(struct arena *arena, const char *soname, const char **ret_name,
			 const char **ret_version);

/*
 * The dependency of `soname` for packages of the kind "deb", as it stands there, "" for none,
 * in *ret; NULL: the file does not tell of it. *ret_line: the first line that cannot be
 * understood, 0 for none. 0 or -ENOMEM.
 */
int shlibs_find(struct arena *arena, const char *bytes, size_t size, const char *soname,
		const char **ret, unsigned *ret_line) MUST_CHECK;

#endif

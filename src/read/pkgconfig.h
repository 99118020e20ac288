/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The .pc files of pkg-config, by pc(5): variables and fields. Nothing is executed; a reference to
 * what is not defined is empty.
 */
#ifndef READ_PKGCONFIG_H
#define READ_PKGCONFIG_H

#include "base/arena.h"
#include "base/array.h"

struct pkgconfig {
	const char *cflags; /* the fields, references resolved; "" where there is none */
	const char *libs;
	const char *libs_private;
	const char *needs; /* Requires: NAME [OPERATOR VERSION], parted at blanks and commas */
	const char *needs_private;
	const char *includedir; /* the variable of that name */
};

/*
 * Reads a file of `size` bytes; `folder` is what ${pcfiledir} stands for. Strings are in `arena`.
 * 0; -ENOMEM; -E2BIG: it grows beyond bounds.
 */
int pkgconfig_read(const char *text, size_t size, const char *folder, struct arena *arena,
		   struct pkgconfig *ret) MUST_CHECK;

/*
 * The next word of a field from *at on, quotes and backslashes taken away, in `arena`. *ret NULL:
 * there are no more. 0 or -ENOMEM.
 */
int pkgconfig_word(const char **at, struct arena *arena, const char **ret) MUST_CHECK;

#endif

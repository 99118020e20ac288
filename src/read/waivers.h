/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files of waivers. Their own form is made to be merged line by line: blocks of
 * "key = value" lines, parted by empty lines; "#" begins a comment line. Keys:
 * rule (a pattern), subject (a pattern), reason, and if wanted input (a pattern)
 * and expires (the last day, as 2027-01-31). A file whose first line is a section
 * in brackets is a suppression file of libabigail (read/abignore.c).
 */
#ifndef READ_WAIVERS_H
#define READ_WAIVERS_H

#include "model/waiver.h"

/*
 * Adds what `text` says to `waivers`; what is wrong with a line is one of its
 * problems, and the block around it is left out. `file` is how the user named it.
 * 0 or -ENOMEM.
 */
int waivers_read(const char *text, size_t size, const char *file,
		 struct waivers *waivers) MUST_CHECK;

#endif

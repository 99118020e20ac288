/* SPDX-License-Identifier: Apache-2.0 */
/* File name patterns over a source, as glob(3) without flags, sorted byte by byte. */
#ifndef READ_GLOB_H
#define READ_GLOB_H

#include "base/arena.h"
#include "base/array.h"
#include "model/source.h"

struct glob_paths array_of(const char *);

/*
 * Appends the paths that match the absolute `pattern`; they live in `arena`. A
 * pattern without wildcards gives itself, whether it exists or not. Folders that
 * cannot be listed match nothing. Each path and each name that is looked at
 * takes one off *budget; at 0 nothing more matches, for links to folders above
 * could multiply paths without end. 0 or -ENOMEM.
 */
int glob_match(struct source *source, const char *pattern, struct arena *arena, size_t *budget,
	       struct glob_paths *ret) MUST_CHECK;

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Which files did a compiler read? By the rule for make(1) that it writes. */
#ifndef LIB_HEADER_INCLUDED_H
#define LIB_HEADER_INCLUDED_H

#include "base/arena.h"
#include "base/map.h"

/*
 * Adds the files that the rule `text` names, links followed, as keys in `arena`; those that are not
 * there are left out. `text` is changed. 0 or -ENOMEM; the map is the caller's in any case.
 */
int headers_included(char *text, struct arena *arena, struct map *ret) MUST_CHECK;

#endif

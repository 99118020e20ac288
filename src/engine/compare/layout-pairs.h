/* SPDX-License-Identifier: Apache-2.0 */
/* Which symbols of two builds are one; only engine/compare/layout.c knows of it. */
#ifndef ENGINE_COMPARE_LAYOUT_PAIRS_H
#define ENGINE_COMPARE_LAYOUT_PAIRS_H

#include "engine/compare/parts.h"

/* Fills `kept`. *ret_alone: names of the first side that have no like. 0 or -ENOMEM. */
int layout_pair(struct compare *c, size_t *ret_alone) MUST_CHECK;

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Parts of show_image(), each for some sections; the lists of symbols come first. */
#ifndef ENGINE_INSPECT_PARTS_H
#define ENGINE_INSPECT_PARTS_H

#include "model/show.h"

/* The highest version of each family, and which imports ask for it. 0 or -ENOMEM. */
int floors_fill(struct show *show) MUST_CHECK;
/* 0 or -ENOMEM. */
int hardening_fill(struct show *show) MUST_CHECK;

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Part of abifit_why(): source lines, from debug information. */
#ifndef LIB_WHY_LINES_H
#define LIB_WHY_LINES_H

#include "engine/inspect/why.h"

/* Searches an object as why_object() does, and adds the lines that refer to causes. 0 or -ENOMEM.
 */
int why_lines_of_object(struct why_blame *blame, const char *file, const char *member,
			const struct object_file *object) MUST_CHECK;
/*
 * Adds the lines of the linked file itself; where its debug information is elsewhere, that is
 * looked for below `root`. 0 or -ENOMEM.
 */
int why_lines_of_file(struct why_blame *blame, const struct image *image, const char *path,
		      const char *root) MUST_CHECK;

#endif

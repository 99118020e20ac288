/* SPDX-License-Identifier: Apache-2.0 */
/* Part of abifit_why(): objects, archives and the linker's map, from paths. */
#ifndef LIB_WHY_BLAME_H
#define LIB_WHY_BLAME_H

#include "lib/context.h"

/*
 * Names the source lines of the file itself (`image`, at `path` in the system's root) and
 * the objects to blame in the report's answer. A file that cannot be read
 * becomes an input with an error. 0 or -ENOMEM.
 */
int why_blame_files(struct abifit_report *report, const struct abifit_why_options *options,
		    const struct image *image, const char *path) MUST_CHECK;

#endif

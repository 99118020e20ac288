/* SPDX-License-Identifier: Apache-2.0 */
/* Packages that an option names, and their kin in the same folder. */
#ifndef LIB_PACKAGES_H
#define LIB_PACKAGES_H

#include "lib/context.h"

struct package_names array_of(const char *);

/* Is it a file that starts as a package does? */
bool package_is(const char *path);
/* What a question that cannot look into packages says to one; NULL: it is none. */
const char *package_refusal(const struct image *image);
/*
 * Mounts the package at `path`; one that cannot be read becomes an error of the report.
 * 0 or -ENOMEM.
 */
int package_mount(struct abifit_report *report, struct source *source, const char *path,
		  bool *ret_mounted) MUST_CHECK;
/*
 * Paths of the files in the folder of the package at `path` whose names hold one of `marks`
 * (NULL-terminated) and that are of the same version, or of a like name: the likeliest first.
 * They are in `arena`, the list is the caller's. 0 or -ENOMEM.
 */
int package_names_beside(struct arena *arena, const char *path, const char *const *marks,
			 struct package_names *ret) MUST_CHECK;

#endif

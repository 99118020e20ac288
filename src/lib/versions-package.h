/* SPDX-License-Identifier: Apache-2.0 */
/* The version that a package says of itself. */
#ifndef LIB_VERSIONS_PACKAGE_H
#define LIB_VERSIONS_PACKAGE_H

#include "lib/context.h"

/*
 * The version of what the .deb or .rpm at `path` packages, without epoch and the
 * package's own revision, in `arena`; NULL: it tells none, as tar archives do. A package
 * that cannot be read becomes an error of the report. 0 or -ENOMEM.
 */
int package_upstream_version(struct abifit_report *report, struct arena *arena, const char *path,
			     const char **ret) MUST_CHECK;

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Debug packages: those that a caller names, and those that lie beside a library's package. */
#ifndef LIB_DEBUG_PACKAGES_H
#define LIB_DEBUG_PACKAGES_H

#include "lib/corpora.h"

/*
 * Mounts the packages among the side's debug folders, and those beside its libraries' packages
 * that hold the debug file of one of them: the name says that one may, the build id that
 * it does. *ret are all folders to look in, NULL-terminated, of the report. A named package
 * that cannot be read becomes an error of the report. 0 or -ENOMEM.
 */
int debug_packages_find(struct abifit_report *report, const struct side *side,
			const char *const **ret) MUST_CHECK;

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The order of package versions: Debian's (deb-version(7), Debian Policy 5.6.12) and rpm's
 * (rpm-version(7)). Compared with dpkg and rpm themselves by tests/oracle/versions.py.
 */
#ifndef MODEL_PACKAGE_VERSION_H
#define MODEL_PACKAGE_VERSION_H

#include "base/common.h"

/* What is wrong with a Debian version, or NULL. */
const char *deb_version_fault(const char *version);
/* <0, 0 or >0. Any text has a place in the order. */
int deb_version_compare(const char *a, const char *b);

/* Of one part: a version, or a release. */
int rpm_version_compare(const char *a, const char *b);
/* Of "[EPOCH:]VERSION[-RELEASE]"; no release is before any. */
int rpm_evr_compare(const char *a, const char *b);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bytes of an .rpm → model/rpm-package.h: the lead, the signature's header and the main
 * header, whose tags tell name, version and dependencies (the RPM package format, version 3
 * and 4). What the package holds is read by read/package.h.
 */
#ifndef READ_RPM_HEADER_H
#define READ_RPM_HEADER_H

#include "model/elf-bytes.h"
#include "model/rpm-package.h"

/*
 * Strings of *ret point into `bytes` or its arena; rpm_package_done() is due in any case.
 * *ret_fault: what is wrong, rule NULL for nothing. 0 or -ENOMEM.
 */
int rpm_header_read(const unsigned char *bytes, size_t size, struct rpm_package *ret,
		    struct fault *ret_fault) MUST_CHECK;

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* What a linker refuses of a version script as a whole; only read/version-script.c knows of it. */
#ifndef READ_VERSION_SCRIPT_WHOLE_H
#define READ_VERSION_SCRIPT_WHOLE_H

#include "model/version-script.h"

/* Nodes of one name, parents that do not stand above, names that are global here and local there.
 */
int version_script_refuse_whole(struct version_script *script) MUST_CHECK;

#endif

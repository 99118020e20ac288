/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Wildcards of version scripts: GNU ld asks fnmatch(3) without flags, lld has a
 * matcher of its own. They differ in sets of characters.
 */
#ifndef MODEL_VERSION_GLOB_H
#define MODEL_VERSION_GLOB_H

#include "model/version-script.h"

/* Does `text` match? `*steps` is what is left of the work allowed; at 0 the answer is false. */
bool version_glob_match(enum script_linker linker, const char *pattern, const char *text,
			uint64_t *steps);
/* lld refuses a set without end, and a range whose ends are exchanged. */
bool version_glob_is_sound(const char *pattern);

#endif

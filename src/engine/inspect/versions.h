/* SPDX-License-Identifier: Apache-2.0 */
/* Do all version numbers of a library agree? */
#ifndef ENGINE_INSPECT_VERSIONS_H
#define ENGINE_INSPECT_VERSIONS_H

#include "model/comparison.h"
#include "model/versions.h"

/*
 * Compares the numbers with each other, and with what `comparison`, of the last
 * release with this one, asks for; NULL: it is not known. `input` is what was asked
 * about. 0 or -ENOMEM.
 */
int versions_judge(struct versions *versions, const struct comparison *comparison,
		   const char *input) MUST_CHECK;

#endif

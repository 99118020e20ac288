/* SPDX-License-Identifier: Apache-2.0 */
/* Patterns over whole texts: "*" is any bytes, "?" one byte, "\" takes the next byte as it is. */
#ifndef BASE_PATTERN_H
#define BASE_PATTERN_H

#include "base/common.h"

/* Takes time up to the product of both lengths, whatever the pattern. */
bool pattern_match(const char *pattern, const char *text);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-8 (RFC 3629) in strings that nobody has checked. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/common.h"

/* What is written in place of a byte that is not UTF-8: U+FFFD. */
#define UTF8_REPLACEMENT "\xef\xbf\xbd"

/* Length of the valid sequence at `text`, which ends with a NUL byte; 0: there is none. */
size_t utf8_length(const char *text);
/* The code point of a sequence that utf8_length() found valid. */
uint32_t utf8_decode(const char *text, size_t length);

#endif

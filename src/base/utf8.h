/* SPDX-License-Identifier: Apache-2.0 */
/* Texts from files need not be UTF-8; what is written for others must be. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/common.h"

#define UTF8_REPLACEMENT "\xef\xbf\xbd" /* U+FFFD, in place of a byte that is none */

/* Length of the valid UTF-8 sequence at `text` (RFC 3629), or 0. */
static inline size_t utf8_length(const unsigned char *text)
{
	unsigned char c = text[0];
	size_t length = c < 0x80   ? 1
			: c < 0xc2 ? 0
			: c < 0xe0 ? 2
			: c < 0xf0 ? 3
			: c < 0xf5 ? 4
				   : 0;
	size_t i;

	for (i = 1; i < length; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
	}
	if ((c == 0xe0 && text[1] < 0xa0) || (c == 0xed && text[1] > 0x9f) ||
	    (c == 0xf0 && text[1] < 0x90) || (c == 0xf4 && text[1] > 0x8f))
		return 0;
	return length;
}

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Map files of GNU ld, gold, lld and mold, and the table of lld's
 * --why-extract → model/linkmap.h. GNU ld's headings are known in English only.
 */
#ifndef READ_LINKMAP_H
#define READ_LINKMAP_H

#include "model/image.h"
#include "model/linkmap.h"

/*
 * 0 with a map to be freed with linkmap_free(); -EBADMSG when the text has
 * nothing of a linker's map, with `fault` set; -ENOMEM. The text is not kept.
 */
int linkmap_read(const char *text, size_t size, struct linkmap **ret,
		 struct fault *fault) MUST_CHECK;

#endif

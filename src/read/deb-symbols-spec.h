/* SPDX-License-Identifier: Apache-2.0 */
/* One symbol of a symbols file: tags, name, version; part of read/deb-symbols.h. */
#ifndef READ_DEB_SYMBOLS_SPEC_H
#define READ_DEB_SYMBOLS_SPEC_H

#include "model/deb-symbols.h"

/*
 * "(tag|tag=value)rest": adds the tags to those of `entry`. *ret_rest is what follows, NULL
 * when there are no tags. 0 or -ENOMEM.
 */
int symbols_tags_read(struct arena *arena, const char *text, struct symbols_entry *entry,
		      const char **ret_rest) MUST_CHECK;
/* "(tags)name minver [dep]". *ret_fault: what is wrong, NULL for nothing. 0 or -ENOMEM. */
int symbols_spec_read(struct arena *arena, const char *text, struct symbols_entry *entry,
		      const char **ret_fault) MUST_CHECK;

#endif

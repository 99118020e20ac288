/* SPDX-License-Identifier: Apache-2.0 */
/* The text of a linker's version script → model/version-script.h. */
#ifndef READ_VERSION_SCRIPT_H
#define READ_VERSION_SCRIPT_H

#include "model/version-script.h"

/* Where and why a text is no version script. */
struct script_error {
	unsigned line; /* from 1 */
	unsigned column;
	const char *rule; /* input/… */
	char text[160];
};

/*
 * Reads what at least one of the linkers takes; what the other one refuses
 * stands in the script's refusals. `text` and `path` must outlive the script. 0
 * with a script to be freed with version_script_free(); -EBADMSG with *error
 * set; -ENOMEM.
 */
int version_script_read(const char *text, size_t size, const char *path,
			struct version_script **ret, struct script_error *error) MUST_CHECK;

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* What a preprocessor writes of public headers (-E -dD) → model/declared.h. */
#ifndef READ_DECLARED_H
#define READ_DECLARED_H

#include "model/declared.h"

/* Which of the files in the text are the library's own. */
struct declared_source {
	bool is_cxx;
	bool (*owns)(void *data, const char *file, bool is_system);
	void *data;
};

/*
 * The declarations of the own headers. It is no compiler: what it does not
 * understand is counted in (*ret)->unread. 0 or -ENOMEM; declared_free() the result.
 */
int declared_read(const char *text, size_t size, const struct declared_source *source,
		  struct declared **ret) MUST_CHECK;

/*
 * Adds all words of a header as it stands in its file to the mentions, those of comments,
 * too. 0 or -ENOMEM.
 */
int declared_read_mentions(const char *text, size_t size, struct declared *declared) MUST_CHECK;

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* What C headers declare for others: functions and variables, in preprocessed text. */
#ifndef READ_DECLARED_H
#define READ_DECLARED_H

#include "base/arena.h"
#include "base/array.h"
#include "base/map.h"

struct declared_question {
	/* Is what stands in this file, as the preprocessor names it, of interest? */
	bool (*is_public)(void *data, const char *path);
	void *data;
	struct arena *arena; /* of the names */
	struct map *names;   /* gets each name, with itself as value */
};

/*
 * Reads what `cc -E` wrote. Static functions, definitions of inline ones, types and
 * macros are no declarations for others. 0 or -ENOMEM.
 */
int declared_read(const char *text, size_t size,
		  const struct declared_question *question) MUST_CHECK;

#endif

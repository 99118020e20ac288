/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the program says on standard error, and the exit status of an error.
 * Functions of this layer return 0 or a negative errno value; whoever sees the
 * fault says it once. Only -ENOMEM is left to the end of the run.
 */
#ifndef CLI_MESSAGE_H
#define CLI_MESSAGE_H

#include "base/common.h"

/* One line that starts with "abifit: "; control bytes are made visible. */
void message(const char *format, ...) PRINTF_LIKE(1, 2);
/* The exit status for the negative errno value `error`; says "out of memory" itself. */
int message_status(int error);
/* Of `count` names, `stride` bytes apart, the one that is like `word`, or NULL. */
const char *message_nearest(const char *word, const char *const *names, size_t count,
			    size_t stride);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* One question to the library, from its files to the exit status. */
#ifndef CLI_SESSION_H
#define CLI_SESSION_H

#include <abifit/abifit.h>
#include "cli/command.h"
#include "cli/common.h"

struct session {
	struct abifit_context *context;
	struct abifit_system *system;
	struct abifit_report *report;
};

/* The context alone. */
int session_begin(struct session *session) MUST_CHECK;
/* The context, and the system in the folder `root` (NULL: the running one). */
int session_begin_system(struct session *session, const char *root) MUST_CHECK;
/* Passes the library's result on; says the library's error if it is one. */
int session_check(const struct session *session, int result) MUST_CHECK;
/* Writes the report unless there was an `error`, and ends the session. Returns the exit status. */
int session_end(struct session *session, const struct common *common, int error);

/*
 * The operands as files: "-" and "@file" are expanded, and with a root, a path
 * that does not exist as given is looked for there. -EINVAL: there are none.
 */
int session_files(struct invocation *invocation, const char *root) MUST_CHECK;
/* The same for one path. */
int session_locate(const char **path, const char *root, struct arena *arena) MUST_CHECK;

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* The options that say in which environment the loader is assumed to run. */
#ifndef CLI_ENVIRONMENT_H
#define CLI_ENVIRONMENT_H

#include "cli/session.h"

struct environment {
	uint32_t flags; /* ABIFIT_ENVIRONMENT_… */
	uint32_t page_size;
	const char *root;
	const char *library_path;
	const char *env_from;
	const char *cpu;
	const char *kernel_version;
	const char *libc;
	const char *cwd;
	struct list preload;
};

extern const struct option_row environment_rows[];

/* For a command whose settings, of `type`, have a struct environment as `environment`. */
#define ENVIRONMENT_TABLE(type)                                                                    \
	{                                                                                          \
		.title = "Environment that is assumed", .rows = environment_rows,                  \
		.offset = offsetof(type, environment)                                              \
	}

/*
 * Begins a session on the system of --root, and sets in `ret` what the library
 * is told; its strings are those of the options or in the arena. Reads
 * --env-from: an option wins over its line there, but preloads add up. With -v,
 * the LD_ variables that make no difference are named.
 */
int environment_begin(struct environment *environment, const struct common *common,
		      struct arena *arena, struct session *session,
		      struct abifit_environment *ret) MUST_CHECK;

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* The questions of abifit_deps(), one file each. */
#ifndef LIB_DEPS_H
#define LIB_DEPS_H

#include "lib/context.h"
#include "model/deps.h"

struct deps_run {
	struct abifit_system *system;
	struct abifit_report *report;
	struct deps *deps; /* the report's */
	const struct abifit_deps_options *options;
	const char *const *files;
	size_t count;
};

/* Each: 0, -ENOMEM, or another errno value with the context's error set. */
int deps_rpm(struct deps_run *run) MUST_CHECK;

#endif

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
	bool any_release; /* as in engine/deps/deb-depends.h */
	/* The package whose files they are: a library that no file tells of is its package's; or
	 * NULL. */
	const char *self;
};

/*
 * Adds an input that cannot be judged, by a rule of input/: damage, which is copied, or a text
 * that lives as long as the report. 0 or -ENOMEM.
 */
int deps_fail(struct deps_run *run, const char *path, const char *rule, const struct fault *fault,
	      const char *text) MUST_CHECK;
/* The same for a negative errno value of opening it. */
int deps_fail_open(struct deps_run *run, const char *path, int error) MUST_CHECK;

/* Each: 0, -ENOMEM, or another errno value with the context's error set. */
int deps_rpm(struct deps_run *run) MUST_CHECK;
int deps_check(struct deps_run *run) MUST_CHECK;
/* The part of deps_check() for a package of rpm, without the forecast. */
int deps_check_rpm(struct deps_run *run, const char *path) MUST_CHECK;
int deps_names(struct deps_run *run) MUST_CHECK;
int deps_deb(struct deps_run *run) MUST_CHECK;
int deps_symbols(struct deps_run *run) MUST_CHECK;

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* What a package of rpm declares, beside what its files need. */
#ifndef ENGINE_DEPS_RPM_DECLARED_H
#define ENGINE_DEPS_RPM_DECLARED_H

#include "model/deps.h"
#include "model/finding.h"
#include "model/rpm-package.h"

struct rpm_question {
	const char *path; /* for findings */
	const struct rpm_package *package;
	const struct deps_file *lines; /* of all its files: what they provide and require */
	/*
	 * 1: a package that is given beside it fulfils `wanted`; else 0, and *ret_other is one of
	 * that name that does not, or NULL. -ENOMEM.
	 */
	int (*is_given)(void *data, const struct rpm_relation *wanted, const char **ret_other);
	void *data;
};

/*
 * Adds findings deps/… to `list`; what it declares beyond its libraries and nobody gives is told
 * as unchecked, as the system's own packages are not known. 0 or -ENOMEM.
 */
int rpm_declared_judge(const struct rpm_question *question, struct findings *list) MUST_CHECK;

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* What a comparison means for given programs: they are forecast with OLD and with NEW. */
#ifndef LIB_USERS_H
#define LIB_USERS_H

#include "lib/corpora.h"

struct users {
	struct abifit_system *system; /* NEW's */
	struct abifit_system *old_system;
	struct abifit_report *report;
	struct side *old, *new;
	const struct abifit_diff_options *options;
};

/* The pairs have been compared: settles their findings, adds the programs to the report. */
int users_judge(const struct users *users) MUST_CHECK;

#endif

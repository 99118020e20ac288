/* SPDX-License-Identifier: Apache-2.0 */
/* The option for findings that are waived, of the commands that have verdicts. */
#ifndef CLI_WAIVERS_H
#define CLI_WAIVERS_H

#include "cli/options.h"

struct waiver_settings {
	struct list files;
};

extern const struct option_row waiver_rows[];

/* For a command whose settings, of `type`, have a struct waiver_settings as `waivers`. */
#define WAIVER_TABLE(type)                                                                         \
	{                                                                                          \
		.title = "Waivers", .rows = waiver_rows, .offset = offsetof(type, waivers)         \
	}

/*
 * The day that waivers are judged at: that of SOURCE_DATE_EPOCH, else NULL, for
 * the current one. -EINVAL, which is said, when that is no number of seconds.
 */
int waivers_today(struct arena *arena, const char **ret) MUST_CHECK;

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* The options that all commands share. */
#ifndef CLI_COMMON_H
#define CLI_COMMON_H

#include <abifit/abifit.h>
#include "cli/options.h"

#define COMMON_QUIET (1u << 0)
#define COMMON_VERBOSE (1u << 1)

#define FAIL_ON_SOURCE (1u << 0)
#define FAIL_ON_BREAK (1u << 1)

enum color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

struct common {
	uint32_t flags;
	uint32_t format;
	uint32_t color;
	uint32_t fail_on;
	uint32_t threads;
	const char *output;
	const char *source_root;
};

extern const struct option_row common_rows[];

/* For a command whose settings, of `type`, have a struct common as `common`. */
#define COMMON_TABLE(type)                                                                         \
	{                                                                                          \
		.title = "Common options", .rows = common_rows, .offset = offsetof(type, common)   \
	}

/* Name of the format, as the library knows it. */
const char *common_format(const struct common *common);
/* 0, 1 or 2, as struct abifit_write_options has it. */
uint32_t common_verbosity(const struct common *common);
/* Whether what is written to `fd` gets colours. */
bool common_wants_color(const struct common *common, int fd);
/* The run's status: that of the report, as --fail-on has it. */
int common_status(const struct common *common, const struct abifit_report *report);

#endif

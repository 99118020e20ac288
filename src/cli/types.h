/* SPDX-License-Identifier: Apache-2.0 */
/* The options for types, of the commands that read debug information. */
#ifndef CLI_TYPES_H
#define CLI_TYPES_H

#include "cli/options.h"

#include <abifit/abifit.h>

struct type_settings {
	uint32_t flags; /* ABIFIT_TYPES_ */
	struct list debug_dirs;
	struct list headers, old_headers;
	const char *compiler;
	struct list cflags, old_cflags;
};

extern const struct option_row type_rows[]; /* of one library */
extern const struct option_row pair_type_rows[];
extern const struct option_row debug_dir_rows[]; /* where types are looked for, no more */

/* For a command whose settings, of `type`, have a struct type_settings as `types`. */
#define TYPE_TABLE(type)                                                                           \
	{                                                                                          \
		.title = "Types", .rows = type_rows, .offset = offsetof(type, types)               \
	}

/* The same for a command about an old and a new library. */
#define PAIR_TYPE_TABLE(type)                                                                      \
	{                                                                                          \
		.title = "Types", .rows = pair_type_rows, .offset = offsetof(type, types)          \
	}

struct abifit_types_options types_options(const struct type_settings *settings);

#endif

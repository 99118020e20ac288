/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in cli/types.h. */
#include "cli/types.h"

#define AT(field) .offset = offsetof(struct type_settings, field)

const struct option_row type_rows[] = {
	{ .name = "debug-dir",
	  .kind = OPTION_LIST,
	  AT(debug_dirs),
	  .value = "DIR",
	  .complete = COMPLETE_FOLDER,
	  .help = "look in DIR first for debug files, or for an unpacked package of them; repeatable" },
	{ .name = "symbols-only",
	  .kind = OPTION_FLAG,
	  AT(flags),
	  .bit = ABIFIT_TYPES_NONE,
	  .help = "read no debug information" },
	{ .name = "require-types",
	  .kind = OPTION_FLAG,
	  AT(flags),
	  .bit = ABIFIT_TYPES_REQUIRED,
	  .help = "a library without debug information is undecided" },
	{ 0 },
};

struct abifit_types_options types_options(const struct type_settings *settings)
{
	return (struct abifit_types_options){
		.size = sizeof(struct abifit_types_options),
		.flags = settings->flags,
		.debug_dirs = settings->debug_dirs.items,
	};
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in cli/types.h. */
#include "cli/types.h"

#include <stdlib.h>

#define AT(field) .offset = offsetof(struct type_settings, field)

#define DEBUG_DIR_ROW                                                                                       \
	{                                                                                                   \
		.name = "debug-dir", .kind = OPTION_LIST, AT(debug_dirs), .value = "DIR",                   \
		.complete = COMPLETE_FOLDER,                                                                \
		.help = "look in DIR, a folder of debug files or a package of them, first; repeatable" \
	}

#define DEBUG_ROWS                                                                                 \
	DEBUG_DIR_ROW,                                                                             \
		{ .name = "symbols-only",                                                          \
		  .kind = OPTION_FLAG,                                                             \
		  AT(flags),                                                                       \
		  .bit = ABIFIT_TYPES_NONE,                                                        \
		  .help = "read no debug information" },                                           \
	{                                                                                          \
		.name = "require-types", .kind = OPTION_FLAG, AT(flags),                           \
		.bit = ABIFIT_TYPES_REQUIRED,                                                      \
		.help = "a library without debug information is undecided"                         \
	}

#define COMPILER_ROWS                                                                              \
	{ .name = "cc",                                                                            \
	  .kind = OPTION_STRING,                                                                   \
	  AT(compiler),                                                                            \
	  .value = "COMMAND",                                                                      \
	  .help = "the compiler that headers are read with ($CC, else cc)" },                      \
	{                                                                                          \
		.name = "cflags", .kind = OPTION_LIST, AT(cflags), .value = "FLAGS",               \
		.help = "flags that headers are compiled with, parted at spaces; repeatable"       \
	}

const struct option_row debug_dir_rows[] = {
	DEBUG_DIR_ROW,
	{ 0 },
};

const struct option_row type_rows[] = {
	DEBUG_ROWS,
	{ .name = "headers",
	  .kind = OPTION_LIST,
	  AT(headers),
	  .value = "PATH",
	  .complete = COMPLETE_FILE,
	  .help = "public headers, a folder or package of them, or \"auto\": what they define is what programs see; repeatable" },
	COMPILER_ROWS,
	{ 0 },
};

const struct option_row pair_type_rows[] = {
	DEBUG_ROWS,
	{ .name = "headers-old",
	  .kind = OPTION_LIST,
	  AT(old_headers),
	  .value = "PATH",
	  .complete = COMPLETE_FILE,
	  .help = "public headers of OLD, a folder or package of them, or \"auto\"; repeatable" },
	{ .name = "headers-new",
	  .kind = OPTION_LIST,
	  AT(headers),
	  .value = "PATH",
	  .complete = COMPLETE_FILE,
	  .help = "those of NEW: what they define is what programs see" },
	COMPILER_ROWS,
	{ .name = "cflags-old",
	  .kind = OPTION_LIST,
	  AT(old_cflags),
	  .value = "FLAGS",
	  .help = "the same for those of OLD, in place of --cflags; repeatable" },
	{ 0 },
};

struct abifit_types_options types_options(const struct type_settings *settings)
{
	return (struct abifit_types_options){
		.size = sizeof(struct abifit_types_options),
		.flags = settings->flags,
		.debug_dirs = settings->debug_dirs.items,
		.headers = settings->headers.items,
		.old_headers = settings->old_headers.items,
		.compiler = settings->compiler ? settings->compiler : getenv("CC"),
		.cflags = settings->cflags.items,
		.old_cflags = settings->old_cflags.items,
	};
}

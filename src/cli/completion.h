/* SPDX-License-Identifier: Apache-2.0 */
/* Completion scripts for shells, from the tables of commands and options. */
#ifndef CLI_COMPLETION_H
#define CLI_COMPLETION_H

#include "cli/command.h"

void completion_write_bash(struct out *out, const void *unused);
void completion_write_zsh(struct out *out, const void *unused);
void completion_write_fish(struct out *out, const void *unused);

/* Names separated by blanks. */
void completion_write_choices(struct out *out, const struct option_choice *choices);
/* The names of all commands but `except` (may be NULL), with `separator` between them. */
void completion_write_commands(struct out *out, const char *separator,
			       const struct command *except);
/* The command that is meant when none is named. */
bool completion_is_default(const struct command *command);

/* What follows the program in shell text that prints the ids of all rules. */
#define COMPLETION_RULES                                                                           \
	"rules --format json 2>/dev/null | "                                                       \
	"tr ',' '\\n' | sed -n 's|.*\"id\": *\"\\([a-z]*/[^\"]*\\)\".*|\\1|p'"

#endif

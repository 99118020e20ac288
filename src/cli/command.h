/* SPDX-License-Identifier: Apache-2.0 */
/* The subcommands: each file cmd-NAME.c has one; the build makes the list of them. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "cli/options.h"

/* The command that is meant when none is named. */
#define COMMAND_DEFAULT "check"

struct invocation {
	struct arena *arena;
	struct list operands;
};

struct command {
	const char *name;
	const char *summary; /* a few words, for the list of commands */
	const char *usage;   /* what follows the name */
	const char *about;   /* a paragraph for the help */
	const struct option_table *options;
	enum option_completion operands;
	/* The operands that there are, or NULL; the first of them, when `operands` has others. */
	const struct option_choice *words;
	size_t settings_size;
	/* `settings` as the options filled it; returns an exit status. */
	int (*run)(void *settings, struct invocation *invocation);
};

/* In the order of the build's list; NULL past the end. */
const struct command *command_at(size_t index);
const struct command *command_find(const char *name);
/* A command whose name is like `word`, or NULL. */
const char *command_nearest(const char *word);
/* Parses argv (argv[0] is the command's name) and runs. Returns an exit status. */
int command_run(const struct command *command, int argc, char **argv);

#endif

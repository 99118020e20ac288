/* SPDX-License-Identifier: Apache-2.0 */
/* `abifit completion`: scripts that make a shell complete the others. */
#include <abifit/abifit.h>
#include "cli/completion.h"
#include "cli/message.h"
#include "cli/output.h"

struct completion_settings {
	const char *output;
};

static const struct option_row rows[] = {
	{ .name = "output",
	  .letter = 'o',
	  .kind = OPTION_STRING,
	  .offset = offsetof(struct completion_settings, output),
	  .value = "FILE",
	  .complete = COMPLETE_FILE,
	  .help = "write the script to FILE, whole or not at all" },
	{ 0 },
};

static const struct option_table tables[] = {
	{ .title = "Options", .rows = rows },
	{ 0 },
};

static const struct option_choice shells[] = {
	{ "bash", 0 },
	{ "zsh", 1 },
	{ "fish", 2 },
	{ 0 },
};

static void (*const writers[])(struct out *out, const void *unused) = {
	completion_write_bash,
	completion_write_zsh,
	completion_write_fish,
};

void completion_write_choices(struct out *out, const struct option_choice *choices)
{
	for (const struct option_choice *choice = choices; choice->name; choice++)
		out_printf(out, "%s%s", choice == choices ? "" : " ", choice->name);
}

void completion_write_commands(struct out *out, const char *separator, const struct command *except)
{
	const struct command *command;
	const char *before = "";

	for (size_t i = 0; (command = command_at(i)); i++) {
		if (command == except)
			continue;
		out_printf(out, "%s%s", before, command->name);
		before = separator;
	}
}

bool completion_is_default(const struct command *command)
{
	return strcmp(command->name, COMMAND_DEFAULT) == 0;
}

static int run(void *data, struct invocation *invocation)
{
	const struct completion_settings *settings = data;
	const struct list *operands = &invocation->operands;

	if (operands->count == 1) {
		for (const struct option_choice *shell = shells; shell->name; shell++) {
			if (strcmp(shell->name, operands->items[0]) == 0)
				return output_print(settings->output, writers[shell->value], NULL);
		}
	}
	message("completion takes the name of a shell: bash, zsh or fish");
	return ABIFIT_STATUS_USAGE;
}

const struct command command_completion = {
	.name = "completion",
	.summary = "a script that makes bash, zsh or fish complete all this",
	.usage = "[OPTION]... bash|zsh|fish",
	.about =
		"Prints a script that makes the shell complete commands, options and their values.",
	.options = tables,
	.words = shells,
	.settings_size = sizeof(struct completion_settings),
	.run = run,
};

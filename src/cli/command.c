/* SPDX-License-Identifier: Apache-2.0 */
/* The table of commands, and the run of one; contract in cli/command.h. */
#include "cli/command.h"

#include <abifit/abifit.h>
#include "cli/command-list.h"
#include "cli/message.h"
#include "cli/output.h"

#define COMMAND(identifier) extern const struct command command_##identifier;
COMMAND_LIST
#undef COMMAND

#define COMMAND(identifier) &command_##identifier,
static const struct command *const commands[] = { COMMAND_LIST };
#undef COMMAND

const struct command *command_at(size_t index)
{
	return index < ARRAY_SIZE(commands) ? commands[index] : NULL;
}

const struct command *command_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	}
	return NULL;
}

const char *command_nearest(const char *word)
{
	const char *names[ARRAY_SIZE(commands)];

	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		names[i] = commands[i]->name;
	return message_nearest(word, names, ARRAY_SIZE(names), sizeof(names[0]));
}

static void write_help(struct out *out, const void *data)
{
	const struct command *command = data;

	out_printf(out, "Usage: abifit %s %s\n\n%s\n", command->name, command->usage,
		   command->about);
	options_write_help(out, command->options);
	out_printf(out, "\nMore: man abifit-%s\n", command->name);
}

static void write_options(struct out *out, const void *data)
{
	options_write_list(out, ((const struct command *)data)->options);
}

static int run(const struct command *command, int argc, char **argv, void *settings,
	       struct invocation *invocation)
{
	enum option_request request;
	int r = options_parse(command->options, argc, argv, settings, invocation->arena,
			      &invocation->operands, &request);

	if (r)
		return message_status(r);
	if (request == REQUEST_HELP)
		return output_print(NULL, write_help, command);
	if (request == REQUEST_LIST)
		return output_print(NULL, write_options, command);
	return command->run(settings, invocation);
}

/* Lists among the settings are freed here, so that no command has to. */
static void free_lists(const struct command *command, void *settings)
{
	OPTION_EACH(command->options, table, row) {
		if (row->kind == OPTION_LIST) {
			struct list *list = (struct list *)((unsigned char *)settings +
							    table->offset + row->offset);

			array_done(list);
		}
	}
}

int command_run(const struct command *command, int argc, char **argv)
{
	struct arena arena = { 0 };
	struct invocation invocation = { .arena = &arena };
	void *settings = calloc(1, command->settings_size);
	int status;

	if (!settings)
		return message_status(-ENOMEM);
	status = run(command, argc, argv, settings, &invocation);
	free_lists(command, settings);
	array_done(&invocation.operands);
	arena_done(&arena);
	free(settings);
	return status;
}

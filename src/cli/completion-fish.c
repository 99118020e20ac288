/* SPDX-License-Identifier: Apache-2.0 */
/* The completion script for fish; contract in cli/completion.h. */
#include "cli/completion.h"

static const char *const kinds[] = {
	[COMPLETE_NOTHING] = "-x",
	[COMPLETE_FILE] = "-r -F",
	[COMPLETE_FOLDER] = "-x -a '(__fish_complete_directories)'",
	[COMPLETE_RULE] = "-x -a '(__abifit_rules)'",
};

static const char head[] =
	"# fish completion for abifit; made by: abifit completion fish\n"
	"\n"
	"function __abifit_rules\n"
	"\tabifit " COMPLETION_RULES "\n"
	"end\n"
	"\n"
	"complete -c abifit -n __fish_use_subcommand -l version -d 'print the version'\n"
	"complete -c abifit -s h -l help -d 'print a short help'\n";

static void write_quoted(struct out *out, const char *text)
{
	out_char(out, '\'');
	for (; *text; text++) {
		if (*text == '\'' || *text == '\\')
			out_char(out, '\\');
		out_char(out, *text);
	}
	out_char(out, '\'');
}

/* The default command is meant as long as none is named. */
static void write_start(struct out *out, const struct command *command)
{
	out_text(out, "complete -c abifit -n '");
	if (completion_is_default(command)) {
		out_text(out, "not __fish_seen_subcommand_from ");
		completion_write_commands(out, " ", command);
	} else {
		out_printf(out, "__fish_seen_subcommand_from %s", command->name);
	}
	out_char(out, '\'');
}

static void write_option(struct out *out, const struct command *command,
			 const struct option_row *row, const char *name)
{
	write_start(out, command);
	if (row->letter)
		out_printf(out, " -s %c", row->letter);
	out_printf(out, " -l %s", name);
	if (row->choices) {
		out_text(out, " -x -a '");
		completion_write_choices(out, row->choices);
		out_char(out, '\'');
	} else if (option_has_value(row)) {
		out_printf(out, " %s", kinds[row->complete]);
	}
	out_text(out, " -d ");
	write_quoted(out, row->help);
	out_char(out, '\n');
}

/* Files are what fish offers by itself. */
static void write_operands(struct out *out, const struct command *command)
{
	if (command->operands == COMPLETE_FILE && !command->words)
		return;
	write_start(out, command);
	if (command->words) {
		out_text(out, command->operands == COMPLETE_FILE ? " -a '" : " -f -a '");
		completion_write_choices(out, command->words);
		out_text(out, "'\n");
	} else {
		out_printf(out, " -f%s\n",
			   command->operands == COMPLETE_RULE ? " -a '(__abifit_rules)'" : "");
	}
}

static void write_command(struct out *out, const struct command *command)
{
	out_printf(out, "\ncomplete -c abifit -n __fish_use_subcommand -a %s -d ", command->name);
	write_quoted(out, command->summary);
	out_char(out, '\n');
	write_operands(out, command);
	OPTION_EACH(command->options, table, row) {
		write_option(out, command, row, row->name);
		if (row->alias)
			write_option(out, command, row, row->alias);
	}
}

void completion_write_fish(struct out *out, const void *unused)
{
	const struct command *command;

	out_text(out, head);
	for (size_t i = 0; (command = command_at(i)); i++)
		write_command(out, command);
}

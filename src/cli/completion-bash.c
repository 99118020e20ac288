/* SPDX-License-Identifier: Apache-2.0 */
/* The completion script for bash; contract in cli/completion.h. */
#include "cli/completion.h"

static const char *const kinds[] = {
	[COMPLETE_NOTHING] = "nothing",
	[COMPLETE_FILE] = "file",
	[COMPLETE_FOLDER] = "folder",
	[COMPLETE_RULE] = "rule",
};

/* "--name=value" arrives as three words. */
static const char head[] =
	"# bash completion for abifit; made by: abifit completion bash\n"
	"\n"
	"_abifit()\n"
	"{\n"
	"\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}\n"
	"\tlocal command=" COMMAND_DEFAULT " option='' options='' kind='' words='' first=''\n"
	"\n"
	"\tif [[ $cur == = ]]; then\n"
	"\t\toption=$prev cur=''\n"
	"\telif [[ $prev == = ]]; then\n"
	"\t\toption=${COMP_WORDS[COMP_CWORD - 2]}\n"
	"\telif [[ $prev == -* ]]; then\n"
	"\t\toption=$prev\n"
	"\tfi\n";

static const char tail[] = "\tif [[ -z $option && $cur == -* ]]; then\n"
			   "\t\tkind=words words=$options\n"
			   "\t\tif ((COMP_CWORD == 1)); then\n"
			   "\t\t\twords+=' --version'\n"
			   "\t\tfi\n"
			   "\telif ((COMP_CWORD == 1)); then\n"
			   "\t\tfirst=$(compgen -W \"$commands\" -- \"$cur\")\n"
			   "\tfi\n"
			   "\tcase $kind in\n"
			   "\twords)\n"
			   "\t\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
			   "\t\t;;\n"
			   "\trule)\n"
			   "\t\twords=$(\"$1\" " COMPLETION_RULES ")\n"
			   "\t\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
			   "\t\t;;\n"
			   "\tfolder)\n"
			   "\t\tcompopt -o filenames 2>/dev/null\n"
			   "\t\tmapfile -t COMPREPLY < <(compgen -d -- \"$cur\")\n"
			   "\t\t;;\n"
			   "\tfile)\n"
			   "\t\tcompopt -o filenames 2>/dev/null\n"
			   "\t\tif [[ $cur == @* ]]; then\n"
			   "\t\t\tmapfile -t COMPREPLY < <(compgen -P @ -f -- \"${cur#@}\")\n"
			   "\t\telse\n"
			   "\t\t\tmapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n"
			   "\t\tfi\n"
			   "\t\t;;\n"
			   "\tesac\n"
			   "\tif [[ $first ]]; then\n"
			   "\t\tmapfile -t -O ${#COMPREPLY[@]} COMPREPLY <<<\"$first\"\n"
			   "\tfi\n"
			   "}\n"
			   "complete -F _abifit abifit\n";

static void write_spellings(struct out *out, const struct option_row *row, const char *separator)
{
	out_printf(out, "--%s", row->name);
	if (row->alias)
		out_printf(out, "%s--%s", separator, row->alias);
	if (row->letter)
		out_printf(out, "%s-%c", separator, row->letter);
}

static void write_kind(struct out *out, enum option_completion kind,
		       const struct option_choice *choices)
{
	if (choices) {
		out_text(out, "kind=words words='");
		completion_write_choices(out, choices);
		out_char(out, '\'');
	} else {
		out_printf(out, "kind='%s'", kinds[kind]);
	}
}

static void write_values(struct out *out, const struct command *command)
{
	out_text(out, "\t\tcase $option in\n");
	OPTION_EACH(command->options, table, row) {
		if (!option_has_value(row))
			continue;
		out_text(out, "\t\t");
		write_spellings(out, row, " | ");
		out_text(out, ") ");
		write_kind(out, row->complete, row->choices);
		out_text(out, " ;;\n");
	}
	out_text(out, "\t\t*) option='' ");
	if (command->words && command->operands != COMPLETE_NOTHING) {
		/* A word first, then what it is about. */
		out_text(out, "; if ((COMP_CWORD == 2)); then ");
		write_kind(out, command->operands, command->words);
		out_text(out, "; else ");
		write_kind(out, command->operands, NULL);
		out_text(out, "; fi");
	} else {
		write_kind(out, command->operands, command->words);
	}
	out_text(out, " ;;\n\t\tesac\n");
}

static void write_command(struct out *out, const struct command *command)
{
	out_printf(out, "\t%s)\n\t\toptions='", command->name);
	OPTION_EACH(command->options, table, row) {
		write_spellings(out, row, " ");
		out_char(out, ' ');
	}
	out_text(out, "--help'\n");
	write_values(out, command);
	out_text(out, "\t\t;;\n");
}

void completion_write_bash(struct out *out, const void *unused)
{
	const struct command *command;

	out_text(out, head);
	out_text(out, "\tlocal commands='");
	completion_write_commands(out, " ", NULL);
	out_text(out, "'\n\tif ((COMP_CWORD > 1)); then\n\t\tcase ${COMP_WORDS[1]} in\n\t\t");
	completion_write_commands(out, " | ", NULL);
	out_text(out, ") command=${COMP_WORDS[1]} ;;\n\t\tesac\n\tfi\n\tcase $command in\n");
	for (size_t i = 0; (command = command_at(i)); i++)
		write_command(out, command);
	out_text(out, "\tesac\n");
	out_text(out, tail);
}

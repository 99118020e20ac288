/* SPDX-License-Identifier: Apache-2.0 */
/* The completion script for zsh, over its _arguments; contract in cli/completion.h. */
#include "cli/completion.h"

static const char *const actions[] = {
	[COMPLETE_NOTHING] = " ",
	[COMPLETE_FILE] = "_files",
	[COMPLETE_FOLDER] = "_files -/",
	[COMPLETE_RULE] = "_abifit_rules",
};

static const char head[] = "#compdef abifit\n"
			   "# zsh completion for abifit; made by: abifit completion zsh\n"
			   "\n"
			   "_abifit_rules() {\n"
			   "\tlocal -a rules\n"
			   "\trules=(${(f)\"$(abifit " COMPLETION_RULES ")\"})\n"
			   "\tcompadd -a rules\n"
			   "}\n"
			   "\n"
			   "_abifit() {\n"
			   "\tlocal command=" COMMAND_DEFAULT "\n"
			   "\tlocal -a commands\n"
			   "\n"
			   "\tcommands=(\n";

static const char first_word[] =
	"\t)\n"
	"\tif (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then\n"
	"\t\t_alternative 'commands:command:{_describe command commands}' 'files:file:_files'\n"
	"\t\treturn\n"
	"\tfi\n"
	"\tcase $words[2] in\n"
	"\t(";

static const char options[] = ")\n"
			      "\t\tcommand=$words[2]\n"
			      "\t\tshift words\n"
			      "\t\t(( CURRENT-- ))\n"
			      "\t\t;;\n"
			      "\tesac\n"
			      "\tcase $command in\n";

static const char tail[] = "\tesac\n"
			   "}\n"
			   "\n"
			   "if [[ $funcstack[1] == _abifit ]]; then\n"
			   "\t_abifit \"$@\"\n"
			   "else\n"
			   "\tcompdef _abifit abifit\n"
			   "fi\n";

/* Within single quotes, `special` characters behind a backslash. */
static void write_escaped(struct out *out, const char *text, const char *special)
{
	for (; *text; text++) {
		if (*text == '\'')
			out_text(out, "'\\'");
		else if (strchr(special, *text))
			out_char(out, '\\');
		out_char(out, *text);
	}
}

/* ":VALUE:action" */
static void write_action(struct out *out, const struct option_row *row)
{
	struct out value;

	out_init(&value, NULL, NULL);
	option_write_value(&value, row);
	out_char(&value, '\0');
	out_char(out, ':');
	write_escaped(out, value.error ? "" : value.bytes, "\\:");
	out_char(out, ':');
	if (row->choices) {
		out_char(out, '(');
		completion_write_choices(out, row->choices);
		out_char(out, ')');
	} else {
		out_text(out, actions[row->complete]);
	}
	out_done(&value);
}

static void write_spelling(struct out *out, const struct option_row *row, const char *name)
{
	bool has_value = option_has_value(row);
	bool is_repeatable = row->kind == OPTION_LIST || row->kind == OPTION_CHOICES;

	out_text(out, "\t\t\t");
	if (row->letter)
		out_printf(out, "'(-%c --%s)'{-%c%s,--%s%s}'", row->letter, name, row->letter,
			   has_value ? "+" : "", name, has_value ? "=" : "");
	else
		out_printf(out, "'%s--%s%s", is_repeatable ? "*" : "", name, has_value ? "=" : "");
	out_char(out, '[');
	write_escaped(out, row->help, "\\[]");
	out_char(out, ']');
	if (has_value)
		write_action(out, row);
	out_text(out, "' \\\n");
}

static void write_operands(struct out *out, const struct command *command)
{
	out_text(out, "\t\t\t");
	if (command->words) {
		out_text(out, "'1: :(");
		completion_write_choices(out, command->words);
		out_text(out, ")'");
		if (command->operands != COMPLETE_NOTHING)
			out_printf(out, " '*: :%s'", actions[command->operands]);
		out_char(out, '\n');
	} else {
		out_printf(out, "'*: :%s'\n", actions[command->operands]);
	}
}

static void write_command(struct out *out, const struct command *command)
{
	out_printf(out, "\t(%s)\n\t\t_arguments -s -S : \\\n", command->name);
	OPTION_EACH(command->options, table, row) {
		write_spelling(out, row, row->name);
		if (row->alias)
			write_spelling(out, row, row->alias);
	}
	if (completion_is_default(command))
		out_text(out, "\t\t\t'(- *)--version[print the version]' \\\n");
	out_text(out, "\t\t\t'(- *)'{-h,--help}'[print a short help]' \\\n");
	write_operands(out, command);
	out_text(out, "\t\t;;\n");
}

void completion_write_zsh(struct out *out, const void *unused)
{
	const struct command *command;

	out_text(out, head);
	for (size_t i = 0; (command = command_at(i)); i++) {
		out_printf(out, "\t\t'%s:", command->name);
		write_escaped(out, command->summary, "\\:");
		out_text(out, "'\n");
	}
	out_text(out, first_word);
	completion_write_commands(out, "|", NULL);
	out_text(out, options);
	for (size_t i = 0; (command = command_at(i)); i++)
		write_command(out, command);
	out_text(out, tail);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The program `abifit`: which command is meant. */
#include <abifit/abifit.h>
#include "cli/command.h"
#include "cli/message.h"
#include "cli/output.h"

#include <signal.h>
#include <sys/stat.h>

static void write_usage(struct out *out, const void *data)
{
	const struct command *command;

	out_text(out,
		 "Usage: abifit COMMAND [OPTION]... [ARGUMENT]...\n"
		 "       abifit [OPTION]... FILE...    the same as: abifit check\n\n"
		 "Do the pieces of programs on GNU/Linux fit together? Nothing is executed.\n\n"
		 "Commands:\n");
	for (size_t i = 0; (command = command_at(i)); i++)
		out_printf(out, "  %-12s%s\n", command->name, command->summary);
	out_text(out, "\nabifit COMMAND --help tells the options of a command.\n"
		      "abifit --version tells the version.\n\nMore: man abifit\n");
}

static void write_version(struct out *out, const void *data)
{
	out_text(out, "abifit " ABIFIT_VERSION);
	if (strcmp(ABIFIT_VERSION, abifit_version()) != 0)
		out_printf(out, " (with libabifit %s)", abifit_version());
	out_char(out, '\n');
}

static void write_commands(struct out *out, const void *data)
{
	const struct command *command;

	for (size_t i = 0; (command = command_at(i)); i++)
		out_printf(out, "%s\n", command->name);
}

/* Anything that has a slash, exists or names a list is a file; an option may precede files. */
static bool is_for_default(const char *word)
{
	struct stat ignored;

	return word[0] == '-' || word[0] == '@' || strchr(word, '/') || lstat(word, &ignored) == 0;
}

static int unknown_command(const char *word)
{
	const char *nearest = command_nearest(word);

	if (nearest)
		message("'%s' is neither a command nor a file; did you mean '%s'?", word, nearest);
	else
		message("'%s' is neither a command nor a file; see 'abifit --help'", word);
	return ABIFIT_STATUS_USAGE;
}

/* argv[0] becomes the command's name. */
static int run_default(int argc, char **argv)
{
	static char name[] = COMMAND_DEFAULT;

	argv[0] = name;
	return command_run(command_find(name), argc, argv);
}

/* By this name it stands in for rpm's program, whose status tells only whether all was read. */
static bool is_elfdeps(const char *program)
{
	return program && strcmp(path_name(program), "elfdeps") == 0;
}

static int run_elfdeps(int argc, char **argv)
{
	static char name[] = "deps";
	static char question[] = "--rpm";
	char **words = calloc((size_t)argc + 2, sizeof(*words));
	int status;

	if (!words)
		return message_status(-ENOMEM) ? 1 : 0;
	words[0] = name;
	words[1] = question;
	for (int i = 1; i < argc; i++)
		words[i + 1] = argv[i];
	status = command_run(command_find(name), argc + 1, words);
	free(words);
	return status ? 1 : 0;
}

int main(int argc, char **argv)
{
	const struct command *command;

	signal(SIGPIPE, SIG_IGN);
	output_guard_standard();
	if (argc > 0 && is_elfdeps(argv[0]))
		return run_elfdeps(argc, argv);
	if (argc < 2) {
		message("what shall be checked? See 'abifit --help'");
		return ABIFIT_STATUS_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
		return output_print(NULL, write_usage, NULL);
	if (strcmp(argv[1], "--version") == 0)
		return output_print(NULL, write_version, NULL);
	if (strcmp(argv[1], "--list-commands") == 0)
		return output_print(NULL, write_commands, NULL);
	command = command_find(argv[1]);
	if (command)
		return command_run(command, argc - 1, argv + 1);
	return is_for_default(argv[1]) ? run_default(argc, argv) : unknown_command(argv[1]);
}

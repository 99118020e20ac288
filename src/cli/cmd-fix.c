/* SPDX-License-Identifier: Apache-2.0 */
/* `abifit fix`: code that brings compatibility back. */
#include "cli/message.h"
#include "cli/session.h"

struct fix_settings {
	struct common common;
	const char *root;
	uint32_t flags; /* ABIFIT_FIX_… */
	uint32_t part;
};

#define AT(field) .offset = offsetof(struct fix_settings, field)

static const struct option_choice parts[] = {
	{ "code", ABIFIT_FIX_CODE_ONLY },
	{ "map", ABIFIT_FIX_MAP_ONLY },
	{ 0 },
};

static const struct option_row rows[] = {
	{ .name = "only",
	  .kind = OPTION_CHOICE,
	  AT(part),
	  .choices = parts,
	  .help = "write the C code or the version script alone, for a file of its own" },
	{ .name = "whole-map",
	  .kind = OPTION_FLAG,
	  AT(flags),
	  .bit = ABIFIT_FIX_WHOLE_MAP,
	  .help = "write the whole version script of NEW, not only what is to be added" },
	{ .name = "root",
	  .kind = OPTION_STRING,
	  AT(root),
	  .value = "DIR",
	  .complete = COMPLETE_FOLDER,
	  .help = "look in the system in DIR for what the libraries need (/)" },
	{ 0 },
};

static const struct option_table tables[] = {
	{ .title = "Options", .rows = rows },
	COMMON_TABLE(struct fix_settings),
	{ 0 },
};

static int ask(const struct fix_settings *settings, struct session *session,
	       struct invocation *invocation)
{
	struct list *operands = &invocation->operands;
	struct abifit_fix_options options = {
		.size = sizeof(options),
		.flags = settings->flags | settings->part,
	};

	/* The list of symbols ends with NULL. */
	if (array_push(operands, NULL))
		return -ENOMEM;
	if (operands->count > 3)
		options.symbols = &operands->items[2];
	return session_check(session, abifit_fix(session->system, operands->items[0],
						 operands->items[1], &options, &session->report));
}

static int run(void *data, struct invocation *invocation)
{
	const struct fix_settings *settings = data;
	struct session session = { 0 };
	int r = 0;

	if (invocation->operands.count < 2) {
		message("OLD and NEW are needed. See 'abifit fix --help'");
		r = -EINVAL;
	}
	if (!r)
		r = session_begin_system(&session, settings->root);
	if (!r)
		r = ask(settings, &session, invocation);
	return session_end(&session, &settings->common, r);
}

const struct command command_fix = {
	.name = "fix",
	.summary = "code that brings compatibility back",
	.usage = "[OPTION]... OLD NEW [SYMBOL]...",
	.about =
		"Writes C code and lines of a version script with which programs built with OLD run with\n"
		"NEW again: for all that is lost, or for each SYMBOL (NAME or NAME@NODE), whose old\n"
		"behaviour is then kept for old programs. OLD and NEW are libraries or baselines.",
	.options = tables,
	.operands = COMPLETE_FILE,
	.settings_size = sizeof(struct fix_settings),
	.run = run,
};

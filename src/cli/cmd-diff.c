/* SPDX-License-Identifier: Apache-2.0 */
/* `abifit diff`: is the new library a drop-in for the old one? */
#include "cli/message.h"
#include "cli/session.h"
#include "cli/waivers.h"

struct diff_settings {
	struct common common;
	const char *root;
	uint32_t flags; /* ABIFIT_DIFF_… */
	struct waiver_settings waivers;
};

#define AT(field) .offset = offsetof(struct diff_settings, field)

static const struct option_row rows[] = {
	{ .name = "root",
	  .kind = OPTION_STRING,
	  AT(root),
	  .value = "DIR",
	  .complete = COMPLETE_FOLDER,
	  .help = "look in the system in DIR for what the libraries need (/)" },
	{ .name = "musl",
	  .kind = OPTION_FLAG,
	  AT(flags),
	  .bit = ABIFIT_DIFF_MUSL,
	  .help = "judge as musl's loader, which does not compare versions" },
	{ 0 },
};

static const struct option_table tables[] = {
	{ .title = "Options", .rows = rows },
	WAIVER_TABLE(struct diff_settings),
	COMMON_TABLE(struct diff_settings),
	{ 0 },
};

static int run(void *data, struct invocation *invocation)
{
	const struct diff_settings *settings = data;
	const struct list *files = &invocation->operands;
	struct session session = { 0 };
	struct abifit_diff_options options = { .size = sizeof(options), .flags = settings->flags };
	int r = waivers_today(invocation->arena, &options.today);

	options.waivers = settings->waivers.files.items;
	if (!r && files->count != 2) {
		message("two operands are needed, OLD and NEW. See 'abifit diff --help'");
		r = -EINVAL;
	}
	if (!r)
		r = session_begin_system(&session, settings->root);
	if (!r)
		r = session_check(&session, abifit_diff(session.system, files->items[0], files->items[1],
							&options, &session.report));
	return session_end(&session, &settings->common, r);
}

const struct command command_diff = {
	.name = "diff",
	.summary = "is the new library a drop-in for the old one?",
	.usage = "[OPTION]... OLD NEW",
	.about =
		"Compares two releases of a library by symbols, versions and the dynamic section, and\n"
		"judges whether programs built with OLD run with NEW. Each is a library, a folder of\n"
		"libraries (matched by soname), or a baseline that `abifit dump` wrote.",
	.options = tables,
	.operands = COMPLETE_FILE,
	.settings_size = sizeof(struct diff_settings),
	.run = run,
};

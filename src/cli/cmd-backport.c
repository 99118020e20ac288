/* SPDX-License-Identifier: Apache-2.0 */
/* `abifit backport`: what bringing one symbol into an older release would do. */
#include "cli/message.h"
#include "cli/session.h"

struct backport_settings {
	struct common common;
	const char *from;
	const char *to;
};

#define AT(field) .offset = offsetof(struct backport_settings, field)

static const struct option_row rows[] = {
	{ .name = "from",
	  .kind = OPTION_STRING,
	  AT(from),
	  .value = "NEW",
	  .complete = COMPLETE_FILE,
	  .help = "the release that has the symbol" },
	{ .name = "to",
	  .kind = OPTION_STRING,
	  AT(to),
	  .value = "OLD",
	  .complete = COMPLETE_FILE,
	  .help = "the older release that is to get it" },
	{ 0 },
};

static const struct option_table tables[] = {
	{ .title = "Options", .rows = rows },
	COMMON_TABLE(struct backport_settings),
	{ 0 },
};

static int run(void *data, struct invocation *invocation)
{
	const struct backport_settings *settings = data;
	const struct list *operands = &invocation->operands;
	struct session session = { 0 };
	int r = 0;

	if (operands->count != 1 || !settings->from || !settings->to) {
		message("a SYMBOL, --from NEW and --to OLD are needed. See 'abifit backport --help'");
		r = -EINVAL;
	}
	if (!r)
		r = session_begin_system(&session, NULL);
	if (!r)
		r = session_check(&session,
				  abifit_backport(session.system, operands->items[0],
						  settings->from, settings->to, &session.report));
	return session_end(&session, &settings->common, r);
}

const struct command command_backport = {
	.name = "backport",
	.summary = "what would bringing a symbol into an older release do?",
	.usage = "[OPTION]... SYMBOL --from NEW --to OLD",
	.about =
		"Tells what happens when SYMBOL of the library NEW is added to a build of the older OLD: in\n"
		"NEW's node, in one that OLD has released, or in one that is invented; for the loader, for the\n"
		"dependencies of packages and for later upgrades. Libraries or baselines.",
	.options = tables,
	.operands = COMPLETE_NOTHING,
	.settings_size = sizeof(struct backport_settings),
	.run = run,
};

/* SPDX-License-Identifier: Apache-2.0 */
/* `abifit rules`: the catalogue of what can be reported. */
#include "cli/message.h"
#include "cli/session.h"

struct rules_settings {
	struct common common;
};

static const struct option_table tables[] = {
	COMMON_TABLE(struct rules_settings),
	{ 0 },
};

static int run(void *data, struct invocation *invocation)
{
	const struct rules_settings *settings = data;
	struct session session = { 0 };
	int r;

	if (invocation->operands.count) {
		message("rules takes no '%s'; see 'abifit rules --help'",
			invocation->operands.items[0]);
		return ABIFIT_STATUS_USAGE;
	}
	r = session_begin(&session);
	if (!r)
		r = session_check(&session, abifit_rules(session.context, NULL, &session.report));
	return session_end(&session, &settings->common, r);
}

const struct command command_rules = {
	.name = "rules",
	.summary = "the rules that findings come from",
	.usage = "[OPTION]...",
	.about = "Lists every rule: its id, what it means and what it amounts to by default.",
	.options = tables,
	.settings_size = sizeof(struct rules_settings),
	.run = run,
};

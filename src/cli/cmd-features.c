/* SPDX-License-Identifier: Apache-2.0 */
/* `abifit features`: what this build can do. */
#include "cli/message.h"
#include "cli/session.h"

struct features_settings {
	struct common common;
};

static const struct option_table tables[] = {
	COMMON_TABLE(struct features_settings),
	{ 0 },
};

static int run(void *data, struct invocation *invocation)
{
	const struct features_settings *settings = data;
	struct session session = { 0 };
	int r;

	if (invocation->operands.count) {
		message("features takes no '%s'; see 'abifit features --help'",
			invocation->operands.items[0]);
		return ABIFIT_STATUS_USAGE;
	}
	r = session_begin(&session);
	if (!r)
		r = session_check(&session, abifit_features(session.context, &session.report));
	return session_end(&session, &settings->common, r);
}

const struct command command_features = {
	.name = "features",
	.summary = "what this build can do",
	.usage = "[OPTION]...",
	.about =
		"Lists the machines, kinds of file, formats and optional parts that this build knows.",
	.options = tables,
	.settings_size = sizeof(struct features_settings),
	.run = run,
};

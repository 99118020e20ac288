/* SPDX-License-Identifier: Apache-2.0 */
/* `abifit explain`: one rule in full. */
#include "cli/message.h"
#include "cli/session.h"

struct explain_settings {
	struct common common;
};

static const struct option_table tables[] = {
	COMMON_TABLE(struct explain_settings),
	{ 0 },
};

static int ask(struct session *session, const char *rule)
{
	int r = abifit_rules(session->context, rule, &session->report);

	if (r != -ENOENT)
		return session_check(session, r);
	message("there is no rule '%s'; 'abifit rules' lists all", rule);
	return -EINVAL;
}

static int run(void *data, struct invocation *invocation)
{
	const struct explain_settings *settings = data;
	struct session session = { 0 };
	int r;

	if (invocation->operands.count != 1) {
		message("explain takes one RULE; 'abifit rules' lists all");
		return ABIFIT_STATUS_USAGE;
	}
	r = session_begin(&session);
	if (!r)
		r = ask(&session, invocation->operands.items[0]);
	return session_end(&session, &settings->common, r);
}

const struct command command_explain = {
	.name = "explain",
	.summary = "one rule in full: what it means, when it is harmless, what helps",
	.usage = "[OPTION]... RULE",
	.about =
		"Explains RULE, an id such as load/version-missing: what happens when it is ignored, when\n"
		"it does not matter, how to fix it.",
	.options = tables,
	.operands = COMPLETE_RULE,
	.settings_size = sizeof(struct explain_settings),
	.run = run,
};

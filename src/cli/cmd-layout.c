/* SPDX-License-Identifier: Apache-2.0 */
/* `abifit layout`: which types have another layout on another machine? */
#include "cli/message.h"
#include "cli/session.h"
#include "cli/types.h"

struct layout_settings {
	struct common common;
	struct type_settings types;
};

static const struct option_table tables[] = {
	{ .title = "Types",
	  .rows = debug_dir_rows,
	  .offset = offsetof(struct layout_settings, types) },
	COMMON_TABLE(struct layout_settings),
	{ 0 },
};

static int run(void *data, struct invocation *invocation)
{
	const struct layout_settings *settings = data;
	const struct list *files = &invocation->operands;
	struct abifit_types_options types = types_options(&settings->types);
	struct session session = { 0 };
	int r = 0;

	if (files->count != 2) {
		message("two operands are needed, A and B. See 'abifit layout --help'");
		r = -EINVAL;
	}
	if (!r)
		r = session_begin_system(&session, NULL);
	if (!r)
		r = session_check(&session,
				  abifit_layout(session.system, files->items[0], files->items[1],
						&types, &session.report));
	return session_end(&session, &settings->common, r);
}

const struct command command_layout = {
	.name = "layout",
	.summary = "which types have another layout on another machine?",
	.usage = "[OPTION]... A B",
	.about =
		"Compares one library as it was built for two machines, or in two ways for one, and tells\n"
		"which types of its interface are not laid out alike: they do not fit when they are written\n"
		"to files or messages from memory. Both need debug information.",
	.options = tables,
	.operands = COMPLETE_FILE,
	.settings_size = sizeof(struct layout_settings),
	.run = run,
};

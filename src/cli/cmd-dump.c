/* SPDX-License-Identifier: Apache-2.0 */
/* `abifit dump`: the interface of a library as a text for review. */
#include "cli/message.h"
#include "cli/session.h"
#include "cli/types.h"

struct dump_settings {
	struct common common;
	struct type_settings types;
};

static const struct option_table tables[] = {
	TYPE_TABLE(struct dump_settings),
	COMMON_TABLE(struct dump_settings),
	{ 0 },
};

static int run(void *data, struct invocation *invocation)
{
	const struct dump_settings *settings = data;
	const struct list *files = &invocation->operands;
	struct abifit_types_options types = types_options(&settings->types);
	struct session session = { 0 };
	int r = 0;

	if (files->count != 1) {
		message("one library is needed. See 'abifit dump --help'");
		r = -EINVAL;
	}
	if (!r)
		r = session_begin_system(&session, NULL);
	if (!r)
		r = session_check(&session, abifit_dump(session.system, files->items[0], &types,
							&session.report));
	return session_end(&session, &settings->common, r);
}

const struct command command_dump = {
	.name = "dump",
	.summary = "the interface of a library as a text for review",
	.usage = "[OPTION]... LIBRARY",
	.about =
		"Writes the interface of LIBRARY as a baseline: one line for each exported symbol, version\n"
		"node and need, without addresses, so that it can be kept beside the sources and reviewed.\n"
		"`abifit diff` reads it back in place of the library. LIBRARY may be a package (.deb, .rpm, tar)\n"
		"of one library, or the path of one in it, PKG/usr/lib/LIB.",
	.options = tables,
	.operands = COMPLETE_FILE,
	.settings_size = sizeof(struct dump_settings),
	.run = run,
};

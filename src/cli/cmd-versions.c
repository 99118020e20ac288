/* SPDX-License-Identifier: Apache-2.0 */
/* `abifit versions`: do all version numbers of a library agree? */
#include "cli/session.h"

struct versions_settings {
	struct common common;
	const char *released;
	const char *root;
};

#define AT(field) .offset = offsetof(struct versions_settings, field)

static const struct option_row rows[] = {
	{ .name = "last",
	  .kind = OPTION_STRING,
	  AT(released),
	  .value = "RELEASED",
	  .complete = COMPLETE_FILE,
	  .help = "the last release, a library or a baseline: what the step from it asks for" },
	{ .name = "root",
	  .kind = OPTION_STRING,
	  AT(root),
	  .value = "DIR",
	  .complete = COMPLETE_FOLDER,
	  .help = "look in the system in DIR for files that do not exist as given (/)" },
	{ 0 },
};

static const struct option_table tables[] = {
	{ .title = "Options", .rows = rows },
	COMMON_TABLE(struct versions_settings),
	{ 0 },
};

static int run(void *data, struct invocation *invocation)
{
	struct versions_settings *settings = data;
	struct abifit_versions_options options = { .size = sizeof(options) };
	struct session session = { 0 };
	int r = session_files(invocation, settings->root);

	if (!r && settings->released)
		r = session_locate(&settings->released, settings->root, invocation->arena);
	options.released = settings->released;
	if (!r)
		r = session_begin_system(&session, settings->root);
	if (!r)
		r = session_check(&session,
				  abifit_versions(session.system, invocation->operands.items,
						  invocation->operands.count, &options,
						  &session.report));
	return session_end(&session, &settings->common, r);
}

const struct command command_versions = {
	.name = "versions",
	.summary = "do all version numbers of a library agree?",
	.usage = "[OPTION]... TREE|PACKAGE|FILE...",
	.about =
		"Reads the version numbers of a library in its source tree, an installed tree or single files:\n"
		"release, pkg-config, package, libtool, file name, soname and the newest version node. Compares\n"
		"them with each other and, with --last, with what the changes since the last release ask for.",
	.options = tables,
	.operands = COMPLETE_FILE,
	.settings_size = sizeof(struct versions_settings),
	.run = run,
};

/* SPDX-License-Identifier: Apache-2.0 */
/* `abifit tree`: what gets loaded, from where, by which rule. */
#include "cli/environment.h"

#define DEEPEST 1000000

struct tree_settings {
	struct common common;
	struct environment environment;
	uint32_t flags; /* ABIFIT_TREE_… */
	uint32_t depth;
};

#define AT(field) .offset = offsetof(struct tree_settings, field)

static const struct option_row rows[] = {
	{ .name = "depth",
	  .kind = OPTION_NUMBER,
	  AT(depth),
	  .min = 1,
	  .max = DEEPEST,
	  .value = "N",
	  .help = "show N levels below the program (all)" },
	{ .name = "no-repeats",
	  .kind = OPTION_FLAG,
	  AT(flags),
	  .bit = ABIFIT_TREE_NO_REPEATS,
	  .help = "show what a library needs once only" },
	{ 0 },
};

static const struct option_table tables[] = {
	{ .title = "Options", .rows = rows },
	ENVIRONMENT_TABLE(struct tree_settings),
	COMMON_TABLE(struct tree_settings),
	{ 0 },
};

static int ask(const struct tree_settings *settings, struct session *session,
	       const struct list *files, const struct abifit_environment *environment)
{
	struct abifit_tree_options options = {
		.size = sizeof(options),
		.flags = settings->flags,
		.environment = environment,
		.depth = settings->depth,
	};

	return session_check(session, abifit_tree(session->system, files->items, files->count,
						  &options, &session->report));
}

static int run(void *data, struct invocation *invocation)
{
	struct tree_settings *settings = data;
	struct abifit_environment environment;
	struct session session = { 0 };
	int r = session_files(invocation, settings->environment.root);

	if (!r)
		r = environment_begin(&settings->environment, &settings->common, invocation->arena,
				      &session, &environment);
	if (!r)
		r = ask(settings, &session, &invocation->operands, &environment);
	return session_end(&session, &settings->common, r);
}

const struct command command_tree = {
	.name = "tree",
	.summary = "what gets loaded, from where, by which rule",
	.usage = "[OPTION]... FILE...",
	.about =
		"Shows each library that the dynamic loader maps for FILE, its path, and the rule that\n"
		"found it; for a missing one, all places that were looked at.",
	.options = tables,
	.operands = COMPLETE_FILE,
	.settings_size = sizeof(struct tree_settings),
	.run = run,
};

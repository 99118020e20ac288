/* SPDX-License-Identifier: Apache-2.0 */
/* `abifit diff`: is the new library a drop-in for the old one? */
#include "cli/environment.h"
#include "cli/message.h"
#include "cli/types.h"
#include "cli/waivers.h"

struct diff_settings {
	struct common common;
	struct environment environment;
	const char *old_root;
	struct list used_by;
	struct waiver_settings waivers;
	struct type_settings types;
};

#define AT(field) .offset = offsetof(struct diff_settings, field)

static const struct option_row rows[] = {
	{ .name = "used-by",
	  .kind = OPTION_LIST,
	  AT(used_by),
	  .value = "PROGRAM",
	  .complete = COMPLETE_FILE,
	  .help = "tell what NEW does to PROGRAM, or to those in a folder; repeatable" },
	{ .name = "old-root",
	  .kind = OPTION_STRING,
	  AT(old_root),
	  .value = "DIR",
	  .complete = COMPLETE_FOLDER,
	  .help = "the system of OLD and of the programs, if not that of --root" },
	{ 0 },
};

static const struct option_table tables[] = {
	{ .title = "Options", .rows = rows },
	PAIR_TYPE_TABLE(struct diff_settings),
	WAIVER_TABLE(struct diff_settings),   ENVIRONMENT_TABLE(struct diff_settings),
	COMMON_TABLE(struct diff_settings),   { 0 },
};

static int ask(const struct diff_settings *settings, struct session *session,
	       const struct list *files, const struct abifit_environment *environment,
	       const char *today)
{
	struct abifit_types_options types = types_options(&settings->types);
	struct abifit_diff_options options = {
		.size = sizeof(options),
		.used_by = settings->used_by.items,
		.environment = environment,
		.threads = settings->common.threads,
		.waivers = settings->waivers.files.items,
		.today = today,
		.types = &types,
	};
	int r = settings->old_root ? abifit_system_open(session->context, settings->old_root,
							&options.old_system)
				   : 0;

	if (!r && files->count > 2)
		r = abifit_history(session->system, files->items, files->count, &options,
				   &session->report);
	else if (!r)
		r = abifit_diff(session->system, files->items[0], files->items[1], &options,
				&session->report);
	r = session_check(session, r);
	abifit_system_unref(options.old_system);
	return r;
}

static int run(void *data, struct invocation *invocation)
{
	struct diff_settings *settings = data;
	struct abifit_environment environment;
	struct session session = { 0 };
	const char *today;
	int r = waivers_today(invocation->arena, &today);

	if (!r && invocation->operands.count < 2) {
		message("two operands or more are needed, OLD and NEW. See 'abifit diff --help'");
		r = -EINVAL;
	}
	if (!r)
		r = environment_begin(&settings->environment, &settings->common, invocation->arena,
				      &session, &environment);
	if (!r)
		r = ask(settings, &session, &invocation->operands, &environment, today);
	return session_end(&session, &settings->common, r);
}

const struct command command_diff = {
	.name = "diff",
	.summary = "is the new library a drop-in for the old one?",
	.usage = "[OPTION]... OLD NEW...",
	.about =
		"Compares two releases of a library by symbols, versions and the dynamic section, and\n"
		"judges whether programs built with OLD run with NEW. Each is a library, a static\n"
		"archive, a folder or package (.deb, .rpm, tar) of them, which are matched by soname, or a\n"
		"baseline that `abifit dump` wrote.\n"
		"Of more than two releases it gives the history, one column for each step.",
	.options = tables,
	.operands = COMPLETE_FILE,
	.settings_size = sizeof(struct diff_settings),
	.run = run,
};

/* SPDX-License-Identifier: Apache-2.0 */
/* `abifit check`: will it load and bind? */
#include "cli/environment.h"
#include "cli/progress.h"
#include "cli/waivers.h"

struct check_settings {
	struct common common;
	struct environment environment;
	uint32_t flags; /* ABIFIT_CHECK_… */
	struct list with;
	struct list load;
	const char *host;
	struct waiver_settings waivers;
	const char *today;
};

#define AT(field) .offset = offsetof(struct check_settings, field)

static const struct option_row rows[] = {
	{ .name = "with",
	  .kind = OPTION_LIST,
	  AT(with),
	  .value = "LIB",
	  .complete = COMPLETE_FILE,
	  .help = "LIB stands in for the library of the same soname; repeatable" },
	{ .name = "load",
	  .kind = OPTION_LIST,
	  AT(load),
	  .value = "LIB[,global|,deepbind]",
	  .complete = COMPLETE_FILE,
	  .help = "each program also opens LIB with dlopen, as a plug-in; repeatable" },
	{ .name = "host",
	  .kind = OPTION_STRING,
	  AT(host),
	  .value = "PROGRAM",
	  .complete = COMPLETE_FILE,
	  .help = "the given libraries are plug-ins of PROGRAM and may use its symbols" },
	{ .name = "bindings",
	  .kind = OPTION_FLAG,
	  AT(flags),
	  .bit = ABIFIT_CHECK_BINDINGS,
	  .help = "tell which definition each reference gets" },
	{ .name = "dlopen",
	  .kind = OPTION_FLAG,
	  AT(flags),
	  .bit = ABIFIT_CHECK_DLOPEN,
	  .help = "also what the files' notes say they open with dlopen" },
	{ .name = "dlopen-guess",
	  .kind = OPTION_FLAG,
	  AT(flags),
	  .bit = ABIFIT_CHECK_DLOPEN_GUESS,
	  .help = "also what strings in the files look as if they opened" },
	{ .name = "lint",
	  .kind = OPTION_FLAG,
	  AT(flags),
	  .bit = ABIFIT_CHECK_LINT,
	  .help = "also what works, but is not sound" },
	{ 0 },
};

static const struct option_table tables[] = {
	{ .title = "Options", .rows = rows },
	ENVIRONMENT_TABLE(struct check_settings),
	WAIVER_TABLE(struct check_settings),
	COMMON_TABLE(struct check_settings),
	{ 0 },
};

static int locate_libraries(struct check_settings *settings, struct arena *arena)
{
	const char *root = settings->environment.root;
	int r = settings->host ? session_locate(&settings->host, root, arena) : 0;

	for (size_t i = 0; !r && i < settings->with.count; i++)
		r = session_locate(&settings->with.items[i], root, arena);
	return r;
}

static int ask(struct check_settings *settings, struct session *session, const struct list *files,
	       const struct abifit_environment *environment)
{
	struct progress progress;
	struct abifit_check_options options = {
		.size = sizeof(options),
		.flags = settings->flags,
		.environment = environment,
		.with = settings->with.items,
		.load = settings->load.items,
		.host = settings->host,
		.threads = settings->common.threads,
		.progress = progress_report,
		.progress_data = &progress,
		.waivers = settings->waivers.files.items,
		.today = settings->today,
	};
	int r;

	progress_start(&progress, settings->common.flags & COMMON_QUIET);
	r = abifit_check(session->system, files->items, files->count, &options, &session->report);
	progress_end(&progress);
	return session_check(session, r);
}

static int run(void *data, struct invocation *invocation)
{
	struct check_settings *settings = data;
	struct abifit_environment environment;
	struct session session = { 0 };
	int r = session_files(invocation, settings->environment.root);

	if (!r)
		r = waivers_today(invocation->arena, &settings->today);
	if (!r)
		r = locate_libraries(settings, invocation->arena);
	if (!r)
		r = environment_begin(&settings->environment, &settings->common, invocation->arena,
				      &session, &environment);
	if (!r)
		r = ask(settings, &session, &invocation->operands, &environment);
	return session_end(&session, &settings->common, r);
}

const struct command command_check = {
	.name = "check",
	.summary = "will it load and bind, and if not, what is to blame?",
	.usage = "[OPTION]... FILE...",
	.about =
		"Forecasts what the dynamic loader will do with each FILE: a program, a library, or\n"
		"a folder of them. \"-\" reads a list of files from standard input, \"@LIST\" from LIST.",
	.options = tables,
	.operands = COMPLETE_FILE,
	.settings_size = sizeof(struct check_settings),
	.run = run,
};

/* SPDX-License-Identifier: Apache-2.0 */
/* `abifit show`: what a file provides and needs. */
#include "cli/session.h"

struct show_settings {
	struct common common;
	uint32_t sections; /* ABIFIT_SHOW_… */
};

static const struct option_choice sections[] = {
	{ "header", ABIFIT_SHOW_HEADER },
	{ "needed", ABIFIT_SHOW_NEEDED },
	{ "versions", ABIFIT_SHOW_VERSIONS },
	{ "exports", ABIFIT_SHOW_EXPORTS },
	{ "imports", ABIFIT_SHOW_IMPORTS },
	{ "hardening", ABIFIT_SHOW_HARDENING },
	{ "floors", ABIFIT_SHOW_FLOORS },
	{ "dlopen", ABIFIT_SHOW_DLOPEN },
	{ 0 },
};

static const struct option_row rows[] = {
	{ .name = "section",
	  .kind = OPTION_CHOICES,
	  .offset = offsetof(struct show_settings, sections),
	  .choices = sections,
	  .value = "NAME",
	  .help = "only this section: header, needed, versions, exports, imports, hardening, "
		  "floors (the oldest glibc, kernel and so on that would do) or dlopen; "
		  "repeatable (all)" },
	{ 0 },
};

static const struct option_table tables[] = {
	{ .title = "Options", .rows = rows },
	COMMON_TABLE(struct show_settings),
	{ 0 },
};

static int run(void *data, struct invocation *invocation)
{
	const struct show_settings *settings = data;
	const struct list *files = &invocation->operands;
	struct session session = { 0 };
	struct abifit_show_options options = {
		.size = sizeof(options),
		.sections = settings->sections,
	};
	int r = session_files(invocation, NULL);

	if (!r)
		r = session_begin(&session);
	if (!r)
		r = session_check(&session, abifit_show(session.context, files->items, files->count,
							&options, &session.report));
	return session_end(&session, &settings->common, r);
}

const struct command command_show = {
	.name = "show",
	.summary = "what a file provides and needs",
	.usage = "[OPTION]... FILE...",
	.about =
		"Shows what each FILE provides and needs: a program, a library, an object, an archive\n"
		"of objects, or a folder of them.",
	.options = tables,
	.operands = COMPLETE_FILE,
	.settings_size = sizeof(struct show_settings),
	.run = run,
};

/* SPDX-License-Identifier: Apache-2.0 */
/* `abifit leaks`: which exported symbols are not the file's own? */
#include "cli/message.h"
#include "cli/session.h"

struct leaks_settings {
	struct common common;
	struct list archives;
	struct list headers;
	const char *root;
	uint32_t flags; /* ABIFIT_LEAKS_… */
};

#define AT(field) .offset = offsetof(struct leaks_settings, field)

static const struct option_row rows[] = {
	{ .name = "archives",
	  .kind = OPTION_LIST,
	  AT(archives),
	  .value = "ARCHIVE",
	  .complete = COMPLETE_FILE,
	  .help = "an archive or object that FILE was linked from, or a folder of them; repeatable" },
	{ .name = "headers",
	  .kind = OPTION_LIST,
	  AT(headers),
	  .value = "HEADER",
	  .complete = COMPLETE_FILE,
	  .help = "a public header, or a folder of them: what is in none is not public; repeatable" },
	{ .name = "root",
	  .kind = OPTION_STRING,
	  AT(root),
	  .value = "DIR",
	  .complete = COMPLETE_FOLDER,
	  .help = "look in the system in DIR for libraries with the same symbols (/)" },
	{ .name = "script",
	  .kind = OPTION_FLAG,
	  AT(flags),
	  .bit = ABIFIT_LEAKS_SCRIPT,
	  .help = "write the linker script that hides what leaks, and nothing else" },
	{ 0 },
};

static const struct option_table tables[] = {
	{ .title = "Options", .rows = rows },
	COMMON_TABLE(struct leaks_settings),
	{ 0 },
};

static int ask(const struct leaks_settings *settings, struct session *session,
	       const struct list *files)
{
	struct abifit_leaks_options options = {
		.size = sizeof(options),
		.flags = settings->flags,
		.archives = settings->archives.count ? settings->archives.items : NULL,
		.headers = settings->headers.count ? settings->headers.items : NULL,
	};

	return session_check(session, abifit_leaks(session->system, files->items, files->count,
						   &options, &session->report));
}

static int run(void *data, struct invocation *invocation)
{
	const struct leaks_settings *settings = data;
	struct session session = { 0 };
	int r = session_files(invocation, settings->root);

	if (!r)
		r = session_begin_system(&session, settings->root);
	if (!r)
		r = ask(settings, &session, &invocation->operands);
	return session_end(&session, &settings->common, r);
}

const struct command command_leaks = {
	.name = "leaks",
	.summary = "which exported symbols are not the file's own?",
	.usage = "[OPTION]... FILE...",
	.about =
		"Finds the symbols that each FILE, a program or a library, exports although they come from a\n"
		"library that was linked into it statically, or, with --headers, are not meant for others:\n"
		"whose they are, which library of the system has the same, and what hides them.",
	.options = tables,
	.operands = COMPLETE_FILE,
	.settings_size = sizeof(struct leaks_settings),
	.run = run,
};

/* SPDX-License-Identifier: Apache-2.0 */
/* `abifit why`: which symbols cause a need. */
#include "cli/environment.h"
#include "cli/message.h"

struct why_settings {
	struct common common;
	struct environment environment;
	struct list objects;
	const char *linker_map;
};

#define AT(field) .offset = offsetof(struct why_settings, field)

static const struct option_row rows[] = {
	{ .name = "objects",
	  .kind = OPTION_LIST,
	  AT(objects),
	  .value = "OBJECT",
	  .complete = COMPLETE_FILE,
	  .help = "name the object to blame among OBJECT, an object or archive that FILE was "
		  "linked from; repeatable" },
	{ .name = "linker-map",
	  .kind = OPTION_STRING,
	  AT(linker_map),
	  .value = "MAP",
	  .complete = COMPLETE_FILE,
	  .help = "name the object to blame with the linker's map file of FILE (-Wl,-Map=MAP)" },
	{ 0 },
};

static const struct option_table tables[] = {
	{ .title = "Options", .rows = rows },
	ENVIRONMENT_TABLE(struct why_settings),
	COMMON_TABLE(struct why_settings),
	{ 0 },
};

static int ask(const struct why_settings *settings, struct session *session,
	       const struct list *operands, const struct abifit_environment *environment)
{
	struct abifit_why_options options = {
		.size = sizeof(options),
		.environment = environment,
		.objects = settings->objects.items,
		.linker_map = settings->linker_map,
	};

	return session_check(session, abifit_why(session->system, operands->items[0],
						 operands->items[1], &options, &session->report));
}

static int take_operands(struct why_settings *settings, struct invocation *invocation)
{
	struct list *operands = &invocation->operands;

	if (operands->count != 2) {
		message("why takes a FILE and WHAT it needs; see 'abifit why --help'");
		return -EINVAL;
	}
	return session_locate(&operands->items[0], settings->environment.root, invocation->arena);
}

static int run(void *data, struct invocation *invocation)
{
	struct why_settings *settings = data;
	struct abifit_environment environment;
	struct session session = { 0 };
	int r = take_operands(settings, invocation);

	if (!r)
		r = environment_begin(&settings->environment, &settings->common, invocation->arena,
				      &session, &environment);
	if (!r)
		r = ask(settings, &session, &invocation->operands, &environment);
	return session_end(&session, &settings->common, r);
}

const struct command command_why = {
	.name = "why",
	.summary = "which symbols cause the need for a version, a library or a symbol",
	.usage = "[OPTION]... FILE WHAT",
	.about =
		"Tells which imports of FILE cause its need for WHAT: a version such as GLIBC_2.34, a\n"
		"library such as libm.so.6, or a symbol; and which object file they come from.",
	.options = tables,
	.operands = COMPLETE_FILE,
	.settings_size = sizeof(struct why_settings),
	.run = run,
};

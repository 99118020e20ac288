/* SPDX-License-Identifier: Apache-2.0 */
/* `abifit map`: the life of a version script. */
#include "cli/message.h"
#include "cli/session.h"
#include "cli/waivers.h"

struct map_settings {
	struct common common;
	struct waiver_settings waivers;
	struct list headers;
	struct list objects;
	const char *library;
	const char *released;
	const char *linker;
	const char *release;
	const char *node;
	const char *compiler;
	struct list cflags;
	const char *root;
};

#define AT(field) .offset = offsetof(struct map_settings, field)

enum task { TASK_CHECK, TASK_NEW, TASK_UPDATE, TASK_FREEZE };

static const struct option_choice tasks[] = {
	{ "check", TASK_CHECK },
	{ "new", TASK_NEW },
	{ "update", TASK_UPDATE },
	{ "freeze", TASK_FREEZE },
	{ 0 },
};

static const struct option_choice linkers[] = { { "bfd", 0 }, { "lld", 1 }, { 0 } };

static const struct option_row rows[] = {
	{ .name = "lib",
	  .kind = OPTION_STRING,
	  AT(library),
	  .value = "LIB",
	  .complete = COMPLETE_FILE,
	  .help = "the library that the script is for; for update also an archive or object" },
	{ .name = "last",
	  .kind = OPTION_STRING,
	  AT(released),
	  .value = "RELEASED",
	  .complete = COMPLETE_FILE,
	  .help = "the last release: a library, a baseline, or its script as `map freeze` wrote it" },
	{ .name = "headers",
	  .kind = OPTION_LIST,
	  AT(headers),
	  .value = "HEADER",
	  .complete = COMPLETE_FILE,
	  .help = "a public header, or a folder of them: what is in none is not public; repeatable" },
	{ .name = "objects",
	  .kind = OPTION_LIST,
	  AT(objects),
	  .value = "OBJECT",
	  .complete = COMPLETE_FILE,
	  .help = "check: an object or archive that is to be linked, or a folder of them, for its "
		  ".symver; repeatable" },
	{ .name = "linker",
	  .kind = OPTION_STRING,
	  AT(linker),
	  .choices = linkers,
	  .help = "judge for this linker only (bfd, and where lld differs)" },
	{ .name = "release",
	  .kind = OPTION_STRING,
	  AT(release),
	  .value = "X.Y.Z",
	  .help = "new, update: the release that is made" },
	{ .name = "node",
	  .kind = OPTION_STRING,
	  AT(node),
	  .value = "NAME",
	  .help = "new: what invented nodes are called before their number (after the library)" },
	{ .name = "cc",
	  .kind = OPTION_STRING,
	  AT(compiler),
	  .value = "COMMAND",
	  .help = "new, of headers alone: the C compiler that reads them (cc)" },
	{ .name = "cflags",
	  .kind = OPTION_LIST,
	  AT(cflags),
	  .value = "FLAGS",
	  .help = "flags for that compiler, parted at spaces; repeatable" },
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
	WAIVER_TABLE(struct map_settings),
	COMMON_TABLE(struct map_settings),
	{ 0 },
};

static int wrong(const char *text)
{
	message("%s. See 'abifit map --help'", text);
	return -EINVAL;
}

static int read_task(const struct list *operands, enum task *ret)
{
	const struct option_choice *task;

	for (task = tasks; operands->count && task->name; task++) {
		if (strcmp(task->name, operands->items[0]) == 0) {
			*ret = (enum task)task->value;
			return 0;
		}
	}
	return wrong("map takes check, new, update or freeze");
}

static int check_usage(const struct map_settings *settings, enum task task, size_t files)
{
	const char *release = settings->release;

	if (task == TASK_NEW ? !files && !settings->headers.count : files != 1)
		return wrong(task == TASK_NEW ? "which LIB, or which LIST of symbols?"
					      : "one SCRIPT is needed");
	if (task == TASK_UPDATE && (!settings->library || !release))
		return wrong("update needs --lib LIB and --release X.Y.Z");
	if (release && (!*release || strspn(release, "0123456789._") != strlen(release) ||
			strlen(release) > 64 || *release == '.' || *release == '_'))
		return wrong("--release takes numbers, as in 1.2.3");
	if (settings->node &&
	    (strlen(settings->node) > 128 ||
	     strspn(settings->node, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmno"
				    "pqrstuvwxyz0123456789.") != strlen(settings->node) ||
	     !*settings->node || (*settings->node >= '0' && *settings->node <= '9')))
		return wrong("--node takes letters, digits, '_' and '.'");
	return 0;
}

static int locate(struct map_settings *settings, struct arena *arena)
{
	int r = settings->library ? session_locate(&settings->library, settings->root, arena) : 0;

	return r || !settings->released
		       ? r
		       : session_locate(&settings->released, settings->root, arena);
}

static int ask(const struct map_settings *settings, struct session *session, enum task task,
	       const struct list *operands, const char *today)
{
	static int (*const questions[])(struct abifit_system *, const char *,
					const struct abifit_map_options *,
					struct abifit_report **) = {
		[TASK_CHECK] = abifit_map_check,
		[TASK_UPDATE] = abifit_map_update,
		[TASK_FREEZE] = abifit_map_freeze,
	};
	struct abifit_map_options options = {
		.size = sizeof(options),
		.library = settings->library,
		.released = settings->released,
		.headers = settings->headers.count ? settings->headers.items : NULL,
		.objects = settings->objects.count ? settings->objects.items : NULL,
		.linker = settings->linker,
		.release = settings->release,
		.node = settings->node,
		.waivers = settings->waivers.files.count ? settings->waivers.files.items : NULL,
		.today = today,
		.compiler = settings->compiler,
		.cflags = settings->cflags.count ? settings->cflags.items : NULL,
	};

	if (task == TASK_NEW)
		return session_check(session, abifit_map_new(session->system, &operands->items[1],
							     operands->count - 1, &options,
							     &session->report));
	return session_check(session, questions[task](session->system, operands->items[1], &options,
						      &session->report));
}

/* The output is the script: what is to be said goes elsewhere. */
static int tell(const struct map_settings *settings, const struct session *session, enum task task)
{
	const struct abifit_finding *finding;

	if (task == TASK_CHECK || strcmp(common_format(&settings->common), "text") != 0)
		return 0;
	for (size_t i = 0; (finding = abifit_report_finding(session->report, i)); i++)
		message("%s%s%s [%s]",
			finding->input && finding->rule[0] == 'i' ? finding->input : "",
			finding->input && finding->rule[0] == 'i' ? ": " : "", finding->message,
			finding->rule);
	if (task == TASK_UPDATE && abifit_report_undecided(session->report))
		message("nothing new is exported; what `local: *` hides is not known without --headers");
	if (task == TASK_FREEZE && abifit_report_undecided(session->report))
		message("names that wildcards and C++ names stand for are not recorded without --lib");
	/* No script is written over the old one that is only half of it. */
	return abifit_report_status(session->report) == ABIFIT_STATUS_INPUT ? -EIO : 0;
}

static int run(void *data, struct invocation *invocation)
{
	struct map_settings *settings = data;
	struct session session = { 0 };
	enum task task = TASK_CHECK;
	const char *today = NULL;
	int r = read_task(&invocation->operands, &task);

	if (!r)
		r = check_usage(settings, task, invocation->operands.count - 1);
	if (!r)
		r = waivers_today(invocation->arena, &today);
	if (!r)
		r = locate(settings, invocation->arena);
	if (!r)
		r = session_begin_system(&session, settings->root);
	if (!r)
		r = ask(settings, &session, task, &invocation->operands, today);
	if (!r)
		r = tell(settings, &session, task);
	return session_end(&session, &settings->common, r);
}

const struct command command_map = {
	.name = "map",
	.summary = "the life of a version script",
	.usage = "[OPTION]... check|new|update|freeze FILE...",
	.about =
		"check tells what is wrong with a version script: by itself, for GNU ld and for lld, beside the\n"
		"library that was linked with it, and beside the last release. new writes the script of a\n"
		"library, of several releases of one, oldest first, or of a list of symbols. update writes a\n"
		"script with the library's new symbols in the node of the release, freeze what of it is\n"
		"released, for later checks.",
	.options = tables,
	.operands = COMPLETE_FILE,
	.words = tasks,
	.settings_size = sizeof(struct map_settings),
	.run = run,
};

/* SPDX-License-Identifier: Apache-2.0 */
/* A run of the library; contract in cli/session.h. */
#include "cli/session.h"

#include "cli/message.h"
#include "cli/output.h"

#include <sys/stat.h>

int session_begin(struct session *session)
{
	*session = (struct session){ .context = abifit_context_new() };
	return session->context ? 0 : -ENOMEM;
}

int session_begin_system(struct session *session, const char *root)
{
	int r = session_begin(session);

	if (r)
		return r;
	r = abifit_system_open(session->context, root ? root : "/", &session->system);
	return session_check(session, r);
}

int session_check(const struct session *session, int result)
{
	if (result < 0 && result != -ENOMEM)
		message("%s", abifit_context_error(session->context));
	return result;
}

/* What went wrong here is not the input's fault, so that the status is always the same. */
static int write_report(struct session *session, const struct common *common)
{
	struct abifit_write_options options = {
		.size = sizeof(options),
		.format = common_format(common),
		.verbosity = common_verbosity(common),
		.source_root = common->source_root,
	};
	struct output output;
	int r = output_open(&output, common->output);
	int closed;

	if (r)
		return r;
	options.color = common_wants_color(common, output.fd);
	r = abifit_report_write(session->report, &options, output_sink, &output);
	if (r && !output.error)
		r = session_check(session, r);
	closed = output_close(&output, !r);
	return r ? r : closed;
}

/*
 * Unmapping each of a thousand files costs a tenth of a run, and the end of the
 * process does it anyway.
 */
static void finish(struct session *session)
{
#ifdef FREE_AT_END
	abifit_report_unref(session->report);
	abifit_system_unref(session->system);
	abifit_context_unref(session->context);
#endif
	*session = (struct session){ 0 };
}

int session_end(struct session *session, const struct common *common, int error)
{
	int status = message_status(error);

	if (!error && session->report) {
		int r = write_report(session, common);

		if (r == -ENOMEM)
			message_status(r);
		status = r == -EINVAL ? ABIFIT_STATUS_USAGE
			 : r	      ? ABIFIT_STATUS_INTERNAL
				      : common_status(common, session->report);
	}
	finish(session);
	return status;
}

static int expand(struct invocation *invocation)
{
	struct list files = { 0 };
	int r = 0;

	for (size_t i = 0; !r && i < invocation->operands.count; i++) {
		const char *text = invocation->operands.items[i];

		if (strcmp(text, "-") == 0)
			r = list_read(&files, invocation->arena, text);
		else
			r = list_add_expanded(&files, invocation->arena, text);
	}
	if (r) {
		array_done(&files);
		return r;
	}
	array_done(&invocation->operands);
	invocation->operands = files;
	return 0;
}

int session_locate(const char **path, const char *root, struct arena *arena)
{
	struct stat ignored;
	char *inside;

	if (!root || lstat(*path, &ignored) == 0)
		return 0;
	inside = arena_printf(arena, "%s/%s", root, *path + strspn(*path, "/"));
	if (!inside)
		return -ENOMEM;
	if (lstat(inside, &ignored) == 0)
		*path = inside;
	return 0;
}

int session_files(struct invocation *invocation, const char *root)
{
	struct list *files = &invocation->operands;
	bool is_given = files->count > 0;
	int r = expand(invocation);

	if (!r && !files->count) {
		message(is_given ? "the list of files is empty"
				 : "which FILE? See 'abifit --help'");
		r = -EINVAL;
	}
	for (size_t i = 0; !r && i < files->count; i++)
		r = session_locate(&files->items[i], root, invocation->arena);
	return r;
}

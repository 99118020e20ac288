/* SPDX-License-Identifier: Apache-2.0 */
/* Helpers that all judges share; contract in engine/load/judge.h. */
#include "engine/load/judge.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A library loaded on demand weighs as much as the opener says that it needs it. */
static enum verdict group_verdict(const struct dlopen_group *group, enum verdict verdict)
{
	static const enum verdict by_priority[] = {
		[DLOPEN_SUGGESTED] = VERDICT_OK,
		[DLOPEN_RECOMMENDED] = VERDICT_RISK,
		[DLOPEN_REQUIRED] = VERDICT_BREAK,
	};
	enum verdict most = VERDICT_BREAK;

	if (group->reason == GROUP_GUESS)
		most = VERDICT_OK;
	else if (group->reason == GROUP_NOTE)
		most = by_priority[group->priority];
	return verdict < most ? verdict : most;
}

struct finding *judge_add(struct judge *judge, const char *rule, uint32_t object)
{
	struct forecast *f = judge->forecast;
	struct finding *finding = finding_add(&f->findings, rule, f->input);

	if (!finding)
		return NULL;
	if (object != NO_OBJECT) {
		unsigned group = f->closure.objects.items[object].group;

		finding->file = judge_path(judge, object);
		finding->late = group != 0;
		if (group && group <= f->closure.groups.count)
			finding->verdict = group_verdict(&f->closure.groups.items[group - 1],
							 finding->verdict);
	}
	return finding;
}

const char *judge_text(struct judge *judge, const char *format, ...)
{
	va_list args;
	char *text = NULL;
	const char *copy = NULL;
	int length;

	va_start(args, format);
	length = vasprintf(&text, format, args);
	va_end(args);
	if (length < 0)
		return NULL;
	copy = arena_strndup(&judge->forecast->findings.arena, text, (size_t)length);
	free(text);
	return copy;
}

const char *judge_path(const struct judge *judge, uint32_t object)
{
	if (object == 0 && !judge->forecast->host)
		return judge->forecast->input;
	return judge->forecast->closure.objects.items[object].path;
}

const char *judge_name(const struct judge *judge, uint32_t object)
{
	const char *path = judge_path(judge, object);
	const char *slash = strrchr(path, '/');

	return slash && slash[1] ? slash + 1 : path;
}

int judge_chain(struct judge *judge, struct finding *finding, uint32_t object)
{
	const struct closure *closure = &judge->forecast->closure;
	uint32_t chain[64];
	size_t count = 0;

	for (; object != NO_OBJECT && object != 0 && count < ARRAY_SIZE(chain);
	     object = closure->objects.items[object].requester)
		chain[count++] = object;
	while (count-- > 0) {
		const struct object *o = &closure->objects.items[chain[count]];
		const char *by = o->requester == NO_OBJECT ? "the loader" : judge_name(judge, o->requester);
		const char *verb = o->group && (o->requester == NO_OBJECT ||
						closure->objects.items[o->requester].group != o->group)
					   ? "loads"
					   : "needs";
		int r;

		if (o->is_loader)
			continue;
		if (o->image)
			r = finding_why(&judge->forecast->findings, finding, "%s %s %s -> %s (%s)", by, verb,
					o->requested, o->path, found_by_text(o->found_by));
		else
			r = finding_why(&judge->forecast->findings, finding, "%s %s %s", by, verb,
					o->requested);
		if (r)
			return r;
	}
	return 0;
}

int judge_failure(struct judge *judge, struct finding *finding, unsigned exit_code,
		  const char *says)
{
	if (!says)
		return -ENOMEM;
	finding->exit_code = finding->late ? 0 : exit_code;
	finding->loader_says = says;
	if (finding->verdict != VERDICT_BREAK)
		return 0;
	judge->forecast->refused |= exit_code != 0;
	if (!judge->forecast->exit_code && !judge->forecast->is_plugin)
		judge->forecast->exit_code = finding->exit_code;
	return 0;
}

const char *judge_names(struct judge *judge, const char *const *names, size_t count, size_t most)
{
	const char *text = "";
	size_t i;

	for (i = 0; i < count && i < most && text; i++)
		text = judge_text(judge, "%s%s%s", text, i ? ", " : "", names[i]);
	if (text && count > most)
		text = judge_text(judge, "%s and %zu more", text, count - most);
	return text;
}

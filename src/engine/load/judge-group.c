/* SPDX-License-Identifier: Apache-2.0 */
/* Libraries that are loaded on demand and do not load. */
#include "engine/load/judge.h"

#include <string.h>

static enum verdict group_verdict(const struct dlopen_group *group)
{
	if (group->reason == GROUP_ASKED || group->reason == GROUP_HOST)
		return VERDICT_BREAK;
	if (group->reason == GROUP_GUESS || group->priority == DLOPEN_SUGGESTED)
		return VERDICT_OK;
	return group->priority == DLOPEN_REQUIRED ? VERDICT_BREAK : VERDICT_RISK;
}

static const char *group_origin(const struct dlopen_group *group)
{
	static const char *const priorities[] = { "suggested", "recommended", "required" };

	if (group->reason == GROUP_NOTE)
		return priorities[group->priority];
	return group->reason == GROUP_GUESS ? "guessed from a string" : "asked for";
}

static int judge_group(struct judge *j, const struct dlopen_group *group)
{
	const struct closure *closure = &j->forecast->closure;
	const char *opener = judge_name(j, group->opener);
	struct finding *finding;

	if (group->root != NO_OBJECT && closure->objects.items[group->root].image)
		return 0;
	finding = judge_add(j, "load/dlopen-missing", NO_OBJECT);
	if (!finding)
		return -ENOMEM;
	finding->verdict = group_verdict(group);
	finding->severity = finding->verdict == VERDICT_BREAK ? SEVERITY_HIGH :
			    finding->verdict == VERDICT_RISK  ? SEVERITY_MEDIUM :
								SEVERITY_LOW;
	finding->file = judge_path(j, group->opener);
	finding->subject = group->name;
	finding->before = group->name;
	finding->message = judge_text(j, "%s loads %s on demand (%s%s%s), which does not load: %s", opener,
				      group->name, group_origin(group), group->feature ? ", for " : "",
				      group->feature ? group->feature : "",
				      group->refusal.text ? group->refusal.text : "not found");
	return finding->message ? 0 : -ENOMEM;
}

int judge_groups(struct judge *j)
{
	size_t i;

	for (i = 0; i < j->forecast->closure.groups.count; i++) {
		int r = judge_group(j, &j->forecast->closure.groups.items[i]);

		if (r)
			return r;
	}
	return 0;
}

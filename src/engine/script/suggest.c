/* SPDX-License-Identifier: Apache-2.0 */
/* Where new symbols belong; contract in engine/script/parts.h. */
#include "engine/script/parts.h"
#include "model/version-name.h"

#include <stdio.h>
#include <string.h>

#define FAMILY_REACH 512u /* nodes that are looked at to count a family */

static const char *name_at(const struct version_script *script, uint32_t node)
{
	return script->nodes.items[node].word.name;
}

uint32_t script_newest(const struct version_script *script)
{
	uint32_t count = (uint32_t)script->nodes.count;
	uint32_t start = count > FAMILY_REACH ? count - FAMILY_REACH : 0;
	uint32_t best = NO_SCRIPT_NODE;
	size_t most = 0;
	uint32_t i, k;

	for (i = start; i < count; i++) {
		const char *name = name_at(script, i);
		size_t family = 0;

		if (version_name_is_private(name))
			continue;
		for (k = start; k < count; k++)
			family += version_name_same_family(name, name_at(script, k));
		if (family < most)
			continue;
		/* Of families of the same size, the one that stands last. */
		if (family > most || !version_name_same_family(name, name_at(script, best)) ||
		    version_name_compare(name, name_at(script, best)) > 0)
			best = i;
		most = family;
	}
	return best;
}

bool script_is_released(const struct script_question *question, const char *node)
{
	return question->released && corpus_node_find(question->released, node);
}

/* The numbers of "1.2.3". */
static unsigned split_release(const char *text, uint64_t *parts)
{
	unsigned count = 0;

	while (count < VERSION_PARTS && *text >= '0' && *text <= '9') {
		char *end;

		parts[count++] = strtoull(text, &end, 10);
		text = *end == '.' || *end == '_' ? end + 1 : end;
	}
	return count;
}

/*
 * The family of `like`, its sign between the numbers, and as many of them as it
 * has; more when the release would else be another one.
 */
const char *script_node_name(struct arena *arena, const char *like, const char *release)
{
	struct version_name model;
	uint64_t parts[VERSION_PARTS] = { 0 };
	unsigned count = split_release(release, parts);
	const char *number;
	char sign;
	char text[256] = "";
	size_t used = 0;
	unsigned i;

	version_name_split(like, &model);
	number = like + model.family_length;
	while (*number == '_')
		number++;
	sign = model.count ? number[strspn(number, "0123456789")] : '.';
	if (sign != '.' && sign != '_')
		sign = '.';
	while (model.count && count > model.count && !parts[count - 1])
		count--;
	if (count < model.count)
		count = model.count;
	for (i = 0; i < count; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%llu",
					 !i	       ? ""
					 : sign == '_' ? "_"
						       : ".",
					 (unsigned long long)parts[i]);
	if (!model.count)
		return arena_printf(arena, "%s_%s", like, text);
	return arena_printf(arena, "%.*s%s", (int)size_min((size_t)(number - like), 512), like,
			    text);
}

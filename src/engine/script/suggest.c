/* SPDX-License-Identifier: Apache-2.0 */
/* Where new symbols belong; contract in engine/script/parts.h. */
#include "engine/script/parts.h"
#include "model/version-name.h"

#include <stdio.h>
#include <string.h>

uint32_t script_newest(const struct version_script *script)
{
	size_t newest = script->nodes.count
				? version_names_newest(&script->nodes.items[0].word.name,
						       script->nodes.count,
						       sizeof(script->nodes.items[0]))
				: SIZE_MAX;

	return newest == SIZE_MAX ? NO_SCRIPT_NODE : (uint32_t)newest;
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

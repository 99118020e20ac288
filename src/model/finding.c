/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of findings; contract in model/finding.h. */
#include "model/finding.h"

#include <string.h>

#include <stdarg.h>
#include <stdio.h>

struct finding *finding_add(struct findings *list, const char *rule_id, const char *input)
{
	const struct rule *rule = rule_find(rule_id);
	struct finding finding = { .rule = rule, .input = input };

	if (!rule)
		abort(); /* our own mistake: each id used stands in the catalogue */
	finding.verdict = rule->verdict;
	finding.severity = rule->severity;
	if (array_push(&list->items, finding))
		return NULL;
	return &list->items.items[list->items.count - 1];
}

int unchecked_add(struct findings *list, const char *input, const char *what, const char *why,
		  const char *settle, uint64_t count, bool undecided)
{
	struct unchecked entry = {
		.input = input,
		.what = what,
		.why = why,
		.settle = settle,
		.count = count,
		.undecided = undecided,
	};

	/* A text that could not be made for want of memory. */
	return what ? array_push(&list->unchecked, entry) : -ENOMEM;
}

int finding_why(struct findings *list, struct finding *finding, const char *format, ...)
{
	size_t count = 0;
	const char **steps;
	char *text = NULL;
	va_list args;
	int length;

	while (finding->why && finding->why[count])
		count++;
	steps = arena_array(&list->arena, count + 2, sizeof(*steps));
	va_start(args, format);
	length = vasprintf(&text, format, args);
	va_end(args);
	if (!steps || length < 0)
		goto fail;
	if (count)
		__builtin_memcpy(steps, finding->why, count * sizeof(*steps));
	steps[count] = arena_strdup(&list->arena, text);
	if (!steps[count])
		goto fail;
	finding->why = steps;
	free(text);
	return 0;
fail:
	if (length >= 0)
		free(text);
	return -ENOMEM;
}

void findings_done(struct findings *list)
{
	array_done(&list->items);
	array_done(&list->unchecked);
	arena_done(&list->arena);
}

int finding_weight_compare(const struct finding *a, const struct finding *b)
{
	int order;

	if (a->verdict != b->verdict)
		return a->verdict > b->verdict ? -1 : 1;
	if (a->severity != b->severity)
		return a->severity > b->severity ? -1 : 1;
	if (!a->settled != !b->settled)
		return a->settled ? 1 : -1;
	order = strcmp(a->rule->id, b->rule->id);
	return order || !a->settled ? order : strcmp(a->settled, b->settled);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in model/waiver.h. */
#include "model/waiver.h"
#include "base/pattern.h"
#include "model/rule.h"

#include <string.h>

/* What is longer, no regular expression is tried on. */
#define LONGEST_SUBJECT 4096

static unsigned number_at(const char *text, size_t count)
{
	unsigned number = 0;

	while (count--)
		number = number * 10 + (unsigned)(*text++ - '0');
	return number;
}

bool waiver_is_day(const char *text)
{
	static const unsigned char lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	unsigned year, month, day;
	bool leap;

	for (size_t i = 0; i < 10; i++) {
		if (i == 4 || i == 7 ? text[i] != '-' : text[i] < '0' || text[i] > '9')
			return false;
	}
	year = number_at(text, 4);
	month = number_at(text + 5, 2);
	day = number_at(text + 8, 2);
	if (text[10] || !month || month > 12 || !day)
		return false;
	leap = (year % 4 == 0 && year % 100) || year % 400 == 0;
	return day <= lengths[month - 1] + (leap && month == 2 ? 1u : 0u);
}

static bool is_waivable(const char *rule)
{
	return strncmp(rule, "input/", 6) && strncmp(rule, "waiver/", 7);
}

const char *waiver_rule_fault(const char *pattern)
{
	const struct rule *rule;
	size_t i;

	if (strcspn(pattern, "/") >= strcspn(pattern, "*?\\"))
		return "a rule is AREA/NAME, and only NAME may have wildcards";
	if (!is_waivable(pattern))
		return "what is wrong with an input or a waiver cannot be waived";
	for (i = 0; (rule = rule_at(i)); i++) {
		if (pattern_match(pattern, rule->id))
			return NULL;
	}
	return "there is no such rule";
}

bool waiver_passes(const struct waiver_condition *condition, const char *text)
{
	bool passes;

	/* Whether negated or not: what is not looked at is not covered. */
	if (condition->test == WAIVER_REGEXP && strlen(text) > LONGEST_SUBJECT)
		return false;
	passes = condition->test == WAIVER_REGEXP ? regexp_search(condition->regexp, text)
		 : condition->test == WAIVER_GLOB ? pattern_match(condition->text, text)
						  : !strcmp(condition->text, text);
	return passes != condition->negated;
}

void waivers_free(struct waivers *waivers)
{
	size_t i;

	if (!waivers)
		return;
	for (i = 0; i < waivers->items.count; i++)
		array_done(&waivers->items.items[i].conditions);
	array_done(&waivers->items);
	array_done(&waivers->problems);
	arena_done(&waivers->arena);
	free(waivers);
}

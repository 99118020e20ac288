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

static int try_regexp(const regex_t *regexp, const char *text, bool *ret)
{
	int r = regexec(regexp, text, 0, NULL, 0);

	*ret = r == 0;
	return r == REG_ESPACE ? -ENOMEM : 0;
}

int waiver_test(const struct waiver_condition *condition, const char *text, bool *ret)
{
	switch (condition->test) {
	case WAIVER_GLOB:
		*ret = pattern_match(condition->text, text);
		return 0;
	case WAIVER_EQUAL:
		*ret = !strcmp(condition->text, text);
		return 0;
	default:
		/* Whether negated or not: what was not looked at is not covered. */
		*ret = condition->negated;
		if (strlen(text) > LONGEST_SUBJECT)
			return 0;
		return try_regexp(condition->regexp, text, ret);
	}
}

void waivers_free(struct waivers *waivers)
{
	size_t i, k;

	if (!waivers)
		return;
	for (i = 0; i < waivers->items.count; i++) {
		struct waiver *waiver = &waivers->items.items[i];

		for (k = 0; k < waiver->conditions.count; k++) {
			if (waiver->conditions.items[k].regexp)
				regfree(waiver->conditions.items[k].regexp);
		}
		array_done(&waiver->conditions);
	}
	array_done(&waivers->items);
	array_done(&waivers->problems);
	arena_done(&waivers->arena);
	free(waivers);
}

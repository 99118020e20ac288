/* SPDX-License-Identifier: Apache-2.0 */
/* Look-up in the catalogue. */
#include "model/rule.h"
#include "model/rule-table.h"

#include <string.h>

const struct rule *rule_at(size_t index)
{
	return index < rule_table_count ? &rule_table[index] : NULL;
}

const struct rule *rule_find(const char *id)
{
	size_t low = 0;
	size_t high = rule_table_count;

	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = strcmp(id, rule_table[middle].id);

		if (!order)
			return &rule_table[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

const char *verdict_text(enum verdict verdict)
{
	static const char *const texts[] = { "ok", "risk", "break" };

	return texts[verdict];
}

const char *severity_text(enum severity severity)
{
	static const char *const texts[] = { "low", "medium", "high" };

	return texts[severity];
}

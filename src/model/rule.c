/* SPDX-License-Identifier: Apache-2.0 */
/* Look-up in the catalogue. */
#include "model/rule.h"
#include "model/rule-table.h"

#include <string.h>

const struct rule *rule_at(size_t index)
{
	if (index < rule_table_abi_count)
		return &rule_table_abi[index];
	index -= rule_table_abi_count;
	return index < rule_table_rest_count ? &rule_table_rest[index] : NULL;
}

const struct rule *rule_find(const char *id)
{
	size_t low = 0;
	size_t high = rule_table_abi_count + rule_table_rest_count;

	while (low < high) {
		size_t middle = (low + high) / 2;
		const struct rule *rule = rule_at(middle);
		int order = strcmp(id, rule->id);

		if (!order)
			return rule;
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

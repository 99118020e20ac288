/* SPDX-License-Identifier: Apache-2.0 */
/* Questions about Abifit itself: the catalogue, what the build can do. */
#include "lib/context.h"

int abifit_rules(struct abifit_context *context, const char *rule, struct abifit_report **ret)
{
	const struct rule *found = rule ? rule_find(rule) : NULL;
	int r;

	if (rule && !found)
		return context_fail(context, -ENOENT,
				    "there is no rule \"%s\"; `abifit rules` lists them", rule);
	r = report_new(context, NULL, rule ? "explain" : "rules", ret);
	if (!r)
		(*ret)->report.rule = found;
	return r;
}

int abifit_features(struct abifit_context *context, struct abifit_report **ret)
{
	return report_new(context, NULL, "features", ret);
}

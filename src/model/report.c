/* SPDX-License-Identifier: Apache-2.0 */
/* Accessors of model/report.h. */
#include "model/comparison.h"
#include "model/leaks.h"
#include "model/map.h"
#include "model/report.h"
#include "model/versions.h"

const struct findings *report_input_findings(const struct report_input *input)
{
	if (input->forecast)
		return &input->forecast->findings;
	if (input->leaks)
		return &input->leaks->findings;
	if (input->map)
		return &input->map->findings;
	if (input->versions)
		return &input->versions->findings;
	return input->comparison ? &input->comparison->findings : NULL;
}

int report_each_finding(const struct report *report, report_visit visit, void *data)
{
	size_t i, k;
	int r = 0;

	for (i = 0; i < report->inputs.count; i++) {
		const struct findings *list = report_input_findings(&report->inputs.items[i]);

		for (k = 0; !r && list && k < list->items.count; k++)
			r = visit(data, &report->inputs.items[i], &list->items.items[k]);
	}
	for (k = 0; !r && k < report->findings.items.count; k++)
		r = visit(data, NULL, &report->findings.items.items[k]);
	return r;
}

int report_each_unchecked(const struct report *report, report_visit_unchecked visit, void *data)
{
	size_t i, k;
	int r = 0;

	for (i = 0; i < report->inputs.count; i++) {
		const struct findings *list = report_input_findings(&report->inputs.items[i]);

		for (k = 0; !r && list && k < list->unchecked.count; k++)
			r = visit(data, &list->unchecked.items[k]);
	}
	for (k = 0; !r && k < report->findings.unchecked.count; k++)
		r = visit(data, &report->findings.unchecked.items[k]);
	return r;
}

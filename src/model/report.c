/* SPDX-License-Identifier: Apache-2.0 */
/* Accessors of model/report.h. */
#include "model/comparison.h"
#include "model/report.h"

const struct findings *report_input_findings(const struct report_input *input)
{
	if (input->forecast)
		return &input->forecast->findings;
	return input->comparison ? &input->comparison->findings : NULL;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in model/map.h. */
#include "model/map.h"

void map_result_free(struct map_result *result)
{
	size_t i;

	if (!result)
		return;
	version_script_free(result->script);
	for (i = 0; i < result->nodes.count; i++)
		array_done(&result->nodes.items[i].names);
	array_done(&result->nodes);
	array_done(&result->edits);
	array_done(&result->placed);
	findings_done(&result->findings);
	free(result);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Words of model/backport.h. */
#include "model/backport.h"

const char *backport_way_text(enum backport_way way)
{
	static const char *const texts[] = { "keep", "released", "invent" };

	return texts[way];
}

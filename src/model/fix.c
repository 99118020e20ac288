/* SPDX-License-Identifier: Apache-2.0 */
/* Accessors of model/fix.h. */
#include "model/fix.h"

const char *fix_way_text(enum fix_way way)
{
	static const char *const texts[] = {
		[FIX_ALIAS] = "alias",
		[FIX_OLD_BODY] = "old-body",
		[FIX_DROPPED] = "dropped",
		[FIX_PLAIN] = "plain",
		[FIX_MAP] = "map",
		[FIX_BESIDE] = "beside",
		[FIX_DEFAULT] = "default",
		[FIX_NOTHING] = "nothing",
		[FIX_IMPOSSIBLE] = "impossible",
	};

	return texts[way];
}

bool fix_way_is_skeleton(enum fix_way way)
{
	return way == FIX_OLD_BODY || way == FIX_DROPPED || way == FIX_PLAIN || way == FIX_BESIDE ||
	       way == FIX_DEFAULT;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Words of model/comparison.h. */
#include "model/comparison.h"

const char *bump_text(enum bump bump)
{
	static const char *const texts[] = { "patch release", "patch release", "minor release", "new soname" };

	return texts[bump];
}

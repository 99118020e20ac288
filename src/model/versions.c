/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in model/versions.h. */
#include "model/versions.h"
#include "model/version-name.h"

const char *number_kind_text(enum number_kind kind)
{
	static const char *const texts[] = { "release",	  "pkg-config", "package", "libtool",
					     "file name", "soname",	"node",	   "variable" };

	return texts[kind];
}

unsigned number_parts(const char *text, uint64_t *ret)
{
	unsigned count = 0;

	while (count < VERSION_PARTS && *text >= '0' && *text <= '9') {
		uint64_t value = 0;

		for (; *text >= '0' && *text <= '9'; text++) {
			if (__builtin_mul_overflow(value, 10, &value) ||
			    __builtin_add_overflow(value, (uint64_t)(*text - '0'), &value))
				value = UINT64_MAX;
		}
		ret[count++] = value;
		if (*text == '.' || *text == ':' || *text == '_')
			text++;
	}
	return count;
}

void versions_free(struct versions *versions)
{
	if (!versions)
		return;
	array_done(&versions->numbers);
	findings_done(&versions->findings);
	free(versions);
}

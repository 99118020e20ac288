/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in base/pattern.h. */
#include "base/pattern.h"

/* Does the pattern's first element take `c`? *ret_next is what follows it. */
static bool takes(const char *pattern, char c, const char **ret_next)
{
	bool escaped = pattern[0] == '\\' && pattern[1];

	if (!*pattern)
		return false;
	pattern += escaped;
	*ret_next = pattern + 1;
	return *pattern == c || (*pattern == '?' && !escaped);
}

bool pattern_match(const char *pattern, const char *text)
{
	const char *star = NULL; /* what follows the last star */
	const char *from = NULL; /* where the text that it leaves over begins */

	while (*text) {
		if (*pattern == '*') {
			star = ++pattern;
			from = text;
		} else if (takes(pattern, *text, &pattern)) {
			text++;
		} else if (star) {
			/* Only the last star needs to take more: what stood before it has matched.
			 */
			pattern = star;
			text = ++from;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return !*pattern;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in model/version-glob.h. */
#include "model/version-glob.h"

#include <string.h>

/* A character of a set of fnmatch(3), where a backslash takes the next one as it is. */
static unsigned char bfd_take(const char **at)
{
	if (**at == '\\' && (*at)[1])
		(*at)++;
	return (unsigned char)*(*at)++;
}

/* `at` is behind "["; NULL: the set has no end, so that "[" stands for itself. */
static const char *bfd_set(const char *at, unsigned char c, bool *ret)
{
	bool is_not = *at == '!' || *at == '^';
	bool found = false;
	bool is_first = true;

	at += is_not;
	for (; *at && (*at != ']' || is_first); is_first = false) {
		unsigned char low = bfd_take(&at);
		unsigned char high = low;

		if (*at == '-' && at[1] && at[1] != ']') {
			at++;
			high = bfd_take(&at);
		}
		found |= low <= c && c <= high;
	}
	if (!*at)
		return NULL;
	*ret = found != is_not;
	return at + 1;
}

/* The "]" of lld's set, whose first character may be one; NULL: none. */
static const char *lld_set_end(const char *at)
{
	return *at ? strchr(at + 1, ']') : NULL;
}

static const char *lld_set(const char *at, unsigned char c, bool *ret)
{
	const char *end = lld_set_end(at);
	bool is_not = *at == '!' || *at == '^';
	bool found = false;

	if (!end)
		return NULL;
	for (at += is_not; at < end; at++) {
		unsigned char low = (unsigned char)*at;
		unsigned char high = low;

		if (end - at >= 3 && at[1] == '-') {
			high = (unsigned char)at[2];
			at += 2;
		}
		found |= low <= c && c <= high;
	}
	*ret = found != is_not;
	return end + 1;
}

/* One character against the front of the pattern, which is no "*"; NULL: it does not match. */
static const char *match_one(enum script_linker linker, const char *pattern, unsigned char c)
{
	const char *rest = NULL;
	bool matches = false;

	if (*pattern == '?')
		return pattern + 1;
	if (*pattern == '[')
		rest = linker == LINKER_BFD ? bfd_set(pattern + 1, c, &matches)
					    : lld_set(pattern + 1, c, &matches);
	if (rest)
		return matches ? rest : NULL;
	if (*pattern == '\\' && pattern[1])
		pattern++;
	return *pattern && (unsigned char)*pattern == c ? pattern + 1 : NULL;
}

/* After a failure only the last "*" needs to take one character more. */
bool version_glob_match(enum script_linker linker, const char *pattern, const char *text,
			uint64_t *steps)
{
	const char *star = NULL;
	const char *again = NULL;

	while (*text) {
		const char *rest = NULL;

		if (!*steps)
			return false;
		--*steps;
		if (*pattern == '*') {
			star = ++pattern;
			again = text;
			continue;
		}
		rest = match_one(linker, pattern, (unsigned char)*text);
		if (rest) {
			pattern = rest;
			text++;
		} else if (star) {
			pattern = star;
			text = ++again;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return !*pattern;
}

static bool set_is_sound(const char *at, const char *end)
{
	for (at += *at == '!' || *at == '^'; at < end; at++) {
		if (end - at < 3 || at[1] != '-')
			continue;
		if ((unsigned char)at[0] > (unsigned char)at[2])
			return false;
		at += 2;
	}
	return true;
}

bool version_glob_is_sound(const char *pattern)
{
	for (; *pattern; pattern++) {
		const char *end;

		if (*pattern == '\\' && pattern[1]) {
			pattern++;
			continue;
		}
		if (*pattern != '[')
			continue;
		end = lld_set_end(pattern + 1);
		if (!end || !set_is_sound(pattern + 1, end))
			return false;
		pattern = end;
	}
	return true;
}

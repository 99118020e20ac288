/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in read/regexp.h. */
#include "read/regexp.h"

#include <string.h>

/* Elements of the pattern with all repetitions written out: the matcher's states grow with them. */
#define MOST_ELEMENTS 4096
#define DEEPEST 64

struct scan {
	const char *at;
	size_t factor; /* of all repetitions */
	unsigned depth;
};

/* Behind "[": to its "]", or to the end. */
static const char *skip_brackets(const char *at)
{
	at += *at == '^';
	at += *at == ']';
	while (*at && *at != ']') {
		bool is_class = *at == '[' && at[1] && strchr(":.=", at[1]);
		const char *end = is_class ? strchr(at + 2, at[1]) : NULL;

		at = end ? end + 1 : at + 1;
		at += end && *at == ']';
	}
	return at;
}

/* "{3}", "{3,}", "{3,5}": as often as it is written out. */
static void count_repetition(struct scan *scan)
{
	size_t most = 1;

	for (; *scan->at && *scan->at != '}'; scan->at++) {
		size_t number = 0;

		for (; *scan->at >= '0' && *scan->at <= '9'; scan->at++)
			number = size_min(number * 10 + (size_t)(*scan->at - '0'), MOST_ELEMENTS);
		if (number > most)
			most = number;
		if (!*scan->at || *scan->at == '}')
			break;
		most += *scan->at == ',';
	}
	scan->factor = size_min(scan->factor * most, MOST_ELEMENTS);
}

static const char *find_fault(const char *pattern)
{
	struct scan scan = { .at = pattern, .factor = 1 };
	size_t length = strlen(pattern);

	for (; *scan.at; scan.at += *scan.at != 0) {
		if (*scan.at == '\\' && scan.at[1]) {
			if (*++scan.at >= '1' && *scan.at <= '9')
				return "has a back-reference, which may take a matcher for ever";
		} else if (*scan.at == '[') {
			scan.at = skip_brackets(scan.at + 1);
		} else if (*scan.at == '{') {
			scan.at++;
			count_repetition(&scan);
		} else if (*scan.at == '(' && ++scan.depth > DEEPEST) {
			return "is nested too deeply";
		} else if (*scan.at == ')' && scan.depth) {
			scan.depth--;
		}
	}
	return scan.factor * length > MOST_ELEMENTS ? "is too long, or repeats too much" : NULL;
}

int regexp_compile(struct arena *arena, const char *pattern, regex_t **ret, const char **ret_fault)
{
	regex_t *regexp;
	int r;

	*ret_fault = find_fault(pattern);
	if (*ret_fault)
		return 0;
	regexp = arena_alloc(arena, sizeof(*regexp));
	if (!regexp)
		return -ENOMEM;
	r = regcomp(regexp, pattern, REG_EXTENDED | REG_NOSUB);
	if (r == REG_ESPACE)
		return -ENOMEM;
	if (r)
		*ret_fault = "is no POSIX extended regular expression";
	else
		*ret = regexp;
	return 0;
}

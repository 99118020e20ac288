/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in read/header.h. */
#include "read/header.h"

#include <string.h>

#define LONGEST_NAME 4096u

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' ||
	       (unsigned char)c >= 0x80;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Behind a comment that starts at `at`; `at` itself when there is none. */
static const char *skip_comment(const char *at, const char *end)
{
	if (end - at < 2 || at[0] != '/')
		return at;
	if (at[1] == '/') {
		const char *stop = memchr(at, '\n', (size_t)(end - at));

		/* A backslash at its end continues the line. */
		while (stop && stop[-1] == '\\')
			stop = memchr(stop + 1, '\n', (size_t)(end - stop - 1));
		return stop ? stop : end;
	}
	if (at[1] == '*') {
		const char *stop = memmem(at + 2, (size_t)(end - at) - 2, "*/", 2);

		return stop ? stop + 2 : end;
	}
	return at;
}

/* Behind a string or character literal; one that does not end on its line ends there. */
static const char *skip_literal(const char *at, const char *end)
{
	char quote = *at++;

	for (; at < end && *at != quote && *at != '\n'; at++) {
		if (*at == '\\' && at + 1 < end)
			at++;
	}
	return at < end && *at == quote ? at + 1 : at;
}

static int add(const char *name, size_t length, struct arena *arena, struct map *names)
{
	char buffer[LONGEST_NAME];
	char *copy;

	if (length >= sizeof(buffer))
		return 0;
	memcpy(buffer, name, length);
	buffer[length] = '\0';
	if (map_get(names, buffer))
		return 0;
	copy = arena_strndup(arena, name, length);
	return copy ? map_set(names, copy, copy) : -ENOMEM;
}

static bool is_called(const char *at, const char *end)
{
	while (at < end && (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r'))
		at++;
	return at < end && *at == '(';
}

static int scan(const char *text, size_t size, bool only_functions, struct arena *arena,
		struct map *names)
{
	const char *at = text;
	const char *end = text + size;
	int r = 0;

	while (!r && at < end) {
		const char *start = at;

		at = skip_comment(at, end);
		if (at != start)
			continue;
		if (*at == '"' || *at == '\'') {
			at = skip_literal(at, end);
		} else if (is_digit(*at)) {
			/* Digit separators of C++14 are part of the number. */
			while (at < end && (is_letter(*at) || is_digit(*at) || *at == '.' ||
					    (*at == '\'' && at + 1 < end && is_digit(at[1]))))
				at++;
		} else if (is_letter(*at)) {
			while (at < end && (is_letter(*at) || is_digit(*at)))
				at++;
			if (!only_functions || is_called(at, end))
				r = add(start, (size_t)(at - start), arena, names);
		} else {
			at++;
		}
	}
	return r;
}

int header_names(const char *text, size_t size, struct arena *arena, struct map *names)
{
	return scan(text, size, false, arena, names);
}

int header_functions(const char *text, size_t size, struct arena *arena, struct map *names)
{
	return scan(text, size, true, arena, names);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in lib/header-included.h. */
#include "lib/header-included.h"

#include <string.h>

/* Takes the backslashes of one word away, in place; the rest is behind it. */
static char *take_word(char **at)
{
	char *start, *end;

	while (**at == ' ' || **at == '\n' || (**at == '\\' && (*at)[1] == '\n'))
		(*at)++;
	start = end = *at;
	while (**at && **at != ' ' && **at != '\n') {
		if (**at == '\\' && ((*at)[1] == ' ' || (*at)[1] == '#'))
			(*at)++;
		else if (**at == '$' && (*at)[1] == '$')
			(*at)++;
		*end++ = *(*at)++;
	}
	if (**at)
		(*at)++;
	*end = '\0';
	return start;
}

int headers_included(char *text, struct arena *arena, struct map *ret)
{
	char *at = strstr(text, ": ");
	const char *word;
	int r = 0;

	if (!at)
		return 0;
	for (at += 2; !r && *(word = take_word(&at));) {
		char *real = realpath(word, NULL);
		const char *key = real ? arena_strdup(arena, real) : NULL;

		if (real)
			r = key ? map_set(ret, key, arena) : -ENOMEM;
		free(real);
	}
	return r;
}

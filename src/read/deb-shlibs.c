/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in read/deb-shlibs.h. */
#include "read/deb-shlibs.h"

#include <string.h>

struct word {
	const char *text;
	size_t length;
};

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static const char *last_of(const char *text, const char *mark)
{
	const char *found = NULL;

	for (text = strstr(text, mark); text; text = strstr(text + 1, mark))
		found = text;
	return found;
}

bool shlibs_split_soname(struct arena *arena, const char *soname, const char **ret_name,
			 const char **ret_version)
{
	const char *mark = last_of(soname, ".so.");
	size_t length = strlen(soname);
	size_t i;

	if (mark && mark > soname && mark[4]) {
		*ret_name = arena_strndup(arena, soname, (size_t)(mark - soname));
		*ret_version = arena_strdup(arena, mark + 4);
		return true;
	}
	if (length < 4 || strcmp(soname + length - 3, ".so") != 0)
		return false;
	for (i = length - 4; i > 0; i--) {
		if (soname[i] != '-' || soname[i + 1] < '0' || soname[i + 1] > '9')
			continue;
		*ret_name = arena_strndup(arena, soname, i);
		*ret_version = arena_strndup(arena, soname + i + 1, length - 3 - i - 1);
		return true;
	}
	return false;
}

static struct word take_word(const char **at, const char *end)
{
	struct word word;

	while (*at < end && is_blank(**at))
		++*at;
	word.text = *at;
	while (*at < end && !is_blank(**at))
		++*at;
	word.length = (size_t)(*at - word.text);
	return word;
}

static bool is_word(struct word word, const char *text)
{
	return word.length == strlen(text) && !memcmp(word.text, text, word.length);
}

struct line {
	struct word type; /* without its colon; length 0: none */
	struct word name, version, dependency;
};

/* "[TYPE:] LIBRARY VERSION [DEPENDENCY]"; false: something is missing. */
static bool read_line(const char *at, const char *end, struct line *ret)
{
	struct word word = take_word(&at, end);

	*ret = (struct line){ 0 };
	if (word.length > 1 && word.text[word.length - 1] == ':') {
		ret->type = (struct word){ word.text, word.length - 1 };
		word = take_word(&at, end);
	}
	ret->name = word;
	ret->version = take_word(&at, end);
	while (at < end && is_blank(*at))
		at++;
	while (end > at && is_blank(end[-1]))
		end--;
	ret->dependency = (struct word){ at, (size_t)(end - at) };
	return ret->name.length && ret->version.length &&
	       !memchr(ret->name.text, 0, (size_t)(end - ret->name.text));
}

int shlibs_find(struct arena *arena, const char *bytes, size_t size, const char *soname,
		const char **ret, unsigned *ret_line)
{
	const char *end = bytes + size;
	const char *name = NULL;
	const char *version = NULL;
	struct word found = { 0 };
	unsigned number = 0;

	*ret = NULL;
	*ret_line = 0;
	if (!shlibs_split_soname(arena, soname, &name, &version))
		return 0;
	if (!name || !version)
		return -ENOMEM;
	while (bytes < end) {
		const char *stop = memchr(bytes, '\n', (size_t)(end - bytes));
		struct line line;

		if (!stop)
			stop = end;
		number++;
		if (stop > bytes && *bytes != '#' && !read_line(bytes, stop, &line)) {
			*ret_line = *ret_line ? *ret_line : number;
		} else if (stop > bytes && *bytes != '#' && is_word(line.name, name) &&
			   is_word(line.version, version) &&
			   (line.type.length ? is_word(line.type, "deb") : !found.text)) {
			found = line.dependency;
			if (line.type.length)
				break;
		}
		bytes = stop + 1;
	}
	if (found.text) {
		*ret = arena_strndup(arena, found.text, found.length);
		return *ret ? 0 : -ENOMEM;
	}
	return 0;
}

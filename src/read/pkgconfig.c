/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in read/pkgconfig.h. */
#include "read/pkgconfig.h"

#include "base/map.h"

#include <string.h>

#define MOST_VALUE ((size_t)64 << 10)
/* Bytes of all values together: each may repeat those before it. */
#define MOST_TEXT ((size_t)4 << 20)

struct reading {
	struct arena *arena;
	struct map variables;
	size_t left;
	struct pkgconfig *out;
};

/* Growing text; a NULL `bytes` with an error set stays so. */
struct text {
	char *bytes;
	size_t count, capacity;
	int error;
};

static void append(struct text *text, const char *bytes, size_t size)
{
	if (text->error)
		return;
	if (size > MOST_VALUE - text->count) {
		text->error = -E2BIG;
		return;
	}
	if (array_reserve_bytes((void **)&text->bytes, &text->capacity, text->count + size + 1,
				1)) {
		text->error = -ENOMEM;
		return;
	}
	if (size)
		memcpy(text->bytes + text->count, bytes, size);
	text->count += size;
	text->bytes[text->count] = '\0';
}

/* Values are resolved where they are given, as pkg-config does: none can refer to itself. */
static int resolve(struct reading *r, const char *value, const char **ret)
{
	struct text text = { 0 };
	const char *at = value;

	append(&text, "", 0);
	while (*at && !text.error) {
		size_t plain = strcspn(at, "$");
		const char *end;

		append(&text, at, plain);
		at += plain;
		end = at[0] == '$' && at[1] == '{' ? strchr(at, '}') : NULL;
		if (end) {
			char name[256];
			size_t length = size_min((size_t)(end - at - 2), sizeof(name) - 1);
			const char *known;

			memcpy(name, at + 2, length);
			name[length] = '\0';
			known = map_get(&r->variables, name);
			if (known)
				append(&text, known, strlen(known));
			at = end + 1;
		} else if (*at) {
			append(&text, "$", 1);
			at += at[1] == '$' ? 2 : 1;
		}
	}
	if (!text.error && text.count > r->left)
		text.error = -E2BIG;
	if (!text.error) {
		r->left -= text.count;
		*ret = arena_strndup(r->arena, text.bytes, text.count);
		text.error = *ret ? 0 : -ENOMEM;
	}
	free(text.bytes);
	return text.error;
}

static int set(struct reading *r, char *name, char kind, const char *value)
{
	const struct {
		const char *name;
		const char **place;
	} fields[] = {
		{ "Cflags", &r->out->cflags },	{ "CFlags", &r->out->cflags },
		{ "Libs", &r->out->libs },	{ "Libs.private", &r->out->libs_private },
		{ "Requires", &r->out->needs }, { "Requires.private", &r->out->needs_private },
	};
	const char *resolved;
	size_t i;
	int error;

	if (kind == '=') {
		error = resolve(r, value, &resolved);
		if (!error && !strcmp(name, "includedir"))
			r->out->includedir = resolved;
		return error ? error : map_set(&r->variables, name, (void *)resolved);
	}
	for (i = 0; i < ARRAY_SIZE(fields); i++) {
		if (!strcmp(name, fields[i].name))
			return resolve(r, value, fields[i].place);
	}
	return 0;
}

static char *trimmed(char *text)
{
	size_t length;

	text += strspn(text, " \t\r");
	for (length = strlen(text); length && strchr(" \t\r", text[length - 1]); length--)
		text[length - 1] = '\0';
	return text;
}

static int take_line(struct reading *r, char *line)
{
	char *comment = strchr(line, '#');
	char *mark;
	char kind;

	if (comment)
		*comment = '\0';
	mark = strpbrk(line, "=:");
	if (!mark)
		return 0;
	kind = *mark;
	*mark = '\0';
	return set(r, trimmed(line), kind, trimmed(mark + 1));
}

int pkgconfig_read(const char *text, size_t size, const char *folder, struct arena *arena,
		   struct pkgconfig *ret)
{
	struct reading r = { .arena = arena, .left = MOST_TEXT, .out = ret };
	char *copy = arena_strndup(arena, text, strnlen(text, size));
	char *line, *next, *at;
	int error = copy ? 0 : -ENOMEM;

	*ret = (struct pkgconfig){ "", "", "", "", "", "" };
	if (!error)
		error = map_set(&r.variables, "pcfiledir", (void *)folder);
	/* A backslash joins a line with the next one. */
	for (at = copy; !error && (at = strstr(at, "\\\n")) != NULL;)
		at[0] = at[1] = ' ';
	for (line = copy; !error && line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		error = take_line(&r, line);
	}
	map_done(&r.variables);
	return error;
}

int pkgconfig_word(const char **at, struct arena *arena, const char **ret)
{
	char *word, *end;
	char quote = 0;

	*at += strspn(*at, " \t\n\r");
	*ret = NULL;
	if (!**at)
		return 0;
	word = end = arena_strdup(arena, *at);
	if (!word)
		return -ENOMEM;
	for (; **at && (quote || !strchr(" \t\n\r", **at)); (*at)++) {
		if (quote ? **at == quote : **at == '"' || **at == '\'')
			quote = quote ? 0 : **at;
		else if (**at == '\\' && quote != '\'' && (*at)[1])
			*end++ = *++*at;
		else
			*end++ = **at;
	}
	*end = '\0';
	*ret = word;
	return 0;
}

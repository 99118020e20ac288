/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens and path lists; contract in engine/load/token.h. */
#include "engine/load/token.h"

#include <string.h>

static bool is_word(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

/* Length of the token `name` at `at` (behind the dollar sign), or 0. */
static size_t token_length(const char *at, const char *name)
{
	size_t length = strlen(name);

	if (*at == '{') {
		if (!strncmp(at + 1, name, length) && at[length + 1] == '}')
			return length + 2;
		return 0;
	}
	if (strncmp(at, name, length) || is_word(at[length]))
		return 0;
	return length;
}

/* The value of the token behind a dollar sign; *ret_length is 0 when there is none. */
static const char *token_value(const char *at, const struct token_values *values,
			       size_t *ret_length)
{
	*ret_length = token_length(at, "ORIGIN");
	if (*ret_length)
		return values->origin;
	*ret_length = token_length(at, "PLATFORM");
	if (*ret_length)
		return values->platform;
	*ret_length = token_length(at, "LIB");
	return values->lib;
}

const char *token_expand(struct arena *arena, const char *text, const struct token_values *values)
{
	const char *dollar = strchr(text, '$');
	struct array_of(char) out = { 0 };
	const char *result = NULL;

	if (!dollar)
		return text;
	while (*text) {
		size_t length = 0;
		const char *value = *text == '$' ? token_value(text + 1, values, &length) : NULL;

		if (!length) {
			if (array_push(&out, *text++))
				goto done;
			continue;
		}
		if (!value) {
			result = "";
			goto done;
		}
		for (; *value; value++) {
			if (array_push(&out, *value))
				goto done;
		}
		text += length + 1;
	}
	result = arena_strndup(arena, out.items ? out.items : "", out.count);
done:
	array_done(&out);
	return result;
}

static int add_folder(struct arena *arena, const char *start, size_t length,
		      const struct token_values *values, struct folder_list *list)
{
	const char *folder;
	size_t i;

	if (!length && values->skip_empty)
		return 0;
	folder = length ? arena_strndup(arena, start, length) : "";

	if (folder && length)
		folder = token_expand(arena, folder, values);
	if (!folder)
		return -ENOMEM;
	if (length && !*folder)
		return 0; /* a token without value */
	length = strlen(folder);
	if (length > 1 && folder[length - 1] == '/') {
		while (length > 1 && folder[length - 1] == '/')
			length--;
		folder = arena_strndup(arena, folder, length);
		if (!folder)
			return -ENOMEM;
	}
	for (i = 0; i < list->count; i++) {
		if (!strcmp(list->items[i], folder))
			return 0;
	}
	list->items[list->count++] = folder;
	return 0;
}

int token_split(struct arena *arena, const char *text, const char *separators,
		const struct token_values *values, struct folder_list *ret)
{
	struct folder_list list = { 0 };
	size_t most = 1;
	const char *at;

	if (*text) {
		for (at = text; *at; at++)
			most += strchr(separators, *at) != NULL;
		if (most > 4096)
			most = 4096; /* more folders than any real list; the rest is not searched */
		list.items = arena_array(arena, most, sizeof(*list.items));
		if (!list.items)
			return -ENOMEM;
		for (at = text; most; most--) {
			size_t length = strcspn(at, separators);
			int r = add_folder(arena, at, length, values, &list);

			if (r)
				return r;
			at += length;
			if (!*at++)
				break;
		}
	}
	*ret = list;
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in read/cpp-tokens.h. */
#include "read/cpp-tokens.h"

#include <string.h>

#define LONGEST_FILE 4096u
#define LONGEST_DELIMITER 16 /* of a raw string, by the standard */

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' ||
	       (unsigned char)c >= 0x80;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\f' || c == '\v' || c == '\r';
}

/* Behind a literal that opens at `at`; one that does not end on its line ends there. */
static const char *skip_literal(const char *at, const char *end)
{
	char quote = *at++;

	for (; at < end && *at != quote && *at != '\n'; at++) {
		if (*at == '\\' && at + 1 < end)
			at++;
	}
	return at < end && *at == quote ? at + 1 : at;
}

/* R"delimiter(…)delimiter", from its quote on. */
static const char *skip_raw(const char *at, const char *end)
{
	char close[LONGEST_DELIMITER + 2] = ")";
	const char *open = at + 1;
	size_t length;

	while (open < end && *open != '(' && open - at <= LONGEST_DELIMITER)
		open++;
	if (open >= end || *open != '(')
		return skip_literal(at, end);
	length = (size_t)(open - at - 1);
	memcpy(close + 1, at + 1, length);
	close[length + 1] = '"';
	at = memmem(open, (size_t)(end - open), close, length + 2);
	return at ? at + length + 2 : end;
}

/* Is the word before a quote a prefix of the literal? */
static bool is_prefix(const char *word, size_t length, bool *ret_raw)
{
	*ret_raw = word[length - 1] == 'R';
	length -= *ret_raw;
	return !length || (length == 1 && strchr("LuU", word[0])) ||
	       (length == 2 && word[0] == 'u' && word[1] == '8');
}

static const char *skip_word(const char *at, const char *end, struct token *ret)
{
	const char *start = at;
	bool is_raw;

	while (at < end && (is_letter(*at) || is_digit(*at)))
		at++;
	ret->kind = TOKEN_WORD;
	if (at < end && (*at == '"' || *at == '\'') &&
	    is_prefix(start, (size_t)(at - start), &is_raw)) {
		ret->kind = TOKEN_TEXT;
		at = is_raw && *at == '"' ? skip_raw(at, end) : skip_literal(at, end);
	}
	return at;
}

static const char *skip_number(const char *at, const char *end)
{
	for (; at < end; at++) {
		if (is_letter(*at) || is_digit(*at) || *at == '.')
			continue;
		if ((*at == '+' || *at == '-') && strchr("eEpP", at[-1]))
			continue;
		if (*at != '\'' || at + 1 >= end || !(is_digit(at[1]) || is_letter(at[1])))
			break;
	}
	return at;
}

static const char *skip_sign(const char *at, const char *end)
{
	size_t left = (size_t)(end - at);

	if (left >= 3 && !memcmp(at, "...", 3))
		return at + 3;
	if (left >= 2 && (!memcmp(at, "::", 2) || !memcmp(at, "->", 2)))
		return at + 2;
	return at + 1;
}

bool token_scan(const char **at, const char *end, struct token *ret)
{
	const char *stop;

	while (*at < end && (is_space(**at) || **at == '\n'))
		(*at)++;
	if (*at >= end)
		return false;
	ret->text = *at;
	if (is_letter(**at)) {
		stop = skip_word(*at, end, ret);
	} else if (is_digit(**at) || (**at == '.' && *at + 1 < end && is_digit((*at)[1]))) {
		ret->kind = TOKEN_NUMBER;
		stop = skip_number(*at, end);
	} else if (**at == '"' || **at == '\'') {
		ret->kind = TOKEN_TEXT;
		stop = skip_literal(*at, end);
	} else {
		ret->kind = TOKEN_SIGN;
		stop = skip_sign(*at, end);
	}
	if (stop - *at > UINT32_MAX)
		stop = *at + UINT32_MAX;
	ret->length = (uint32_t)(stop - *at);
	*at = stop;
	return true;
}

/* The name in a line marker, whose quotes and backslashes are written as in C. */
static size_t read_name(const char *at, const char *end, char *ret, const char **ret_end)
{
	size_t length = 0;

	for (; at < end && *at != '"'; at++) {
		if (*at == '\\' && at + 1 < end)
			at++;
		if (length + 1 < LONGEST_FILE)
			ret[length++] = *at;
	}
	ret[length] = '\0';
	*ret_end = at < end ? at + 1 : end;
	return length;
}

static int enter_file(struct tokens *tokens, const char *name, bool is_system)
{
	/* Kept beside the answer, so that one allocation serves both. */
	struct known {
		bool is_own;
		char name[];
	} *known = map_get(&tokens->files, name);

	if (!known) {
		size_t size = strlen(name) + 1;

		known = arena_alloc(tokens->arena, sizeof(*known) + size);
		if (!known)
			return -ENOMEM;
		memcpy(known->name, name, size);
		known->is_own = tokens->owns(tokens->data, name, is_system);
		if (map_set(&tokens->files, known->name, known))
			return -ENOMEM;
	}
	tokens->file = known->name;
	tokens->is_own = known->is_own;
	return 0;
}

/* # 12 "file.h" 1 3 */
static int take_marker(struct tokens *tokens, const char *at, const char *end)
{
	char name[LONGEST_FILE];
	uint32_t line = 0;

	for (; at < end && is_digit(*at); at++)
		line = line * 10 + (uint32_t)(*at - '0');
	while (at < end && is_space(*at))
		at++;
	tokens->line = line;
	if (at >= end || *at != '"')
		return 0;
	read_name(at + 1, end, name, &at);
	return enter_file(tokens, name, memchr(at, '3', (size_t)(end - at)) != NULL);
}

static bool starts(const char *at, const char *end, const char *word)
{
	size_t length = strlen(word);

	return (size_t)(end - at) > length && !memcmp(at, word, length) && is_space(at[length]);
}

/* A line that starts with "#". 1: *ret is a macro. */
static int take_directive(struct tokens *tokens, struct token *ret)
{
	const char *at = tokens->at + 1;
	const char *end = memchr(at, '\n', (size_t)(tokens->end - at));
	bool is_define, is_undef;

	end = end ? end : tokens->end;
	tokens->at = end;
	while (at < end && is_space(*at))
		at++;
	if (at < end && is_digit(*at)) {
		int r = take_marker(tokens, at, end);

		/* The line break behind it does not count. */
		if (tokens->at < tokens->end)
			tokens->at++;
		tokens->begins_line = true;
		return r;
	}
	is_define = starts(at, end, "define");
	is_undef = starts(at, end, "undef");
	if ((!is_define || !tokens->is_own) && !is_undef)
		return 0;
	at += is_define ? 7 : 6;
	while (at < end && is_space(*at))
		at++;
	*ret = (struct token){ .text = at,
			       .file = tokens->file ? tokens->file : "",
			       .length = (uint32_t)size_min((size_t)(end - at), UINT32_MAX),
			       .line = tokens->line,
			       .kind = is_define ? TOKEN_DEFINE : TOKEN_UNDEF };
	return 1;
}

/* To the next character that is no white space; directives are at the start of lines. */
static bool skip_space(struct tokens *tokens)
{
	for (; tokens->at < tokens->end; tokens->at++) {
		if (*tokens->at == '\n') {
			tokens->line++;
			tokens->begins_line = true;
		} else if (!is_space(*tokens->at)) {
			return true;
		}
	}
	return false;
}

static void count_lines(struct tokens *tokens, const struct token *token)
{
	const char *at = token->text;
	const char *end = at + token->length;

	while ((at = memchr(at, '\n', (size_t)(end - at)))) {
		tokens->line++;
		at++;
	}
}

int tokens_next(struct tokens *tokens, struct token *ret)
{
	while (skip_space(tokens)) {
		const char *next;

		if (tokens->begins_line && *tokens->at == '#') {
			int r = take_directive(tokens, ret);

			if (r)
				return r;
			continue;
		}
		tokens->begins_line = false;
		if (!tokens->is_own) {
			next = memchr(tokens->at, '\n', (size_t)(tokens->end - tokens->at));
			tokens->at = next ? next : tokens->end;
			continue;
		}
		ret->file = tokens->file;
		ret->line = tokens->line;
		if (!token_scan(&tokens->at, tokens->end, ret))
			break;
		if (ret->kind == TOKEN_TEXT)
			count_lines(tokens, ret);
		return 1;
	}
	return 0;
}

void tokens_done(struct tokens *tokens)
{
	map_done(&tokens->files);
}

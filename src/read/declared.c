/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Contract in read/declared.h. Declarations are parted at ";" outside all
 * brackets; a declarator's name is the word before its first "(", or the last
 * one of all.
 */
#include "read/declared.h"

#include <string.h>

#define LONGEST_PATH 4096u
#define LONGEST_NAME 512u

struct token {
	const char *text;
	size_t length;
};

struct scan {
	const struct declared_question *q;
	const char *at;
	const char *end;
	bool is_public; /* the file that the text is of */
	bool at_line_start;
	struct array_of(struct token) tokens; /* of the declaration, without what braces hold */
	bool starts_public;
	bool has_body;		  /* of a function */
	char label[LONGEST_NAME]; /* the symbol that asm gives it; "": its own name */
};

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
}

static bool is_word(char c)
{
	return is_letter(c) || (c >= '0' && c <= '9');
}

/* "# 12 "file.h" 1 3": from here on it is the text of that file. */
static void read_marker(struct scan *s, const char *stop)
{
	const char *quote = memchr(s->at, '"', (size_t)(stop - s->at));
	char path[LONGEST_PATH];
	size_t length = 0;

	for (quote = quote ? quote + 1 : stop; quote < stop && *quote != '"'; quote++) {
		if (*quote == '\\' && quote + 1 < stop)
			quote++;
		if (length + 1 < sizeof(path))
			path[length++] = *quote;
	}
	path[length] = '\0';
	if (length)
		s->is_public = s->q->is_public(s->q->data, path);
}

static void skip_line(struct scan *s)
{
	const char *stop = memchr(s->at, '\n', (size_t)(s->end - s->at));

	if (!stop)
		stop = s->end;
	read_marker(s, stop);
	s->at = stop;
}

static void skip_literal(struct scan *s)
{
	char quote = *s->at++;

	for (; s->at < s->end && *s->at != quote && *s->at != '\n'; s->at++) {
		if (*s->at == '\\' && s->at + 1 < s->end)
			s->at++;
	}
	s->at += s->at < s->end && *s->at == quote;
}

/* The next word or sign; false at the end. Literals are signs. */
static bool next(struct scan *s, struct token *ret)
{
	while (s->at < s->end) {
		char c = *s->at;

		if (c == '\n') {
			s->at_line_start = true;
			s->at++;
		} else if (c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v') {
			s->at++;
		} else if (c == '#' && s->at_line_start) {
			skip_line(s);
		} else {
			break;
		}
	}
	if (s->at == s->end)
		return false;
	s->at_line_start = false;
	*ret = (struct token){ s->at, 1 };
	if (*s->at == '"' || *s->at == '\'') {
		skip_literal(s);
		return true;
	}
	s->at++;
	while (is_word(*ret->text) && s->at < s->end && is_word(*s->at))
		s->at++;
	ret->length = (size_t)(s->at - ret->text);
	return true;
}

static bool is(const struct token *token, const char *text)
{
	return strlen(text) == token->length && !memcmp(token->text, text, token->length);
}

static bool is_one_of(const struct token *token, const char *const *words, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (is(token, words[i]))
			return true;
	}
	return false;
}

/* Words that a parenthesis may follow, and that are no names. */
static bool is_keyword(const struct token *token)
{
	static const char *const words[] = {
		"void",	    "char",	  "short",     "int",	   "long",	 "float",
		"double",   "signed",	  "unsigned",  "_Bool",	   "_Complex",	 "const",
		"volatile", "struct",	  "union",     "enum",	   "extern",	 "inline",
		"__inline", "__inline__", "_Noreturn", "restrict", "__restrict", "__extension__",
	};

	return is_one_of(token, words, ARRAY_SIZE(words));
}

/* "__attribute__((…))" and the like: the words behind which brackets are skipped. */
static bool has_argument(const struct token *token)
{
	static const char *const words[] = {
		"__attribute__", "__attribute", "__asm__",	  "__asm",
		"asm",		 "_Alignas",	"__declspec",	  "__typeof__",
		"typeof",	 "__typeof",	"_Static_assert", "_Atomic",
	};

	return is_one_of(token, words, ARRAY_SIZE(words));
}

static bool is_name(const struct token *token)
{
	return is_letter(*token->text) && !is_keyword(token);
}

static int add(struct scan *s, const struct token *token)
{
	const char *name = s->label[0] ? arena_strdup(s->q->arena, s->label)
				       : arena_strndup(s->q->arena, token->text, token->length);

	if (!name)
		return -ENOMEM;
	return map_get(s->q->names, name) ? 0 : map_set(s->q->names, name, (void *)name);
}

/* One declarator, tokens `from` up to `to`. */
static int read_declarator(struct scan *s, size_t from, size_t to, bool is_extern)
{
	const struct token *name = NULL;
	bool is_function = false;
	size_t i;

	for (i = from; i < to; i++) {
		const struct token *t = &s->tokens.items[i];
		bool before_open = i + 1 < to && is(&t[1], "(");

		if (is(t, "=") || is(t, "[") || is(t, ":"))
			break;
		/* "type (*pointer)(…)" and "type (name)(…)" */
		if (is_name(t) && before_open && i + 3 < to &&
		    (is(&t[2], "*") ||
		     (is_name(&t[2]) && is(&t[3], ")") && i + 4 < to && is(&t[4], "("))))
			continue;
		if (is_name(t))
			name = t;
		is_function = name == t &&
			      (before_open || (i > from && is(&t[-1], "(") && i + 2 < to &&
					       is(&t[1], ")") && is(&t[2], "(") && is_name(t)));
		if (is_function)
			break;
		/* A pointer to a function: its name is followed by ")". */
		if (name == t && i > from && is(&t[-1], "*") && i + 1 < to && is(&t[1], ")"))
			break;
	}
	return name && (is_function || is_extern) ? add(s, name) : 0;
}

static int end_declaration(struct scan *s)
{
	bool is_extern = false;
	size_t depth = 0;
	size_t from = 0;
	size_t i;
	int r = 0;

	if (!s->starts_public || s->has_body)
		return 0;
	for (i = 0; i < s->tokens.count; i++) {
		const struct token *t = &s->tokens.items[i];

		if (is(t, "typedef") || is(t, "static"))
			return 0;
		is_extern |= is(t, "extern");
	}
	for (i = 0; !r && i <= s->tokens.count; i++) {
		const struct token *t = &s->tokens.items[i];
		bool is_end = i == s->tokens.count;

		if (!is_end && is(t, "("))
			depth++;
		else if (!is_end && is(t, ")"))
			depth -= depth > 0;
		if (!is_end && (depth || !is(t, ",")))
			continue;
		r = read_declarator(s, from, i, is_extern);
		from = i + 1;
	}
	return r;
}

/* Behind the bracket that belongs to the one that was taken. */
static void skip_brackets(struct scan *s, const char *open, const char *close)
{
	struct token token;
	size_t depth = 1;

	while (depth && next(s, &token))
		depth += (size_t)is(&token, open) - (size_t)is(&token, close);
}

/* The strings within the brackets of asm, as one. */
static void read_label(struct scan *s)
{
	struct token token;
	size_t used = 0;

	while (next(s, &token) && !is(&token, ")")) {
		/* A literal's token is its first byte; the rest has been passed over. */
		size_t length = *token.text == '"' ? (size_t)(s->at - token.text) : 0;

		if (length < 2 || used + length - 1 > sizeof(s->label))
			continue;
		memcpy(s->label + used, token.text + 1, length - 2);
		used += length - 2;
	}
	s->label[used] = '\0';
}

static bool is_asm(const struct token *token)
{
	return is(token, "__asm__") || is(token, "__asm") || is(token, "asm");
}

static int take(struct scan *s, const struct token *token)
{
	struct scan saved = *s;
	struct token open;
	int r = 0;

	if (is(token, "{")) {
		s->has_body |= s->tokens.count && is(&s->tokens.items[s->tokens.count - 1], ")");
		skip_brackets(s, "{", "}");
		if (s->has_body) {
			s->tokens.count = 0;
			s->has_body = false;
		}
		return 0;
	}
	if (has_argument(token)) {
		if (!next(s, &open))
			return 0;
		if (!is(&open, "("))
			*s = saved;
		else if (is_asm(token))
			read_label(s);
		else
			skip_brackets(s, "(", ")");
		return 0;
	}
	if (is(token, ";")) {
		r = end_declaration(s);
		s->tokens.count = 0;
		s->label[0] = '\0';
		return r;
	}
	if (!s->tokens.count)
		s->starts_public = s->is_public;
	return array_push(&s->tokens, *token);
}

int declared_read(const char *text, size_t size, const struct declared_question *question)
{
	struct scan scan = { .q = question, .at = text, .end = text + size, .at_line_start = true };
	struct token token;
	int r = 0;

	while (!r && next(&scan, &token))
		r = take(&scan, &token);
	array_done(&scan.tokens);
	return r;
}

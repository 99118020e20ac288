/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tokens of what a preprocessor writes (-E -dD): text, line markers, and the
 * macros that are defined and undefined on the way.
 */
#ifndef READ_CPP_TOKENS_H
#define READ_CPP_TOKENS_H

#include "base/arena.h"
#include "base/map.h"

enum token_kind {
	TOKEN_WORD,   /* an identifier or keyword */
	TOKEN_NUMBER, /* as the preprocessor sees it */
	TOKEN_TEXT,   /* a string or character */
	TOKEN_SIGN,   /* one character; "::", "->", "..." are one token, too */
	TOKEN_DEFINE, /* all behind "#define" */
	TOKEN_UNDEF,  /* all behind "#undef" */
};

struct token {
	const char *text; /* a slice of the text */
	const char *file;
	uint32_t length;
	uint32_t line;
	uint8_t kind; /* enum token_kind */
};

struct tokens {
	const char *at, *end;
	const char *file; /* in `arena` */
	uint32_t line;
	bool is_own;	  /* of the file: its text is asked for */
	bool begins_line; /* nothing but white space was before */
	/* Is the file, as a line marker names it, one of those whose text is asked for? */
	bool (*owns)(void *data, const char *file, bool is_system);
	void *data;
	struct arena *arena;
	struct map files; /* by name: what owns() said, see tokens_next() */
};

/*
 * Goes on to the next token of the files that are asked for; macros that are
 * undefined elsewhere are told, too. 1; 0: there is none; -ENOMEM.
 */
int tokens_next(struct tokens *tokens, struct token *ret) MUST_CHECK;
/* The next token of a text without lines that are directives; false: there is none. */
bool token_scan(const char **at, const char *end, struct token *ret);
void tokens_done(struct tokens *tokens);

static inline bool token_is(const struct token *token, const char *text)
{
	return token->length == __builtin_strlen(text) &&
	       !__builtin_memcmp(token->text, text, token->length);
}

#endif

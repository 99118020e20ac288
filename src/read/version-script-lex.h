/* SPDX-License-Identifier: Apache-2.0 */
/* The words of a version script, one after the other; only read/version-script.c knows of them. */
#ifndef READ_VERSION_SCRIPT_LEX_H
#define READ_VERSION_SCRIPT_LEX_H

#include "read/version-script.h"

enum script_token {
	TOKEN_END,
	TOKEN_WORD,
	TOKEN_QUOTED,
	TOKEN_OPEN,
	TOKEN_CLOSE,
	TOKEN_SEMICOLON,
	TOKEN_COLON,
};

struct script_lexer {
	const char *text;
	size_t size;
	size_t next; /* behind the token */
	unsigned line;
	size_t line_start;
	struct script_error *error;

	/* The token. */
	enum script_token kind;
	size_t start;
	size_t end;
	unsigned token_line;
	unsigned token_column;
	size_t before; /* behind the token before it */
};

/* Goes on to the next token. 0, or -EBADMSG with the error set. */
int script_lex(struct script_lexer *lexer) MUST_CHECK;
/* Sets the error at the token; returns -EBADMSG. */
int script_lex_fail(struct script_lexer *lexer, const char *format, ...) PRINTF_LIKE(2, 3);
/* Is the token this word? */
bool script_lex_is(const struct script_lexer *lexer, const char *word);
/* The token for a message: "the end", "\"foo\"", …, in `buffer`. */
const char *script_lex_describe(const struct script_lexer *lexer, char *buffer, size_t size);
/* Would a word go on with this character? */
bool script_lex_in_word(char c);

#endif

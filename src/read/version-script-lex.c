/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in read/version-script-lex.h. */
#include "read/version-script-lex.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* What lld takes into a word; GNU ld takes less (see bfd_name() in read/version-script.c). */
bool script_lex_in_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c && strchr("_.$/\\~=+[]*?-!^", c));
}

static int fail_at(struct script_lexer *lexer, size_t at, const char *text)
{
	lexer->error->line = lexer->line;
	lexer->error->column = (unsigned)(at - lexer->line_start) + 1;
	lexer->error->rule = "input/malformed";
	snprintf(lexer->error->text, sizeof(lexer->error->text), "%s", text);
	return -EBADMSG;
}

int script_lex_fail(struct script_lexer *lexer, const char *format, ...)
{
	va_list args;

	lexer->error->line = lexer->token_line;
	lexer->error->column = lexer->token_column;
	lexer->error->rule = "input/malformed";
	va_start(args, format);
	vsnprintf(lexer->error->text, sizeof(lexer->error->text), format, args);
	va_end(args);
	return -EBADMSG;
}

static void count_line(struct script_lexer *lexer, size_t at)
{
	if (lexer->text[at] != '\n')
		return;
	lexer->line++;
	lexer->line_start = at + 1;
}

static int skip_comment(struct script_lexer *lexer)
{
	size_t start = lexer->next;
	unsigned line = lexer->line;
	size_t line_start = lexer->line_start;
	size_t at;

	for (at = start + 2; at + 1 < lexer->size; at++) {
		if (lexer->text[at] == '*' && lexer->text[at + 1] == '/') {
			lexer->next = at + 2;
			return 0;
		}
		count_line(lexer, at);
	}
	lexer->line = line;
	lexer->line_start = line_start;
	return fail_at(lexer, start, "this comment has no end");
}

static bool is_comment(const struct script_lexer *lexer, size_t at)
{
	return lexer->size - at >= 2 && lexer->text[at] == '/' && lexer->text[at + 1] == '*';
}

static int skip_blanks(struct script_lexer *lexer)
{
	int r = 0;

	while (!r && lexer->next < lexer->size) {
		char c = lexer->text[lexer->next];

		if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
			count_line(lexer, lexer->next++);
		} else if (c == '#') {
			while (lexer->next < lexer->size && lexer->text[lexer->next] != '\n')
				lexer->next++;
		} else if (is_comment(lexer, lexer->next)) {
			r = skip_comment(lexer);
		} else {
			break;
		}
	}
	return r;
}

static int take_quoted(struct script_lexer *lexer)
{
	size_t start = lexer->next;
	const char *end = memchr(lexer->text + start + 1, '"', lexer->size - start - 1);
	size_t at;

	if (!end)
		return fail_at(lexer, start, "this quotation mark has no partner");
	if (memchr(lexer->text + start, '\0', (size_t)(end - lexer->text) - start))
		return fail_at(lexer, start, "a byte 0 stands between these quotation marks");
	lexer->kind = TOKEN_QUOTED;
	lexer->end = (size_t)(end - lexer->text) + 1;
	for (at = start; at < lexer->end; at++)
		count_line(lexer, at);
	return 0;
}

static int take_word(struct script_lexer *lexer)
{
	size_t at = lexer->next;

	for (; at < lexer->size; at++) {
		char c = lexer->text[at];

		if (is_comment(lexer, at))
			break;
		if (c == ':' && lexer->size - at >= 2 && lexer->text[at + 1] == ':')
			at++;
		else if (!script_lex_in_word(c))
			break;
	}
	if (at == lexer->next) {
		char text[64];
		unsigned char c = (unsigned char)lexer->text[at];

		if (c > ' ' && c < 0x7f)
			snprintf(text, sizeof(text), "no name has a '%c' outside quotation marks",
				 c);
		else
			snprintf(text, sizeof(text), "no script has the byte 0x%02x here", c);
		return fail_at(lexer, at, text);
	}
	lexer->kind = TOKEN_WORD;
	lexer->end = at;
	return 0;
}

int script_lex(struct script_lexer *lexer)
{
	static const char marks[] = "{};:";
	static const enum script_token kinds[] = { TOKEN_OPEN, TOKEN_CLOSE, TOKEN_SEMICOLON,
						   TOKEN_COLON };
	const char *mark;
	int r;

	lexer->before = lexer->next;
	r = skip_blanks(lexer);
	lexer->start = lexer->end = lexer->next;
	lexer->token_line = lexer->line;
	lexer->token_column = (unsigned)(lexer->start - lexer->line_start) + 1;
	if (r)
		return r;
	if (lexer->next == lexer->size) {
		lexer->kind = TOKEN_END;
		return 0;
	}
	mark = lexer->text[lexer->next] ? strchr(marks, lexer->text[lexer->next]) : NULL;
	if (mark && !(*mark == ':' && lexer->size - lexer->next >= 2 &&
		      lexer->text[lexer->next + 1] == ':')) {
		lexer->kind = kinds[mark - marks];
		lexer->end++;
	} else {
		r = lexer->text[lexer->next] == '"' ? take_quoted(lexer) : take_word(lexer);
	}
	lexer->next = lexer->end;
	return r;
}

bool script_lex_is(const struct script_lexer *lexer, const char *word)
{
	size_t length = lexer->end - lexer->start;

	return lexer->kind == TOKEN_WORD && strlen(word) == length &&
	       !memcmp(lexer->text + lexer->start, word, length);
}

const char *script_lex_describe(const struct script_lexer *lexer, char *buffer, size_t size)
{
	size_t length = lexer->end - lexer->start;

	if (lexer->kind == TOKEN_END)
		return "the end of the file";
	snprintf(buffer, size, "'%.*s%s'", (int)size_min(length, 40), lexer->text + lexer->start,
		 length > 40 ? "..." : "");
	return buffer;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in render/markdown-text.h. */
#include "render/markdown-text.h"
#include "base/utf8.h"

/* Letters of a commit's hash: so many of them, and it becomes a link. */
#define HASH_LENGTH 7

/* Marks of direction, and line breaks beyond ASCII: they let a text look like another one. */
static bool is_hidden(uint32_t code)
{
	return (code >= 0x80 && code <= 0x9f) || code == 0x61c ||
	       (code >= 0x200b && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e) ||
	       (code >= 0x2060 && code <= 0x206f) || code == 0xfeff;
}

/* A bar ends a cell even in a code span, and what escapes it there depends on the reader. */
static bool is_bad(unsigned char c)
{
	return c < 0x20 || c == 0x7f || c == '|';
}

static size_t longest_run(const char *text, size_t length)
{
	size_t longest = 0, run = 0;
	size_t i;

	for (i = 0; i < length; i++) {
		run = text[i] == '`' ? run + 1 : 0;
		longest = run > longest ? run : longest;
	}
	return longest;
}

static void write_content(struct out *out, const char *text, size_t size)
{
	const char *end = text + size;

	while (text < end) {
		size_t length = utf8_length(text);
		uint32_t code = length > 1 ? utf8_decode(text, length) : 0;

		if (!length)
			out_text(out, UTF8_REPLACEMENT);
		else if (is_hidden(code))
			out_printf(out, "\\u{%x}", code);
		else if (length == 1 && is_bad((unsigned char)*text))
			out_printf(out, "\\x%02x", (unsigned char)*text);
		else
			out_bytes(out, text, length);
		text += length ? length : 1;
	}
}

/* Its fence is longer than any run of backticks inside; one blank at each side is no part of it. */
static void write_code(struct out *out, const char *text, size_t size)
{
	size_t fence = longest_run(text, size) + 1;
	bool padded = !size || strchr("` ", text[0]) || strchr("` ", text[size - 1]);
	size_t i;

	for (i = 0; i < fence; i++)
		out_char(out, '`');
	if (padded)
		out_char(out, ' ');
	write_content(out, text, size);
	if (padded)
		out_char(out, ' ');
	for (i = 0; i < fence; i++)
		out_char(out, '`');
}

void markdown_code(struct out *out, const char *text)
{
	write_code(out, text, strlen(text));
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Letters, parted by single hyphens or apostrophes; or a number. */
static bool is_word(const char *text, size_t length)
{
	size_t i, digits = 0, hash = 0;

	for (i = 0; i < length; i++) {
		bool is_joint = (text[i] == '-' || text[i] == '\'') && i && i + 1 < length &&
				is_letter(text[i - 1]) && is_letter(text[i + 1]);

		if (!is_letter(text[i]) && !is_digit(text[i]) && !is_joint)
			return false;
		digits += is_digit(text[i]);
		hash += is_digit(text[i]) || (text[i] && strchr("abcdefABCDEF", text[i]) != NULL);
	}
	return (!digits || digits == length) && (hash < length || length < HASH_LENGTH);
}

static void write_word(struct out *out, const char *text, size_t length)
{
	bool is_opened = length > 1 && text[0] == '(';
	bool is_ended = length > 1 && strchr(",;:.", text[length - 1]);
	size_t inner = length - is_ended;
	bool is_closed = inner > 1 && is_opened && text[inner - 1] == ')';

	if (is_opened)
		out_char(out, '(');
	inner -= (size_t)is_opened + is_closed;
	if (is_word(text + is_opened, inner))
		out_bytes(out, text + is_opened, inner);
	else
		write_code(out, text + is_opened, inner);
	if (is_closed)
		out_char(out, ')');
	if (is_ended)
		out_char(out, text[length - 1]);
}

void markdown_text(struct out *out, const char *text)
{
	while (*text) {
		size_t length = strcspn(text, " ");

		if (length)
			write_word(out, text, length);
		text += length;
		if (*text)
			out_char(out, ' ');
		text += strspn(text, " ");
	}
}

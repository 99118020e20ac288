/* SPDX-License-Identifier: Apache-2.0 */
/* Walking over the tokens of a declaration. Contract in read/declared-parts.h. */
#include "read/declared-parts.h"

#include <string.h>

#define MOST_ANGLES                                                                                \
	64 /* in each other; else many that never close would be gone over again and again */

static bool is_open(const struct token *token)
{
	return token->length == 1 && token->kind == TOKEN_SIGN && strchr("([{", token->text[0]);
}

static bool is_close(const struct token *token)
{
	return token->length == 1 && token->kind == TOKEN_SIGN && strchr(")]}", token->text[0]);
}

bool span_is(struct span span, size_t at, const char *text)
{
	return at < span.count && token_is(&span.items[at], text);
}

size_t span_skip(struct span span, size_t at)
{
	size_t depth = 0;

	for (; at < span.count; at++) {
		if (is_open(&span.items[at]))
			depth++;
		else if (is_close(&span.items[at]) && depth && !--depth)
			return at + 1;
	}
	return span.count;
}

size_t span_skip_angle(struct span span, size_t at)
{
	size_t start = at;
	size_t depth = 0;

	if (!span_is(span, at, "<") || (at > 0 && span.items[at - 1].kind != TOKEN_WORD))
		return at;
	while (at < span.count) {
		if (is_open(&span.items[at])) {
			at = span_skip(span, at);
			continue;
		}
		if (is_close(&span.items[at]) || span_is(span, at, ";"))
			break;
		if (span_is(span, at, "<") && ++depth > MOST_ANGLES)
			break;
		if (span_is(span, at, ">") && !--depth)
			return at + 1;
		at++;
	}
	return start;
}

bool token_is_key(const struct token *token)
{
	return token_is(token, "struct") || token_is(token, "class") || token_is(token, "union");
}

bool token_is_keyword(const struct token *token)
{
	static const char *const words[] = {
		"alignas",	 "auto",	  "bool",	    "char",	     "char16_t",
		"char32_t",	 "char8_t",	  "class",	    "const",	     "constexpr",
		"consteval",	 "constinit",	  "decltype",	    "__decltype",    "typeof",
		"__typeof",	 "__typeof__",	  "double",	    "enum",	     "explicit",
		"extern",	 "float",	  "friend",	    "inline",	     "int",
		"long",		 "mutable",	  "noexcept",	    "register",	     "restrict",
		"return",	 "short",	  "signed",	    "static",	     "struct",
		"template",	 "thread_local",  "typedef",	    "typename",	     "union",
		"unsigned",	 "using",	  "virtual",	    "void",	     "volatile",
		"wchar_t",	 "_Bool",	  "_Complex",	    "_Atomic",	     "_Noreturn",
		"__inline",	 "__inline__",	  "__const",	    "__restrict",    "__volatile__",
		"__extension__", "_Thread_local", "__thread",	    "__signed__",    "__int128",
		"__restrict__",	 "requires",	  "sizeof",	    "new",	     "delete",
		"_Float128",	 "__float128",	  "_Static_assert", "static_assert", "asm",
		"__asm__",	 "__asm",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++) {
		if (token_is(token, words[i]))
			return true;
	}
	return false;
}

static uint32_t attribute_of(const struct token *token)
{
	static const struct {
		const char *name;
		uint32_t bit;
	} known[] = {
		{ "nonnull", ATTRIBUTE_NONNULL },
		{ "nodiscard", ATTRIBUTE_NODISCARD },
		{ "warn_unused_result", ATTRIBUTE_NODISCARD },
		{ "deprecated", ATTRIBUTE_DEPRECATED },
		{ "format", ATTRIBUTE_FORMAT },
		{ "pure", ATTRIBUTE_PURE },
		{ "const", ATTRIBUTE_CONST },
		{ "malloc", ATTRIBUTE_MALLOC },
		{ "returns_nonnull", ATTRIBUTE_RETURNS_NONNULL },
		{ "noreturn", ATTRIBUTE_NORETURN },
		{ "no_unique_address", ATTRIBUTE_NO_UNIQUE_ADDRESS },
		{ "nothrow", ATTRIBUTE_NOTHROW },
		{ "gnu_inline", ATTRIBUTE_GNU_INLINE },
	};
	struct token plain = *token;
	size_t i;

	if (plain.length > 4 && !memcmp(plain.text, "__", 2) &&
	    !memcmp(plain.text + plain.length - 2, "__", 2)) {
		plain.text += 2;
		plain.length -= 4;
	}
	for (i = 0; i < ARRAY_SIZE(known); i++) {
		if (token_is(&plain, known[i].name))
			return known[i].bit;
	}
	return 0;
}

/* The names in a list of attributes; their arguments are left out, but for visibility. */
static uint32_t attributes_in(struct span span, size_t at, size_t end)
{
	uint32_t found = 0;

	for (; at < end; at++) {
		if (span.items[at].kind == TOKEN_TEXT &&
		    (token_is(&span.items[at], "\"hidden\"") ||
		     token_is(&span.items[at], "\"internal\"")))
			found |= ATTRIBUTE_HIDDEN;
		found |= attribute_of(&span.items[at]);
	}
	return found;
}

size_t span_skip_attribute(struct span span, size_t at, uint32_t *attributes)
{
	size_t end;

	if (span_is(span, at, "[") && span_is(span, at + 1, "[")) {
		end = span_skip(span, at);
		*attributes |= attributes_in(span, at, end);
		return end;
	}
	if (span_is(span, at, "__attribute__") || span_is(span, at, "__attribute") ||
	    span_is(span, at, "__declspec")) {
		if (!span_is(span, at + 1, "("))
			return at;
		end = span_skip(span, at + 1);
		*attributes |= attributes_in(span, at, end);
		return end;
	}
	if ((span_is(span, at, "alignas") || span_is(span, at, "_Alignas")) &&
	    span_is(span, at + 1, "("))
		return span_skip(span, at + 1);
	if (span_is(span, at, "__extension__"))
		return at + 1;
	if (span_is(span, at, "_Noreturn")) {
		*attributes |= ATTRIBUTE_NORETURN;
		return at + 1;
	}
	return at;
}

/* requires a<b> && (c) … */
static size_t skip_requires(struct span span, size_t at)
{
	do {
		at++;
		at += span_is(span, at, "&");
		while (span_is(span, at, "!"))
			at++;
		if (span_is(span, at, "requires")) {
			at++;
			if (span_is(span, at, "("))
				at = span_skip(span, at);
		}
		if (span_is(span, at, "(") || span_is(span, at, "{")) {
			at = span_skip(span, at);
			continue;
		}
		while (at < span.count &&
		       (span.items[at].kind == TOKEN_WORD || span_is(span, at, "::"))) {
			size_t next = span_skip_angle(span, at + 1);

			at++;
			if (next != at || !span_is(span, at, "::")) {
				at = next;
				if (!span_is(span, at, "::"))
					break;
			}
		}
	} while (span_is(span, at, "&") || span_is(span, at, "|"));
	return at;
}

size_t span_skip_prefix(struct span span, uint32_t *flags, uint32_t *attributes)
{
	size_t at = 0;

	for (;;) {
		size_t next = span_skip_attribute(span, at, attributes);

		if (next == at && span_is(span, at, "template") && span_is(span, at + 1, "<")) {
			next = span_skip_angle(span, at + 1);
			next = next == at + 1 ? at : next;
			*flags |= DECLARED_TEMPLATE;
		} else if (next == at && at > 0 && span_is(span, at, "requires")) {
			next = skip_requires(span, at);
		}
		if (next == at)
			return at;
		at = next;
	}
}

size_t span_find(struct span span, size_t at, const char *text)
{
	uint32_t attributes = 0;

	while (at < span.count) {
		size_t next = span_skip_attribute(span, at, &attributes);

		if (next == at && at > 0)
			next = span_skip_angle(span, at);
		if (next == at &&
		    (span_is(span, at, "decltype") || span_is(span, at, "noexcept") ||
		     span_is(span, at, "__typeof__") || span_is(span, at, "__typeof") ||
		     span_is(span, at, "explicit") || span_is(span, at, "typeof") ||
		     span_is(span, at, "__decltype")) &&
		    span_is(span, at + 1, "("))
			next = span_skip(span, at + 1);
		if (next != at) {
			at = next;
			continue;
		}
		if (token_is(&span.items[at], text))
			return at;
		/* The signs of an operator's name are no signs of the declaration. */
		if (span_is(span, at, "operator")) {
			at++;
			if (span_is(span, at, "(") && span_is(span, at + 1, ")"))
				at += 2;
			else
				while (at < span.count && !span_is(span, at, "("))
					at++;
			continue;
		}
		at = is_open(&span.items[at]) ? span_skip(span, at) : at + 1;
	}
	return span.count;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names of instances of templates, which gcc and clang write in ways of their own:
 * tag<(level)1, 3, char const*> and tag<level::high, 3UL, const char *>. An argument is
 * known by its words, in whatever order. Contract in engine/compare/cxx-name.h.
 */
#include "base/map.h"
#include "base/numbers.h"
#include "engine/compare/cxx-name.h"

#include <string.h>

#define MOST_ARGUMENTS 64 /* that are looked at, of one list */

struct argument {
	uint64_t words; /* their sum */
	bool is_cast;	/* (type)number */
	bool is_name;	/* one word only */
};

struct arguments {
	struct argument items[MOST_ARGUMENTS];
	size_t count;
	const char *end; /* behind the list */
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	       c == ':' || c == '$';
}

static bool is_text(const char *text, size_t length, const char *word)
{
	return strlen(word) == length && !memcmp(text, word, length);
}

static uint64_t word_hash(const char *text, size_t length)
{
	return number_mix(hash_bytes(text, length));
}

static uint64_t number_hash(uint64_t number)
{
	return number_mix(number ^ UINT64_C(0x6e756d626572));
}

/* 'x', '\n', '\012' or '\x0a'; *at is on the first quote. */
static uint64_t take_character(const char **at)
{
	static const char escapes[] = "a\ab\bf\fn\nr\rt\tv\v";
	const char *p = *at + 1;
	uint64_t value = (unsigned char)*p;
	size_t i;

	if (*p == '\\' && p[1]) {
		value = (unsigned char)*++p;
		for (i = 0; i + 1 < sizeof(escapes); i += 2) {
			if (value == (unsigned char)escapes[i])
				value = (unsigned char)escapes[i + 1];
		}
		if (is_digit(*p) || *p == 'x' || *p == 'u' || *p == 'U') {
			unsigned base = is_digit(*p) ? 8 : 16;

			value = 0;
			for (p += base == 16; *p && *p != '\''; p++)
				value = value * base +
					(uint64_t)(is_digit(*p) ? *p - '0' : (*p | 32) - 'a' + 10);
			p--;
		}
	}
	if (*p)
		p++;
	*at = *p == '\'' ? p + 1 : p;
	return value;
}

/* Without the letters that tell its type. */
static uint64_t take_number(const char **at)
{
	uint64_t value = 0;

	for (; is_digit(**at); (*at)++)
		value = value * 10 + (uint64_t)(**at - '0');
	while (is_word(**at))
		(*at)++;
	return value;
}

/* (type) before a number or a character. */
static const char *behind_cast(const char *at)
{
	const char *end;

	if (*at != '(')
		return NULL;
	end = at + 1 + strcspn(at + 1, "()<>,");
	if (*end != ')')
		return NULL;
	end++;
	return is_digit(*end) || *end == '\'' || (*end == '-' && is_digit(end[1])) ? end : NULL;
}

static uint64_t anonymous(const char **at)
{
	static const char *const forms[] = { "(anonymous namespace)", "{anonymous}",
					     "(anonymous)" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(forms); i++) {
		if (!strncmp(*at, forms[i], strlen(forms[i]))) {
			*at += strlen(forms[i]);
			return word_hash(forms[0], strlen(forms[0]));
		}
	}
	return 0;
}

/* "long unsigned int" is "unsigned long". */
static bool is_idle_int(const char *start, const char *word, size_t length)
{
	static const char *const before[] = { "long ", "short ", "unsigned ", "signed " };
	size_t i;

	for (i = 0; is_text(word, length, "int") && i < ARRAY_SIZE(before); i++) {
		size_t most = strlen(before[i]);

		if ((size_t)(word - start) >= most && !memcmp(word - most, before[i], most))
			return true;
	}
	return false;
}

static void take_word(const char *start, const char **at, struct argument *ret)
{
	const char *word = *at;
	size_t length = 0;

	while (is_word(word[length]))
		length++;
	*at += length;
	if (**at == '\'' && length <= 2) { /* L'x' */
		ret->words += number_hash(take_character(at));
		return;
	}
	if (!is_idle_int(start, word, length))
		ret->words += word_hash(word, length);
}

/* One word, number or mark; *at is on it. *depth: of brackets. */
static void take_token(const char *start, const char **at, struct argument *ret, unsigned *depth)
{
	uint64_t nameless = anonymous(at);
	const char *number = nameless ? NULL : behind_cast(*at);

	if (nameless) {
		ret->words += nameless;
	} else if (number) {
		ret->is_cast = true;
		*at = number;
	} else if (is_digit(**at)) {
		ret->words += number_hash(take_number(at));
	} else if (**at == '\'') {
		ret->words += number_hash(take_character(at));
	} else if (is_word(**at)) {
		take_word(start, at, ret);
	} else {
		*depth += strchr("<([{", **at) != NULL;
		*depth -= *depth && strchr(">)]}", **at);
		ret->words += **at == ' ' ? 0 : word_hash(*at, 1);
		(*at)++;
	}
}

static bool ends_argument(char c, unsigned depth)
{
	return !c || (!depth && (c == ',' || c == '>'));
}

/* Up to the comma or the bracket behind it. */
static struct argument take_argument(const char **at)
{
	const char *start = *at;
	struct argument found = { 0 };
	unsigned depth = 0;
	size_t plain;

	while (**at == ' ')
		(*at)++;
	for (plain = 0; is_word((*at)[plain]);)
		plain++;
	found.is_name = plain && !is_digit(**at) && ends_argument((*at)[plain], 0);
	while (!ends_argument(**at, depth))
		take_token(start, at, &found, &depth);
	return found;
}

/* The arguments behind a '<'. */
static void take_list(const char *at, struct arguments *ret)
{
	ret->count = 0;
	while (*at && *at != '>' && ret->count < MOST_ARGUMENTS) {
		ret->items[ret->count++] = take_argument(&at);
		at += *at == ',';
	}
	ret->end = at + (*at == '>');
}

static bool same_argument(const struct argument *a, const struct argument *b)
{
	return a->words == b->words || (a->is_cast && b->is_name) || (a->is_name && b->is_cast);
}

static bool same_list(const char **a, const char **b)
{
	struct arguments x, y;
	size_t i;

	take_list(*a, &x);
	take_list(*b, &y);
	*a = x.end;
	*b = y.end;
	for (i = 0; i < x.count && x.count == y.count; i++) {
		if (!same_argument(&x.items[i], &y.items[i]))
			return false;
	}
	return x.count == y.count;
}

bool cxx_same_name(const char *a, const char *b)
{
	if (!a || !b)
		return a == b;
	if (!strcmp(a, b))
		return true;
	while (*a && *a == *b) {
		bool is_list = *a == '<';

		a++;
		b++;
		if (is_list && !same_list(&a, &b))
			return false;
	}
	return !*a && !*b;
}

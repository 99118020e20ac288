/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in engine/compare/cxx-name.h. */
#include "engine/compare/cxx-name.h"
#include "base/demangle.h"

#include <stdio.h>
#include <string.h>

static bool ends_with(const char *text, size_t length, const char *end)
{
	size_t n = strlen(end);

	return length >= n && !memcmp(text + length - n, end, n);
}

/* Length of the text without the qualifiers of a member function. */
static size_t before_qualifiers(const char *text)
{
	static const char *const qualifiers[] = { " const", " volatile", " &&", " &" };
	size_t length = strlen(text);
	size_t i = 0;

	while (i < ARRAY_SIZE(qualifiers)) {
		if (ends_with(text, length, qualifiers[i])) {
			length -= strlen(qualifiers[i]);
			i = 0;
		} else {
			i++;
		}
	}
	return length;
}

/* Place of the parenthesis that the last one of text[0..length) closes; NULL: none. */
static const char *opening(const char *text, size_t length)
{
	size_t depth = 0;

	while (length--) {
		if (text[length] == ')')
			depth++;
		else if (text[length] == '(' && !--depth)
			return text + length;
	}
	return NULL;
}

static bool opens(char c)
{
	return c == '<' || c == '(' || c == '[' || c == '{';
}

static bool closes(char c)
{
	return c == '>' || c == ')' || c == ']' || c == '}';
}

/* Start of the qualified name in text[0..end), behind a return type, and of its last component. */
static void find_parts(const char *text, const char *end, const char **ret_start,
		       const char **ret_last)
{
	size_t depth = 0;
	const char *at;

	*ret_start = *ret_last = text;
	for (at = text; at < end; at++) {
		/* Its own name may hold any of these characters. */
		if (!depth && !strncmp(at, "operator", 8) && at[8] != '_' &&
		    (at == text || at[-1] == ':' || at[-1] == ' '))
			return;
		if (opens(*at)) {
			depth++;
		} else if (closes(*at)) {
			depth -= depth > 0;
		} else if (!depth && *at == ' ') {
			*ret_start = *ret_last = at + 1;
		} else if (!depth && *at == ':' && at[1] == ':') {
			*ret_last = at + 2;
			at++;
		}
	}
}

int cxx_name_parse(struct arena *arena, const char *mangled, struct cxx_name *ret)
{
	char buffer[DEMANGLED_SIZE];
	const char *start, *last, *open;
	char *text;
	size_t length;
	int r = demangle(mangled, buffer, sizeof(buffer));

	*ret = (struct cxx_name){ .text = "" };
	if (r || !buffer[0])
		return r;
	ret->text = text = arena_strdup(arena, buffer);
	if (!text)
		return -ENOMEM;
	length = before_qualifiers(text);
	/* "vtable for X", "X::data" and the like are no functions. */
	if (!length || text[length - 1] != ')' || strstr(text, " for ") ||
	    strstr(text, "guard variable"))
		return 0;
	open = opening(text, length);
	if (!open || open == text)
		return 0;
	find_parts(text, open, &start, &last);
	ret->qualified = arena_strndup(arena, start, (size_t)(open - start));
	ret->parameters = arena_strndup(arena, open, length - (size_t)(open - text));
	ret->qualifiers = text + length;
	if (!ret->qualified || !ret->parameters)
		return -ENOMEM;
	ret->last = ret->qualified + (last - start);
	return 0;
}

/* Length of a <source-name> at `at`, 0: there is none. */
static size_t source_name(const char *at)
{
	size_t digits = 0;
	size_t length = 0;

	while (at[digits] >= '0' && at[digits] <= '9' && digits < 5)
		length = 10 * length + (size_t)(at[digits++] - '0');
	if (!digits || !length || strnlen(at + digits, length) < length)
		return 0;
	return digits + length;
}

bool plain_name_is_special(const struct plain_name *name)
{
	return name->last_length == 2 && ((name->last[0] == 'C' && strchr("1234", name->last[1])) ||
					  (name->last[0] == 'D' && strchr("0124", name->last[1])));
}

char *plain_name_class(const struct plain_name *name)
{
	char *class = NULL;
	bool is_one = source_name(name->scope) == name->scope_length;

	/* A class of one name stands without N and E. */
	if (asprintf(&class, is_one ? "%.*s" : "N%.*sE", (int)name->scope_length, name->scope) < 0)
		return NULL;
	return class;
}

bool plain_name_parse(const char *mangled, struct plain_name *ret)
{
	const char *at = mangled + 2;
	size_t length;

	*ret = (struct plain_name){ .scope = "" };
	if (strncmp(mangled, "_Z", 2))
		return false;
	if (*at != 'N') {
		ret->last = at;
		ret->last_length = source_name(at);
		return ret->last_length > 0 && at[ret->last_length] != 'I';
	}
	ret->nested = true;
	at += 1 + strspn(at + 1, "rVKRO");
	ret->scope = ret->last = at;
	while ((length = source_name(at)) > 0) {
		ret->last = at;
		ret->last_length = length;
		at += length;
	}
	if (at != ret->scope && (*at == 'C' || *at == 'D') && at[1]) {
		ret->last = at;
		ret->last_length = 2;
		if (!plain_name_is_special(ret))
			return false;
		at += 2;
	}
	ret->scope_length = (size_t)(ret->last - ret->scope);
	return *at == 'E' && ret->last_length > 0;
}

const char *cxx_without(struct arena *arena, const char *text, const char *word)
{
	char *copy = arena_strdup(arena, text);
	size_t length = strlen(word);
	char *at = copy;

	while (copy && (at = strstr(at, word)) != NULL)
		memmove(at, at + length, strlen(at + length) + 1);
	return copy;
}

const char *cxx_without_tags(struct arena *arena, const char *text)
{
	char *copy = arena_strdup(arena, text);
	char *at = copy;

	while (copy && (at = strstr(at, "[abi:")) != NULL) {
		char *end = strchr(at, ']');

		if (!end)
			break;
		memmove(at, end + 1, strlen(end + 1) + 1);
	}
	return copy;
}

const char *cxx_without_arguments(struct arena *arena, const char *text)
{
	char *copy = arena_strdup(arena, text);
	char *to = copy;
	size_t depth = 0;

	for (; copy && *text; text++) {
		if (*text == '<') {
			depth++;
		} else if (*text == '>') {
			depth -= depth > 0;
		} else if (!depth) {
			*to++ = *text;
		}
	}
	if (copy)
		*to = '\0';
	return copy;
}

const char *cxx_with_old_strings(struct arena *arena, const char *text)
{
	static const char long_name[] =
		"std::basic_string<char, std::char_traits<char>, std::allocator<char> >";
	static const char short_name[] = "std::string";
	char *copy = (char *)cxx_without(arena, text, "__cxx11::");
	char *at = copy;

	while (copy && (at = strstr(at, long_name)) != NULL) {
		memcpy(at, short_name, sizeof(short_name) - 1);
		at += sizeof(short_name) - 1;
		memmove(at, at + sizeof(long_name) - sizeof(short_name),
			strlen(at + sizeof(long_name) - sizeof(short_name)) + 1);
	}
	return copy;
}

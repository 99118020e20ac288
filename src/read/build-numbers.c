/* SPDX-License-Identifier: Apache-2.0 */
/* What build files refer to, put in; contract in read/build-files.h. */
#include "read/build-files.h"

#include "base/map.h"
#include "base/out.h"

#include <string.h>

#define DEEPEST 8u
#define LONGEST_VALUE 64u

struct resolver {
	struct arena *arena;
	struct map variables; /* name → text; `unknown` where files say different things */
	const char *release;  /* NULL: not known */
};

static const char unknown[] = "?";

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

/* Part `number` of the release, "0" where it has fewer. */
static const char *part_of(struct resolver *r, unsigned number)
{
	uint64_t parts[8] = { 0 };

	if (!r->release)
		return NULL;
	number_parts(r->release, parts);
	return arena_printf(r->arena, "%llu", (unsigned long long)parts[number]);
}

static const char *look_up(struct resolver *r, const char *name)
{
	static const char *const releases[] = { "PROJECT_VERSION", "CMAKE_PROJECT_VERSION",
						"PACKAGE_VERSION", "VERSION" };
	static const char *const parts[] = { "PROJECT_VERSION_MAJOR", "PROJECT_VERSION_MINOR",
					     "PROJECT_VERSION_PATCH" };
	const char *value = map_get(&r->variables, name);
	unsigned i;

	if (value)
		return value == unknown ? NULL : value;
	for (i = 0; i < ARRAY_SIZE(releases); i++) {
		if (!strcmp(name, releases[i]))
			return r->release;
	}
	for (i = 0; i < ARRAY_SIZE(parts); i++) {
		if (!strcmp(name, parts[i]))
			return part_of(r, i);
	}
	return NULL;
}

/* The length of a reference at the start of the text, and where its name is; 0: it is none. */
static size_t reference(const char *text, size_t *ret_start, size_t *ret_length)
{
	char close = text[0] == '@'			? '@'
		     : text[0] == '$' && text[1] == '{' ? '}'
		     : text[0] == '$' && text[1] == '(' ? ')'
							: '\0';
	size_t start = text[0] == '@' || !close ? 1 : 2;
	size_t length = 0;

	if (text[0] != '@' && text[0] != '$')
		return 0;
	while (is_word(text[start + length]))
		length++;
	if (!length || (close && text[start + length] != close))
		return 0;
	*ret_start = start;
	*ret_length = length;
	return start + length + (close != '\0');
}

/* Appends the text with its references put in; false: one is not known. */
static bool expand(struct resolver *r, struct out *out, const char *text, unsigned depth)
{
	while (*text) {
		size_t start, length;
		size_t used = reference(text, &start, &length);
		const char *name, *value;

		if (out->size > LONGEST_VALUE || depth == DEEPEST)
			return false;
		if (!used) {
			out_char(out, *text++);
			continue;
		}
		name = arena_strndup(r->arena, text + start, length);
		value = name ? look_up(r, name) : NULL;
		if (!value || !expand(r, out, value, depth + 1))
			return false;
		text += used;
	}
	return true;
}

/* A name alone stands for what it was set to. */
static const char *whole_word(struct resolver *r, const char *text)
{
	size_t length = 0;

	if (!strcmp(text, "meson.project_version()"))
		return r->release;
	while (is_word(text[length]))
		length++;
	return !text[length] && length && !(text[0] >= '0' && text[0] <= '9') ? look_up(r, text)
									      : text;
}

static bool is_number(const char *text)
{
	return *text >= '0' && *text <= '9' &&
	       !text[strspn(text, "0123456789.:_~+-abcdefghijklmnopqrstuvwxyz"
				  "ABCDEFGHIJKLMNOPQRSTUVWXYZ")];
}

static int resolve(struct resolver *r, struct number *number)
{
	const char *text = whole_word(r, number->text);
	struct out out;
	bool is_known;
	int error;

	if (number->value || !text)
		return 0;
	/* A variable may name another one. */
	text = whole_word(r, text);
	if (!text)
		return 0;
	out_init(&out, NULL, NULL);
	is_known = expand(r, &out, text, 0);
	out_char(&out, '\0');
	error = out.error;
	if (!error && is_known && out.size <= LONGEST_VALUE && is_number(out.bytes)) {
		number->value = arena_strdup(r->arena, out.bytes);
		error = number->value ? 0 : -ENOMEM;
	}
	out_done(&out);
	return error;
}

static int take_variables(struct resolver *r, struct versions *versions)
{
	size_t kept = 0;
	size_t i;
	int error = 0;

	for (i = 0; !error && i < versions->numbers.count; i++) {
		const struct number *n = &versions->numbers.items[i];
		const char *known = n->kind == NUMBER_VARIABLE && n->library
					    ? map_get(&r->variables, n->library)
					    : NULL;

		if (n->kind != NUMBER_VARIABLE)
			versions->numbers.items[kept++] = *n;
		else if (n->library)
			error = map_set(
				&r->variables, n->library,
				(void *)(known && strcmp(known, n->text) ? unknown : n->text));
	}
	versions->numbers.count = kept;
	return error;
}

/* The release first: others are made of it. */
int build_numbers_resolve(struct arena *arena, struct versions *versions)
{
	struct resolver resolver = { .arena = arena };
	size_t i;
	int error = take_variables(&resolver, versions);

	for (i = 0; !error && i < versions->numbers.count; i++) {
		struct number *n = &versions->numbers.items[i];

		if (n->kind != NUMBER_RELEASE)
			continue;
		error = resolve(&resolver, n);
		if (!resolver.release)
			resolver.release = n->value;
	}
	for (i = 0; !error && i < versions->numbers.count; i++)
		error = resolve(&resolver, &versions->numbers.items[i]);
	map_done(&resolver.variables);
	return error;
}

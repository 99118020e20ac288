/* SPDX-License-Identifier: Apache-2.0 */
/* Names of version nodes; contract in model/version-name.h. */
#include "model/version-name.h"

#include <string.h>

#define LONGEST_LIBRARY 64u
#define FAMILY_REACH 256u /* nodes of one family stand near each other */
#define LONGEST_NAME 512u /* a longer one has no number, so that comparing stays cheap */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Reads digits, separated by one '.' or '_' each, up to the end of the text. */
static bool read_parts(const char *text, struct version_name *ret)
{
	ret->count = 0;
	for (;;) {
		uint64_t value = 0;

		if (!is_digit(*text) || ret->count == VERSION_PARTS)
			return false;
		for (; is_digit(*text); text++) {
			if (__builtin_mul_overflow(value, 10, &value) ||
			    __builtin_add_overflow(value, (uint64_t)(*text - '0'), &value))
				value = UINT64_MAX;
		}
		ret->parts[ret->count++] = value;
		if (!*text)
			return true;
		if (*text != '.' && *text != '_')
			return false;
		text++;
	}
}

/* Where the longest tail of digits, dots and underscores begins. */
static const char *number_start(const char *name, size_t length)
{
	const char *at = name + length;

	while (at > name && (is_digit(at[-1]) || at[-1] == '.' || at[-1] == '_'))
		at--;
	return at;
}

void version_name_split(const char *name, struct version_name *ret)
{
	size_t length = strnlen(name, LONGEST_NAME);
	const char *at = length < LONGEST_NAME ? number_start(name, length) : "";

	/* The number may begin at each underscore of the tail: "A_1" and "A__1" have one. */
	for (at = strchr(at, '_'); at; at = strchr(at + 1, '_')) {
		if (at > name && is_digit(at[1]) && read_parts(at + 1, ret)) {
			ret->family_length = (size_t)(at - name);
			return;
		}
	}
	*ret = (struct version_name){ .family_length = length };
}

static int compare_parts(const struct version_name *a, const struct version_name *b)
{
	unsigned i;

	for (i = 0; i < a->count && i < b->count; i++) {
		if (a->parts[i] != b->parts[i])
			return a->parts[i] < b->parts[i] ? -1 : 1;
	}
	return (int)a->count - (int)b->count;
}

int version_name_compare(const char *a, const char *b)
{
	struct version_name va, vb;
	int order;

	version_name_split(a, &va);
	version_name_split(b, &vb);
	order = memcmp(a, b, size_min(va.family_length, vb.family_length));
	if (!order)
		order = (va.family_length > vb.family_length) -
			(va.family_length < vb.family_length);
	if (!order)
		order = compare_parts(&va, &vb);
	return order ? order : strcmp(a, b);
}

bool version_name_same_family(const char *a, const char *b)
{
	struct version_name va, vb;

	version_name_split(a, &va);
	version_name_split(b, &vb);
	if (va.count && vb.count)
		return va.family_length == vb.family_length && !memcmp(a, b, va.family_length);
	return !strcmp(a, b);
}

char *version_name_of_library(struct arena *arena, const char *library)
{
	const char *end = strstr(library, ".so");
	size_t length = end ? (size_t)(end - library) : strlen(library);
	char *name = arena_strndup(arena, library, size_min(length, LONGEST_LIBRARY));
	char *c;

	for (c = name; c && *c; c++) {
		bool is_letter = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z');

		*c = is_letter ? (char)(*c & ~0x20) : is_digit(*c) ? *c : '_';
	}
	return name;
}

bool version_name_is_private(const char *name)
{
	static const char *const words[] = { "PRIVATE", "INTERNAL", "FIPS", "private", "internal" };
	size_t i;

	/* Asked for each symbol: most characters begin no such word. */
	for (name = strpbrk(name, "PIFpi"); name; name = strpbrk(name + 1, "PIFpi")) {
		for (i = 0; i < ARRAY_SIZE(words); i++) {
			if (!strncmp(name, words[i], strlen(words[i])))
				return true;
		}
	}
	return false;
}

static const char *name_at(const char *const *first, size_t stride, size_t index)
{
	return *(const char *const *)((const char *)first + index * stride);
}

bool version_names_keep_releases(const char *const *first, size_t count, size_t stride)
{
	size_t i, k;

	for (i = 0; i < count; i++) {
		const char *name = name_at(first, stride, i);
		struct version_name parts;

		version_name_split(name, &parts);
		for (k = i - size_min(i, FAMILY_REACH); parts.count && k < i; k++) {
			if (version_name_same_family(name, name_at(first, stride, k)))
				return true;
		}
	}
	return false;
}

size_t version_names_newest(const char *const *first, size_t count, size_t stride)
{
	size_t start = count - size_min(count, 2 * FAMILY_REACH);
	size_t best = SIZE_MAX;
	size_t most = 0;
	size_t i, k;

	for (i = start; i < count; i++) {
		const char *name = name_at(first, stride, i);
		size_t family = 0;

		if (version_name_is_private(name))
			continue;
		for (k = start; k < count; k++)
			family += version_name_same_family(name, name_at(first, stride, k));
		if (family < most)
			continue;
		if (family > most ||
		    !version_name_same_family(name, name_at(first, stride, best)) ||
		    version_name_compare(name, name_at(first, stride, best)) > 0)
			best = i;
		most = family;
	}
	return best;
}

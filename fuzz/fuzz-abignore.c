/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as the body of a suppression file, and as a regular expression over long texts. */
#include "base/regexp.h"
#include "read/waivers.h"

#include <regex.h>
#include <string.h>

#define HEAD "[suppress_function]\n"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void check(bool holds)
{
	if (!holds)
		abort();
}

static void try_file(const uint8_t *bytes, size_t size)
{
	struct waivers *waivers = calloc(1, sizeof(*waivers));
	size_t length = strlen(HEAD);
	char *text = malloc(length + size);
	size_t i;

	check(waivers && text);
	memcpy(text, HEAD, length);
	if (size)
		memcpy(text + length, bytes, size);
	check(!waivers_read(text, length + size, "fuzz", waivers));
	/* Nothing is passed over in silence: a section covers something, or it is told. */
	check(waivers->items.count + waivers->problems.count > 0);
	for (i = 0; i < waivers->items.count; i++)
		check(waivers->items.items[i].scope && waivers->items.items[i].reason);
	free(text);
	waivers_free(waivers);
}

/* regcomp() may take very long over repetitions of repetitions, and knows back-references. */
static bool is_tame(const char *pattern)
{
	size_t repetitions = 0;

	if (strlen(pattern) > 64)
		return false;
	for (; *pattern; pattern++) {
		repetitions += *pattern == '+' || *pattern == '{';
		/* Its ideas of line ends, of \B and of what is no ASCII are its own. */
		if (*pattern & 0x80 || *pattern == '\n' || (*pattern == '\\' && pattern[1] == 'B'))
			return false;
	}
	return repetitions < 4;
}

/* What the C library says to the same. */
static void compare(const char *pattern, const char *text, const char *fault, bool found)
{
	regex_t regexp;
	int r = regcomp(&regexp, pattern, REG_EXTENDED | REG_NOSUB);

	if (r) {
		check(fault != NULL);
		return;
	}
	if (!fault)
		check(!regexec(&regexp, text, 0, NULL, 0) == found);
	regfree(&regexp);
}

static void fill(char *text, size_t room, const uint8_t *bytes, size_t size)
{
	size_t i;

	for (i = 0; i + 1 < room; i++)
		text[i] = size && bytes[i % size] && bytes[i % size] != '\n' ? (char)bytes[i % size]
									     : 'a';
	text[i] = '\0';
}

static void try_pattern(const uint8_t *bytes, size_t size)
{
	struct arena arena = { 0 };
	char *pattern = arena_strndup(&arena, (const char *)bytes, size);
	struct regexp *regexp;
	const char *fault;
	char text[2048];

	check(pattern != NULL);
	fill(text, sizeof(text), bytes, size);
	check(!regexp_compile(&arena, pattern, &regexp, &fault));
	if (!fault)
		regexp_search(regexp, text);
	text[32] = '\0';
	if (is_tame(pattern))
		compare(pattern, text, fault, !fault && regexp_search(regexp, text));
	arena_done(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	try_file(bytes, size);
	try_pattern(bytes, size);
	return 0;
}

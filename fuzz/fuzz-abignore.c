/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as the body of a suppression file, and as a regular expression over long texts. */
#include "read/regexp.h"
#include "read/waivers.h"

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

static void try_pattern(const uint8_t *bytes, size_t size)
{
	struct arena arena = { 0 };
	char *pattern = arena_strndup(&arena, (const char *)bytes, size);
	const char *fault;
	char text[2048];
	regex_t *regexp;
	size_t i;

	check(pattern != NULL);
	for (i = 0; i + 1 < sizeof(text); i++)
		text[i] = size ? (char)(bytes[i % size] ? bytes[i % size] : 'a') : 'a';
	text[i] = '\0';
	check(!regexp_compile(&arena, pattern, &regexp, &fault));
	if (!fault) {
		check(regexec(regexp, text, 0, NULL, 0) != REG_ESPACE);
		regfree(regexp);
	}
	arena_done(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	try_file(bytes, size);
	try_pattern(bytes, size);
	return 0;
}

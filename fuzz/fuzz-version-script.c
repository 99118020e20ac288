/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a version script: its places lie in the text, each name finds its node. */
#include "engine/script/match.h"
#include "read/version-script.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void check(bool holds)
{
	if (!holds)
		abort();
}

static void check_word(const struct version_script *script, const struct script_word *word)
{
	size_t length = strlen(word->name);
	size_t quote = word->start < script->size && script->text[word->start] == '"';

	check(word->end <= script->size && word->start + length + 2 * quote == word->end);
	check(!memcmp(script->text + word->start + quote, word->name, length));
	check(word->line && word->column);
}

static void check_places(const struct version_script *script)
{
	size_t i;

	for (i = 0; i < script->nodes.count; i++) {
		const struct script_node *node = &script->nodes.items[i];

		check(node->word.end <= node->open && node->open < node->close &&
		      node->close < node->end && node->end <= script->size);
		check(script->text[node->open] == '{' && script->text[node->close] == '}' &&
		      script->text[node->end - 1] == ';');
		check(node->first_pattern + node->pattern_count <= script->patterns.count);
	}
	for (i = 0; i < script->patterns.count; i++) {
		check_word(script, &script->patterns.items[i].word);
		check(script->patterns.items[i].node < script->nodes.count);
	}
	for (i = 0; i < script->parents.count; i++)
		check_word(script, &script->parents.items[i]);
}

static void match_all(const struct version_script *script)
{
	static const char *const names[] = { "foo", "_ZN2ns3fooEv", "*", "" };
	struct script_matcher matcher;
	enum script_linker linker;
	struct script_outcome outcome;
	size_t i;

	check(!script_matcher_init(&matcher, script));
	matcher.steps = 1u << 22;
	for (linker = 0; linker < LINKER_COUNT; linker++) {
		for (i = 0; i < ARRAY_SIZE(names); i++) {
			check(script_match(&matcher, linker, names[i], NULL, false, &outcome) !=
			      -ENOMEM);
			check(script_match(&matcher, linker, names[i], "V1", i & 1, &outcome) !=
			      -ENOMEM);
		}
		for (i = 0; i < script->patterns.count && i < 100; i++) {
			const struct script_pattern *pattern = &script->patterns.items[i];
			int r = script_match(&matcher, linker, pattern->name[linker], NULL, false,
					     &outcome);

			/* What is named is found, unless its source form is asked for. */
			check(r || pattern->is_wildcard[linker] || pattern->language != SCRIPT_C ||
			      outcome.is_exact);
		}
	}
	script_matcher_done(&matcher);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct version_script *script;
	struct script_error error;
	int r = version_script_read((const char *)bytes, size, "fuzz", &script, &error);

	check(r != -ENOMEM);
	if (r) {
		check(error.line && error.column && error.rule && error.text[0]);
		return 0;
	}
	check_places(script);
	match_all(script);
	version_script_free(script);
	return 0;
}

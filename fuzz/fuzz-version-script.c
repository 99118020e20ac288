/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a version script: its places lie in the text, each name finds its
 * node; it is checked beside itself, and after an update it is a script again.
 */
#include "engine/script/match.h"
#include "engine/script/script.h"
#include "base/out.h"
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

static void check_edits(const struct map_result *result)
{
	const struct version_script *script = result->script;
	struct version_script *updated = NULL;
	struct script_error error;
	struct out out;
	size_t at = 0;
	size_t i;

	out_init(&out, NULL, NULL);
	for (i = 0; i < result->edits.count; i++) {
		const struct map_edit *edit = &result->edits.items[i];

		check(edit->offset >= at && edit->offset <= script->size);
		out_bytes(&out, script->text + at, edit->offset - at);
		out_text(&out, edit->text);
		at = edit->offset;
	}
	out_bytes(&out, script->text + at, script->size - at);
	check(!out.error && !version_script_read(out.bytes, out.size, "updated", &updated, &error));
	version_script_free(updated);
	out_done(&out);
}

/* The names of the script and one more, as a library without versions. */
static void ask_all(struct version_script *script)
{
	static int (*const questions[])(const struct script_question *,
					struct map_result *) = { script_check, script_freeze };
	struct script_question question = { .script = script, .release = "9.1.0" };
	struct corpus *library = NULL;
	struct corpus *released = NULL;
	struct map_result *result = calloc(1, sizeof(*result));
	const char *newest = NULL;
	uint64_t open;
	size_t i;

	check(result && !script_corpus(script, &library, &open) &&
	      !script_corpus(script, &released, &open));
	for (i = 0; i < library->symbols.count; i++) {
		library->symbols.items[i].version = NULL;
		library->symbols.items[i].mark = MARK_NONE;
	}
	check(!array_push(&library->symbols,
			  (struct corpus_symbol){ .name = "zzz_new", .binding = STB_GLOBAL }));
	qsort(library->symbols.items, library->symbols.count, sizeof(struct corpus_symbol),
	      corpus_symbol_compare);
	question.library = library;
	question.released = released;
	for (i = 0; i < ARRAY_SIZE(questions); i++)
		check(questions[i](&question, result) != -ENOMEM);
	result->script = script;
	if (!script_update(&question, result, &newest))
		check_edits(result);
	result->script = NULL;
	map_result_free(result);
	corpus_free(library);
	corpus_free(released);
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
	if (script->patterns.count < 2000)
		ask_all(script);
	version_script_free(script);
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a version script means: first a line for each reason why a linker refuses it, then for
 * each symbol of standard input ("name", "name@VERSION", "name@@VERSION") its node for GNU ld
 * and for lld: "-" when it is not exported, "." when it is without version.
 * usage: dump-script SCRIPT
 */
#include "base/file.h"
#include "engine/script/match.h"
#include "read/version-script.h"

#include <stdio.h>
#include <string.h>

static void print_refusals(const struct version_script *script)
{
	size_t i;

	for (i = 0; i < script->refusals.count; i++) {
		const struct script_refusal *refusal = &script->refusals.items[i];

		printf("refused %s %u:%u %s\n", script_linker_word(refusal->linker), refusal->line,
		       refusal->column, refusal->text);
	}
}

static int print_symbol(struct script_matcher *matcher, char *line)
{
	char *at = strchr(line, '@');
	const char *version = at;
	bool is_default = at && at[1] == '@';
	enum script_linker linker;

	printf("%s", line);
	if (at) {
		*at = '\0';
		version = at + 1 + is_default;
	}
	for (linker = 0; linker < LINKER_COUNT; linker++) {
		struct script_outcome outcome;

		if (script_match(matcher, linker, line, version, is_default, &outcome))
			return 1;
		printf("\t%s", outcome.is_local ? "-"
			       : outcome.node == NO_SCRIPT_NODE
				       ? "."
				       : matcher->script->nodes.items[outcome.node].word.name);
	}
	putchar('\n');
	return 0;
}

int main(int argc, char **argv)
{
	struct version_script *script;
	struct script_matcher matcher;
	struct script_error error;
	struct file file;
	char *line = NULL;
	size_t size = 0;
	int failed;

	if (argc != 2 || file_map(argv[1], &file))
		return 2;
	if (version_script_read((const char *)file.bytes, file.size, argv[1], &script, &error)) {
		printf("error %u:%u %s\n", error.line, error.column, error.text);
		return 1;
	}
	print_refusals(script);
	failed = script_matcher_init(&matcher, script);
	while (!failed && getline(&line, &size, stdin) > 0) {
		line[strcspn(line, "\n")] = '\0';
		failed = print_symbol(&matcher, line);
	}
	free(line);
	script_matcher_done(&matcher);
	version_script_free(script);
	return failed;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Look-up in a version script; contract in model/version-script.h. */
#include "model/version-script.h"

const char *script_linker_word(enum script_linker linker)
{
	static const char *const words[] = { "bfd", "lld" };

	return words[linker];
}

const char *script_linker_name(enum script_linker linker)
{
	static const char *const names[] = { "GNU ld", "lld" };

	return names[linker];
}

uint32_t version_script_find(const struct version_script *script, const char *name)
{
	uintptr_t number = (uintptr_t)map_get(&script->by_name, name);

	return number ? (uint32_t)(number - 1) : NO_SCRIPT_NODE;
}

int version_script_refuse(struct version_script *script, enum script_linker linker,
			  enum script_fault fault, unsigned line, unsigned column, const char *text)
{
	struct script_refusal refusal = { linker, fault, line, column, text };

	return text ? array_push(&script->refusals, refusal) : -ENOMEM;
}

void version_script_free(struct version_script *script)
{
	if (!script)
		return;
	array_done(&script->nodes);
	array_done(&script->parents);
	array_done(&script->patterns);
	array_done(&script->refusals);
	map_done(&script->by_name);
	arena_done(&script->arena);
	free(script);
}

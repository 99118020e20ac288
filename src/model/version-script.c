/* SPDX-License-Identifier: Apache-2.0 */
/* Look-up in a version script; contract in model/version-script.h. */
#include "model/version-script.h"

#include <string.h>

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

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '.';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool version_script_can_hold(const char *name)
{
	size_t i;

	for (i = 0; name[i]; i++) {
		if (name[i] == '"' || (unsigned char)name[i] <= ' ' || name[i] == 0x7f)
			return false;
	}
	return i > 0;
}

bool version_script_is_plain(const char *name)
{
	size_t i;

	for (i = 0; is_letter(name[i]) || name[i] == '$' || (i && is_digit(name[i])); i++)
		;
	return i && !name[i] && strcmp(name, "extern");
}

bool version_script_is_tag(const char *name)
{
	size_t i;

	for (i = 0; is_letter(name[i]) || (!i && name[i] == '$') || (i && is_digit(name[i])); i++)
		;
	return i && !name[i];
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

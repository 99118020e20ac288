/* SPDX-License-Identifier: Apache-2.0 */
/* How symbols are written in findings. Contract in engine/compare/parts.h. */
#include "base/demangle.h"
#include "engine/compare/cxx-name.h"
#include "engine/compare/parts.h"

#include <string.h>

#define MOST_SHOWN 300 /* characters of a C++ name in a message; of longer ones, the symbol */

const char *compare_symbol(struct compare *c, const struct corpus_symbol *s)
{
	const char *text = corpus_symbol_text(&c->out->findings.arena, s);

	c->no_memory |= !text;
	return text;
}

const char *compare_shown(struct compare *c, const struct corpus_symbol *s)
{
	struct arena *arena = &c->out->findings.arena;
	char buffer[DEMANGLED_SIZE];
	struct corpus_symbol shown = *s;
	struct plain_name plain;

	if (strncmp(s->name, "_Z", 2) != 0)
		return compare_symbol(c, s);
	if (demangle(s->name, buffer, sizeof(buffer))) {
		c->no_memory = true;
		return NULL;
	}
	if (!buffer[0] || strlen(buffer) > MOST_SHOWN)
		return compare_symbol(c, s);
	/* Variants of constructors and destructors are told apart by their symbols only. */
	shown.name = plain_name_parse(s->name, &plain) && plain_name_is_special(&plain)
			     ? compare_text(c, "%s (%s)", buffer, s->name)
			     : arena_strdup(arena, buffer);
	if (shown.name)
		return compare_symbol(c, &shown);
	c->no_memory = true;
	return NULL;
}

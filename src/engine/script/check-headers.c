/* SPDX-License-Identifier: Apache-2.0 */
/* The script beside the public headers; contract in engine/script/parts.h. */
#include "engine/script/parts.h"

#include <string.h>

static int check_names(struct checker *c)
{
	enum script_linker linker = c->q->linker;
	size_t i;

	for (i = 0; i < c->script->patterns.count; i++) {
		const struct script_pattern *p = &c->script->patterns.items[i];

		if (p->is_wildcard[linker] || p->scope[linker] == SCOPE_LOCAL ||
		    p->language != SCRIPT_C || !strncmp(p->name[linker], "_Z", 2) ||
		    map_get(c->q->headers, p->name[linker]))
			continue;
		if (!checker_add(c, "map/undeclared-name", p->word.line, p->word.column,
				 p->word.name,
				 checker_text(c, "%s is in no public header", p->word.name)))
			return -ENOMEM;
	}
	return 0;
}

/* What the linker made local stands in .symtab as a local symbol. */
static bool is_hidden_definition(const struct symbol *s)
{
	return s->section != SHN_UNDEF && s->section < SHN_LORESERVE &&
	       (s->type == STT_FUNC || s->type == STT_OBJECT || s->type == STT_GNU_IFUNC) &&
	       (s->binding == STB_LOCAL || s->visibility == STV_HIDDEN ||
		s->visibility == STV_INTERNAL);
}

static int check_hidden(struct checker *c, const char *name)
{
	struct script_outcome outcome;
	const char *where;
	size_t count;
	int r;

	if (!map_get(c->q->declared, name) || corpus_find(c->q->library, name, &count))
		return 0;
	r = checker_match(c, name, &outcome);
	if (r || !outcome.is_local)
		return r;
	where = checker_pattern(c, outcome.pattern);
	name = checker_text(c, "%s", name);
	if (!where || !name)
		return -ENOMEM;
	return checker_add(c, "map/declared-hidden",
			   c->script->patterns.items[outcome.pattern].word.line,
			   c->script->patterns.items[outcome.pattern].word.column, name,
			   checker_text(c,
					"a public header has %s, the library defines it, and the "
					"script hides it (%s)",
					name, where))
		       ? 0
		       : -ENOMEM;
}

int check_headers(struct checker *c)
{
	const struct object_file *file = c->q->library_file;
	struct symbol symbol;
	uint32_t i;
	int r = c->q->headers ? check_names(c) : 0;

	for (i = 1; !r && c->q->declared && file && i < file->symbol_count; i++) {
		if (object_symbol(file, i, &symbol) && is_hidden_definition(&symbol))
			r = check_hidden(c, symbol.name);
	}
	return r;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Accessors of model/corpus.h. */
#include "model/corpus.h"
#include "model/version-name.h"

#include <string.h>

const char *corpus_flag_text(unsigned bit)
{
	static const char *const texts[] = {
		"bind-now",
		"symbolic",
		"text-relocations",
		"static-tls",
		"no-delete",
		"no-open",
		"sysv-hash",
		"packed-relocations",
		"executable-stack",
		"indirect-access",
		"pie",
		"versym",
		"ibt",
		"shstk",
		"bti",
		"pac",
		"gcs",
		"static",
		"exceptions",
	};

	return bit < ARRAY_SIZE(texts) ? texts[bit] : NULL;
}

int corpus_symbol_compare(const void *a, const void *b)
{
	const struct corpus_symbol *x = a;
	const struct corpus_symbol *y = b;
	int order = strcmp(x->name, y->name);

	if (order)
		return order;
	if (!x->version || !y->version)
		return (x->version == NULL) - (y->version == NULL);
	return version_name_compare(x->version, y->version);
}

const struct corpus_symbol *corpus_find(const struct corpus *corpus, const char *name,
					size_t *ret_count)
{
	size_t low = 0;
	size_t high = corpus->symbols.count;
	size_t end;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(corpus->symbols.items[middle].name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (end = low; end < corpus->symbols.count; end++) {
		if (strcmp(corpus->symbols.items[end].name, name))
			break;
	}
	*ret_count = end - low;
	return end > low ? &corpus->symbols.items[low] : NULL;
}

const struct corpus_node *corpus_node_find(const struct corpus *corpus, const char *name)
{
	size_t i;

	for (i = 0; i < corpus->nodes.count; i++) {
		if (!strcmp(corpus->nodes.items[i].name, name))
			return &corpus->nodes.items[i];
	}
	return NULL;
}

const char *corpus_symbol_text(struct arena *arena, const struct corpus_symbol *symbol)
{
	size_t name, marks, version;
	char *text;

	if (!symbol->version)
		return symbol->mark == MARK_HIDDEN ? arena_printf(arena, "%s@", symbol->name)
						   : symbol->name;
	/* Not printf: this is asked for each symbol of large libraries. */
	name = strlen(symbol->name);
	version = strlen(symbol->version) + 1;
	marks = symbol->mark == MARK_DEFAULT ? 2 : 1;
	text = arena_alloc(arena, name + marks + version);
	if (!text)
		return NULL;
	memcpy(text, symbol->name, name);
	memcpy(text + name, "@@", marks);
	memcpy(text + name + marks, symbol->version, version);
	return text;
}

int corpus_link_compare(const void *a, const void *b)
{
	const struct corpus_link *x = a;
	const struct corpus_link *y = b;
	int order = strcmp(x->class, y->class);

	return order ? order : x->place < y->place ? -1 : x->place > y->place;
}

void corpus_free(struct corpus *corpus)
{
	if (!corpus)
		return;
	array_done(&corpus->needed);
	array_done(&corpus->needs);
	array_done(&corpus->nodes);
	array_done(&corpus->symbols);
	array_done(&corpus->imports);
	array_done(&corpus->bases);
	array_done(&corpus->slots);
	types_free(corpus->types);
	declared_free(corpus->declared);
	free(corpus->symbol_types);
	arena_done(&corpus->arena);
	free(corpus);
}

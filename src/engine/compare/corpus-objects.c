/* SPDX-License-Identifier: Apache-2.0 */
/* corpus_from_objects(): contract in engine/compare/corpus.h. */
#include "engine/compare/corpus.h"

#include <string.h>

static int take_export(struct corpus *corpus, const struct show_export *export)
{
	struct corpus_symbol symbol = {
		.name = arena_strdup(&corpus->arena, export->name),
		.size = export->kind == SYMBOL_FUNCTION || export->kind == SYMBOL_IFUNC
				? 0
				: export->size,
		.kind = export->kind,
		.binding = export->binding,
		.visibility = export->visibility,
	};

	/* foo@V1 is for old programs of a shared library; nobody links with it. */
	if (export->mark == MARK_HIDDEN || export->visibility == STV_HIDDEN ||
	    export->visibility == STV_INTERNAL)
		return 0;
	return symbol.name ? array_push(&corpus->symbols, symbol) : -ENOMEM;
}

/* Of several definitions of a name the linker takes the first that it meets. */
static void drop_repeats(struct corpus *corpus)
{
	size_t count = 0;
	size_t i;

	for (i = 0; i < corpus->symbols.count; i++) {
		if (!count ||
		    strcmp(corpus->symbols.items[count - 1].name, corpus->symbols.items[i].name))
			corpus->symbols.items[count++] = corpus->symbols.items[i];
	}
	corpus->symbols.count = count;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int take_import(struct corpus *corpus, const struct show_import *import)
{
	const char *name;
	size_t count;

	if (import->weak || corpus_find(corpus, import->name, &count))
		return 0;
	name = arena_strdup(&corpus->arena, import->name);
	return name ? array_push(&corpus->imports, name) : -ENOMEM;
}

static void sort_imports(struct corpus *corpus)
{
	size_t count = 0;
	size_t i;

	if (corpus->imports.count)
		qsort(corpus->imports.items, corpus->imports.count, sizeof(const char *), by_name);
	for (i = 0; i < corpus->imports.count; i++) {
		if (!count || strcmp(corpus->imports.items[count - 1], corpus->imports.items[i]))
			corpus->imports.items[count++] = corpus->imports.items[i];
	}
	corpus->imports.count = count;
}

static void take_machine(struct corpus *corpus, const struct show_member *member)
{
	corpus->elf_machine = member->elf_machine;
	corpus->is_64 = member->is_64;
	corpus->is_big = member->is_big;
	corpus->elf_flags = member->elf_flags;
	corpus->machine = member->machine;
}

static int fill(struct corpus *corpus, const struct show *show)
{
	size_t i, k;
	int r = 0;

	for (i = 0; !r && i < show->members.count; i++) {
		const struct show_member *member = &show->members.items[i];

		if (!corpus->elf_machine && member->machine)
			take_machine(corpus, member);
		for (k = 0; !r && k < member->defined_count; k++)
			r = take_export(corpus, &member->defined[k]);
	}
	if (corpus->symbols.count)
		qsort(corpus->symbols.items, corpus->symbols.count, sizeof(struct corpus_symbol),
		      corpus_symbol_compare);
	drop_repeats(corpus);
	for (i = 0; !r && i < show->members.count; i++) {
		const struct show_member *member = &show->members.items[i];

		for (k = 0; !r && k < member->undefined_count; k++)
			r = take_import(corpus, &member->undefined[k]);
	}
	sort_imports(corpus);
	return r;
}

int corpus_from_objects(const struct show *show, const char *path, struct corpus **ret)
{
	struct corpus *corpus = calloc(1, sizeof(*corpus));
	int r;

	if (!corpus)
		return -ENOMEM;
	corpus->flags = CORPUS_STATIC;
	corpus->machine = machine_describe(0, false, false, 0);
	corpus->path = arena_strdup(&corpus->arena, path);
	r = corpus->path ? fill(corpus, show) : -ENOMEM;
	if (r) {
		corpus_free(corpus);
		return r;
	}
	*ret = corpus;
	return 0;
}

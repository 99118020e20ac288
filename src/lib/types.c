/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in lib/types.h. */
#include "lib/types.h"
#include "engine/compare/corpus.h"
#include "read/debug-files.h"
#include "read/dwarf-types.h"

#include <string.h>

/* Symbols that debug information knows by another address, or not at all, are asked for by name. */
#define NO_ADDRESS UINT64_MAX

static uint64_t address_of(const struct corpus *corpus, const struct corpus_symbol *symbol)
{
	switch (symbol->kind) {
	case SYMBOL_FUNCTION:
		/* The lowest bit says which instructions it is made of. */
		return corpus->elf_machine == EM_ARM ? symbol->address & ~UINT64_C(1)
						     : symbol->address;
	case SYMBOL_VARIABLE:
	case SYMBOL_COMMON:
		return symbol->address;
	default:
		/* One without a type, such as _edata, may stand where a variable does. */
		return NO_ADDRESS;
	}
}

static struct type_root *make_roots(const struct corpus *corpus)
{
	struct type_root *roots = calloc(corpus->symbols.count + 1, sizeof(*roots));
	size_t i;

	for (i = 0; roots && i < corpus->symbols.count; i++) {
		const struct corpus_symbol *s = &corpus->symbols.items[i];

		roots[i] = (struct type_root){ .name = s->name, .address = address_of(corpus, s) };
	}
	return roots;
}

/* What the entry that was found says must be what the symbol is. */
static bool is_fitting(const struct corpus_symbol *symbol, const struct type_root *root,
		       const struct types *types)
{
	bool is_function = type_at(types, root->type)->kind == TYPE_FUNCTION;

	if (!root->is_found)
		return false;
	return symbol->kind == SYMBOL_FUNCTION || symbol->kind == SYMBOL_IFUNC
		       ? is_function
		       : symbol->kind == SYMBOL_UNTYPED || !is_function;
}

static int keep(struct corpus *corpus, struct types *types, const struct type_root *roots)
{
	size_t i;

	corpus->symbol_types = malloc((corpus->symbols.count + 1) * sizeof(uint32_t));
	if (!corpus->symbol_types) {
		types_free(types);
		return -ENOMEM;
	}
	for (i = 0; i < corpus->symbols.count; i++) {
		/* A resolver has not the type of what it chooses. */
		corpus->symbol_types[i] =
			corpus->symbols.items[i].kind != SYMBOL_IFUNC &&
					is_fitting(&corpus->symbols.items[i], &roots[i], types)
				? roots[i].type
				: CORPUS_NO_TYPE;
	}
	corpus->types = types;
	corpus->old_dwarf = types->lowest_version < 5 ? types->lowest_version : 0;
	return corpus_mark_pure(corpus);
}

/* What of the debug information was not there. */
static int note_gap(struct corpus *corpus, const struct debug_files *files)
{
	const struct types *types = corpus->types;

	if (files->missing_splits == 1)
		corpus->types_gap =
			arena_printf(&corpus->arena, "%s is not there", files->missing_split);
	else if (files->missing_splits)
		corpus->types_gap = arena_printf(&corpus->arena,
						 "%s is not there, nor are %zu other files like it",
						 files->missing_split, files->missing_splits - 1);
	else if (files->alternate_problem && types->alt_references)
		corpus->types_gap = arena_strdup(&corpus->arena, files->alternate_problem);
	else if (types->damaged_units)
		corpus->types_gap = arena_printf(&corpus->arena, "%zu damaged units in %s",
						 types->damaged_units, files->main->path);
	else
		return 0;
	return corpus->types_gap ? 0 : -ENOMEM;
}

static int read_types(struct corpus *corpus, struct debug_files *files)
{
	struct type_root *roots = make_roots(corpus);
	struct types *types = NULL;
	struct fault fault = { 0 };
	int r = roots ? types_from_dwarf(files, roots, corpus->symbols.count, false, &types, &fault)
		      : -ENOMEM;

	if (!r)
		r = keep(corpus, types, roots);
	if (!r)
		r = note_gap(corpus, files);
	if (r == -EBADMSG) {
		corpus->no_types = arena_printf(&corpus->arena, "%s: %s", files->main->path,
						fault.text ? fault.text : "damaged");
		r = corpus->no_types ? 0 : -ENOMEM;
	}
	free(roots);
	return r;
}

int corpus_read_types(struct corpus *corpus, const char *path, const struct debug_search *search)
{
	struct debug_files *files;
	int r = debug_files_open(path, corpus->image->bytes, corpus->image->size, search, &files);

	if (r)
		return r;
	if (!files->main) {
		corpus->no_types = arena_strdup(&corpus->arena, files->problem);
		r = corpus->no_types ? 0 : -ENOMEM;
	} else {
		corpus->types_from = arena_strdup(&corpus->arena, files->main->path);
		r = corpus->types_from ? read_types(corpus, files) : -ENOMEM;
	}
	debug_files_free(files);
	return r;
}

/* Takes over what headers define, and the symbols that they declare. */
static int adopt(struct corpus *corpus, struct types *headers, const struct type_root *roots)
{
	type_id base;
	size_t i;
	int r = types_adopt(corpus->types, headers, corpus->symbol_types, corpus->symbols.count,
			    &base);

	if (r) {
		types_free(headers);
		return r;
	}
	for (i = 0; i < corpus->symbols.count; i++) {
		if (is_fitting(&corpus->symbols.items[i], &roots[i], headers) && roots[i].type)
			corpus->symbol_types[i] = base + roots[i].type;
	}
	corpus->has_headers = true;
	return 0;
}

int corpus_adopt_headers(struct corpus *corpus, const char *bytes, size_t size)
{
	struct debug_search search = { 0 };
	struct debug_files *files;
	struct types *headers;
	struct type_root *roots;
	struct fault fault = { 0 };
	size_t i;
	int r = debug_files_open(NULL, (const unsigned char *)bytes, size, &search, &files);

	if (r)
		return r;
	roots = make_roots(corpus);
	for (i = 0; roots && i < corpus->symbols.count; i++)
		roots[i].address = NO_ADDRESS;
	r = roots ? types_from_dwarf(files, roots, corpus->symbols.count, true, &headers, &fault)
		  : -ENOMEM;
	if (!r)
		r = adopt(corpus, headers, roots);
	/* Headers that define nothing have no debug information. */
	if (r == -ENOENT || r == -EBADMSG)
		r = 0;
	debug_files_free(files);
	free(roots);
	return r;
}

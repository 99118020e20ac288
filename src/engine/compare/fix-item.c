/* SPDX-License-Identifier: Apache-2.0 */
/* One symbol of a fix: its names in the source and its lines. Contract in fix-parts.h. */
#include "engine/compare/fix-parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *fix_text(struct fixer *f, const char *format, ...)
{
	va_list args;
	char *text = NULL;
	const char *copy = NULL;
	int length;

	va_start(args, format);
	length = vasprintf(&text, format, args);
	va_end(args);
	if (length >= 0) {
		copy = arena_strndup(&f->out->arena, text, (size_t)length);
		free(text);
	}
	f->no_memory |= !copy;
	return copy;
}

const char *fix_symbol_text(struct fixer *f, const struct corpus_symbol *symbol)
{
	const char *text = corpus_symbol_text(&f->out->arena, symbol);

	f->no_memory |= !text;
	return text;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_data(enum symbol_kind kind)
{
	return kind == SYMBOL_VARIABLE || kind == SYMBOL_COMMON || kind == SYMBOL_TLS;
}

/* What the assembler takes as a name without quoting. */
static bool is_plain(const char *name)
{
	size_t i;

	for (i = 0; name[i]; i++) {
		if (!is_letter(name[i]) && !is_digit(name[i]) && name[i] != '.' && name[i] != '$')
			return false;
	}
	return i > 0;
}

static bool is_identifier(const char *name)
{
	size_t i;

	for (i = 0; name[i]; i++) {
		if (!is_letter(name[i]) && (!i || !is_digit(name[i])))
			return false;
	}
	return true;
}

static bool is_mangled(const char *name)
{
	return !strncmp(name, "_Z", 2) || !strncmp(name, "_R", 2);
}

/* An identifier that says the symbol and the version, and that the libraries do not export. */
static const char *helper_name(struct fixer *f, const char *name, const char *suffix, size_t number)
{
	bool is_exact = is_identifier(name);
	char *text = arena_printf(&f->out->arena, "%s%s%s_%s", is_mangled(name) ? "compat" : "",
				  is_digit(name[0]) ? "_" : "", name, suffix);
	size_t ignored;
	char *c;

	for (c = text; c && *c; c++) {
		if (!is_letter(*c) && !is_digit(*c)) {
			*c = '_';
			is_exact = false;
		}
	}
	f->no_memory |= !text;
	if (text && !is_exact)
		text = (char *)fix_text(f, "%s_%zu", text, number);
	while (text && (corpus_find(f->new, text, &ignored) ||
			(f->old && corpus_find(f->old, text, &ignored))))
		text = (char *)fix_text(f, "%s_", text);
	return text;
}

struct fix_item *fix_item_add(struct fixer *f, const struct corpus_symbol *symbol, enum fix_way way)
{
	bool by_string = is_mangled(symbol->name) || !is_identifier(symbol->name);
	struct fix_item item = {
		.name = symbol->name,
		.way = way,
		.kind = symbol->kind,
		.size = symbol->size,
		.by_string = by_string,
		.body = symbol->name,
	};
	size_t ignored;

	if (!is_plain(symbol->name)) {
		item.way = FIX_IMPOSSIBLE;
		item.why = "the name has characters that no assembler source can hold";
	}
	if (!by_string && (symbol->kind == SYMBOL_FUNCTION || symbol->kind == SYMBOL_IFUNC ||
			   symbol->kind == SYMBOL_UNTYPED))
		item.body = helper_name(f, symbol->name, "body", 0);
	if (by_string)
		item.helper = helper_name(f, symbol->name, "plain", 0);
	item.before = f->old && corpus_find(f->old, symbol->name, &ignored)
			      ? fix_symbol_text(f, symbol)
			      : NULL;
	if (!item.body || f->no_memory || array_push(&f->out->items, item))
		return NULL;
	return &f->out->items.items[f->out->items.count - 1];
}

int fix_item_line(struct fixer *f, struct fix_item *item, size_t node, const char *name,
		  bool is_local)
{
	(void)f;
	return array_push(&item->lines,
			  (struct fix_line){ .node = node, .name = name, .is_local = is_local });
}

static bool new_has(const struct fixer *f, const char *name, const char *version)
{
	size_t count, i;
	const struct corpus_symbol *found = corpus_find(f->new, name, &count);

	for (i = 0; i < count; i++) {
		if (found[i].version && !strcmp(found[i].version, version))
			return true;
	}
	return false;
}

int fix_item_version(struct fixer *f, struct fix_item *item, size_t node, bool is_default,
		     bool is_body)
{
	struct fix_version version = {
		.version = f->out->nodes.items[node].name,
		.is_default = is_default,
		.is_body = is_body,
	};
	int r = 0;

	if (!is_plain(version.version)) {
		item->way = FIX_IMPOSSIBLE;
		item->why = fix_text(f, "the assembler takes no %s as the name of a node",
				     version.version);
		return item->why ? 0 : -ENOMEM;
	}
	version.helper = helper_name(f, item->name, version.version, node);
	if (!version.helper || array_push(&item->versions, version))
		return -ENOMEM;
	if (!new_has(f, item->name, version.version))
		r = fix_item_line(f, item, node, item->name, false);
	if (r || (item->kind == SYMBOL_IFUNC && !is_body))
		return r;
	return is_data(item->kind) && is_default
		       ? 0
		       : fix_item_line(f, item, node, version.helper, true);
}

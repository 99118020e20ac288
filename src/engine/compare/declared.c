/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in engine/compare/declared.h. */
#include "engine/compare/declared.h"
#include "engine/compare/cxx-name.h"

#include <string.h>

/* The name that the source has for a symbol, without parameters and arguments. */
static const char *source_name(struct arena *arena, const char *symbol)
{
	struct cxx_name name;
	const char *text;

	if (strncmp(symbol, "_Z", 2))
		return symbol;
	if (cxx_name_parse(arena, symbol, &name))
		return NULL;
	text = name.qualified ? name.qualified : name.text;
	text = cxx_without_tags(arena, text);
	return text && !strstr(text, "operator") ? cxx_without_arguments(arena, text) : text;
}

static int index_symbols(struct declared_diff *d, struct declared_side *side)
{
	size_t i;

	for (i = 0; i < side->corpus->symbols.count; i++) {
		const struct corpus_symbol *symbol = &side->corpus->symbols.items[i];
		const char *name = source_name(&d->arena, symbol->name);

		if (!name)
			return -ENOMEM;
		if (!map_get(&side->symbols, name) && map_set(&side->symbols, name, (void *)symbol))
			return -ENOMEM;
	}
	return 0;
}

const struct corpus_symbol *declared_symbol(const struct declared_side *side,
					    const struct declared_item *item)
{
	size_t count;

	if (item->label)
		return corpus_find(side->corpus, item->label, &count);
	if (item->flags & DECLARED_C)
		return corpus_find(side->corpus, declared_last(item->name), &count);
	return map_get(&side->symbols, item->name);
}

bool declared_is_copied(const struct declared_item *item)
{
	if (item->flags & (DECLARED_INLINE | DECLARED_BODY | DECLARED_TEMPLATE |
			   DECLARED_CONSTEXPR | DECLARED_CONSTEVAL))
		return true;
	return item->flags & DECLARED_STATIC && !(item->flags & DECLARED_MEMBER);
}

const struct declared_item *declared_partner(const struct declared_diff *d,
					     const struct declared_item *old)
{
	const struct declared_item *found = declared_match(d->new.declared, old);
	size_t old_count, new_count;

	if (found)
		return found;
	declared_find(d->old.declared, DECLARED_FUNCTION, old->name, &old_count);
	found = declared_find(d->new.declared, DECLARED_FUNCTION, old->name, &new_count);
	return old_count == 1 && new_count == 1 ? found : NULL;
}

const char *declared_class(const struct declared_diff *d, const struct declared_item *member)
{
	const char *last = declared_last(member->name);
	size_t length = (size_t)(last - member->name);

	return compare_text(d->c, "%.*s", (int)(length > 2 ? length - 2 : 0), member->name);
}

bool declared_class_remains(const struct declared_diff *d, const struct declared_item *member)
{
	const char *class = declared_class(d, member);
	size_t count;

	return class && declared_find(d->new.declared, DECLARED_RECORD, class, &count);
}

struct finding *declared_add(struct declared_diff *d, const char *rule,
			     const struct declared_item *item, const char *message)
{
	struct compare *c = d->c;
	struct finding *finding =
		message ? compare_add(c, rule, compare_text(c, "%s", item->name),
				      compare_text(c, "%s (%s:%u)", message, path_name(item->file),
						   item->line))
			: NULL;

	if (!finding)
		return NULL;
	finding->by_types = true;
	finding->file = compare_text(c, "%s", item->file);
	finding->line = item->line;
	return finding;
}

int declared_note(struct declared_diff *d, const char *rule, const struct declared_item *item,
		  const char *before, const char *after, const char *message)
{
	struct finding *finding = declared_add(d, rule, item, message);

	if (!finding)
		return -ENOMEM;
	finding->before = before ? compare_text(d->c, "%s", before) : NULL;
	finding->after = after ? compare_text(d->c, "%s", after) : NULL;
	return 0;
}

static int tell_unread(struct compare *c, const struct corpus *corpus)
{
	const struct declared *declared = corpus->declared;

	if (!declared->unread)
		return 0;
	return unchecked_add(&c->out->findings, c->out->name,
			     compare_text(c, "%zu declaration%s in the headers of %s",
					  declared->unread, declared->unread == 1 ? "" : "s",
					  corpus->path),
			     compare_text(c, "they were not understood, the first at %s:%u",
					  declared->unread_file ? declared->unread_file : "?",
					  declared->unread_line),
			     "a look at them by hand", declared->unread, false);
}

/* Headers of one side tell nothing of a change. */
static int tell_missing(struct compare *c)
{
	const struct corpus *without = c->old->declared ? c->new : c->old;

	if (!c->old->declared && !c->new->declared && !c->old->has_headers && !c->new->has_headers)
		return 0;
	return unchecked_add(&c->out->findings, c->out->name,
			     "macros, inline functions and other declarations of headers",
			     compare_text(c,
					  without->image ? "those of %s were not given, or not read"
							 : "%s is a baseline, which has none",
					  without->path),
			     "the libraries themselves, with --headers-old and --headers-new", 1,
			     false);
}

static int compare_all(struct declared_diff *d)
{
	static int (*const parts[])(struct declared_diff *) = {
		declared_macros,  declared_functions, declared_variables,
		declared_classes, declared_gone,      declared_new,
	};
	size_t i;
	int r = index_symbols(d, &d->old);

	if (!r)
		r = index_symbols(d, &d->new);
	for (i = 0; !r && i < ARRAY_SIZE(parts); i++)
		r = parts[i](d);
	return r;
}

int compare_declared(struct compare *c)
{
	struct declared_diff *d;
	int r;

	if (!c->old->declared || !c->new->declared)
		return tell_missing(c);
	d = calloc(1, sizeof(*d));
	if (!d)
		return -ENOMEM;
	*d = (struct declared_diff){
		.c = c,
		.old = { .corpus = c->old, .declared = c->old->declared },
		.new = { .corpus = c->new, .declared = c->new->declared },
	};
	c->declared = d;
	r = compare_all(d);
	if (!r)
		r = tell_unread(c, c->old);
	return r ? r : tell_unread(c, c->new);
}

void compare_declared_done(struct compare *c)
{
	struct declared_diff *d = c->declared;

	if (!d)
		return;
	map_done(&d->old.symbols);
	map_done(&d->new.symbols);
	arena_done(&d->arena);
	free(d);
}

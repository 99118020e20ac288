/* SPDX-License-Identifier: Apache-2.0 */
/* Symbols that are gone, and what public headers say of them. Contract in
 * engine/compare/parts.h. */
#include "engine/compare/cxx-name.h"
#include "engine/compare/declared.h"

#include <string.h>

/* The identifier that a header must have to declare the symbol: "f" of _ZN1A1fEv and _ZTV1f. */
static const char *identifier_of(struct arena *arena, const char *symbol)
{
	struct cxx_name name;
	const char *text;
	char *copy;
	size_t length;

	if (strncmp(symbol, "_Z", 2))
		return symbol;
	if (cxx_name_parse(arena, symbol, &name))
		return NULL;
	/* "vtable for ns::A<int>": the last name in it. */
	text = name.qualified ? name.qualified : name.text;
	text = cxx_without_tags(arena, text);
	text = text ? cxx_without_arguments(arena, text) : NULL;
	if (!text)
		return NULL;
	text = declared_last(text);
	text = strrchr(text, ' ') ? strrchr(text, ' ') + 1 : text;
	text += *text == '~';
	length = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789$");
	copy = arena_strndup(arena, text, length);
	return copy;
}

/* Some macro could put the name together. */
static bool is_pasted(const struct declared *declared, const char *name)
{
	size_t i;

	for (i = 0; i < declared->items.count && declared->items.items[i].kind == DECLARED_MACRO;
	     i++) {
		const char *at = declared->items.items[i].value;

		for (at = at ? strstr(at, "##") : NULL; at; at = strstr(at + 2, "##")) {
			const char *start = at;
			const char *end = at + 2;
			size_t length;

			while (start > declared->items.items[i].value &&
			       (strchr("_$", start[-1]) || (start[-1] >= '0' && start[-1] <= '9') ||
				((start[-1] | 32) >= 'a' && (start[-1] | 32) <= 'z')))
				start--;
			length = (size_t)(at - start);
			if (length && !strncmp(name, start, length))
				return true;
			length = strspn(
				end,
				"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789$");
			if (length && strlen(name) > length &&
			    !strncmp(name + strlen(name) - length, end, length))
				return true;
		}
	}
	return false;
}

static bool is_undocumented(struct declared_diff *d, const struct corpus_symbol *symbol)
{
	const struct declared *old = d->old.declared;
	const char *name = identifier_of(&d->arena, symbol->name);

	d->c->no_memory |= !name;
	return name && *name && !old->unread && !d->c->old->declared_partly &&
	       !declared_uses(old, name) && !declared_mentions(old, name) && !is_pasted(old, name);
}

/* The name in the source of a symbol of OLD; NULL: no memory, or it has none. */
static const char *source_name_of(struct declared_diff *d, const struct corpus_symbol *symbol)
{
	struct cxx_name name;
	const char *text;

	if (strncmp(symbol->name, "_Z", 2))
		return symbol->name;
	if (cxx_name_parse(&d->arena, symbol->name, &name)) {
		d->c->no_memory = true;
		return NULL;
	}
	text = cxx_without_tags(&d->arena, name.qualified ? name.qualified : name.text);
	if (text && !strstr(text, "operator"))
		text = cxx_without_arguments(&d->arena, text);
	d->c->no_memory |= !text;
	return text;
}

/* No code of the headers calls it, and no other class can. */
static bool is_private(struct declared_diff *d, const char *name)
{
	size_t count, i, friends;
	const struct declared_item *items =
		declared_find(d->old.declared, DECLARED_FUNCTION, name, &count);
	const char *class;

	for (i = 0; i < count; i++) {
		if (items[i].access != 3 || items[i].flags & (DECLARED_VIRTUAL | DECLARED_TEMPLATE))
			return false;
	}
	class = count ? declared_class(d, &items[0]) : NULL;
	if (!class || !strcmp(declared_last(class), declared_last(name)) ||
	    *declared_last(name) == '~' || strstr(name, "operator"))
		return false;
	declared_find(d->old.declared, DECLARED_FRIEND, class, &friends);
	return !friends && !d->old.declared->unread && !d->c->old->declared_partly &&
	       declared_uses(d->old.declared, declared_last(name)) == count &&
	       declared_mentions(d->old.declared, declared_last(name)) == count;
}

static bool all_copied(const struct declared_item *items, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (!declared_is_copied(&items[i]))
			return false;
	}
	return count > 0;
}

static const char *function_rule(struct declared_diff *d, const char *name)
{
	const struct declared_item *items, *old;
	size_t count, old_count;

	items = declared_find(d->new.declared, DECLARED_FUNCTION, name, &count);
	old = declared_find(d->old.declared, DECLARED_FUNCTION, name, &old_count);
	/* Programs had their own copies before. */
	if (all_copied(old, old_count))
		return NULL;
	if (old_count && all_copied(items, count))
		return items[0].flags & DECLARED_STATIC && items[0].flags & DECLARED_C
			       ? "abi/func-became-macro"
			       : "abi/func-outline-to-inline";
	if (old_count && declared_find(d->new.declared, DECLARED_MACRO, name, &count))
		return "abi/func-became-macro";
	return NULL;
}

static const char *variable_rule(struct declared_diff *d, const char *name)
{
	const struct declared_item *item;
	size_t count;

	if (declared_find(d->new.declared, DECLARED_MACRO, name, &count) ||
	    declared_find(d->new.declared, DECLARED_ENUMERATOR, name, &count))
		return "abi/var-to-constant";
	item = declared_find(d->new.declared, DECLARED_VARIABLE, name, &count);
	/* A constant that each program has for itself. */
	if (item && item->value && item->flags & DECLARED_CONST && !(item->flags & DECLARED_EXTERN))
		return "abi/var-to-constant";
	return NULL;
}

const char *declared_lost_rule(struct compare *c, const struct corpus_symbol *symbol,
			       const char *rule)
{
	struct declared_diff *d = c->declared;
	const char *name, *found;

	if (!d)
		return rule;
	name = source_name_of(d, symbol);
	if (!name)
		return rule;
	found = symbol->kind == SYMBOL_FUNCTION || symbol->kind == SYMBOL_IFUNC
			? function_rule(d, name)
			: variable_rule(d, name);
	if (found)
		return found;
	if (is_private(d, name))
		return "abi/method-private-removed";
	return is_undocumented(d, symbol) ? "abi/sym-removed-undocumented" : rule;
}

bool declared_added_default(struct compare *c, const char *qualified)
{
	struct declared_diff *d = c->declared;
	const struct declared_item *old, *new;
	size_t old_count, new_count;
	uint32_t i;

	if (!d)
		return false;
	old = declared_find(d->old.declared, DECLARED_FUNCTION, qualified, &old_count);
	new = declared_find(d->new.declared, DECLARED_FUNCTION, qualified, &new_count);
	if (old_count != 1 || new_count != 1 || new->parameter_count <= old->parameter_count)
		return false;
	for (i = 0; i < new->parameter_count; i++) {
		const struct declared_parameter *p =
			&d->new.declared->parameters.items[new->first_parameter + i];

		if (i >= old->parameter_count
			    ? !p->value
			    : strcmp(p->type,
				     d->old.declared->parameters.items[old->first_parameter + i]
					     .type) != 0)
			return false;
	}
	return true;
}

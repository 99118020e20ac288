/* SPDX-License-Identifier: Apache-2.0 */
/* Names that only one of two releases declares in its public headers. */
#include "engine/compare/declared.h"

#include <string.h>

/* Is the name there in another form, which sources may use as well? */
static bool is_elsewhere(const struct declared_diff *d, const struct declared_item *old)
{
	size_t count;

	return declared_find(d->new.declared, DECLARED_USING, old->name, &count) ||
	       declared_has(d->new.declared, old->name);
}

/* The macro that NEW has in place of something in no namespace or class. */
static const struct declared_item *macro_of(const struct declared_diff *d,
					    const struct declared_item *old)
{
	size_t count;

	return old->flags & DECLARED_MEMBER ? NULL
					    : declared_find(d->new.declared, DECLARED_MACRO,
							    declared_last(old->name), &count);
}

static int tell_removed(struct declared_diff *d, const struct declared_item *old, const char *what)
{
	return declared_note(
		d, "abi/declaration-removed", old, NULL, NULL,
		compare_text(d->c, "%s%s%s left the public headers", what, old->name, old->form));
}

/* The symbol is still there, but a macro has its name. */
static int tell_macro(struct declared_diff *d, const struct declared_item *old,
		      const struct declared_item *macro)
{
	const struct corpus_symbol *symbol = declared_symbol(&d->old, old);
	struct finding *finding;
	size_t count;
	bool leads = macro->value && !(macro->flags & DECLARED_CALLED) &&
		     corpus_find(d->c->new, macro->value, &count);

	/* What is gone as a symbol is told there. */
	if (symbol && !corpus_find(d->c->new, symbol->name, &count))
		return 0;
	if (leads)
		return declared_note(d, "abi/func-header-redirect", macro, NULL, NULL,
				     compare_text(d->c, "the header leads %s to the symbol %s",
						  old->name, macro->value));
	finding = declared_add(d, "abi/func-became-macro", macro,
			       compare_text(d->c, "%s is a macro now", old->name));
	if (!finding)
		return -ENOMEM;
	finding->verdict = VERDICT_OK;
	return 0;
}

/* What a class has without declaring it, and what is reached by way of a base. */
static bool is_implied(const struct declared_item *old)
{
	const char *last = declared_last(old->name);
	size_t length = strlen(last);
	bool is_constructor = (size_t)(last - old->name) >= length + 2 &&
			      !strncmp(last - length - 2, last, length);

	if (old->flags & (DECLARED_OVERRIDE | DECLARED_DELETED) || *last == '~')
		return true;
	return (is_constructor && (!old->parameter_count || strchr(old->form, '&'))) ||
	       !strcmp(last, "operator=");
}

static size_t exported_forms(const struct declared_diff *d, const char *name)
{
	const struct corpus *new = d->c->new;
	const struct corpus_symbol *first = map_get(&d->new.symbols, name);
	size_t i;
	size_t count = 0;

	/* Overloads have names that differ in their ends only. */
	for (i = first ? (size_t)(first - new->symbols.items) : new->symbols.count;
	     i < new->symbols.count &&strstr(new->symbols.items[i].name, declared_last(name)); i++)
		count++;
	return count;
}

/* One of several of the name went: what the symbols tell of it is told there. */
static int tell_overload(struct declared_diff *d, const struct declared_item *old)
{
	size_t before, after;

	declared_find(d->old.declared, DECLARED_FUNCTION, old->name, &before);
	declared_find(d->new.declared, DECLARED_FUNCTION, old->name, &after);
	if (!after || after >= before)
		return 0;
	if (!declared_is_copied(old) && exported_forms(d, old->name) < before)
		return 0;
	return tell_removed(d, old, "");
}

static int tell_function(struct declared_diff *d, const struct declared_item *old)
{
	const struct declared_item *macro = macro_of(d, old);
	const struct corpus_symbol *symbol = declared_symbol(&d->old, old);
	size_t count;

	if (macro)
		return tell_macro(d, old, macro);
	if (declared_find(d->new.declared, DECLARED_FUNCTION, old->name, &count))
		return tell_overload(d, old);
	if (old->access == 3 || is_elsewhere(d, old) ||
	    (old->flags & DECLARED_MEMBER && (is_implied(old) || !declared_class_remains(d, old))))
		return 0;
	if (symbol && !corpus_find(d->c->new, symbol->name, &count))
		return 0;
	return tell_removed(d, old, declared_is_copied(old) ? "the inline function " : "");
}

static int tell_variable(struct declared_diff *d, const struct declared_item *old)
{
	const struct corpus_symbol *symbol = declared_symbol(&d->old, old);
	size_t count;

	/* Members are types; those of a class by itself are not. */
	if (old->flags & DECLARED_MEMBER && (!(old->flags & DECLARED_STATIC) || old->access == 3 ||
					     !declared_class_remains(d, old)))
		return 0;
	if (macro_of(d, old) || is_elsewhere(d, old) ||
	    (symbol && !corpus_find(d->c->new, symbol->name, &count)))
		return 0;
	return tell_removed(d, old, "");
}

static int tell_typedef(struct declared_diff *d, const struct declared_item *old)
{
	struct finding *finding;

	/* "typedef struct s s;": the tag has the name still. */
	if (is_elsewhere(d, old) ||
	    (old->flags & DECLARED_MEMBER && (old->access == 3 || !declared_class_remains(d, old))))
		return 0;
	finding = declared_add(d, "abi/typedef-removed", old,
			       compare_text(d->c, "the type %s is gone", old->name));
	if (!finding)
		return -ENOMEM;
	if (macro_of(d, old))
		finding->source = VERDICT_RISK;
	return 0;
}

/* An enumerator that no type tells of: programs have its value. */
static int tell_enumerator(struct declared_diff *d, const struct declared_item *old)
{
	if (macro_of(d, old) || is_elsewhere(d, old) || declared_enum_is_told(d->c, old->name))
		return 0;
	return tell_removed(d, old, "");
}

static int tell_class(struct declared_diff *d, const struct declared_item *old)
{
	/* Only declared now, or a typedef: types tell. */
	if (old->access == 3 || is_elsewhere(d, old) ||
	    declared_uses(d->new.declared, declared_last(old->name)))
		return 0;
	return tell_removed(d, old, "");
}

static int tell_gone(struct declared_diff *d, const struct declared_item *old)
{
	switch (old->kind) {
	case DECLARED_FUNCTION:
		return declared_partner(d, old) ? 0 : tell_function(d, old);
	case DECLARED_VARIABLE:
		return declared_match(d->new.declared, old) ? 0 : tell_variable(d, old);
	case DECLARED_TYPEDEF:
		return declared_match(d->new.declared, old) ? 0 : tell_typedef(d, old);
	case DECLARED_ENUMERATOR:
		return declared_match(d->new.declared, old) ? 0 : tell_enumerator(d, old);
	case DECLARED_RECORD:
		return declared_match(d->new.declared, old) ? 0 : tell_class(d, old);
	default:
		return 0;
	}
}

int declared_gone(struct declared_diff *d)
{
	const struct declared *old = d->old.declared;
	size_t i;
	int r = 0;

	for (i = 0; !r && i < old->items.count; i++) {
		if (!(old->items.items[i].flags & DECLARED_UNNAMED))
			r = tell_gone(d, &old->items.items[i]);
	}
	return r;
}

/* Must a library have it for programs that use it? */
static bool needs_symbol(const struct declared_item *item)
{
	if (item->attributes & ATTRIBUTE_HIDDEN || item->access == 3 ||
	    item->flags & DECLARED_UNNAMED)
		return false;
	if (item->kind == DECLARED_VARIABLE)
		return item->flags & DECLARED_EXTERN && !item->value &&
		       !(item->flags & (DECLARED_MEMBER | DECLARED_TEMPLATE));
	return item->kind == DECLARED_FUNCTION && !declared_is_copied(item) &&
	       !(item->flags & (DECLARED_DELETED | DECLARED_DEFAULTED | DECLARED_PURE));
}

static bool is_exported_near(const struct declared_diff *d, const struct declared_item *item)
{
	const struct corpus *const *sibling;
	size_t count;

	for (sibling = d->c->options->new_siblings; sibling && *sibling; sibling++) {
		if (corpus_find(*sibling, item->label ? item->label : declared_last(item->name),
				&count))
			return true;
	}
	return false;
}

/* Does the header declare anything that the library exports? Else it is another one's. */
static bool is_of_library(const struct declared_diff *d, const char *file)
{
	const struct declared *new = d->new.declared;
	size_t i;

	for (i = 0; i < new->items.count; i++) {
		const struct declared_item *item = &new->items.items[i];

		if (needs_symbol(item) && !strcmp(item->file, file) &&
		    declared_symbol(&d->new, item))
			return true;
	}
	return false;
}

static int compare_new(struct declared_diff *d, const struct declared_item *new)
{
	size_t count, i;
	const struct declared_item *old;
	struct finding *finding;

	if (!needs_symbol(new) || declared_symbol(&d->new, new) ||
	    (new->flags &DECLARED_C &&is_exported_near(d, new)))
		return 0;
	/* What OLD exported is gone, which is told there; what it did not is no news. */
	old = declared_find(d->old.declared, (enum declared_kind) new->kind, new->name, &count);
	for (i = 0; i < count; i++) {
		if (needs_symbol(&old[i]))
			return 0;
	}
	if (declared_symbol(&d->old, new))
		return 0;
	finding = declared_add(d, "abi/func-declared-not-exported", new,
			       compare_text(d->c,
					    "%s declares %s%s, which the library does not export",
					    path_name(new->file), new->name, new->form));
	if (!finding)
		return -ENOMEM;
	if (!is_of_library(d, new->file))
		finding->source = VERDICT_RISK;
	return 0;
}

int declared_new(struct declared_diff *d)
{
	const struct declared *new = d->new.declared;
	size_t i;
	int r = 0;

	for (i = 0; !r && i < new->items.count; i++)
		r = compare_new(d, &new->items.items[i]);
	return r;
}

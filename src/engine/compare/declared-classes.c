/* SPDX-License-Identifier: Apache-2.0 */
/* Classes that the public headers of both releases define, and their friends. */
#include "engine/compare/declared.h"

#include <string.h>

static const struct declared_item *find_destructor(struct declared_diff *d,
						   const struct declared *declared,
						   const struct declared_item *class)
{
	size_t count;
	const char *name = compare_text(d->c, "%s::~%s", class->name, declared_last(class->name));

	return name ? declared_find(declared, DECLARED_FUNCTION, name, &count) : NULL;
}

/* Declared without code in NEW, and there is a symbol: the library has it. */
static bool is_outline(struct declared_diff *d, const struct declared_item *item)
{
	return !(item->flags & (DECLARED_BODY | DECLARED_DEFAULTED | DECLARED_DELETED |
				DECLARED_PURE | DECLARED_TEMPLATE)) &&
	       declared_symbol(&d->new, item);
}

static int tell_outline(struct declared_diff *d, const struct declared_item *item)
{
	return declared_note(d, "abi/class-special-became-outline", item, NULL, NULL,
			     compare_text(d->c, "%s %s is a function of the library now",
					  item->name, item->form));
}

/* The compiler made it in OLD; what is declared there is compared as a function. */
static int compare_implicit(struct declared_diff *d, const struct declared_item *class)
{
	const struct declared_item *old = find_destructor(d, d->old.declared, class);
	const struct declared_item *new = find_destructor(d, d->new.declared, class);
	size_t old_count, new_count, i;
	const char *name;
	int r = 0;

	if (!old && new &&is_outline(d, new))
		r = tell_outline(d, new);
	name = compare_text(d->c, "%s::%s", class->name, declared_last(class->name));
	if (r || !name)
		return -ENOMEM;
	declared_find(d->old.declared, DECLARED_FUNCTION, name, &old_count);
	new = declared_find(d->new.declared, DECLARED_FUNCTION, name, &new_count);
	for (i = 0; !r && !old_count && i < new_count; i++) {
		/* Those without parameters, and copies. */
		if ((!new[i].parameter_count || strchr(new[i].form, '&')) && is_outline(d, &new[i]))
			r = tell_outline(d, &new[i]);
	}
	return r;
}

static int compare_class(struct declared_diff *d, const struct declared_item *old,
			 const struct declared_item *new)
{
	struct compare *c = d->c;
	int r = 0;

	if (new->flags & ~old->flags & DECLARED_FINAL)
		r = declared_note(d, "abi/class-became-final", new, NULL, NULL,
				  compare_text(c, "%s is final now", old->name));
	if (!r && (old->flags ^ new->flags) & DECLARED_CLASS &&
	    !((old->flags | new->flags) & DECLARED_UNION))
		r = declared_note(d, "abi/class-key-struct-class", new, NULL, NULL,
				  compare_text(c, "%s is a %s now", old->name,
					       new->flags &DECLARED_CLASS ? "class" : "struct"));
	return r ? r : d->old.declared->is_cxx ? compare_implicit(d, old) : 0;
}

static int compare_friend(struct declared_diff *d, const struct declared_item *old)
{
	size_t count;

	if (declared_match(d->new.declared, old) ||
	    !declared_find(d->new.declared, DECLARED_RECORD, old->name, &count))
		return 0;
	return declared_note(
		d, "abi/class-friend-removed", old, NULL, NULL,
		compare_text(d->c, "%s has not the friend \"%s\" any more", old->name, old->form));
}

int declared_classes(struct declared_diff *d)
{
	const struct declared *old = d->old.declared;
	size_t i;
	int r = 0;

	for (i = 0; !r && i < old->items.count; i++) {
		const struct declared_item *item = &old->items.items[i];
		const struct declared_item *new;

		if (item->kind == DECLARED_FRIEND)
			r = compare_friend(d, item);
		if (item->kind != DECLARED_RECORD || item->flags & DECLARED_UNNAMED)
			continue;
		new = declared_match(d->new.declared, item);
		if (new)
			r = compare_class(d, item, new);
	}
	return r;
}

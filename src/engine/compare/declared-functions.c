/* SPDX-License-Identifier: Apache-2.0 */
/* Functions that the public headers of both releases declare. */
#include "engine/compare/declared.h"

#include <string.h>

struct pair {
	struct declared_diff *d;
	const struct declared_item *old, *new;
};

static const char *called(const struct pair *p)
{
	return p->old->name;
}

/* The symbol that programs reach it by, where it is the only one of its name. */
static const char **interfaces(const struct pair *p)
{
	const struct corpus_symbol *symbol = declared_symbol(&p->d->old, p->old);
	const char **list;
	size_t count;

	declared_find(p->d->old.declared, DECLARED_FUNCTION, p->old->name, &count);
	if (!symbol || count != 1 || declared_is_copied(p->old) || p->old->flags & DECLARED_VIRTUAL)
		return NULL;
	list = arena_array(&p->d->c->out->findings.arena, 2, sizeof(*list));
	if (list)
		list[0] = compare_symbol(p->d->c, symbol);
	p->d->c->no_memory |= !list;
	return list;
}

static int note(const struct pair *p, const char *rule, const char *message)
{
	struct finding *finding = declared_add(p->d, rule, p->new, message);

	if (!finding)
		return -ENOMEM;
	finding->interfaces = interfaces(p);
	return 0;
}

/* A constructor or destructor: its last component is the class's. */
static bool is_special(const struct declared_item *item)
{
	const char *last = declared_last(item->name);
	size_t length = strlen(last);
	size_t before = (size_t)(last - item->name);

	if (!(item->flags & DECLARED_MEMBER))
		return false;
	if (*last == '~')
		return true;
	return before >= length + 2 && !strncmp(last - length - 2, last, length) &&
	       (before == length + 2 || last[-(ptrdiff_t)length - 3] == ':');
}

static bool never_throws(const struct declared_item *item)
{
	return item->flags & DECLARED_NOEXCEPT || item->attributes & ATTRIBUTE_NOTHROW;
}

static int compare_noexcept(const struct pair *p)
{
	/* A destructor is noexcept without the word. */
	if (*declared_last(p->old->name) == '~' || !never_throws(p->old) || never_throws(p->new) ||
	    p->new->flags & DECLARED_DELETED)
		return 0;
	return note(p, "abi/func-noexcept-removed",
		    p->new->flags &DECLARED_NOEXCEPT_ASKS
			    ? compare_text(p->d->c, "%s is noexcept on a condition now", called(p))
			    : compare_text(p->d->c, "%s is not noexcept any more", called(p)));
}

static int compare_constexpr(const struct pair *p)
{
	const uint32_t both = DECLARED_CONSTEXPR | DECLARED_CONSTEVAL;
	struct finding *finding;

	if (p->old->flags & both && !(p->new->flags &both))
		return note(p, "abi/func-constexpr-lost",
			    compare_text(p->d->c, "%s is not constexpr any more", called(p)));
	if (p->old->flags & DECLARED_CONSTEVAL || !(p->new->flags &DECLARED_CONSTEVAL))
		return 0;
	finding = declared_add(
		p->d, "abi/func-constexpr-lost", p->new,
		compare_text(p->d->c, "%s can be called in constant expressions only", called(p)));
	if (!finding)
		return -ENOMEM;
	/* Only who takes its address, or calls it with what is not constant, notices. */
	finding->source = VERDICT_RISK;
	return 0;
}

static int compare_class_words(const struct pair *p)
{
	struct compare *c = p->d->c;
	uint32_t added = p->new->flags & ~p->old->flags;
	int r = 0;

	if (added & DECLARED_EXPLICIT)
		r = note(p, "abi/class-explicit-added",
			 compare_text(c, "%s %s is explicit now", called(p), p->new->form));
	if (!r && added & DECLARED_FINAL)
		r = note(p, "abi/class-became-final",
			 compare_text(c, "%s is final now", called(p)));
	if (!r && added & DECLARED_DELETED)
		r = note(p, "abi/declaration-removed",
			 compare_text(c, "%s %s is deleted now", called(p), p->new->form));
	if (!r && p->old->access && p->new->access > p->old->access)
		r = note(p, "abi/method-access-narrowed",
			 compare_text(c, "%s is %s now", called(p),
				      p->new->access == 3 ? "private" : "protected"));
	return r;
}

static const char *attribute_names(struct compare *c, uint32_t attributes)
{
	static const struct {
		uint32_t bit;
		const char *name;
	} names[] = {
		{ ATTRIBUTE_NONNULL, "nonnull" },
		{ ATTRIBUTE_NODISCARD, "nodiscard" },
		{ ATTRIBUTE_DEPRECATED, "deprecated" },
		{ ATTRIBUTE_FORMAT, "format" },
		{ ATTRIBUTE_PURE, "pure" },
		{ ATTRIBUTE_CONST, "const" },
		{ ATTRIBUTE_MALLOC, "malloc" },
		{ ATTRIBUTE_RETURNS_NONNULL, "returns_nonnull" },
	};
	const char *text = "";
	size_t i;

	for (i = 0; text && i < ARRAY_SIZE(names); i++) {
		if (attributes & names[i].bit)
			text = compare_text(c, "%s%s%s", text, *text ? ", " : "", names[i].name);
	}
	return text;
}

static int compare_attributes(const struct pair *p)
{
	const uint32_t warns = ATTRIBUTE_NONNULL | ATTRIBUTE_NODISCARD | ATTRIBUTE_DEPRECATED |
			       ATTRIBUTE_FORMAT;
	const uint32_t promises = ATTRIBUTE_PURE | ATTRIBUTE_CONST | ATTRIBUTE_MALLOC |
				  ATTRIBUTE_RETURNS_NONNULL;
	uint32_t added = p->new->attributes & ~p->old->attributes &warns;
	uint32_t lost = p->old->attributes & ~p->new->attributes &promises;
	const char *names;
	int r = 0;

	/* const promises more than pure. */
	if (lost == ATTRIBUTE_PURE && p->new->attributes &ATTRIBUTE_CONST)
		lost = 0;
	if (added) {
		names = attribute_names(p->d->c, added);
		r = names ? note(p, "abi/func-attr-added",
				 compare_text(p->d->c, "%s got the attribute %s", called(p), names))
			  : -ENOMEM;
	}
	if (!r && lost) {
		names = attribute_names(p->d->c, lost);
		r = names ? note(p, "abi/func-pure-const-lost",
				 compare_text(p->d->c, "%s lost the attribute %s", called(p),
					      names))
			  : -ENOMEM;
	}
	return r;
}

static int compare_default(const struct pair *p, uint32_t number,
			   const struct declared_parameter *old,
			   const struct declared_parameter *new)
{
	struct compare *c = p->d->c;

	if (old->value && !new->value)
		return note(p, "abi/param-default-removed",
			    compare_text(c, "parameter %u of %s has no default any more: it was %s",
					 number, called(p), old->value));
	if (old->value && new->value && strcmp(old->value, new->value) != 0)
		return note(p, "abi/param-default-changed",
			    compare_text(c, "parameter %u of %s is %s by default, before %s",
					 number, called(p), new->value, old->value));
	if (old->bound && new->bound && strcmp(old->bound, new->bound) != 0)
		return note(p, "abi/param-array-bound",
			    compare_text(c, "parameter %u of %s is an array of %s, before of %s",
					 number, called(p), *new->bound ? new->bound : "any number",
					 *old->bound ? old->bound : "any number"));
	return 0;
}

static int compare_parameters(const struct pair *p)
{
	uint32_t i;
	int r = 0;

	/* Other types are another function, or told as such. */
	for (i = 0; !r && i < p->old->parameter_count && i < p->new->parameter_count; i++) {
		const struct declared_parameter *old =
			&p->d->old.declared->parameters.items[p->old->first_parameter + i];
		const struct declared_parameter *new =
			&p->d->new.declared->parameters.items[p->new->first_parameter + i];

		if (!strcmp(old->type, new->type))
			r = compare_default(p, i + 1, old, new);
	}
	return r;
}

static int compare_body(const struct pair *p)
{
	struct compare *c = p->d->c;
	bool had = p->old->flags & (DECLARED_BODY | DECLARED_DEFAULTED);
	bool has = p->new->flags &(DECLARED_BODY | DECLARED_DEFAULTED);

	if (had && has && p->old->body != p->new->body)
		return note(
			p, "abi/func-inline-body-changed",
			compare_text(c, "the code of the inline function %s changed", called(p)));
	if (!had || has || p->new->flags &(DECLARED_DELETED | DECLARED_PURE | DECLARED_TEMPLATE) ||
	    !declared_symbol(&p->d->new, p->new))
		return 0;
	return is_special(p->old)
		       ? note(p, "abi/class-special-became-outline",
			      compare_text(c, "%s %s is a function of the library now", called(p),
					   p->new->form))
		       : note(p, "abi/func-inline-to-outline",
			      compare_text(c, "the inline function %s is one of the library now",
					   called(p)));
}

static int compare_label(const struct pair *p)
{
	const struct corpus_symbol *old = declared_symbol(&p->d->old, p->old);
	const struct corpus_symbol *new = declared_symbol(&p->d->new, p->new);
	size_t count;

	if (!p->new->label || !old || !new || !strcmp(old->name, new->name) ||
	    !corpus_find(p->d->c->new, old->name, &count))
		return 0;
	return note(p, "abi/func-header-redirect",
		    compare_text(p->d->c, "the header leads %s to the symbol %s, before %s",
				 called(p), new->name, old->name));
}

static int compare_pair(struct declared_diff *d, const struct declared_item *old,
			const struct declared_item *new)
{
	static int (*const parts[])(const struct pair *) = {
		compare_noexcept,   compare_constexpr, compare_class_words, compare_attributes,
		compare_parameters, compare_body,      compare_label,
	};
	struct pair pair = { d, old, new };
	size_t i;
	int r = 0;

	for (i = 0; !r && i < ARRAY_SIZE(parts); i++)
		r = parts[i](&pair);
	return r;
}

int declared_functions(struct declared_diff *d)
{
	const struct declared *old = d->old.declared;
	size_t i;
	int r = 0;

	for (i = 0; !r && i < old->items.count; i++) {
		const struct declared_item *item = &old->items.items[i];
		const struct declared_item *new;

		if (item->kind != DECLARED_FUNCTION || item->flags & DECLARED_UNNAMED)
			continue;
		new = declared_partner(d, item);
		if (new)
			r = compare_pair(d, item, new);
	}
	return r;
}

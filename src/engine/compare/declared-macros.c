/* SPDX-License-Identifier: Apache-2.0 */
/* Macros of public headers: gone, with another value, with other parameters. */
#include "engine/compare/declared.h"

#include <string.h>

/* Does it tell which release this is? Then it is meant to change. */
static bool tells_release(const char *name)
{
	static const char *const words[] = { "VERSION", "_VER",	 "RELEASE",   "MAJOR",
					     "MINOR",	"PATCH", "MICRO",     "REVISION",
					     "BUILD",	"DATE",	 "COPYRIGHT", "version" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++) {
		if (strstr(name, words[i]))
			return true;
	}
	return false;
}

static bool is_called(const struct declared_item *macro)
{
	return macro->flags & DECLARED_CALLED;
}

/* What NEW declares under the name of a macro that is gone, and what it is worth to sources. */
static const char *replacement(const struct declared *new, const struct declared_item *old,
			       enum verdict *ret)
{
	static const struct {
		enum declared_kind kind;
		const char *text;
	} kinds[] = {
		{ DECLARED_ENUMERATOR, "an enumerator" },
		{ DECLARED_VARIABLE, "a variable" },
		{ DECLARED_FUNCTION, "a function" },
		{ DECLARED_TYPEDEF, "a type" },
	};
	size_t i, count;

	*ret = VERDICT_BREAK;
	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		const struct declared_item *found =
			declared_find(new, kinds[i].kind, old->name, &count);

		if (!found)
			continue;
		/* A variable of C is no constant expression; none of them is seen by #if. */
		if (found->kind != DECLARED_VARIABLE || found->flags & DECLARED_CONSTEXPR ||
		    (new->is_cxx && found->flags &DECLARED_CONST && found->value))
			*ret = VERDICT_RISK;
		return kinds[i].text;
	}
	return NULL;
}

static int tell_gone(struct declared_diff *d, const struct declared_item *old)
{
	enum verdict verdict;
	const char *now = replacement(d->new.declared, old, &verdict);
	struct finding *finding;

	/* Such names belong to the headers themselves. */
	if (old->name[0] == '_')
		return 0;
	finding = declared_add(d, "abi/macro-removed", old,
			       now ? compare_text(d->c, "the macro %s is %s now", old->name, now)
				   : compare_text(d->c, "the macro %s is gone", old->name));
	if (!finding)
		return -ENOMEM;
	finding->source = verdict;
	finding->before = compare_text(d->c, "%s", old->value);
	return 0;
}

/* Other parameters, or parameters at all. */
static int tell_parameters(struct declared_diff *d, const struct declared_item *old,
			   const struct declared_item *new)
{
	const char *before = is_called(old) ? old->label : "";
	const char *after = is_called(new) ? new->label : "";
	struct finding *finding = declared_add(
		d, "abi/macro-removed", new,
		is_called(old) && is_called(new)
			? compare_text(d->c, "the macro %s takes other parameters: %s, before %s",
				       old->name, after, before)
			: compare_text(d->c, "the macro %s takes parameters %s", old->name,
				       is_called(new) ? "now" : "no longer"));

	if (!finding)
		return -ENOMEM;
	/* What stands behind the name may take them. */
	if (is_called(old) && !is_called(new))
		finding->source = VERDICT_RISK;
	return 0;
}

/* A macro that is nothing but another name for a function. */
static bool is_redirect(const struct declared_diff *d, const struct declared_item *old,
			const struct declared_item *new)
{
	size_t count;

	return (declared_find(d->new.declared, DECLARED_FUNCTION, new->value, &count) ||
		corpus_find(d->c->new, new->value, &count)) &&
	       (declared_find(d->old.declared, DECLARED_FUNCTION, old->value, &count) ||
		corpus_find(d->c->old, old->value, &count));
}

static int tell_body(struct declared_diff *d, const struct declared_item *old,
		     const struct declared_item *new)
{
	bool is_value = !is_called(old) && old->flags & new->flags &DECLARED_CONST;
	const char *rule = is_value ? "abi/const-inlined-value" : "abi/func-inline-body-changed";
	struct finding *finding;

	if (is_value && is_redirect(d, old, new))
		rule = "abi/func-header-redirect";
	finding = declared_add(
		d, rule, new,
		is_value ? compare_text(d->c, "%s was %s, is %s", old->name,
					*old->value ? old->value : "empty",
					*new->value ? new->value : "empty")
			 : compare_text(d->c, "what the macro %s stands for changed", old->name));
	if (!finding)
		return -ENOMEM;
	finding->before = compare_text(d->c, "%s", old->value);
	finding->after = compare_text(d->c, "%s", new->value);
	if (is_value && tells_release(old->name))
		finding->verdict = VERDICT_OK;
	return 0;
}

static int compare_macro(struct declared_diff *d, const struct declared_item *old)
{
	const struct declared_item *new = declared_match(d->new.declared, old);

	if (old->flags & DECLARED_GUARD)
		return 0;
	if (!new)
		return tell_gone(d, old);
	if (is_called(old) != is_called(new) || old->parameter_count != new->parameter_count ||
	    (old->flags ^ new->flags) & DECLARED_VARIADIC)
		return tell_parameters(d, old, new);
	return old->body == new->body ? 0 : tell_body(d, old, new);
}

int declared_macros(struct declared_diff *d)
{
	const struct declared *old = d->old.declared;
	size_t i;
	int r = 0;

	for (i = 0; !r && i < old->items.count && old->items.items[i].kind == DECLARED_MACRO; i++)
		r = compare_macro(d, &old->items.items[i]);
	return r;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Variables, members and enumerators that the public headers of both releases declare. */
#include "engine/compare/declared.h"

#include <string.h>

static int compare_value(struct declared_diff *d, const struct declared_item *old,
			 const struct declared_item *new)
{
	if (!old->value || !new->value || !strcmp(old->value, new->value))
		return 0;
	return declared_note(
		d, "abi/const-inlined-value", new, old->value, new->value,
		compare_text(d->c, "%s was %s, is %s", old->name, old->value, new->value));
}

static int compare_member(struct declared_diff *d, const struct declared_item *old,
			  const struct declared_item *new)
{
	struct compare *c = d->c;
	uint32_t changed = old->attributes ^ new->attributes;
	int r = 0;

	if (new->flags & ~old->flags & DECLARED_MUTABLE)
		r = declared_note(d, "abi/class-mutable-added", new, NULL, NULL,
				  compare_text(c, "%s is mutable now", old->name));
	if (!r && old->access && new->access > old->access)
		r = declared_note(d, "abi/method-access-narrowed", new, NULL, NULL,
				  compare_text(c, "%s is %s now", old->name,
					       new->access == 3 ? "private" : "protected"));
	if (!r && changed & ATTRIBUTE_NO_UNIQUE_ADDRESS) {
		struct finding *finding = declared_add(
			d, "abi/class-no-unique-address", new,
			compare_text(c, "%s may %s share its place with other members", old->name,
				     new->attributes &ATTRIBUTE_NO_UNIQUE_ADDRESS ? "now"
										  : "no longer"));

		if (!finding)
			return -ENOMEM;
		/* Then what moved is told, where something did. */
		if (c->out->has_types)
			finding->verdict = VERDICT_RISK;
	}
	return r;
}

static int compare_variable(struct declared_diff *d, const struct declared_item *old,
			    const struct declared_item *new)
{
	int r = 0;

	if (old->flags & new->flags & DECLARED_CONST)
		r = compare_value(d, old, new);
	return !r && old->flags & DECLARED_MEMBER ? compare_member(d, old, new) : r;
}

static bool is_word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

static bool has_word(const char *text, const char *word)
{
	size_t length = strlen(word);
	const char *at = text;

	for (; (at = strstr(at, word)); at++) {
		if ((at == text || !is_word_byte(at[-1])) && !is_word_byte(at[length]))
			return true;
	}
	return false;
}

bool declared_enum_is_told(const struct compare *c, const char *enumerator)
{
	size_t i;

	for (i = 0; i < c->out->findings.items.count; i++) {
		const struct finding *f = &c->out->findings.items.items[i];

		if (!strncmp(f->rule->id, "abi/enum-", 9) &&
		    has_word(f->message, declared_last(enumerator)))
			return true;
	}
	return false;
}

int declared_variables(struct declared_diff *d)
{
	const struct declared *old = d->old.declared;
	size_t i;
	int r = 0;

	for (i = 0; !r && i < old->items.count; i++) {
		const struct declared_item *item = &old->items.items[i];
		const struct declared_item *new;

		if ((item->kind != DECLARED_VARIABLE && item->kind != DECLARED_ENUMERATOR) ||
		    item->flags & DECLARED_UNNAMED)
			continue;
		new = declared_match(d->new.declared, item);
		if (!new)
			continue;
		if (item->kind == DECLARED_VARIABLE)
			r = compare_variable(d, item, new);
		else if (!declared_enum_is_told(d->c, item->name))
			r = compare_value(d, item, new);
	}
	return r;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Pairs of C++ names: a declaration that changed has another mangled name. Contract in
 * engine/compare/renames.h. */
#include "base/map.h"
#include "engine/compare/renames.h"

#include <string.h>

#define MOST_PAIRED 10000000ul /* pairs of names that are looked at */

static uint64_t key_of(struct renames *r, const char *text)
{
	r->c->no_memory |= !text;
	return text ? hash_bytes(text, strlen(text)) : 0;
}

static void find_keys(struct renames *r, const struct cxx_name *name, struct name_keys *ret)
{
	if (!name->qualified)
		return;
	ret->qualified = key_of(r, name->qualified);
	ret->parameters = key_of(r, name->parameters);
	ret->qualifiers = key_of(r, name->qualifiers);
	ret->without_tags = key_of(r, cxx_without_tags(&r->arena, name->text));
	ret->without_arguments = key_of(r, cxx_without_arguments(&r->arena, name->qualified));
	ret->has_reference = strchr(name->qualifiers, '&');
	ret->has_arguments = strchr(name->qualified, '<');
}

static int parse_all(struct renames *r)
{
	size_t i;
	int error = 0;

	r->gone = arena_array(&r->arena, r->c->gone.count + 1, sizeof(*r->gone));
	r->fresh = arena_array(&r->arena, r->c->fresh.count + 1, sizeof(*r->fresh));
	r->gone_keys = arena_array(&r->arena, r->c->gone.count + 1, sizeof(*r->gone_keys));
	r->fresh_keys = arena_array(&r->arena, r->c->fresh.count + 1, sizeof(*r->fresh_keys));
	if (!r->gone || !r->fresh || !r->gone_keys || !r->fresh_keys)
		return -ENOMEM;
	for (i = 0; !error && i < r->c->gone.count; i++) {
		error = cxx_name_parse(&r->arena, gone_at(r, i)->name, &r->gone[i]);
		if (!error)
			find_keys(r, &r->gone[i], &r->gone_keys[i]);
	}
	for (i = 0; !error && i < r->c->fresh.count; i++) {
		error = cxx_name_parse(&r->arena, fresh_at(r, i)->name, &r->fresh[i]);
		if (!error)
			find_keys(r, &r->fresh[i], &r->fresh_keys[i]);
	}
	return error;
}

/* Two texts that are the same once `strip` was done to both. */
static bool alike(struct renames *r, const char *(*strip)(struct arena *, const char *),
		  const char *a, const char *b)
{
	const char *x = strip(&r->arena, a);
	const char *y = strip(&r->arena, b);

	r->c->no_memory |= !x || !y;
	return x && y && !strcmp(x, y);
}

static const char *without_noexcept(struct arena *arena, const char *text)
{
	return cxx_without(arena, text, " noexcept");
}

/* Has one of them more arguments behind those of the other: "A<int>", "A<int, 1>"? */
static bool has_more_arguments(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return (*a == ',' && (*b == '>' || *b == ' ')) || (*b == ',' && (*a == '>' || *a == ' '));
}

/* A function that is itself an instance of a template: overloads have instances of their own. */
static bool is_instance(const struct cxx_name *name)
{
	size_t length = strlen(name->qualified);

	return length && name->qualified[length - 1] == '>' &&
	       strncmp(name->last, "operator>", 9) != 0 &&
	       strncmp(name->last, "operator->", 10) != 0;
}

/* The rule by which an added function is the new form of one that is gone; NULL: it is not. */
static const char *pair_rule(struct renames *r, size_t gone, size_t fresh)
{
	const struct name_keys *x = &r->gone_keys[gone];
	const struct name_keys *y = &r->fresh_keys[fresh];
	const char *old = r->gone[gone].parameters;
	const char *new = r->fresh[fresh].parameters;
	bool same_name = x->qualified == y->qualified;

	if (same_name && x->parameters == y->parameters)
		return x->has_reference || y->has_reference ? "abi/method-refqual-changed"
		       : x->qualifiers != y->qualifiers	    ? "abi/method-cv-changed"
							    : "abi/tmpl-parameters-changed";
	if (x->qualifiers != y->qualifiers)
		return same_name ? "abi/func-cxx-signature-changed" : NULL;
	if (x->without_tags == y->without_tags)
		return "abi/abi-tag-changed";
	if (same_name && alike(r, cxx_with_old_strings, old, new))
		return "abi/flag-cxx11-abi";
	if (same_name && alike(r, without_noexcept, old, new))
		return "abi/fnptr-noexcept-mangling";
	if (same_name)
		return is_instance(&r->gone[gone]) ? NULL : "abi/func-cxx-signature-changed";
	if ((x->has_arguments || y->has_arguments) &&
	    x->without_arguments == y->without_arguments &&
	    has_more_arguments(r->gone[gone].qualified, r->fresh[fresh].qualified))
		return "abi/tmpl-parameters-changed";
	return NULL;
}

/* How sure a rule is: a lower one is taken first. */
static unsigned rank_of(const char *rule)
{
	return !strcmp(rule, "abi/func-cxx-signature-changed") ? 2
	       : !strcmp(rule, "abi/tmpl-parameters-changed")  ? 3
							       : 1;
}

static int add_pair(struct renames *r, const char *rule, size_t gone, size_t fresh)
{
	struct compare *c = r->c;
	const char *name = compare_symbol(c, gone_at(r, gone));
	const char *before = r->gone[gone].text[0] ? r->gone[gone].text : gone_at(r, gone)->name;
	const char *after = r->fresh[fresh].text[0] ? r->fresh[fresh].text
						    : fresh_at(r, fresh)->name;

	r->settled[gone] = r->taken[fresh] = true;
	before = compare_text(c, "%s", before);
	after = compare_text(c, "%s", after);
	return name && before && after
		       ? compare_note(c, rule, name, before, after,
				      compare_text(c, "%s became %s", before, after))
		       : -ENOMEM;
}

static int pair_function(struct renames *r, size_t gone)
{
	const char *best = NULL;
	size_t to = 0;
	size_t i;

	for (i = 0; r->gone[gone].qualified && i < r->c->fresh.count; i++) {
		const char *rule;

		if (r->taken[i] || !r->fresh[i].qualified)
			continue;
		rule = pair_rule(r, gone, i);
		if (rule && (!best || rank_of(rule) < rank_of(best))) {
			best = rule;
			to = i;
		}
	}
	if (best && rank_of(best) == 2 && declared_added_default(r->c, r->gone[gone].qualified))
		best = "abi/param-added-with-default";
	return best ? add_pair(r, best, gone, to) : 0;
}

/* Target of a thunk, "N3Foo3barEv" of _ZThn16_N3Foo3barEv; NULL: it is none. */
static const char *thunk_target(const char *name)
{
	size_t underscores = !strncmp(name, "_ZTh", 4) ? 1 : !strncmp(name, "_ZTv", 4) ? 2 : 0;
	const char *at = name + (underscores ? 4 : 0);

	for (; underscores; underscores--) {
		at += strspn(at, "n0123456789");
		if (*at++ != '_')
			return NULL;
	}
	return at == name ? NULL : at;
}

static int pair_thunk(struct renames *r, size_t gone)
{
	const char *target = thunk_target(gone_at(r, gone)->name);
	size_t i;

	for (i = 0; target && i < r->c->fresh.count; i++) {
		const char *other = r->taken[i] ? NULL : thunk_target(fresh_at(r, i)->name);

		if (other && !strcmp(other, target))
			return add_pair(r, "abi/vt-thunk-offset-changed", gone, i);
	}
	return 0;
}

/* extern "C" came or went. */
static int pair_linkage(struct renames *r, size_t gone)
{
	const char *name = gone_at(r, gone)->name;
	struct plain_name plain;
	size_t i, digits;

	if (plain_name_parse(name, &plain)) {
		char bare[512];

		digits = strspn(plain.last, "0123456789");
		if (plain_name_is_special(&plain) || plain.last_length - digits >= sizeof(bare))
			return 0;
		memcpy(bare, plain.last + digits, plain.last_length - digits);
		bare[plain.last_length - digits] = '\0';
		i = renames_find_fresh(r, bare);
		return i == SIZE_MAX || r->taken[i]
			       ? 0
			       : add_pair(r, "abi/func-linkage-language", gone, i);
	}
	for (i = 0; name[0] != '_' && i < r->c->fresh.count; i++) {
		if (r->taken[i] || !plain_name_parse(fresh_at(r, i)->name, &plain) ||
		    plain_name_is_special(&plain))
			continue;
		digits = strspn(plain.last, "0123456789");
		if (plain.last_length - digits == strlen(name) &&
		    !strncmp(plain.last + digits, name, strlen(name)))
			return add_pair(r, "abi/func-linkage-language", gone, i);
	}
	return 0;
}

int renames_pair(struct renames *r)
{
	static int (*const steps[])(struct renames *, size_t) = {
		pair_thunk,
		pair_function,
		pair_linkage,
	};
	size_t i, k;
	int error;

	if (!r->c->fresh.count || r->c->gone.count > MOST_PAIRED / r->c->fresh.count)
		return 0;
	error = parse_all(r);
	/* The surer kinds of pairs first, each over all names. */
	for (k = 0; !error && k < ARRAY_SIZE(steps); k++) {
		for (i = 0; !error && i < r->c->gone.count; i++) {
			if (!r->settled[i])
				error = steps[k](r, i);
		}
	}
	return error;
}

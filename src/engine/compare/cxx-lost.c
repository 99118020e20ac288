/* SPDX-License-Identifier: Apache-2.0 */
/* C++ symbols that are gone without a new form: what kind of loss it is. Contract in
 * engine/compare/renames.h. */
#include "engine/compare/renames.h"

#include <stdio.h>
#include <string.h>

/* The names of a class, as they follow _ZTV and its like: "N3foo3BarE" or "3Bar". */
struct class_name {
	const char *scope; /* "3foo3Bar" */
	size_t length;
};

static bool is_table(const char *name, char kind)
{
	return !strncmp(name, "_ZT", 3) && name[3] == kind;
}

static struct class_name class_of(const char *encoded)
{
	size_t length = strlen(encoded);

	if (encoded[0] == 'N' && length > 2 && encoded[length - 1] == 'E')
		return (struct class_name){ encoded + 1, length - 2 };
	return (struct class_name){ encoded, length };
}

/* Has the library a symbol that begins with the parts? */
static bool has_in(struct compare *c, const struct corpus *corpus, const char *before,
		   struct class_name class, const char *behind)
{
	AUTO_FREE char *name = NULL;

	if (asprintf(&name, "%s%.*s%s", before, (int)class.length, class.scope, behind) < 0) {
		c->no_memory = true;
		return false;
	}
	return renames_has_prefix(corpus, name);
}

static bool has(const struct renames *r, const char *before, struct class_name class,
		const char *behind)
{
	return has_in(r->c, r->c->new, before, class, behind);
}

/* Members, or what the vtable is reached by. */
static bool class_remains(const struct renames *r, struct class_name class)
{
	return has(r, "_ZN", class, "") || has(r, "_ZNK", class, "");
}

static const char *table_rule(const struct renames *r, const char *name)
{
	struct class_name class = class_of(name + 4);
	bool nested = name[4] == 'N';

	if (is_table(name, 'V') || is_table(name, 'T'))
		return class_remains(r, class) ? "abi/vt-key-function-moved" : NULL;
	if (!is_table(name, 'I') && !is_table(name, 'S'))
		return NULL;
	if (has(r, nested ? "_ZTVN" : "_ZTV", class, nested ? "E" : ""))
		return "abi/rtti-lost";
	return class_remains(r, class) ? "abi/vt-key-function-moved" : NULL;
}

/* Is another variant of the same constructor or destructor still there? */
static bool has_variant(const struct renames *r, const char *name, const struct plain_name *plain)
{
	AUTO_FREE char *other = strdup(name);
	const char *variants = plain->last[0] == 'C' ? "123" : "012";
	size_t count;

	r->c->no_memory |= !other;
	for (; other && *variants; variants++) {
		other[plain->last + 1 - name] = *variants;
		if (corpus_find(r->c->new, other, &count))
			return true;
	}
	return false;
}

static const char *special_rule(const struct renames *r, const char *name,
				const struct plain_name *plain)
{
	struct class_name class = { plain->scope, plain->scope_length };
	char kind[2] = { plain->last[0], '\0' };

	if (has_variant(r, name, plain))
		return "abi/class-ctor-variant-lost";
	/* "C" and "D" follow a scope only in the names of these. */
	if (has(r, "_ZN", class, kind))
		return "abi/func-overload-removed";
	return class_remains(r, class) ? "abi/class-ctor-became-implicit" : NULL;
}

bool renames_has_overload(struct compare *c, const struct corpus *corpus, const char *name)
{
	struct plain_name plain;
	struct class_name whole;

	if (!plain_name_parse(name, &plain) || plain_name_is_special(&plain))
		return false;
	if (!plain.nested)
		return has_in(c, corpus, "_Z", (struct class_name){ plain.last, plain.last_length },
			      "");
	/* The last component follows its scope. */
	whole = (struct class_name){ plain.scope, plain.scope_length + plain.last_length };
	return has_in(c, corpus, "_ZN", whole, "E") || has_in(c, corpus, "_ZNK", whole, "E");
}

/* Has its virtual table, in OLD, a function without a body? */
static bool is_abstract(const struct corpus *corpus, const char *class)
{
	size_t i;

	for (i = 0; i < corpus->slots.count; i++) {
		const struct corpus_link *slot = &corpus->slots.items[i];

		if (!strcmp(slot->class, class) && !strcmp(slot->target, "__cxa_pure_virtual"))
			return true;
	}
	return false;
}

/* The constructor of whole objects, of which there are none: gcc makes it, clang does not. */
static int is_of_abstract(struct compare *c, const struct plain_name *plain, bool *ret)
{
	AUTO_FREE char *class = NULL;

	*ret = false;
	if (strncmp(plain->last, "C1", 2) != 0)
		return 0;
	class = plain_name_class(plain);
	if (!class)
		return -ENOMEM;
	*ret = is_abstract(c->old, class);
	return 0;
}

/* The compiler makes it wherever it is used: a special member that no source declares. */
static bool is_implicit(const struct compare *c, const struct corpus_symbol *old)
{
	const struct types *types = c->old->types;
	type_id id = types ? c->old->symbol_types[old - c->old->symbols.items] : CORPUS_NO_TYPE;

	return id != CORPUS_NO_TYPE && type_at(types, id)->is_implicit;
}

static int lower(struct compare *c, struct finding *finding, enum verdict most, const char *why)
{
	if (finding->verdict > most)
		finding->verdict = most;
	if (finding->source > most)
		finding->source = most;
	return finding_why(&c->out->findings, finding, "%s", why);
}

/* "h16_" or "v0_n24_": where it stands how far a thunk moves an object. */
static const char *behind_offset(const char *at)
{
	size_t numbers = *at == 'v' ? 2 : 1;

	if (*at != 'h' && *at != 'v')
		return NULL;
	for (at++; numbers; numbers--) {
		at += strspn(at, "n0123456789");
		if (*at++ != '_')
			return NULL;
	}
	return at;
}

/* The function that a thunk leads to, in OLD: the thunk is made where that is. */
static const struct corpus_symbol *target_of(const struct compare *c,
					     const struct corpus_symbol *old)
{
	const char *rest = strncmp(old->name, "_ZT", 3) ? NULL
			   : old->name[3] == 'c'	? behind_offset(old->name + 4)
							: old->name + 3;
	AUTO_FREE char *name = NULL;
	const struct corpus_symbol *found;
	size_t count;

	rest = rest ? behind_offset(rest) : NULL;
	if (!rest || asprintf(&name, "_Z%s", rest) < 0)
		return old;
	found = corpus_find(c->old, name, &count);
	return found ? found : old;
}

int renames_weigh_loss(struct compare *c, const struct corpus_symbol *old, struct finding *finding)
{
	struct plain_name plain;
	bool is_uncalled = false;

	if (old->binding == STB_WEAK)
		old = target_of(c, old);
	if (strncmp(old->name, "_Z", 2) != 0 || !plain_name_parse(old->name, &plain))
		return 0;
	if (plain_name_is_special(&plain) && is_of_abstract(c, &plain, &is_uncalled))
		return -ENOMEM;
	if (is_uncalled)
		return lower(c, finding, VERDICT_OK,
			     "its class is abstract: no program can call it");
	if (old->binding != STB_WEAK)
		return 0;
	if (is_implicit(c, old))
		return lower(c, finding, VERDICT_OK,
			     "no source declares it: the compiler makes it in each program");
	return lower(
		c, finding, VERDICT_RISK,
		"it was weak in OLD, as inline functions are: programs have copies of their own");
}

const char *renames_lost_rule(const struct renames *r, size_t gone)
{
	const struct corpus_symbol *symbol = gone_at(r, gone);
	struct plain_name plain;
	const char *rule;

	if (strncmp(symbol->name, "_Z", 2))
		return NULL;
	if (symbol->name[2] == 'T')
		return table_rule(r, symbol->name);
	rule = classes_lost_rule(r, symbol->name);
	if (rule)
		return rule;
	if (plain_name_parse(symbol->name, &plain))
		return plain_name_is_special(&plain) ? special_rule(r, symbol->name, &plain)
		       : renames_has_overload(r->c, r->c->new, symbol->name)
			       ? "abi/func-overload-removed"
			       : NULL;
	/* An instance of a template, weak as each program's own would be. */
	if (symbol->binding == STB_WEAK && strchr(symbol->name, 'I'))
		return "abi/tmpl-instantiation-removed";
	return NULL;
}

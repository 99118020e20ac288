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

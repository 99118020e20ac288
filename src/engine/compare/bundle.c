/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Libraries that are released together: does the new one still find in its new
 * siblings what it takes from them? What the old ones lacked as well is not told.
 */
#include "engine/compare/parts.h"
#include "engine/inspect/symbols.h"

#include <string.h>

/* The siblings that a library needs itself: they are few. */
struct siblings {
	const struct corpus **items;
	size_t count;
};

struct bundle {
	struct compare *c;
	struct siblings old, new;
};

static int find_siblings(const struct corpus *const *all, const struct corpus *user,
			 struct siblings *ret)
{
	size_t i, k;

	ret->items = calloc(user->needed.count + 1, sizeof(*ret->items));
	if (!ret->items)
		return -ENOMEM;
	for (i = 0; i < user->needed.count; i++) {
		for (k = 0; all[k]; k++) {
			if (all[k]->soname && !strcmp(all[k]->soname, user->needed.items[i]))
				break;
		}
		if (all[k])
			ret->items[ret->count++] = all[k];
	}
	return 0;
}

static const struct corpus *sibling(const struct siblings *siblings, const char *soname)
{
	size_t i;

	for (i = 0; i < siblings->count; i++) {
		if (!strcmp(siblings->items[i]->soname, soname))
			return siblings->items[i];
	}
	return NULL;
}

static bool exports(const struct corpus *corpus, const char *name, const char *version)
{
	size_t count, i;
	const struct corpus_symbol *s = corpus_find(corpus, name, &count);

	for (i = 0; i < count; i++) {
		if (!version || !s[i].version || !strcmp(s[i].version, version))
			return true;
	}
	return false;
}

/* The sibling that has the name, in any version; NULL: none. */
static const struct corpus *owner(const struct siblings *siblings, const char *name)
{
	size_t i;

	for (i = 0; i < siblings->count; i++) {
		if (exports(siblings->items[i], name, NULL))
			return siblings->items[i];
	}
	return NULL;
}

static bool is_anywhere(const struct corpus *const *all, const char *name)
{
	for (; *all; all++) {
		if (exports(*all, name, NULL))
			return true;
	}
	return false;
}

static int add_skew(struct compare *c, const char *subject, const char *library)
{
	return compare_note(c, "abi/pkg-bundle-skew", subject, NULL, NULL,
			    compare_text(c, "%s takes %s from %s, which does not have it",
					 c->out->name, subject, library));
}

/* A version of a sibling. */
static int check_need(const struct bundle *b, const struct corpus_need *need)
{
	const struct corpus *old = sibling(&b->old, need->library);
	const struct corpus *new = sibling(&b->new, need->library);

	if (!new || need->weak || corpus_node_find(new, need->version) ||
	    (new->base_name && !strcmp(new->base_name, need->version)))
		return 0;
	/* A library without any versions is let pass, and what was so before is not told. */
	if (!new->nodes.count || (old && !corpus_node_find(old, need->version)))
		return 0;
	return add_skew(b->c, compare_text(b->c, "version %s", need->version), need->library);
}

/* A name without version that was a sibling's. */
static int check_plain(const struct bundle *b, const char *name)
{
	const struct corpus *old = owner(&b->old, name);

	return old && !owner(&b->new, name) && !is_anywhere(b->c->options->new_siblings, name)
		       ? add_skew(b->c, name, old->soname)
		       : 0;
}

static int check_versioned(const struct bundle *b, const struct show_import *import)
{
	const struct corpus *old = sibling(&b->old, import->library);
	const struct corpus *new = sibling(&b->new, import->library);

	/* Where the version is gone as a whole, that is told already. */
	if (import->weak || !new || !corpus_node_find(new, import->version) ||
	    exports(new, import->name, import->version))
		return 0;
	if (old && !exports(old, import->name, import->version))
		return 0;
	return add_skew(b->c, compare_text(b->c, "%s@%s", import->name, import->version),
			import->library);
}

/* A baseline does not hold the names that are asked for with a version. */
static int say_unchecked(const struct bundle *b)
{
	const struct corpus *new = b->c->new;
	size_t count = 0, i;

	for (i = 0; i < new->needs.count; i++)
		count += sibling(&b->new, new->needs.items[i].library) != NULL;
	if (!count)
		return 0;
	return unchecked_add(&b->c->out->findings, b->c->out->name,
			     "the versioned symbols that it takes from its siblings",
			     "a baseline names their versions only", "NEW itself in its place",
			     count, false);
}

static int check_imports(const struct bundle *b)
{
	struct image *image = b->c->new->image;
	struct show_imports imports = { 0 };
	struct name_budget budget;
	struct fault fault = { 0 };
	size_t i;
	int r;

	if (!image)
		return say_unchecked(b);
	budget = name_budget(image);
	r = symbols_imports(image, &budget, &imports, &fault);
	for (i = 0; !r && i < imports.count; i++) {
		if (imports.items[i].version && imports.items[i].library)
			r = check_versioned(b, &imports.items[i]);
	}
	array_done(&imports);
	return r;
}

int compare_bundle(struct compare *c)
{
	struct bundle b = { .c = c };
	size_t i;
	int r;

	if (!c->options->old_siblings || !c->options->new_siblings)
		return 0;
	r = find_siblings(c->options->old_siblings, c->old, &b.old);
	if (!r)
		r = find_siblings(c->options->new_siblings, c->new, &b.new);
	for (i = 0; !r && i < c->new->needs.count; i++)
		r = check_need(&b, &c->new->needs.items[i]);
	for (i = 0; !r && i < c->new->imports.count; i++)
		r = check_plain(&b, c->new->imports.items[i]);
	if (!r && b.new.count)
		r = check_imports(&b);
	free(b.old.items);
	free(b.new.items);
	return r;
}

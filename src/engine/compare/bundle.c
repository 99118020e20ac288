/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Libraries that are released together: does the new one still find in its new
 * siblings what it takes from them? What the old ones lacked as well is not told.
 */
#include "engine/compare/parts.h"
#include "engine/inspect/symbols.h"

#include <string.h>

static const struct corpus *sibling(const struct corpus *const *all, const char *soname)
{
	for (; all && *all; all++) {
		if ((*all)->soname && !strcmp((*all)->soname, soname))
			return *all;
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

/* The sibling that has the name, in any version, of those that `user` needs itself; NULL: none. */
static const struct corpus *owner(const struct corpus *const *all, const struct corpus *user,
				  const char *name)
{
	size_t i;

	for (i = 0; i < user->needed.count; i++) {
		const struct corpus *corpus = sibling(all, user->needed.items[i]);

		if (corpus && exports(corpus, name, NULL))
			return corpus;
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
static int check_need(struct compare *c, const struct corpus_need *need)
{
	const struct corpus *old = sibling(c->options->old_siblings, need->library);
	const struct corpus *new = sibling(c->options->new_siblings, need->library);

	if (!new || need->weak || corpus_node_find(new, need->version) ||
	    (new->base_name && !strcmp(new->base_name, need->version)))
		return 0;
	/* A library without any versions is let pass, and what was so before is not told. */
	if (!new->nodes.count || (old && !corpus_node_find(old, need->version)))
		return 0;
	return add_skew(c, compare_text(c, "version %s", need->version), need->library);
}

/* A name without version that was a sibling's. */
static int check_plain(struct compare *c, const char *name)
{
	const struct corpus *old = owner(c->options->old_siblings, c->old, name);

	return old && !owner(c->options->new_siblings, c->new, name) &&
			       !is_anywhere(c->options->new_siblings, name)
		       ? add_skew(c, name, old->soname ? old->soname : path_name(old->path))
		       : 0;
}

static int check_versioned(struct compare *c, const struct show_import *import)
{
	const struct corpus *old = sibling(c->options->old_siblings, import->library);
	const struct corpus *new = sibling(c->options->new_siblings, import->library);

	/* Where the version is gone as a whole, that is told already. */
	if (import->weak || !new || !corpus_node_find(new, import->version) ||
	    exports(new, import->name, import->version))
		return 0;
	if (old && !exports(old, import->name, import->version))
		return 0;
	return add_skew(c, compare_text(c, "%s@%s", import->name, import->version),
			import->library);
}

/* A baseline does not hold the names that are asked for with a version. */
static int check_imports(struct compare *c)
{
	struct image *image = c->new->image;
	struct show_imports imports = { 0 };
	struct name_budget budget;
	struct fault fault = { 0 };
	size_t i;
	int r;

	if (!image)
		return 0;
	budget = name_budget(image);
	r = symbols_imports(image, &budget, &imports, &fault);
	for (i = 0; !r && i < imports.count; i++) {
		if (imports.items[i].version && imports.items[i].library)
			r = check_versioned(c, &imports.items[i]);
	}
	array_done(&imports);
	return r;
}

int compare_bundle(struct compare *c)
{
	size_t i;
	int r = 0;

	if (!c->options->old_siblings || !c->options->new_siblings)
		return 0;
	for (i = 0; !r && i < c->new->needs.count; i++)
		r = check_need(c, &c->new->needs.items[i]);
	for (i = 0; !r && i < c->new->imports.count; i++)
		r = check_plain(c, c->new->imports.items[i]);
	return r ? r : check_imports(c);
}

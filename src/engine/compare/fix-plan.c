/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What becomes of each lost version of one name. The names of the present code
 * are told by no symbol table, so that where NEW has one definition of a name
 * its source is taken to use that name, and where it has several, the name of
 * each is left open.
 */
#include "engine/compare/fix-parts.h"

#include <string.h>

static bool is_data(const struct corpus_symbol *s)
{
	return s->kind == SYMBOL_VARIABLE || s->kind == SYMBOL_COMMON || s->kind == SYMBOL_TLS;
}

static const struct corpus_symbol *default_of(const struct corpus_symbol *symbols, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (symbols[i].mark != MARK_HIDDEN)
			return &symbols[i];
	}
	return NULL;
}

static const struct corpus_symbol *with_version(const struct corpus_symbol *symbols, size_t count,
						const char *version)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (symbols[i].version && !strcmp(symbols[i].version, version))
			return &symbols[i];
	}
	return NULL;
}

/* Ends an item: what NEW has, and what the user is told. */
static int finish(struct fixer *f, struct fix_item *item, const struct corpus_symbol *now,
		  const char *why, const char *note)
{
	if (now && !item->after)
		item->after = fix_symbol_text(f, now);
	if (!item->why)
		item->why = why;
	if (!item->note)
		item->note = note;
	return f->no_memory ? -ENOMEM : 0;
}

static int add_simple(struct fixer *f, const struct corpus_symbol *old, enum fix_way way,
		      const struct corpus_symbol *now, const char *why, const char *note)
{
	struct fix_item *item = fix_item_add(f, old, way);

	return item ? finish(f, item, now, why, note) : -ENOMEM;
}

static int plan_gone(struct fixer *f, const struct corpus_symbol *old)
{
	struct fix_item *item;
	size_t node;
	int r;

	if (old->version) {
		item = fix_item_add(f, old, FIX_DROPPED);
		node = fix_nodes_find(f, old->version);
		r = item ? fix_item_version(f, item, node, false, true) : -ENOMEM;
		return r ? r
			 : finish(f, item, NULL, "NEW has no symbol of that name",
				  "\"@@\" in place of \"@\" lets new programs link with it too");
	}
	if (!f->new->nodes.count)
		return add_simple(f, old, FIX_PLAIN, NULL, "NEW has no symbol of that name", NULL);
	r = fix_nodes_newest(f, NULL, &node);
	item = r ? NULL : fix_item_add(f, old, FIX_PLAIN);
	if (!item)
		return -ENOMEM;
	r = fix_item_line(f, item, node, old->name, false);
	return r ? r
		 : finish(f, item, NULL, "NEW has no symbol of that name",
			  "old programs ask for no version and take it from whatever node");
}

/* The sizes must be the same: programs that are not built with -fPIC hold a copy. */
static bool fits(struct fixer *f, const struct corpus_symbol *old, const struct corpus_symbol *now,
		 const char **ret_why)
{
	if (is_data(old) != is_data(now) ||
	    (old->kind == SYMBOL_TLS) != (now->kind == SYMBOL_TLS)) {
		*ret_why = fix_text(f, "it was %s and is %s now", symbol_kind_text(old->kind),
				    symbol_kind_text(now->kind));
		return false;
	}
	if (!is_data(old) || !old->size || !now->size || old->size == now->size)
		return true;
	*ret_why = fix_text(
		f,
		"it had %llu bytes and has %llu now, and programs hold a copy of it: keep the object "
		"of the old size, and give the new one another name",
		(unsigned long long)old->size, (unsigned long long)now->size);
	return false;
}

/* The item that gives the present definition its own version beside old ones. */
static int pair_of(struct fixer *f, struct fix_case *c, const struct corpus_symbol *old,
		   const struct corpus_symbol *now, size_t node, struct fix_item **ret)
{
	bool is_variable = is_data(old);
	int r = 0;

	if (c->pair != NO_NODE) {
		*ret = &f->out->items.items[c->pair];
		return 0;
	}
	*ret = fix_item_add(f, old, FIX_ALIAS);
	if (!*ret)
		return -ENOMEM;
	c->pair = f->out->items.count - 1;
	(*ret)->size = now->size;
	r = fix_item_version(f, *ret, node, !is_variable, false);
	if (!r && !(*ret)->by_string && !is_variable)
		r = fix_item_line(f, *ret, node, (*ret)->body, true);
	return r;
}

static int plan_alias(struct fixer *f, struct fix_case *c, const struct corpus_symbol *old,
		      const struct corpus_symbol *now, size_t new_node)
{
	size_t old_node = fix_nodes_find(f, old->version);
	struct fix_item *item;
	int r = pair_of(f, c, old, now, new_node, &item);

	/*
	 * A program's copy of a variable has the old version. The library must refer to that one
	 * too, else each has a variable of its own.
	 */
	if (!r)
		r = fix_item_version(f, item, old_node, is_data(old), false);
	if (r)
		return r;
	if (is_data(old))
		return finish(
			f, item, now, fix_text(f, "its node was %s", old->version),
			"the old version stays the default, for the library's own references must meet the "
			"copy that an old program holds; a program that was linked with NEW as it is, and holds "
			"a copy, has a variable of its own: link it anew");
	return finish(
		f, item, now, fix_text(f, "its node was %s", old->version),
		fix_text(
			f,
			"right as long as it does what it did in OLD; if not, write a function with the old "
			"body in place of the alias for %s",
			item->before));
}

static int plan_body(struct fixer *f, struct fix_case *c, const struct corpus_symbol *old,
		     const struct corpus_symbol *now, size_t old_node, size_t new_node,
		     const char *why)
{
	struct fix_item *item;
	int r = pair_of(f, c, old, now, new_node, &item);

	if (!r)
		r = fix_item_version(f, item, old_node, false, true);
	if (r)
		return r;
	if (item->way == FIX_ALIAS)
		item->way = FIX_OLD_BODY;
	return finish(f, item, now, why,
		      f->out->nodes.items[new_node].is_invented
			      ? fix_text(f, "the node %s is invented: name it after your release",
					 f->out->nodes.items[new_node].name)
			      : NULL);
}

static int plan_map(struct fixer *f, const struct corpus_symbol *old,
		    const struct corpus_symbol *now)
{
	struct fix_item *item = fix_item_add(f, old, FIX_MAP);
	int r = item ? fix_item_line(f, item, fix_nodes_find(f, old->version), old->name, false)
		     : -ENOMEM;

	return r ? r : finish(f, item, now, "NEW has it without a version", NULL);
}

static int plan_beside(struct fixer *f, const struct fix_case *c, const struct corpus_symbol *old)
{
	const struct corpus_symbol *now = default_of(c->new, c->new_count);
	struct fix_item *item = fix_item_add(f, old, FIX_BESIDE);
	int r;

	now = now ? now : &c->new[0];
	if (!item)
		return -ENOMEM;
	r = fix_item_version(f, item, fix_nodes_find(f, old->version), false, false);
	return r ? r
		 : finish(f, item, now,
			  "NEW gives the name its versions in the source, from functions with names of their own",
			  NULL);
}

/* OLD's version is nowhere in NEW, the name is. */
static int plan_moved(struct fixer *f, struct fix_case *c, const struct corpus_symbol *old)
{
	const struct corpus_symbol *now = default_of(c->new, c->new_count);
	const struct corpus_symbol *was = default_of(c->old, c->old_count);
	const char *why = NULL;

	if (!now || c->new_count > 1)
		return plan_beside(f, c, old);
	if (!fits(f, old, now, &why))
		return add_simple(f, old, FIX_IMPOSSIBLE, now, why, NULL);
	if (!now->version && old == was)
		return plan_map(f, old, now);
	if (!now->version)
		return was && was->version
			       ? plan_body(f, c, old, now, fix_nodes_find(f, old->version),
					   fix_nodes_find(f, was->version),
					   "OLD had it beside the default")
			       : plan_beside(f, c, old);
	if (old == was)
		return plan_alias(f, c, old, now, fix_nodes_find(f, now->version));
	return plan_body(f, c, old, now, fix_nodes_find(f, old->version),
			 fix_nodes_find(f, now->version),
			 "OLD had it beside the default, as a function of its own");
}

/* The user knows that it does something else now. */
static int plan_changed(struct fixer *f, struct fix_case *c, const struct corpus_symbol *old,
			const struct corpus_symbol *now)
{
	static const char why[] = "named: it does something else now";
	size_t old_node, new_node;
	int r;

	if (is_data(old))
		return add_simple(
			f, old, FIX_IMPOSSIBLE, now,
			"a variable cannot be two: programs hold a copy of it; give the new one another name",
			NULL);
	if (c->new_count > 1)
		return add_simple(f, old, FIX_NOTHING, now,
				  "NEW has several versions of it already", NULL);
	if (!old->version && !f->new->nodes.count) {
		r = fix_nodes_introduce(f, &old_node, &new_node);
		return r ? r : plan_body(f, c, old, now, old_node, new_node, why);
	}
	if (!now || !now->version)
		return add_simple(f, old, FIX_NOTHING, now,
				  "NEW has it without a version, in a library with versions",
				  "put it into a node first");
	/* Old programs without versions take the first node. */
	old_node = old->version ? fix_nodes_find(f, old->version)
				: fix_nodes_find(f, f->new->nodes.items[0].name);
	new_node = fix_nodes_find(f, now->version);
	r = new_node == old_node ? fix_nodes_newest(f, now->version, &new_node) : 0;
	if (!r && new_node == old_node)
		return add_simple(f, old, FIX_NOTHING, now, "NEW's node is new, and the only one",
				  "put a node for OLD's symbols before it");
	return r ? r : plan_body(f, c, old, now, old_node, new_node, why);
}

static int plan_named(struct fixer *f, struct fix_case *c, const struct corpus_symbol *old)
{
	const struct corpus_symbol *now = default_of(c->new, c->new_count);
	const struct corpus_symbol *same =
		old->version ? with_version(c->new, c->new_count, old->version) : NULL;

	if (same && now && now->version && strcmp(now->version, old->version))
		return add_simple(f, old, FIX_NOTHING, now,
				  "NEW keeps the old version beside the new one", NULL);
	return plan_changed(f, c, old, now);
}

static int plan_one(struct fixer *f, struct fix_case *c, const struct corpus_symbol *old)
{
	bool is_there = old->version && with_version(c->new, c->new_count, old->version);

	if (!c->new_count)
		return plan_gone(f, old);
	if (is_there && !default_of(c->new, c->new_count))
		return add_simple(
			f, old, FIX_DEFAULT, &c->new[0],
			"NEW has it for old programs only: new ones cannot be linked with it",
			NULL);
	if (is_there || !old->version)
		return c->is_named ? plan_named(f, c, old) : 0;
	return plan_moved(f, c, old);
}

int fix_plan(struct fixer *f, struct fix_case *c)
{
	size_t i;
	int r = 0;

	if (!c->old_count)
		return add_simple(f, &c->new[0], FIX_NOTHING, &c->new[0],
				  "OLD has no such symbol: no program asks for it", NULL);
	c->pair = NO_NODE;
	for (i = 0; !r && i < c->old_count; i++) {
		if (fix_is_lost(f, c, &c->old[i]))
			r = plan_one(f, c, &c->old[i]);
	}
	return r;
}

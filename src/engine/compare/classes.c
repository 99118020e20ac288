/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Classes, as far as type information and virtual tables show them: functions
 * that changed their places in a table, and what became of a member function
 * that is gone.
 */
#include "base/map.h"
#include "engine/compare/renames.h"

#include <stdio.h>
#include <string.h>

#define MOST_BASES 64 /* that are followed from one class */
#define MOST_NAMED 20
#define MOST_SLOTS 2000 /* of one class, that a lost function is looked for in */

/* The links of one class. */
struct links {
	const struct corpus_link *items;
	size_t count;
};

static struct links links_at(const struct corpus_link *items, size_t left)
{
	struct links links = { items, left ? 1 : 0 };

	while (links.count < left && !strcmp(items[links.count].class, items->class))
		links.count++;
	return links;
}

static struct links find_links(const struct corpus_link *items, size_t count, const char *class)
{
	size_t low = 0;
	size_t high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(items[middle].class, class) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < count && !strcmp(items[low].class, class) ? links_at(items + low, count - low)
							       : (struct links){ 0 };
}

static const struct corpus_link *link_at(struct links links, uint32_t place)
{
	size_t low = 0;
	size_t high = links.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (links.items[middle].place < place)
			low = middle + 1;
		else
			high = middle;
	}
	return low < links.count && links.items[low].place == place ? &links.items[low] : NULL;
}

static const char *target_at(struct links links, uint32_t place)
{
	const struct corpus_link *link = link_at(links, place);

	return link ? link->target : NULL;
}

/* The functions that stand in NEW where OLD has another one. */
static int find_newcomers(struct links old, struct links new, struct map *ret)
{
	size_t i;

	for (i = 0; i < new.count; i++) {
		const char *before = target_at(old, new.items[i].place);

		if (before && strcmp(before, new.items[i].target) &&
		    map_set(ret, new.items[i].target, (void *)new.items[i].target))
			return -ENOMEM;
	}
	return 0;
}

static bool same_size(struct compare *c, const char *class)
{
	AUTO_FREE char *name = NULL;
	const struct corpus_symbol *old, *new;
	size_t count;

	if (asprintf(&name, "_ZTV%s", class) < 0) {
		c->no_memory = true;
		return false;
	}
	old = corpus_find(c->old, name, &count);
	new = corpus_find(c->new, name, &count);
	return old && new && old->size == new->size;
}

/* A name as it stands in the source. */
static const char *source_name(struct compare *c, const char *mangled)
{
	struct cxx_name name = { 0 };

	c->no_memory |= cxx_name_parse(&c->out->findings.arena, mangled, &name) != 0;
	return name.text && name.text[0] ? name.text : mangled;
}

static struct finding *add_reordered(struct compare *c, const char *class)
{
	const char *subject = compare_text(c, "_ZTV%s", class);

	return subject ? compare_add(c, "abi/vt-slot-reordered", subject,
				     compare_text(c, "functions changed their places in the %s",
						  source_name(c, subject)))
		       : NULL;
}

/* The table has as many words as before: where it has not, that is told already. */
static int compare_table(struct compare *c, struct links old, struct links new)
{
	struct finding *finding = NULL;
	struct map newcomers = { 0 };
	size_t count = 0;
	size_t i;
	int r = same_size(c, old.items->class) ? find_newcomers(old, new, &newcomers) : 0;

	for (i = 0; !r && newcomers.count && i < old.count; i++) {
		const char *before = old.items[i].target;
		const char *after = target_at(new, old.items[i].place);

		if (!after || !strcmp(before, after) || !map_get(&newcomers, before))
			continue;
		if (!finding)
			finding = add_reordered(c, old.items->class);
		if (!finding || (count++ < MOST_NAMED &&
				 finding_why(&c->out->findings, finding, "%s stands where %s was",
					     source_name(c, after), source_name(c, before))))
			r = -ENOMEM;
	}
	map_done(&newcomers);
	return r;
}

int compare_classes(struct compare *c)
{
	const struct corpus_link *old = c->old->slots.items;
	size_t left = c->old->slots.count;
	int r = 0;

	while (!r && left) {
		struct links before = links_at(old, left);
		struct links after =
			find_links(c->new->slots.items, c->new->slots.count, before.items->class);

		r = after.count ? compare_table(c, before, after) : 0;
		old += before.count;
		left -= before.count;
	}
	return r;
}

/* Do the names differ in the class only? */
static bool is_same_member(const char *a, const char *b)
{
	struct plain_name x, y;

	return plain_name_parse(a, &x) && plain_name_parse(b, &y) && x.nested && y.nested &&
	       !plain_name_is_special(&x) && !strcmp(x.last, y.last);
}

/* What stands in NEW at the place that OLD's table had the function at. */
static const char *slot_rule(const struct compare *c, struct links old, const char *name)
{
	struct links new = { 0 };
	size_t i;

	if (old.count)
		new = find_links(c->new->slots.items, c->new->slots.count, old.items->class);
	for (i = 0; i < old.count && i < MOST_SLOTS; i++) {
		const char *now = strcmp(old.items[i].target, name)
					  ? NULL
					  : target_at(new, old.items[i].place);

		if (now && !strcmp(now, "__cxa_pure_virtual"))
			return "abi/vt-virtual-became-pure";
		if (now && is_same_member(name, now))
			return "abi/vt-override-removed";
	}
	return NULL;
}

/* "_ZNK7Derived1fEv" with another class in place of Derived: does NEW have it? */
static bool has_member(struct compare *c, const char *class, const char *name,
		       const struct plain_name *plain)
{
	AUTO_FREE char *other = NULL;
	size_t length = strlen(class);
	size_t count;

	if (class[0] == 'N' && length > 2) {
		class ++;
		length -= 2;
	}
	if (asprintf(&other, "%.*s%.*s%s", (int)(plain->scope - name), name, (int)length, class,
		     plain->last) < 0) {
		c->no_memory = true;
		return false;
	}
	return corpus_find(c->new, other, &count) != NULL;
}

/* Has a base of the class, at any depth, such a function? */
static bool base_has(struct compare *c, const char *class, const char *name,
		     const struct plain_name *plain)
{
	const char *queue[MOST_BASES] = { class };
	size_t count = 1;
	size_t i, k;

	for (i = 0; i < count; i++) {
		struct links bases = find_links(c->new->bases.items, c->new->bases.count, queue[i]);

		if (i && has_member(c, queue[i], name, plain))
			return true;
		for (k = 0; k < bases.count && count < MOST_BASES; k++)
			queue[count++] = bases.items[k].target;
	}
	return false;
}

const char *classes_lost_rule(const struct renames *r, const char *name)
{
	struct compare *c = r->c;
	struct plain_name plain;
	AUTO_FREE char *class = NULL;
	const char *rule;

	if (!plain_name_parse(name, &plain) || !plain.nested || plain_name_is_special(&plain))
		return NULL;
	class = plain_name_class(&plain);
	if (!class) {
		c->no_memory = true;
		return NULL;
	}
	rule = slot_rule(c, find_links(c->old->slots.items, c->old->slots.count, class), name);
	if (rule)
		return rule;
	return base_has(c, class, name, &plain) ? "abi/method-moved-to-base" : NULL;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What became of the names that are gone: renamed all alike, or mangled anew
 * because the declaration changed. One change is one finding, not a removal and
 * an addition. A name that no rule here knows is just gone.
 */
#include "engine/compare/renames.h"

#include <string.h>

#define LEAST_RENAMED 4
#define MOST_SAMPLED 5000 /* added names that are tried as the new form of one */
#define MOST_NAMED 20

size_t symbols_find(const struct corpus_symbol *const *symbols, size_t count, const char *name)
{
	size_t low = 0;
	size_t high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(name, symbols[middle]->name);

		if (!order)
			return middle;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return SIZE_MAX;
}

size_t renames_find_fresh(const struct renames *r, const char *name)
{
	return symbols_find(r->c->fresh.items, r->c->fresh.count, name);
}

bool renames_has_prefix(const struct corpus *corpus, const char *prefix)
{
	size_t length = strlen(prefix);
	size_t low = 0;
	size_t high = corpus->symbols.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strncmp(corpus->symbols.items[middle].name, prefix, length) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < corpus->symbols.count &&
	       !strncmp(corpus->symbols.items[low].name, prefix, length);
}

/* One edit of a name: `from` becomes `to`, behind `prefix` where `from` is empty. */
struct edit {
	const char *prefix;
	size_t prefix_length;
	const char *from;
	size_t from_length;
	const char *to;
	size_t to_length;
	bool at_end;
};

static struct edit edit_of(const char *old, const char *new)
{
	size_t old_length = strlen(old);
	size_t new_length = strlen(new);
	size_t least = size_min(old_length, new_length);
	size_t before = 0;
	size_t behind = 0;

	while (before < least && old[before] == new[before])
		before++;
	while (behind < least - before &&
	       old[old_length - behind - 1] == new[new_length - behind - 1])
		behind++;
	return (struct edit){
		.prefix = old,
		.prefix_length = before,
		.from = old + before,
		.from_length = old_length - before - behind,
		.to = new + before,
		.to_length = new_length - before - behind,
		.at_end = !behind,
	};
}

/* Where the edit changes `name`; NULL: nowhere. */
static const char *edit_place(const struct edit *e, const char *name)
{
	size_t length = strlen(name);

	if (e->from_length)
		return memmem(name, length, e->from, e->from_length);
	if (e->at_end)
		return name + length;
	return strncmp(name, e->prefix, e->prefix_length) ? NULL : name + e->prefix_length;
}

/* The added name that the edit makes of `name`; SIZE_MAX: none. */
static size_t edited(const struct renames *r, const struct edit *e, const char *name)
{
	char buffer[1024];
	const char *at = edit_place(e, name);
	int length;

	if (!at)
		return SIZE_MAX;
	length = __builtin_snprintf(buffer, sizeof(buffer), "%.*s%.*s%s", (int)(at - name), name,
				    (int)e->to_length, e->to, at + e->from_length);
	return length < 0 || (size_t)length >= sizeof(buffer) ? SIZE_MAX
							      : renames_find_fresh(r, buffer);
}

static size_t count_edited(const struct renames *r, const struct edit *e, size_t most)
{
	size_t step = r->c->gone.count > most ? r->c->gone.count / most : 1;
	size_t count = 0;
	size_t i;

	for (i = 0; i < r->c->gone.count; i += step)
		count += edited(r, e, gone_at(r, i)->name) != SIZE_MAX;
	return count * step;
}

/* The edit that explains most of what is gone; false: none explains four fifths. */
static bool find_edit(const struct renames *r, struct edit *ret)
{
	const size_t count = r->c->gone.count;
	const size_t samples[] = { 0, count / 2, count - 1 };
	size_t best = 0;
	size_t i, k;

	for (i = 0; i < ARRAY_SIZE(samples) && best < count; i++) {
		for (k = 0; k < size_min(r->c->fresh.count, MOST_SAMPLED); k++) {
			struct edit e = edit_of(gone_at(r, samples[i])->name, fresh_at(r, k)->name);
			size_t found;

			/* Names that have next to nothing in common. */
			if (e.from_length > strlen(e.prefix) / 2)
				continue;
			if (count_edited(r, &e, 12) * 4 < count * 3)
				continue;
			found = count_edited(r, &e, SIZE_MAX);
			if (found > best) {
				best = found;
				*ret = e;
			}
		}
	}
	return best >= LEAST_RENAMED && best * 5 >= count * 4;
}

/* Is it the same function in another namespace? */
static bool is_other_scope(const char *old, const char *new)
{
	struct plain_name x, y;

	return plain_name_parse(old, &x) && plain_name_parse(new, &y) && x.nested && y.nested &&
	       x.last_length == y.last_length && !memcmp(x.last, y.last, x.last_length) &&
	       (x.scope_length != y.scope_length || memcmp(x.scope, y.scope, x.scope_length));
}

static int add_mass_rename(struct renames *r, const struct edit *e)
{
	struct compare *c = r->c;
	bool scope = true;
	struct finding *finding;
	size_t count = 0;
	size_t i;

	for (i = 0; i < c->gone.count; i++) {
		size_t to = edited(r, e, gone_at(r, i)->name);

		count += to != SIZE_MAX;
		scope &= to == SIZE_MAX ||
			 is_other_scope(gone_at(r, i)->name, fresh_at(r, to)->name);
	}
	finding = compare_add(
		c, scope ? "abi/ns-inline-version-changed" : "abi/sym-mass-rename", c->out->name,
		compare_text(c, "%zu symbols of %s were renamed alike: \"%.*s\" became \"%.*s\"",
			     count, c->out->name, (int)e->from_length, e->from, (int)e->to_length,
			     e->to));
	if (!finding)
		return -ENOMEM;
	count = 0;
	for (i = 0; i < c->gone.count; i++) {
		size_t to = edited(r, e, gone_at(r, i)->name);

		if (to == SIZE_MAX)
			continue;
		r->settled[i] = r->taken[to] = true;
		if (count++ < MOST_NAMED && finding_why(&c->out->findings, finding, "%s became %s",
							gone_at(r, i)->name, fresh_at(r, to)->name))
			return -ENOMEM;
	}
	return 0;
}

static int rename_all(struct renames *r)
{
	struct edit edit;

	renames_find_hidden(r);

	if (r->c->gone.count >= LEAST_RENAMED && r->c->fresh.count >= LEAST_RENAMED &&
	    find_edit(r, &edit) && add_mass_rename(r, &edit))
		return -ENOMEM;
	return renames_pair(r);
}

/* The rule for what has no new form; NULL: it is just gone. */
static const char *rest_rule(const struct renames *r, size_t gone)
{
	const char *rule = renames_lost_rule(r, gone);

	if (!rule && r->hidden[gone])
		rule = "abi/vis-exported-to-hidden";
	return declared_lost_rule(r->c, gone_at(r, gone), rule);
}

static int add_rest(struct renames *r)
{
	size_t i;

	for (i = 0; i < r->c->gone.count; i++) {
		if (!r->settled[i] && compare_gone(r->c, gone_at(r, i), rest_rule(r, i)))
			return -ENOMEM;
	}
	for (i = 0; i < r->c->fresh.count; i++) {
		if (!r->taken[i] && compare_added(r->c, fresh_at(r, i)))
			return -ENOMEM;
	}
	return 0;
}

int compare_renames(struct compare *c)
{
	struct renames r = { .c = c };
	int error = -ENOMEM;

	r.settled = arena_array(&r.arena, c->gone.count + 1, sizeof(bool));
	r.hidden = arena_array(&r.arena, c->gone.count + 1, sizeof(bool));
	r.taken = arena_array(&r.arena, c->fresh.count + 1, sizeof(bool));
	if (r.settled && r.hidden && r.taken)
		error = c->gone.count ? rename_all(&r) : 0;
	if (!error)
		error = add_rest(&r);
	arena_done(&r.arena);
	return error;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Enumerations of both sides. Contract in engine/compare/types.h. */
#include "engine/compare/types.h"
#include "model/dwarf-codes.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

/* The enumerators of one side in an order, to be found. */
struct sorted {
	const struct type_part **items;
	uint32_t count;
};

struct enums {
	struct type_diff *d;
	uint32_t pair;
	const struct type *old, *new;
	const struct type_part *old_parts, *new_parts;
	const char *subject;
	struct sorted by_name[2], by_value[2]; /* of OLD and of NEW */
};

static int by_name(const void *a, const void *b)
{
	const struct type_part *x = *(const struct type_part *const *)a;
	const struct type_part *y = *(const struct type_part *const *)b;
	int order = strcmp(x->name, y->name);

	return order ? order : x < y ? -1 : x > y;
}

static int by_value(const void *a, const void *b)
{
	const struct type_part *x = *(const struct type_part *const *)a;
	const struct type_part *y = *(const struct type_part *const *)b;

	return x->place != y->place ? (x->place < y->place ? -1 : 1) : x < y ? -1 : x > y;
}

static int sort(struct type_diff *d, const struct type_part *parts, uint32_t count,
		int (*order)(const void *, const void *), struct sorted *ret)
{
	uint32_t i;

	*ret = (struct sorted){ arena_array(&d->scratch, count + 1, sizeof(*ret->items)), 0 };
	if (!ret->items)
		return -ENOMEM;
	for (i = 0; i < count; i++) {
		if (parts[i].name)
			ret->items[ret->count++] = &parts[i];
	}
	qsort(ret->items, ret->count, sizeof(*ret->items), order);
	return 0;
}

static const struct type_part *find_value(const struct sorted *sorted, uint64_t value)
{
	uint32_t low = 0;
	uint32_t high = sorted->count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (sorted->items[middle]->place < value)
			low = middle + 1;
		else
			high = middle;
	}
	return low < sorted->count && sorted->items[low]->place == value ? sorted->items[low]
									 : NULL;
}

static const struct type_part *find(const struct sorted *sorted, const char *name)
{
	uint32_t low = 0;
	uint32_t high = sorted->count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		int order = strcmp(sorted->items[middle]->name, name);

		if (!order)
			return sorted->items[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* Does the name say that it counts the others? */
static bool is_counter(const char *name)
{
	static const char *const words[] = { "MAX", "LAST", "COUNT", "NUM", "END", "SIZE", "N" };
	const char *at;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++) {
		size_t length = strlen(words[i]);

		for (at = strcasestr(name, words[i]); at; at = strcasestr(at + 1, words[i])) {
			if ((at == name || at[-1] == '_') &&
			    (!at[length] || at[length] == '_' || !strcasecmp(at + length, "s")))
				return true;
		}
	}
	return false;
}

static int note(struct enums *e, const char *rule, const char *message)
{
	return types_note(e->d, e->pair, rule, false, e->subject, message);
}

/* "A 1 → 2, B 2 → 3", cut after a few. */
static const char *add_to_list(struct enums *e, const char *list, size_t count, const char *item)
{
	if (!list || !item || count > 4)
		return list;
	if (count == 4)
		return compare_text(e->d->c, "%s, …", list);
	return *list ? compare_text(e->d->c, "%s, %s", list, item) : item;
}

/* What became of the enumerators of OLD; *ret_shift: some have moved. */
static int compare_old(struct enums *e, bool is_inserted)
{
	const char *moved = "";
	const char *gone = "";
	const char *renamed = "";
	size_t moved_count = 0;
	size_t gone_count = 0;
	size_t renamed_count = 0;
	const char *counter = "";
	size_t counter_count = 0;
	uint32_t i;
	int r = 0;

	for (i = 0; i < e->old->part_count; i++) {
		const struct type_part *o = &e->old_parts[i];
		const struct type_part *n = o->name ? find(&e->by_name[1], o->name) : NULL;

		if (!o->name)
			continue;
		if (n && n->place == o->place)
			continue;
		if (n && is_counter(o->name) && (int64_t)n->place > (int64_t)o->place) {
			counter = add_to_list(
				e, counter, counter_count++,
				compare_text(e->d->c, "%s was %" PRId64 ", is %" PRId64, o->name,
					     (int64_t)o->place, (int64_t)n->place));
		} else if (n) {
			moved = add_to_list(e, moved, moved_count++,
					    compare_text(e->d->c, "%s %" PRId64 " → %" PRId64,
							 o->name, (int64_t)o->place,
							 (int64_t)n->place));
		} else {
			const struct type_part *other = find_value(&e->by_value[1], o->place);

			if (other)
				renamed = add_to_list(
					e, renamed, renamed_count++,
					compare_text(e->d->c, "%s → %s", o->name, other->name));
			else
				gone = add_to_list(e, gone, gone_count++, o->name);
		}
		if (!moved || !gone || !renamed || !counter)
			return -ENOMEM;
	}
	if (moved_count)
		r = note(e, is_inserted ? "abi/enum-inserted" : "abi/enum-value-changed",
			 compare_text(e->d->c, "%s: %s", e->subject, moved));
	if (!r && counter_count)
		r = note(e, "abi/enum-count-sentinel-moved",
			 compare_text(e->d->c, "%s: %s", e->subject, counter));
	if (!r && gone_count)
		r = note(e, "abi/enum-removed-member",
			 compare_text(e->d->c, "%s: %s gone", e->subject, gone));
	if (!r && renamed_count)
		r = note(e, "abi/enum-renamed-member",
			 compare_text(e->d->c, "%s: %s", e->subject, renamed));
	return r;
}

/* Another name for an old value, or what its enumerator was renamed to. */
static bool has_old_value(const struct enums *e, const struct type_part *new)
{
	const struct type_part *old = find_value(&e->by_value[0], new->place);
	const struct type_part *now = old ? find(&e->by_name[1], old->name) : NULL;

	return old && (!now || now->place == old->place);
}

static int compare_new(struct enums *e)
{
	const char *list = "";
	size_t count = 0;
	uint32_t i;

	for (i = 0; i < e->new->part_count; i++) {
		const struct type_part *n = &e->new_parts[i];

		if (!n->name || find(&e->by_name[0], n->name) || has_old_value(e, n))
			continue;
		list = add_to_list(e, list, count++, n->name);
		if (!list)
			return -ENOMEM;
	}
	return count ? note(e, "abi/enum-appended",
			    compare_text(e->d->c, "%s: %s new", e->subject, list))
		     : 0;
}

/* Is a new enumerator in front of an old one, by value? */
static bool has_inserted(const struct enums *e)
{
	int64_t last = INT64_MIN;
	uint32_t i;

	for (i = 0; i < e->old->part_count; i++) {
		if ((int64_t)e->old_parts[i].place > last)
			last = (int64_t)e->old_parts[i].place;
	}
	for (i = 0; i < e->new->part_count; i++) {
		if (e->new_parts[i].name && !find(&e->by_name[0], e->new_parts[i].name) &&
		    (int64_t)e->new_parts[i].place <= last)
			return true;
	}
	return false;
}

static bool has_negative(const struct type *t, const struct type_part *parts)
{
	uint32_t i;

	for (i = 0; i < t->part_count; i++) {
		if ((int64_t)parts[i].place < 0)
			return true;
	}
	return false;
}

static int compare_shape(struct enums *e)
{
	int r = 0;

	if (e->old->has_size && e->new->has_size && e->old->size != e->new->size)
		r = note(e, "abi/enum-size-changed",
			 compare_text(e->d->c, "%s: %" PRIu64 " → %" PRIu64 " bytes", e->subject,
				      e->old->size, e->new->size));
	else if (has_negative(e->old, e->old_parts) != has_negative(e->new, e->new_parts))
		r = note(e, "abi/enum-sign-changed",
			 compare_text(e->d->c, "%s: it has %s negative values %s", e->subject,
				      has_negative(e->new, e->new_parts) ? "" : "no",
				      has_negative(e->new, e->new_parts) ? "now" : "any more"));
	if (!r && e->old->is_scoped != e->new->is_scoped &&types_tell(e->d, e->old->is_scoped, 4))
		r = note(e, "abi/enum-scoped-changed",
			 compare_text(e->d->c, "%s is %s", e->subject,
				      e->new->is_scoped ? "an enum class now"
							: "no enum class any more"));
	return r;
}

int types_compare_enum(struct type_diff *d, uint32_t number)
{
	const struct type_pair *pair = &d->pairs.items[number];
	struct enums e = { .d = d, .pair = number };
	int r;

	e.old = type_at(d->old, pair->old);
	e.new = type_at(d->new, pair->new);
	if (e.old->is_declared || e.new->is_declared || types_seen(d, number) == TYPE_OPAQUE)
		return 0;
	e.old_parts = type_parts(d->old, e.old);
	e.new_parts = type_parts(d->new, e.new);
	e.subject = types_subject(d, number);
	if (!e.subject)
		return -ENOMEM;
	r = sort(d, e.old_parts, e.old->part_count, by_name, &e.by_name[0]);
	if (!r)
		r = sort(d, e.new_parts, e.new->part_count, by_name, &e.by_name[1]);
	if (!r)
		r = sort(d, e.old_parts, e.old->part_count, by_value, &e.by_value[0]);
	if (!r)
		r = sort(d, e.new_parts, e.new->part_count, by_value, &e.by_value[1]);
	if (!r)
		r = compare_shape(&e);
	if (!r)
		r = compare_old(&e, has_inserted(&e));
	if (!r)
		r = compare_new(&e);
	return r;
}

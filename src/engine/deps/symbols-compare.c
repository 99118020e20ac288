/* SPDX-License-Identifier: Apache-2.0 */
/* What is new and what is lost between two symbols files, in the levels of dpkg-gensymbols. */
#include "engine/deps/symbols-update.h"

#include <string.h>

#define SPELT_OUT 5 /* names that a finding tells; the symbols file has all */

/* What one side has and the other has not. */
struct comparison {
	const struct symbols_file *here;
	const struct symbols_file *there;
	const char *names[SPELT_OUT];
	size_t count;
};

static void note(struct comparison *c, const char *name)
{
	if (c->count < SPELT_OUT)
		c->names[c->count] = name;
	c->count++;
}

static struct symbols_entry *find_pattern(const struct symbols_object *object,
					  const struct symbols_entry *like, bool deprecated_too)
{
	struct symbols_entry *entry = NULL;
	size_t i;

	if (like->kind == SYMBOLS_CXX)
		entry = map_get(&object->cxx, like->name);
	else if (like->kind == SYMBOLS_SYMVER)
		entry = map_get(&object->symver, like->name);
	for (i = 0; like->kind == SYMBOLS_GENERIC && !entry && i < object->entries.count; i++) {
		struct symbols_entry *other = object->entries.items[i];

		if (other->kind == SYMBOLS_GENERIC && (deprecated_too || !other->deprecated) &&
		    symbols_entry_equals(other, like))
			entry = other;
	}
	return entry && (deprecated_too || !entry->deprecated) ? entry : NULL;
}

static int symbol_is_new(const struct symbols_entry *entry, const struct symbols_object *other,
			 const char *arch, bool *ret)
{
	struct symbols_entry *like = map_get(&other->plain, entry->name);
	int r;

	*ret = like && !symbols_entry_is_legitimate(like, arch);
	if (like || (entry->pattern && find_pattern(other, entry->pattern, true)))
		return 0;
	r = symbols_pattern_match(other, entry->name, true, arch, &like);
	*ret = !like;
	return r;
}

static int compare_object(struct comparison *c, const struct symbols_object *object,
			  const struct symbols_object *other)
{
	const char *arch = c->here->arch;
	size_t i;
	int r = 0;

	for (i = 0; !r && i < object->entries.count; i++) {
		const struct symbols_entry *entry = object->entries.items[i];
		bool is_new;

		if (!symbols_entry_counts(object, entry) || symbols_tag_find(entry, "optional") ||
		    !symbols_entry_is_legitimate(entry, arch))
			continue;
		if (entry->kind == SYMBOLS_PLAIN) {
			r = symbol_is_new(entry, other, arch, &is_new);
		} else {
			const struct symbols_entry *like = find_pattern(other, entry, false);

			is_new = !like || !symbols_entry_is_legitimate(like, arch);
		}
		if (!r && is_new)
			note(c, entry->template ? entry->template : entry->name);
	}
	return r;
}

static int compare_symbols(struct comparison *c)
{
	size_t i;
	int r = 0;

	for (i = 0; !r && i < c->here->objects.count; i++) {
		const struct symbols_object *object = c->here->objects.items[i];
		const struct symbols_object *other = symbols_object_find(c->there, object->soname);

		if (other)
			r = compare_object(c, object, other);
	}
	return r;
}

static void compare_libraries(struct comparison *c)
{
	size_t i;

	for (i = 0; i < c->here->objects.count; i++) {
		const char *soname = c->here->objects.items[i]->soname;

		if (!symbols_object_find(c->there, soname))
			note(c, soname);
	}
}

static int tell(const struct comparison *c, struct findings *list, const char *input,
		const char *rule, bool breaks)
{
	struct finding *finding;
	size_t i;

	if (!c->count)
		return 0;
	finding = finding_add(list, rule, input);
	if (!finding)
		return -ENOMEM;
	finding->verdict = breaks ? VERDICT_BREAK : VERDICT_OK;
	finding->file = arena_strdup(&list->arena, c->here->path);
	finding->subject = arena_strdup(&list->arena, c->names[0]);
	finding->message = arena_printf(&list->arena, "%s: %zu", finding->rule->summary, c->count);
	if (!finding->file || !finding->subject || !finding->message)
		return -ENOMEM;
	for (i = 0; i < size_min(c->count, SPELT_OUT); i++) {
		if (finding_why(list, finding, "%s", c->names[i]))
			return -ENOMEM;
	}
	if (c->count > SPELT_OUT)
		return finding_why(list, finding, "and %zu more", c->count - SPELT_OUT);
	return 0;
}

int symbols_compare(const struct symbols_file *old, const struct symbols_file *new, unsigned level,
		    struct findings *list, const char *input)
{
	struct comparison gained[2] = { { .here = new, .there = old },
					{ .here = new, .there = old } };
	struct comparison lost[2] = { { .here = old, .there = new },
				      { .here = old, .there = new } };
	int r = compare_symbols(&gained[1]);

	if (!r)
		r = compare_symbols(&lost[1]);
	compare_libraries(&gained[0]);
	compare_libraries(&lost[0]);
	if (!r)
		r = tell(&gained[0], list, input, "deps/symbols-library-added", level >= 4);
	if (!r)
		r = tell(&lost[0], list, input, "deps/symbols-library-lost", level >= 3);
	if (!r)
		r = tell(&gained[1], list, input, "deps/symbols-added", level >= 2);
	if (!r)
		r = tell(&lost[1], list, input, "deps/symbols-lost", level >= 1);
	return r;
}

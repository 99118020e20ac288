/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in model/deb-symbols.h. */
#include "model/deb-symbols.h"
#include "base/demangle.h"
#include "model/deb-arch.h"
#include "model/package-version.h"

#include <stdio.h>
#include <string.h>

#define LONGEST_TEXT 65536u /* of a demangled name */

struct symbols_file *symbols_file_new(const char *path, const char *arch)
{
	struct symbols_file *file = calloc(1, sizeof(*file));

	if (!file)
		return NULL;
	file->path = arena_strdup(&file->arena, path);
	file->arch = arena_strdup(&file->arena, arch);
	if (!file->path || !file->arch) {
		symbols_file_free(file);
		return NULL;
	}
	return file;
}

static void end_object(struct symbols_object *object)
{
	array_done(&object->deps);
	array_done(&object->fields);
	array_done(&object->entries);
	map_done(&object->plain);
	map_done(&object->cxx);
	map_done(&object->symver);
}

void symbols_object_remove(struct symbols_file *file, size_t index)
{
	struct symbols_object **items = file->objects.items;

	end_object(items[index]);
	file->objects.count--;
	memmove(items + index, items + index + 1, (file->objects.count - index) * sizeof(*items));
}

void symbols_file_free(struct symbols_file *file)
{
	size_t i;

	if (!file)
		return;
	for (i = 0; i < file->objects.count; i++)
		end_object(file->objects.items[i]);
	array_done(&file->objects);
	arena_done(&file->arena);
	free(file);
}

struct symbols_object *symbols_object_find(const struct symbols_file *file, const char *soname)
{
	size_t i;

	for (i = 0; i < file->objects.count; i++) {
		if (!strcmp(file->objects.items[i]->soname, soname))
			return file->objects.items[i];
	}
	return NULL;
}

struct symbols_object *symbols_object_add(struct symbols_file *file, const char *soname)
{
	struct symbols_object *object = arena_alloc(&file->arena, sizeof(*object));

	if (!object)
		return NULL;
	object->soname = arena_strdup(&file->arena, soname);
	return object->soname && !array_push(&file->objects, object) ? object : NULL;
}

const char *symbols_field_value(const struct symbols_object *object, const char *name)
{
	size_t i;

	for (i = 0; i < object->fields.count; i++) {
		if (!strcmp(object->fields.items[i].name, name))
			return object->fields.items[i].value;
	}
	return NULL;
}

int symbols_field_set(struct symbols_object *object, const char *name, const char *value)
{
	size_t at = 0;
	size_t i;
	int r;

	while (at < object->fields.count && strcmp(object->fields.items[at].name, name) < 0)
		at++;
	if (at < object->fields.count && !strcmp(object->fields.items[at].name, name)) {
		object->fields.items[at].value = value;
		return 0;
	}
	r = array_push(&object->fields, (struct symbols_field){ 0 });
	if (r)
		return r;
	for (i = object->fields.count - 1; i > at; i--)
		object->fields.items[i] = object->fields.items[i - 1];
	object->fields.items[at] = (struct symbols_field){ name, value };
	return 0;
}

static struct map *map_of(struct symbols_object *object, enum symbols_kind kind)
{
	struct map *const maps[] = { &object->plain, &object->cxx, &object->symver };

	return kind == SYMBOLS_GENERIC ? NULL : maps[kind];
}

int symbols_entry_add(struct symbols_object *object, struct symbols_entry *entry)
{
	struct map *map = map_of(object, entry->kind);
	int r = array_push(&object->entries, entry);

	if (!r && map)
		r = map_set(map, entry->name, entry);
	return r;
}

bool symbols_entry_counts(const struct symbols_object *object, const struct symbols_entry *entry)
{
	const struct map *map = map_of((struct symbols_object *)object, entry->kind);

	return !map || map_get(map, entry->name) == entry;
}

const struct symbols_tag *symbols_tag_find(const struct symbols_entry *entry, const char *name)
{
	size_t i;

	for (i = 0; i < entry->tag_count; i++) {
		if (!strcmp(entry->tags[i].name, name))
			return &entry->tags[i];
	}
	return NULL;
}

int symbols_tag_set(struct arena *arena, struct symbols_entry *entry, const char *name,
		    const char *value)
{
	struct symbols_tag *old = (struct symbols_tag *)symbols_tag_find(entry, name);
	struct symbols_tag *tags;

	if (old) {
		old->value = value;
		return 0;
	}
	tags = arena_array(arena, entry->tag_count + 1, sizeof(*tags));
	if (!tags)
		return -ENOMEM;
	if (entry->tag_count)
		memcpy(tags, entry->tags, entry->tag_count * sizeof(*tags));
	tags[entry->tag_count++] = (struct symbols_tag){ name, value };
	entry->tags = tags;
	return 0;
}

void symbols_tag_remove(struct symbols_entry *entry, const char *name)
{
	size_t used = 0;
	size_t i;

	for (i = 0; i < entry->tag_count; i++) {
		if (strcmp(entry->tags[i].name, name) != 0)
			entry->tags[used++] = entry->tags[i];
	}
	entry->tag_count = used;
}

static const char *tag_value(const struct symbols_entry *entry, const char *name)
{
	const struct symbols_tag *tag = symbols_tag_find(entry, name);

	return tag ? tag->value : NULL;
}

bool symbols_entry_concerns(const struct symbols_entry *entry, const char *arch)
{
	const char *list = tag_value(entry, "arch");
	const char *bits = tag_value(entry, "arch-bits");
	const char *endian = tag_value(entry, "arch-endian");
	unsigned known_bits;
	bool big;

	if (list && !deb_arch_list_has(list, arch))
		return false;
	if ((!bits && !endian) || !deb_arch_abi(arch, &known_bits, &big))
		return true;
	if (bits && strcmp(bits, known_bits == 64 ? "64" : "32") != 0)
		return false;
	return !endian || !strcmp(endian, big ? "big" : "little");
}

bool symbols_entry_is_legitimate(const struct symbols_entry *entry, const char *arch)
{
	return !entry->deprecated && symbols_entry_concerns(entry, arch);
}

bool symbols_entry_equals(const struct symbols_entry *a, const struct symbols_entry *b)
{
	size_t i;

	if (strcmp(a->name, b->name) != 0 || a->tag_count != b->tag_count)
		return false;
	for (i = 0; i < a->tag_count; i++) {
		const char *one = a->tags[i].value;
		const char *other = b->tags[i].value;

		if (strcmp(a->tags[i].name, b->tags[i].name) != 0 || !one != !other ||
		    (one && strcmp(one, other) != 0))
			return false;
	}
	return true;
}

/* "_ZN1a1fEv@V_1" → "a::f()@V_1", "" for what is not C++; malloc'ed. NULL when out of memory. */
static char *cxx_text(const char *name)
{
	size_t length = strcspn(name, "@");
	AUTO_FREE char *mangled = strndup(name, length);
	AUTO_FREE char *text = malloc(LONGEST_TEXT);
	char *ret = NULL;

	if (!mangled || !text || demangle_verbose(mangled, text, LONGEST_TEXT))
		return NULL;
	if (!text[0])
		return strdup("");
	return asprintf(&ret, "%s%s", text, name + length) < 0 ? NULL : ret;
}

static const char *version_text(const char *name)
{
	const char *at = strrchr(name, '@');

	return at && at[1] ? at + 1 : "";
}

struct subject {
	const char *name;
	const char *version;
	char *cxx; /* NULL: not made yet */
};

static int make_cxx(struct subject *subject)
{
	if (!subject->cxx && !strncmp(subject->name, "_Z", 2))
		subject->cxx = cxx_text(subject->name);
	else if (!subject->cxx)
		subject->cxx = strdup("");
	return subject->cxx ? 0 : -ENOMEM;
}

/* The tags in their order, each making another text of the name. */
static int match_generic(const struct symbols_entry *entry, struct subject *subject, bool *ret)
{
	const char *text = subject->name;
	bool by_name = true;
	size_t i;

	*ret = false;
	for (i = 0; i < entry->tag_count; i++) {
		const char *tag = entry->tags[i].name;

		if (!strcmp(tag, "c++")) {
			int r = text == subject->name ? make_cxx(subject) : 0;

			if (r)
				return r;
			text = text == subject->name ? subject->cxx : "";
		} else if (!strcmp(tag, "symver")) {
			text = version_text(text);
		} else if (!strcmp(tag, "regex") && entry->regexp) {
			by_name = false;
			if (!regexp_search(entry->regexp, text))
				return 0;
		}
		if (!*text)
			return 0;
	}
	*ret = !by_name || !strcmp(text, entry->name);
	return 0;
}

static bool is_usable(const struct symbols_entry *entry, bool deprecated_too, const char *arch)
{
	return entry && (deprecated_too || !entry->deprecated) &&
	       symbols_entry_concerns(entry, arch);
}

static int match(const struct symbols_object *object, struct subject *subject, bool deprecated_too,
		 const char *arch, struct symbols_entry **ret)
{
	struct symbols_entry *entry;
	size_t i;

	if (object->cxx.count) {
		if (make_cxx(subject))
			return -ENOMEM;
		entry = map_get(&object->cxx, subject->cxx);
		if (is_usable(entry, deprecated_too, arch)) {
			*ret = entry;
			return 0;
		}
	}
	entry = object->symver.count ? map_get(&object->symver, subject->version) : NULL;
	if (is_usable(entry, deprecated_too, arch)) {
		*ret = entry;
		return 0;
	}
	for (i = 0; i < object->entries.count; i++) {
		bool found;
		int r;

		entry = object->entries.items[i];
		if (entry->kind != SYMBOLS_GENERIC || !is_usable(entry, deprecated_too, arch))
			continue;
		r = match_generic(entry, subject, &found);
		if (r)
			return r;
		if (found) {
			*ret = entry;
			return 0;
		}
	}
	return 0;
}

int symbols_pattern_match(const struct symbols_object *object, const char *name,
			  bool deprecated_too, const char *arch, struct symbols_entry **ret)
{
	struct subject subject = { .name = name, .version = version_text(name) };
	int r;

	*ret = NULL;
	r = match(object, &subject, deprecated_too, arch, ret);
	free(subject.cxx);
	return r;
}

const char *symbols_smallest_version(const struct symbols_object *object, uint64_t dep)
{
	const char *smallest = NULL;
	size_t i;

	for (i = 0; i < object->entries.count; i++) {
		const struct symbols_entry *entry = object->entries.items[i];

		if (entry->kind != SYMBOLS_PLAIN || entry->dep != dep ||
		    !symbols_entry_counts(object, entry))
			continue;
		if (!smallest || deb_version_compare(entry->minver, smallest) < 0)
			smallest = entry->minver;
	}
	return smallest;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in engine/deps/symbols-update.h. */
#include "engine/deps/symbols-update.h"
#include "engine/deps/dynamic-symbols.h"
#include "model/package-version.h"

#include <string.h>

/* "_restgpr_14" to "_savefpr_31", some with "_x": PowerPC's ways to save registers. */
static bool saves_registers(const char *name)
{
	static const char *const starts[] = { "_restfpr_", "_restgpr_", "_savefpr_", "_savegpr_" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(starts); i++) {
		const char *digits = name + strlen(starts[i]);
		unsigned number;

		if (strncmp(name, starts[i], strlen(starts[i])) != 0)
			continue;
		if (digits[0] < '1' || digits[0] > '3' || digits[1] < '0' || digits[1] > '9')
			return false;
		number = (unsigned)(digits[0] - '0') * 10 + (unsigned)(digits[1] - '0');
		return number >= 14 && number <= 31 && (!digits[2] || !strcmp(digits + 2, "_x"));
	}
	return false;
}

static bool has_word(const char *list, const char *word)
{
	size_t length = strlen(word);

	while (list && *list) {
		size_t here;

		list += strspn(list, " \t");
		here = strcspn(list, " \t");
		if (here == length && !memcmp(list, word, length))
			return true;
		list += here;
	}
	return false;
}

bool symbols_are_internal(const char *name, const char *allowed_groups)
{
	static const char *const names[] = {
		"_DYNAMIC",
		"_GLOBAL_OFFSET_TABLE_",
		"_PROCEDURE_LINKAGE_TABLE_",
		"_SDA2_BASE_",
		"_SDA_BASE_",
		"__bss_end",
		"__bss_end__",
		"__bss_start",
		"__bss_start__",
		"__data_start",
		"__do_global_ctors_aux",
		"__do_global_dtors_aux",
		"__do_jv_register_classes",
		"__end__",
		"__exidx_end",
		"__exidx_start",
		"__gmon_start__",
		"__gnu_local_gp",
		"_bss_end__",
		"_edata",
		"_end",
		"_fbss",
		"_fdata",
		"_fini",
		"_ftext",
		"_gp",
		"_init",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		if (!strcmp(name, names[i]))
			return true;
	}
	if (!strncmp(name, "__aeabi_", 8) && !has_word(allowed_groups, "aeabi"))
		return true;
	if (!strncmp(name, ".gomp_critical_user_", 20) && !has_word(allowed_groups, "gomp"))
		return true;
	return saves_registers(name);
}

/* An old name of the same field and tag is still read. */
static const char *allowed_groups(const struct symbols_object *object)
{
	const char *groups = symbols_field_value(object, "Allow-Internal-Symbol-Groups");

	return groups ? groups : symbols_field_value(object, "Ignore-Blacklist-Groups");
}

static bool is_left_out(const struct symbols_object *object, const struct dynamic_symbol *symbol)
{
	const struct symbols_entry *entry;

	if (!symbols_are_internal(symbol->name, allowed_groups(object)))
		return false;
	entry = map_get(&object->plain, symbol->text);
	return !entry || entry->deprecated ||
	       (!symbols_tag_find(entry, "allow-internal") &&
		!symbols_tag_find(entry, "ignore-blacklist"));
}

static void note_found(struct symbols_entry *entry, const char *version, const char *arch)
{
	if (entry->deprecated) {
		entry->deprecated = NULL;
		if (!symbols_tag_find(entry, "optional"))
			entry->minver = version;
	} else if (deb_version_compare(version, entry->minver) < 0) {
		entry->minver = version;
	}
	if (entry->kind == SYMBOLS_PLAIN && !symbols_entry_concerns(entry, arch)) {
		symbols_tag_remove(entry, "arch");
		symbols_tag_remove(entry, "arch-bits");
		symbols_tag_remove(entry, "arch-endian");
	}
}

/* Symbols that are missing anyway are told again only if they may come and go. */
static void note_missing(struct symbols_entry *entry, const char *version, const char *arch)
{
	if (!symbols_entry_concerns(entry, arch))
		return;
	if (entry->deprecated) {
		if (symbols_tag_find(entry, "optional"))
			entry->deprecated = version;
	} else if (deb_version_compare(version, entry->minver) > 0) {
		entry->deprecated = version;
	}
}

static int add_symbol(struct symbols_file *file, struct symbols_object *object, const char *text,
		      const char *version)
{
	struct symbols_entry *entry = arena_alloc(&file->arena, sizeof(*entry));
	struct symbols_entry *pattern;
	int r = entry ? symbols_pattern_match(object, text, true, file->arch, &pattern) : -ENOMEM;

	if (r)
		return r;
	*entry = (struct symbols_entry){ .minver = version };
	if (pattern) {
		note_found(pattern, version, file->arch);
		*entry = *pattern;
		/* Their tags may change one by one. */
		if (pattern->tag_count)
			entry->tags = arena_copy(&file->arena, pattern->tags,
						 pattern->tag_count * sizeof(*pattern->tags));
		if (pattern->tag_count && !entry->tags)
			return -ENOMEM;
		pattern->matches++;
	}
	entry->pattern = pattern;
	entry->kind = SYMBOLS_PLAIN;
	entry->regexp = NULL;
	entry->matches = 0;
	entry->template = NULL;
	entry->quote = 0;
	entry->name = text;
	return symbols_entry_add(object, entry);
}

static int take_symbols(struct symbols_file *file, struct symbols_object *object,
			const struct dynamic_symbols *symbols, const char *version,
			struct map *found)
{
	size_t i;
	int r = 0;

	for (i = 0; !r && i < symbols->count; i++) {
		const char *text = symbols->items[i].text;
		struct symbols_entry *entry;

		if (map_get(found, text) || is_left_out(object, &symbols->items[i]))
			continue;
		r = map_set(found, text, (void *)text);
		entry = map_get(&object->plain, text);
		if (entry)
			note_found(entry, version, file->arch);
		else if (!r)
			r = add_symbol(file, object, text, version);
	}
	return r;
}

static void take_rest(struct symbols_file *file, struct symbols_object *object, const char *version,
		      const struct map *found)
{
	size_t i;

	for (i = 0; i < object->entries.count; i++) {
		struct symbols_entry *entry = object->entries.items[i];
		bool is_there = entry->kind == SYMBOLS_PLAIN ? map_get(found, entry->name) != NULL
							     : entry->matches > 0;

		if (!is_there)
			note_missing(entry, version, file->arch);
	}
}

static int head(struct symbols_file *file, const char *soname, const char *package,
		struct symbols_object **ret)
{
	struct symbols_object *object = symbols_object_find(file, soname);
	const char *template;

	*ret = object;
	if (object)
		return 0;
	*ret = object = symbols_object_add(file, soname);
	template = object ? arena_printf(&file->arena, "%s #MINVER#", package) : NULL;
	return template ? array_push(&object->deps, template) : -ENOMEM;
}

int symbols_update(struct symbols_file *file, struct image *image, const char *package,
		   const char *version, struct fault *ret_fault)
{
	struct dynamic_symbols symbols = { 0 };
	struct map found = { 0 };
	struct symbols_object *object;
	int r = head(file, image->soname, package, &object);

	version = r ? NULL : arena_strdup(&file->arena, version);
	if (!r && !version)
		r = -ENOMEM;
	if (!r)
		r = dynamic_symbols_defined(image, &file->arena, &symbols, ret_fault);
	if (!r)
		r = take_symbols(file, object, &symbols, version, &found);
	if (!r)
		take_rest(file, object, version, &found);
	map_done(&found);
	array_done(&symbols);
	return r;
}

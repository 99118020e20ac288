/* SPDX-License-Identifier: Apache-2.0 */
/* The file's own imports that cause a need; contract in engine/inspect/why.h. */
#include "engine/inspect/why.h"
#include "base/demangle.h"
#include "engine/inspect/members.h"
#include "engine/inspect/why-ask.h"
#include "engine/load/lookup.h"
#include "model/version-name.h"

#include <string.h>

#define PROVIDER_NONE UINT32_MAX

static bool same(const char *a, const char *b)
{
	return a && b && !strcmp(a, b);
}

static int load_providers(struct asker *a, const struct image *image, uint32_t object)
{
	const struct forecast *f = a->question->forecast;
	const struct object_bindings *bindings;
	size_t i;

	free(a->providers);
	a->providers = NULL;
	if (object == NO_OBJECT || !f || !f->bindings || !f->bindings[object].items)
		return 0;
	bindings = &f->bindings[object];
	a->provider_count = symbols_count(image);
	a->providers = calloc((size_t)a->provider_count + 1, sizeof(*a->providers));
	if (!a->providers)
		return -ENOMEM;
	for (i = 0; i < bindings->count; i++) {
		const struct binding_record *record = &bindings->items[i];

		if (record->symbol >= a->provider_count)
			continue;
		a->providers[record->symbol] = record->provider == NO_OBJECT ? PROVIDER_NONE
									     : record->provider + 1;
	}
	return 0;
}

int ask_load(struct asker *a, struct image *image, uint32_t object)
{
	struct fault fault = { 0 };
	int r;

	a->imports.count = 0;
	a->budget = name_budget(image);
	r = symbols_imports(image, &a->budget, &a->imports, &fault);
	return r ? r : load_providers(a, image, object);
}

uint32_t ask_provider(const struct asker *a, const struct show_import *import)
{
	uint32_t provider =
		a->providers && import->index < a->provider_count ? a->providers[import->index] : 0;

	return provider && provider != PROVIDER_NONE ? provider - 1 : NO_OBJECT;
}

/* It was looked for, and nothing has it; a symbol without relocation is not looked for. */
static bool is_missing(const struct asker *a, const struct show_import *import)
{
	return a->providers && import->index < a->provider_count &&
	       a->providers[import->index] == PROVIDER_NONE;
}

const char *ask_path(struct asker *a, uint32_t object)
{
	if (!a->paths[object])
		a->paths[object] =
			arena_strdup(&a->why->arena, a->closure->objects.items[object].path);
	return a->paths[object];
}

static int matches_symbol(const struct asker *a, const struct show_import *import, bool *ret)
{
	char text[DEMANGLED_SIZE];
	int r = 0;

	*ret = !strcmp(import->name, a->symbol) &&
	       (!a->version || same(a->version, import->version));
	if (!*ret && a->is_source_name) {
		r = demangle(import->name, text, sizeof(text));
		*ret = !r && !strcmp(text, a->why->what);
	}
	return r;
}

int ask_matches(const struct asker *a, const struct show_import *import, bool *ret)
{
	uint32_t provider = ask_provider(a, import);

	*ret = true;
	if ((a->why->kinds & WHY_VERSION) && same(import->version, a->why->what))
		return 0;
	if ((a->why->kinds & WHY_LIBRARY) && (same(import->library, a->why->what) ||
					      (provider != NO_OBJECT && provider == a->target)))
		return 0;
	return matches_symbol(a, import, ret);
}

static int add_cause(struct asker *a, const struct show_import *import)
{
	struct why_cause cause = { .import = *import, .is_missing = is_missing(a, import) };
	uint32_t provider = ask_provider(a, import);

	if (provider != NO_OBJECT) {
		cause.provider = ask_path(a, provider);
		if (!cause.provider)
			return -ENOMEM;
	}
	a->why->strong_count += !import->weak;
	a->why->weak_count += import->weak;
	return array_push(&a->why->causes, cause);
}

static int find_causes(struct asker *a)
{
	size_t i;
	int r = 0;

	for (i = 0; i < a->imports.count && !r; i++) {
		bool matches;

		r = ask_matches(a, &a->imports.items[i], &matches);
		if (!r && matches)
			r = add_cause(a, &a->imports.items[i]);
	}
	if (!r && a->why->causes.count && !(a->why->kinds & (WHY_VERSION | WHY_LIBRARY)))
		a->why->kinds |= WHY_SYMBOL;
	return r;
}

static bool needs_version(const struct image *image, const char *version)
{
	size_t i;

	for (i = 0; i < image->version_needs.count; i++) {
		if (!strcmp(image->version_needs.items[i].name, version))
			return true;
	}
	return false;
}

/* A version that stands in the file's own tables. */
static void look_at_versions(struct why *why, const struct image *image)
{
	bool all_weak = true;
	size_t i;

	for (i = 0; i < image->version_needs.count; i++) {
		const struct version_need *need = &image->version_needs.items[i];

		if (strcmp(need->name, why->what))
			continue;
		why->kinds |= WHY_VERSION;
		if (!why->entry_library)
			why->entry_library = need->file;
		all_weak &= need->weak;
	}
	why->entry_weak = why->entry_library && all_weak;
	for (i = 0; i < image->definitions.count; i++) {
		if (!strcmp(image->definitions.items[i].name, why->what) &&
		    !image->definitions.items[i].base) {
			why->kinds |= WHY_VERSION;
			why->is_defined = true;
		}
	}
}

static void look_at_libraries(struct why *why, const struct image *image)
{
	size_t i;

	for (i = 0; i < image->needs.count; i++) {
		if (!strcmp(image->needs.items[i].name, why->what)) {
			why->kinds |= WHY_LIBRARY;
			why->is_needed = true;
		}
	}
	for (i = 0; i < image->version_needs.count; i++) {
		if (!strcmp(image->version_needs.items[i].file, why->what))
			why->kinds |= WHY_LIBRARY;
	}
}

static bool is_called(const struct object *object, const char *name)
{
	const struct object_names *n;

	for (n = object->names; n; n = n->next) {
		if (!strcmp(n->name, name))
			return true;
	}
	return !strcmp(path_name(object->path), name) || !strcmp(object->path, name) ||
	       (object->image && same(object->image->soname, name));
}

static bool is_needed_directly(const struct asker *a)
{
	const struct object *file = &a->closure->objects.items[0];
	uint32_t i;

	for (i = 0; a->target != NO_OBJECT && i < file->needed_count; i++) {
		if (file->needed[i] == a->target)
			return true;
	}
	return false;
}

/* The closure can know a version or a library that the file itself does not name. */
static int look_at_closure(struct asker *a)
{
	const struct closure *closure = a->closure;
	uint32_t i;

	for (i = 1; i < closure->objects.count; i++) {
		const struct object *object = &closure->objects.items[i];

		if (a->target == NO_OBJECT && is_called(object, a->why->what)) {
			a->target = i;
			a->why->kinds |= WHY_LIBRARY;
			a->why->resolved = object->image ? ask_path(a, i) : NULL;
			if (object->image && !a->why->resolved)
				return -ENOMEM;
		}
		if (!object->image)
			continue;
		if (image_load_versions(object->image) == -ENOMEM)
			return -ENOMEM;
		if (needs_version(object->image, a->why->what))
			a->why->kinds |= WHY_VERSION;
	}
	a->why->is_needed |= is_needed_directly(a);
	return 0;
}

static void note_lower(const char **best, const char *version)
{
	if (!*best || version_name_compare(version, *best) > 0)
		*best = version;
}

/* What the file would still ask for if the causes, or the weak ones of them, were not there. */
static void look_below(struct asker *a)
{
	struct why *why = a->why;
	const struct image *image = a->question->image;
	size_t i;

	why->is_highest = why->entry_library != NULL;
	for (i = 0; i < image->version_needs.count; i++) {
		const char *name = image->version_needs.items[i].name;

		if (version_name_same_family(name, why->what) &&
		    version_name_compare(name, why->what) > 0)
			why->is_highest = false;
	}
	if (!why->is_highest)
		return;
	for (i = 0; i < a->imports.count; i++) {
		const struct show_import *import = &a->imports.items[i];

		if (!import->version || !version_name_same_family(import->version, why->what))
			continue;
		if (strcmp(import->version, why->what))
			note_lower(&why->without, import->version);
		if (!import->weak)
			note_lower(&why->without_weak, import->version);
	}
}

static int note_export(void *data, uint32_t index, uint32_t half_hash)
{
	const struct asker *a = data;
	struct symbol s;

	return image_symbol(a->question->image, index, &s) && s.section != SHN_UNDEF &&
	       !strcmp(s.name, a->symbol);
}

static int split_what(struct asker *a)
{
	const char *what = a->why->what;
	enum version_mark mark;

	a->is_source_name = strstr(what, "::") || strchr(what, '(') || strchr(what, ' ');
	return member_split_name(&a->why->arena, what, &a->symbol, &a->version, &mark);
}

/* Version tables can name one long text many times; then nothing is asked of them. */
static bool version_names_bounded(const struct image *image)
{
	struct name_budget budget = name_budget(image);
	size_t i;

	for (i = 0; i < image->version_needs.count; i++) {
		if (!name_budget_take(&budget, image->version_needs.items[i].name) ||
		    !name_budget_take(&budget, image->version_needs.items[i].file))
			return false;
	}
	return true;
}

static int ask(struct asker *a)
{
	struct image *image = a->question->image;
	int r = split_what(a);

	if (r || image_load_versions(image) == -ENOMEM)
		return -ENOMEM;
	look_at_versions(a->why, image);
	look_at_libraries(a->why, image);
	if (a->closure)
		r = look_at_closure(a);
	if (!r)
		r = ask_load(a, image, a->closure ? 0 : NO_OBJECT);
	if (!r)
		r = find_causes(a);
	if (r)
		return r;
	if ((a->why->kinds & WHY_VERSION) && version_names_bounded(image))
		look_below(a);
	if (lookup_exports(image, note_export, a) == 1)
		a->why->is_defined = true;
	return a->closure ? ask_users(a) : 0;
}

int why_image(const struct why_question *question, struct why **ret)
{
	struct asker a = { .question = question, .target = NO_OBJECT };
	struct why *why = calloc(1, sizeof(*why));
	int r = -ENOMEM;

	if (!why)
		return -ENOMEM;
	a.why = why;
	a.closure = question->forecast ? &question->forecast->closure : NULL;
	a.paths = calloc(a.closure ? a.closure->objects.count + 1 : 1, sizeof(*a.paths));
	why->knows_closure = a.closure;
	why->file = arena_strdup(&why->arena, question->path);
	why->what = arena_strdup(&why->arena, question->what);
	if (a.paths && why->file && why->what)
		r = ask(&a);
	free(a.paths);
	free(a.providers);
	array_done(&a.imports);
	if (r) {
		why_free(why);
		return r;
	}
	*ret = why;
	return 0;
}

void why_free(struct why *why)
{
	size_t i, k;

	if (!why)
		return;
	for (i = 0; i < why->causes.count; i++) {
		struct why_cause *cause = &why->causes.items[i];

		for (k = 0; k < cause->objects.count; k++)
			array_done(&cause->objects.items[k].lines);
		array_done(&cause->objects);
		array_done(&cause->lines);
	}
	array_done(&why->causes);
	array_done(&why->users);
	arena_done(&why->arena);
	free(why);
}

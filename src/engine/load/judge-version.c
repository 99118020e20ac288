/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The version check that ld.so makes before it relocates anything (glibc
 * dl-version.c): each needed version must be defined by the object that was
 * loaded under the name the need gives.
 */
#include "engine/load/judge.h"

#include <string.h>

/* Names of imports of `image` with the version index `index`; all of them weak? */
struct importers {
	const char *names[256];
	size_t count;
	bool all_weak;
	bool any_eager; /* one of them is resolved at start */
};

static void collect_importers(const struct judge *j, const struct image *image, uint16_t index,
			      struct importers *ret)
{
	const struct index_image *entry = symbol_index_image(j->index, image->id);
	uint32_t last = UINT32_MAX;
	uint32_t i;

	ret->count = 0;
	ret->all_weak = true;
	ret->any_eager = j->forecaster->search.environment->bind_now;
	for (i = 0; entry && i < entry->count && ret->count < ARRAY_SIZE(ret->names); i++) {
		const struct index_reference *ref = &entry->references[i];
		struct symbol s;

		if (ref->symbol == last || (image_versym(image, ref->symbol) & VERSION_MASK) != index)
			continue;
		last = ref->symbol;
		if (!image_symbol(image, ref->symbol, &s) || s.section != SHN_UNDEF)
			continue;
		ret->names[ret->count++] = s.name;
		ret->all_weak &= s.binding == STB_WEAK;
		ret->any_eager |= (ref->flags & INDEX_EAGER) != 0;
	}
}

static const struct version_definition *find_definition(const struct image *image,
							const struct version_need *need)
{
	size_t i;

	for (i = 0; i < image->definitions.count; i++) {
		const struct version_definition *d = &image->definitions.items[i];

		if (d->hash == need->hash && !strcmp(d->name, need->name))
			return d;
	}
	return NULL;
}

/* Length of the words before the first digit: "GLIBC_2.34" → 6. */
static size_t family_length(const char *name)
{
	return strcspn(name, "0123456789");
}

/* The highest version of the same family that the provider has. */
static const char *nearest_version(const struct image *image, const char *name)
{
	size_t length = family_length(name);
	const char *best = NULL;
	size_t i;

	for (i = 0; i < image->definitions.count; i++) {
		const struct version_definition *d = &image->definitions.items[i];

		if (d->base || strncmp(d->name, name, length) || family_length(d->name) != length)
			continue;
		if (!best || strverscmp(best, d->name) < 0)
			best = d->name;
	}
	return best;
}

static int describe_importers(struct judge *j, struct finding *finding, uint32_t object,
			      const struct importers *importers)
{
	const char *names;

	if (!importers->count)
		return finding_why(&j->forecast->findings, finding,
				   "no import of %s uses the version: only its need entry asks for it",
				   judge_name(j, object));
	names = judge_names(j, importers->names, importers->count, 8);
	if (!names)
		return -ENOMEM;
	return finding_why(&j->forecast->findings, finding, "%s imports with that version: %s%s",
			   judge_name(j, object), names,
			   importers->all_weak ? " (all weak: the version entry alone stops it)" : "");
}

int judge_importers(struct judge *j, struct finding *finding, uint32_t object, uint16_t version)
{
	struct importers importers;

	collect_importers(j, j->forecast->closure.objects.items[object].image, version, &importers);
	return describe_importers(j, finding, object, &importers);
}

static int add_missing_version(struct judge *j, uint32_t object, uint32_t provider,
			       const struct version_need *need)
{
	const struct image *has = j->forecast->closure.objects.items[provider].image;
	const char *nearest = nearest_version(has, need->name);
	struct finding *finding;
	int r;

	finding = judge_add(j, need->weak ? "load/version-missing-weak" : "load/version-missing", object);
	if (!finding)
		return -ENOMEM;
	finding->subject = judge_text(j, "%s(%s)", need->file, need->name);
	finding->before = need->name;
	finding->after = nearest;
	finding->message = judge_text(j, "%s has no version %s%s%s%s",
				      judge_path(j, provider), need->name,
				      nearest ? " (its highest is " : "", nearest ? nearest : "",
				      nearest ? ")" : "");
	finding->fix = judge_text(j, "install a %s that defines %s, or rebuild %s against the one here",
				  need->file, need->name, judge_name(j, object));
	if (!finding->subject || !finding->message || !finding->fix)
		return -ENOMEM;
	r = judge_chain(j, finding, object);
	if (!r)
		r = finding_why(&j->forecast->findings, finding, "%s asks for %s in %s",
				judge_name(j, object), need->name, need->file);
	if (!r)
		r = judge_importers(j, finding, object, need->index & VERSION_MASK);
	if (r)
		return r;
	return judge_failure(j, finding, need->weak ? 0 : 1,
			     judge_text(j, "%s: %s: version `%s' not found (required by %s)",
					judge_path(j, 0), judge_path(j, provider), need->name,
					judge_path(j, object)));
}

/*
 * Up to 2.40 an assertion stops a versioned reference that meets its name in
 * the very library it names, when that one has no version section at all.
 */
static int judge_abort(struct judge *j, uint32_t object, uint32_t provider,
		       const struct version_need *need)
{
	const struct object *objects = j->forecast->closure.objects.items;
	struct lookup_rules rules = { LIBC_GLIBC, j->version };
	struct importers importers;
	struct finding *finding;
	size_t i;

	if (!j->version || j->version >= GLIBC(2, 41) || objects[provider].image->has_versions)
		return 0;
	collect_importers(j, objects[object].image, need->index & VERSION_MASK, &importers);
	for (i = 0; i < importers.count; i++) {
		struct query_symbol query = { .name = importers.names[i] };
		struct symbol s;

		query.gnu_hash = gnu_hash(query.name);
		if (lookup_symbol(objects[provider].image, &query, &rules, &s))
			break;
	}
	if (i == importers.count)
		return 0;
	finding = judge_add(j, "load/version-info-abort", object);
	if (!finding)
		return -ENOMEM;
	finding->subject = importers.names[i];
	finding->before = need->name;
	finding->message = judge_text(j, "%s binds %s to %s, which has no version section: this glibc aborts",
				      judge_name(j, object), importers.names[i], judge_path(j, provider));
	if (!finding->message)
		return -ENOMEM;
	return judge_failure(j, finding, importers.any_eager ? 127 : 0,
			     judge_text(j, "Inconsistency detected by ld.so: dl-lookup.c: check_match: Assertion "
					   "`version->filename == NULL || ! _dl_name_match_p "
					   "(version->filename, map)' failed!"));
}

static int add_no_versions(struct judge *j, uint32_t object, uint32_t provider,
			   const struct version_need *need)
{
	struct finding *finding = judge_add(j, "load/version-info-missing", object);
	int r;

	if (!finding)
		return -ENOMEM;
	finding->subject = need->file;
	finding->before = need->name;
	finding->message = judge_text(j, "%s defines no versions, but %s asks for %s",
				      judge_path(j, provider), judge_name(j, object), need->name);
	if (!finding->message)
		return -ENOMEM;
	r = judge_failure(j, finding, 0,
			  judge_text(j, "%s: no version information available (required by %s)",
				     judge_path(j, provider), judge_path(j, object)));
	return r ? r : judge_abort(j, object, provider, need);
}

static int add_unknown_provider(struct judge *j, uint32_t object, const struct version_need *need)
{
	struct finding *finding = judge_add(j, "load/version-provider-unknown", object);
	int r;

	if (!finding)
		return -ENOMEM;
	finding->subject = need->file;
	finding->before = need->name;
	finding->message = judge_text(j, "%s asks for version %s of %s, which nothing needs under that name",
				      judge_name(j, object), need->name, need->file);
	if (!finding->message)
		return -ENOMEM;
	r = judge_chain(j, finding, object);
	return r ? r
		 : judge_failure(j, finding, 127,
				 judge_text(j, "Inconsistency detected by ld.so: dl-version.c: Assertion "
					       "`needed != NULL' failed!"));
}

static int check_need(struct judge *j, uint32_t object, const struct version_need *need,
		      const char **warned)
{
	struct closure *closure = &j->forecast->closure;
	uint32_t provider = closure_alias(&j->forecaster->names, need->file);
	const struct image *image;

	if (provider == NO_OBJECT)
		return add_unknown_provider(j, object, need);
	image = closure->objects.items[provider].image;
	if (!image || image_is_undecodable(image))
		return 0;
	if (!image->verdef.bytes) {
		/* dlopen() says nothing of it. */
		if (*warned == need->file || closure->objects.items[object].group)
			return 0;
		*warned = need->file;
		return add_no_versions(j, object, provider, need);
	}
	return find_definition(image, need) ? 0 : add_missing_version(j, object, provider, need);
}

/* Versions without the table that says which symbol has which: the loader follows a null pointer. */
static int check_versym(struct judge *j, uint32_t object, const struct image *image)
{
	struct finding *finding;

	if (image->versym.bytes || (!image->definitions.count && !image->version_needs.count))
		return 0;
	finding = judge_add(j, "load/library-damaged", object);
	if (!finding)
		return -ENOMEM;
	finding->subject = judge_name(j, object);
	finding->message = judge_text(j, "%s has versions, but no version symbol table (DT_VERSYM)",
				      judge_name(j, object));
	return finding->message ? judge_failure(j, finding, 139, "Segmentation fault") : -ENOMEM;
}

int judge_versions(struct judge *j)
{
	struct closure *closure = &j->forecast->closure;
	uint32_t i;

	if (closure->loader->kind != LIBC_GLIBC)
		return 0;
	for (i = 0; i < closure->objects.count; i++) {
		const struct image *image = closure->objects.items[i].image;
		const char *warned = NULL;
		const char *broken = NULL;
		size_t k;
		int versym = image && !closure->objects.items[i].is_loader ? check_versym(j, i, image) : 0;

		if (versym)
			return versym;

		for (k = 0; image && k < image->version_needs.count; k++) {
			const struct version_need *need = &image->version_needs.items[k];
			size_t before = j->forecast->findings.items.count;
			int r;

			if (broken && !strcmp(broken, need->file))
				continue;
			r = check_need(j, i, need, &warned);
			if (r)
				return r;
			if (j->forecast->findings.items.count > before &&
			    closure_alias(&j->forecaster->names, need->file) == NO_OBJECT)
				broken = need->file;
		}
	}
	return 0;
}

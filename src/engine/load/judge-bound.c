/* SPDX-License-Identifier: Apache-2.0 */
/* A reference and what it is bound to: copies, protected symbols, kinds, old versions. */
#include "engine/load/judge.h"

#include <string.h>

const struct version *judge_asked_version(const struct image *image, uint32_t symbol)
{
	uint16_t index = image_versym(image, symbol) & VERSION_MASK;

	if (!image->has_versions || index >= image->version_count || !image->versions[index].name)
		return NULL;
	return &image->versions[index];
}

/*
 * The program has its own copy of a variable, or its own address of a
 * function, that the library keeps to itself: since 2.35 the loader warns, and
 * gives up when the library says that it counts on indirect access.
 */
static int judge_protected(struct judge *j, uint32_t object, const struct symbol *mine,
			   const struct binding *binding, enum relocation_class class, bool eager)
{
	const struct object *objects = j->forecast->closure.objects.items;
	bool refused = (objects[binding->provider].image->properties.needed & 1) &&
		       !(objects[object].image->properties.needed & 1) &&
		       (!j->version || j->version >= GLIBC(2, 35)) &&
		       j->forecast->closure.loader->kind == LIBC_GLIBC;
	struct finding *finding = judge_add(j, "load/copy-protected", object);

	if (!finding)
		return -ENOMEM;
	finding->subject = mine->name;
	finding->message =
		class == CLASS_COPY
			? judge_text(j, "copies %s, which %s protects: each side uses its own",
				     mine->name, judge_name(j, binding->provider))
			: judge_text(j,
				     "has its own address of %s, which %s protects: "
				     "comparing the addresses fails",
				     mine->name, judge_name(j, binding->provider));
	if (!finding->message)
		return -ENOMEM;
	if (!refused)
		return 0;
	finding->verdict = VERDICT_BREAK;
	finding->severity = SEVERITY_HIGH;
	return judge_failure(j, finding, eager ? 127 : 0,
			     judge_text(j,
					"%s: %s: %s: error due to "
					"GNU_PROPERTY_1_NEEDED_INDIRECT_EXTERN_ACCESS",
					judge_path(j, object), mine->name,
					judge_path(j, binding->provider)));
}

static int judge_copy(struct judge *j, uint32_t object, const struct symbol *mine,
		      const struct binding *binding)
{
	const struct image *provider = j->forecast->closure.objects.items[binding->provider].image;
	struct finding *finding;
	struct symbol theirs;
	int r;

	if (!image_symbol(provider, binding->symbol, &theirs))
		return 0;
	if (theirs.visibility == STV_PROTECTED) {
		r = judge_protected(j, object, mine, binding, CLASS_COPY, true);
		if (r)
			return r;
	}
	if (mine->size == theirs.size)
		return 0;
	finding = judge_add(j, "load/copy-size-mismatch", object);
	if (!finding)
		return -ENOMEM;
	finding->subject = mine->name;
	finding->before = judge_text(j, "%llu bytes", (unsigned long long)mine->size);
	finding->after = judge_text(j, "%llu bytes", (unsigned long long)theirs.size);
	finding->message = judge_text(j, "copies %s with %llu bytes, but %s defines %llu",
				      mine->name, (unsigned long long)mine->size,
				      judge_name(j, binding->provider),
				      (unsigned long long)theirs.size);
	if (!finding->before || !finding->after || !finding->message)
		return -ENOMEM;
	if (theirs.size < mine->size)
		finding->severity = SEVERITY_LOW;
	return judge_failure(
		j, finding, 0,
		judge_text(j,
			   "%s: Symbol `%s' has different size in shared object, consider "
			   "re-linking",
			   judge_path(j, object), mine->name));
}

static int judge_kind(struct judge *j, uint32_t object, const struct symbol *mine,
		      const struct binding *binding, bool is_tls)
{
	struct finding *finding = judge_add(j, "load/symbol-kind", object);

	if (!finding)
		return -ENOMEM;
	finding->subject = mine->name;
	finding->message = judge_text(j, "%s is thread-local in %s, but not in %s", mine->name,
				      judge_name(j, is_tls ? binding->provider : object),
				      judge_name(j, is_tls ? object : binding->provider));
	return finding->message ? 0 : -ENOMEM;
}

static bool is_code(uint8_t type)
{
	return type == STT_FUNC || type == STT_GNU_IFUNC;
}

/* Called, but data there; or copied as data, but code there. */
static int judge_code(struct judge *j, uint32_t object, const struct symbol *mine,
		      const struct binding *binding, bool code_there)
{
	struct finding *finding = judge_add(j, "load/symbol-kind", object);

	if (!finding)
		return -ENOMEM;
	finding->subject = mine->name;
	finding->message = judge_text(
		j, "%s is %s for %s, but %s in %s", mine->name,
		code_there ? "a variable" : "a function", judge_name(j, object),
		code_there ? "a function" : "a variable", judge_name(j, binding->provider));
	return finding->message ? 0 : -ENOMEM;
}

static int judge_old_version(struct judge *j, uint32_t object, const struct symbol *mine,
			     const struct binding *binding)
{
	const struct image *provider = j->forecast->closure.objects.items[binding->provider].image;
	const struct version *version = judge_asked_version(provider, binding->symbol);
	const struct version *newest_version;
	struct query_symbol query = {
		.name = mine->name,
		.gnu_hash = gnu_hash(mine->name),
		.newest = true,
	};
	struct lookup_rules rules = { LIBC_GLIBC, j->version };
	struct finding *finding;
	struct symbol newest;

	/* Without a default beside it there is no other one that could have been meant. */
	if (!version || !lookup_symbol(provider, &query, &rules, &newest) ||
	    newest.index == binding->symbol)
		return 0;
	newest_version = judge_asked_version(provider, newest.index);
	finding = judge_add(j, "load/symbol-old-version", object);
	if (!finding)
		return -ENOMEM;
	finding->subject = mine->name;
	finding->before = mine->name;
	finding->after = judge_text(j, "%s@%s", mine->name, version->name);
	finding->message =
		judge_text(j,
			   "%s asks for %s without version and gets %s@%s of %s, not the default"
			   " %s@@%s",
			   judge_name(j, object), mine->name, mine->name, version->name,
			   judge_name(j, binding->provider), mine->name,
			   newest_version ? newest_version->name : "");
	return finding->after && finding->message ? 0 : -ENOMEM;
}

/* musl takes no notice of versions but hides those that are not the default. */
static int judge_musl_version(struct judge *j, uint32_t object, const struct symbol *mine,
			      const struct binding *binding)
{
	const struct object *objects = j->forecast->closure.objects.items;
	const struct version *wanted = judge_asked_version(objects[object].image, mine->index);
	const struct version *got =
		judge_asked_version(objects[binding->provider].image, binding->symbol);
	struct finding *finding;

	if (!wanted || !got || !strcmp(wanted->name, got->name))
		return 0;
	finding = judge_add(j, "load/symbol-other-version", object);
	if (!finding)
		return -ENOMEM;
	finding->subject = mine->name;
	finding->before = judge_text(j, "%s@%s", mine->name, wanted->name);
	finding->after = judge_text(j, "%s@%s", mine->name, got->name);
	finding->message =
		judge_text(j,
			   "%s asks for %s@%s and gets %s@@%s: musl does not look at versions "
			   "of %s",
			   judge_name(j, object), mine->name, wanted->name, mine->name, got->name,
			   judge_name(j, binding->provider));
	return finding->before && finding->after && finding->message ? 0 : -ENOMEM;
}
int judge_bound(struct judge *j, uint32_t object, const struct index_image *entry,
		const struct index_reference *ref, const struct binding *binding)
{
	const struct image *provider = j->forecast->closure.objects.items[binding->provider].image;
	struct symbol mine, theirs;
	bool is_tls;

	if (!image_symbol(entry->image, ref->symbol, &mine) ||
	    !image_symbol(provider, binding->symbol, &theirs))
		return 0;
	if (ref->class == CLASS_COPY ? is_code(theirs.type)
				     : ref->class == CLASS_CALL && theirs.type == STT_OBJECT &&
					       mine.type != STT_TLS && mine.type != STT_OBJECT)
		return judge_code(j, object, &mine, binding, ref->class == CLASS_COPY);
	if (ref->class == CLASS_COPY)
		return judge_copy(j, object, &mine, binding);
	if (ref->class == CLASS_CALL && !object && theirs.visibility == STV_PROTECTED &&
	    mine.section == SHN_UNDEF && mine.value)
		return judge_protected(j, object, &mine, binding, CLASS_CALL,
				       (ref->flags & INDEX_EAGER) ||
					       j->forecaster->search.environment->bind_now);
	is_tls = theirs.type == STT_TLS;
	if (is_tls ? ref->class == CLASS_DATA && mine.type != STT_TLS : mine.type == STT_TLS)
		return judge_kind(j, object, &mine, binding, is_tls);
	if (j->forecast->closure.loader->kind == LIBC_MUSL)
		return judge_musl_version(j, object, &mine, binding);
	if (provider->has_versions && (image_versym(provider, binding->symbol) & VERSION_HIDDEN) &&
	    !symbol_index_version(j->index, ref->key))
		return judge_old_version(j, object, &mine, binding);
	return 0;
}

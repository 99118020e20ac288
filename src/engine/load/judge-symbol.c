/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Binds all objects of the closure in the loader's order, and judges what is
 * bound to nothing, copied with another size, or of another kind.
 */
#include "engine/load/judge.h"

#include <string.h>

struct unresolved {
	uint32_t object;
	uint32_t reference;
	const struct index_image *entry;
	const char *file;    /* the library that had it at link time, or NULL */
	const char *version; /* or NULL */
	bool eager;
	bool used;
};

struct pass {
	struct judge *judge;
	struct array_of(struct unresolved) unresolved;
	struct captures captures;
};

static const struct version *asked_version(const struct image *image, uint32_t symbol)
{
	uint16_t index = image_versym(image, symbol) & VERSION_MASK;

	if (!image->has_versions || index >= image->version_count || !image->versions[index].name)
		return NULL;
	return &image->versions[index];
}

/* musl 1.2.4 and newer answer these under their names without "64". */
static bool musl_answers(const struct judge *j, const char *name)
{
	static const char *const names[] = {
		"alphasort", "creat", "fallocate", "fgetpos", "fopen", "freopen", "fseeko", "fsetpos",
		"fstat", "fstatat", "fstatfs", "fstatvfs", "ftello", "ftruncate", "ftw", "getdents",
		"getrlimit", "glob", "globfree", "lockf", "lseek", "lstat", "mkostemp", "mkostemps",
		"mkstemp", "mkstemps", "mmap", "nftw", "open", "openat", "posix_fadvise",
		"posix_fallocate", "pread", "preadv", "prlimit", "pwrite", "pwritev", "readdir",
		"scandir", "sendfile", "setrlimit", "stat", "statfs", "statvfs", "tmpfile", "truncate",
		"versionsort", "__fxstat", "__fxstatat", "__lxstat", "__xstat", "aio_cancel",
		"aio_error", "aio_fsync", "aio_read", "aio_return", "aio_suspend", "aio_write",
		"lio_listio",
	};
	size_t length = strlen(name);
	size_t i;

	if (j->version && j->version < MUSL(1, 2, 4))
		return false;
	if (length < 3 || strcmp(name + length - 2, "64"))
		return !strcmp(name, "readdir64_r");
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		if (strlen(names[i]) == length - 2 && !strncmp(names[i], name, length - 2))
			return true;
	}
	return false;
}

static int note_unresolved(struct pass *pass, uint32_t object, const struct index_image *entry,
			   uint32_t reference)
{
	const struct index_reference *ref = &entry->references[reference];
	const struct version *version = asked_version(entry->image, ref->symbol);
	const struct forecast *f = pass->judge->forecast;
	bool musl = f->closure.loader->kind == LIBC_MUSL;
	struct unresolved u = {
		.object = object,
		.reference = reference,
		.entry = entry,
		.file = version ? version->file : NULL,
		.version = version ? version->name : NULL,
		.eager = (ref->flags & INDEX_EAGER) || musl ||
			 pass->judge->forecaster->search.environment->bind_now ||
			 f->closure.objects.items[object].group,
	};

	if (ref->key == NO_KEY || (ref->flags & INDEX_WEAK))
		return 0;
	if (musl && musl_answers(pass->judge, symbol_index_name(pass->judge->index, ref->key)))
		return 0;
	return array_push(&pass->unresolved, u);
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
	finding->message = class == CLASS_COPY
				   ? judge_text(j, "copies %s, which %s protects: each side uses its own",
						mine->name, judge_name(j, binding->provider))
				   : judge_text(j, "has its own address of %s, which %s protects: "
						   "comparing the addresses fails",
						mine->name, judge_name(j, binding->provider));
	if (!finding->message)
		return -ENOMEM;
	if (!refused)
		return 0;
	finding->verdict = VERDICT_BREAK;
	finding->severity = SEVERITY_HIGH;
	return judge_failure(j, finding, eager ? 127 : 0,
			     judge_text(j, "%s: %s: %s: error due to "
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
	finding->message = judge_text(j, "copies %s with %llu bytes, but %s defines %llu", mine->name,
				      (unsigned long long)mine->size, judge_name(j, binding->provider),
				      (unsigned long long)theirs.size);
	if (!finding->before || !finding->after || !finding->message)
		return -ENOMEM;
	if (theirs.size < mine->size)
		finding->severity = SEVERITY_LOW;
	return judge_failure(j, finding, 0,
			     judge_text(j, "%s: Symbol `%s' has different size in shared object, consider "
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
	finding->message = judge_text(j, "%s is %s for %s, but %s in %s", mine->name,
				      code_there ? "a variable" : "a function", judge_name(j, object),
				      code_there ? "a function" : "a variable",
				      judge_name(j, binding->provider));
	return finding->message ? 0 : -ENOMEM;
}

static int judge_old_version(struct judge *j, uint32_t object, const struct symbol *mine,
			     const struct binding *binding)
{
	const struct image *provider = j->forecast->closure.objects.items[binding->provider].image;
	const struct version *version = asked_version(provider, binding->symbol);
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
	newest_version = asked_version(provider, newest.index);
	finding = judge_add(j, "load/symbol-old-version", object);
	if (!finding)
		return -ENOMEM;
	finding->subject = mine->name;
	finding->before = mine->name;
	finding->after = judge_text(j, "%s@%s", mine->name, version->name);
	finding->message = judge_text(j, "%s asks for %s without version and gets %s@%s of %s, not the default"
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
	const struct version *wanted = asked_version(objects[object].image, mine->index);
	const struct version *got = asked_version(objects[binding->provider].image, binding->symbol);
	struct finding *finding;

	if (!wanted || !got || !strcmp(wanted->name, got->name))
		return 0;
	finding = judge_add(j, "load/symbol-other-version", object);
	if (!finding)
		return -ENOMEM;
	finding->subject = mine->name;
	finding->before = judge_text(j, "%s@%s", mine->name, wanted->name);
	finding->after = judge_text(j, "%s@%s", mine->name, got->name);
	finding->message = judge_text(j, "%s asks for %s@%s and gets %s@@%s: musl does not look at versions "
					 "of %s",
				      judge_name(j, object), mine->name, wanted->name, mine->name, got->name,
				      judge_name(j, binding->provider));
	return finding->before && finding->after && finding->message ? 0 : -ENOMEM;
}

static int look_closer(void *data, uint32_t object, const struct index_image *entry,
		       uint32_t reference, const struct binding *binding, unsigned choices)
{
	struct pass *pass = data;
	struct judge *j = pass->judge;
	const struct index_reference *ref = &entry->references[reference];
	const struct image *provider;
	struct symbol mine, theirs;
	bool is_tls;
	int r = 0;

	if (binding->provider == NO_OBJECT)
		return note_unresolved(pass, object, entry, reference);
	if (choices > 1)
		r = clash_note(j, &pass->captures, object, entry, reference, binding);
	if (r || !image_symbol(entry->image, ref->symbol, &mine))
		return r;
	provider = j->forecast->closure.objects.items[binding->provider].image;
	if (!image_symbol(provider, binding->symbol, &theirs))
		return 0;
	if (ref->class == CLASS_COPY ? is_code(theirs.type) :
				       ref->class == CLASS_CALL && theirs.type == STT_OBJECT &&
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

/* Keeps what was bound for the report. */
static int keep_bindings(struct forecast *f, uint32_t object, const struct index_image *entry,
			 const struct binding *bindings)
{
	struct object_bindings *kept = &f->bindings[object];
	uint32_t i;

	kept->items = malloc((entry->count + 1) * sizeof(*kept->items));
	if (!kept->items)
		return -ENOMEM;
	for (i = 0; i < entry->count; i++) {
		const struct index_reference *ref = &entry->references[i];
		bool protected = (ref->flags & INDEX_PROTECTED) && bindings[i].provider == object;

		kept->items[i] = (struct binding_record){
			.symbol = ref->symbol,
			.provider = bindings[i].provider,
			.kind = protected ? BINDING_PROTECTED :
				bindings[i].provider == NO_OBJECT && (ref->flags & INDEX_WEAK) ?
					    BINDING_WEAK :
					    BINDING_NORMAL,
		};
	}
	kept->count = entry->count;
	return 0;
}

static int bind_object(struct pass *pass, uint32_t object)
{
	struct forecast *f = pass->judge->forecast;
	const struct object *o = &f->closure.objects.items[object];
	const struct index_image *entry = o->image ? symbol_index_image(pass->judge->index, o->image->id)
						   : NULL;
	AUTO_FREE struct binding *bindings = NULL;
	int r;

	if (!entry || o->is_loader)
		return 0;
	f->binding_count += entry->count;
	if (f->bindings && !f->bindings[object].items) {
		bindings = malloc((entry->count + 1) * sizeof(*bindings));
		if (!bindings)
			return -ENOMEM;
	}
	r = binder_bind(&pass->judge->forecaster->binder, &f->closure, object, bindings, look_closer, pass);
	return r || !bindings ? r : keep_bindings(f, object, entry, bindings);
}

static int bind_group(struct pass *pass, size_t group, struct scope *global)
{
	struct closure *closure = &pass->judge->forecast->closure;
	const struct dlopen_group *g = &closure->groups.items[group];
	uint32_t *local = NULL;
	struct scope own = { 0 };
	size_t i;
	int r;

	if (g->root == NO_OBJECT || !closure->objects.items[g->root].image)
		return 0;
	r = closure_local_scope(closure, g->root, &local, &own.count);
	if (r)
		return r;
	own.objects = local;
	r = g->deep_bind ? binder_scope(&pass->judge->forecaster->binder, closure, own, *global)
			 : binder_scope(&pass->judge->forecaster->binder, closure, *global, own);
	for (i = own.count; !r && i-- > 0;) {
		if (closure->objects.items[local[i]].group == group + 1)
			r = bind_object(pass, local[i]);
	}
	if (!r && g->global) {
		uint32_t *grown = realloc((void *)global->objects,
					  (global->count + own.count) * sizeof(*grown));

		if (grown) {
			memcpy(grown + global->count, local, own.count * sizeof(*grown));
			*global = (struct scope){ grown, global->count + own.count };
		} else {
			r = -ENOMEM;
		}
	}
	free(local);
	return r;
}

static int bind_all(struct pass *pass)
{
	struct closure *closure = &pass->judge->forecast->closure;
	struct scope global = { NULL, closure->scope.count };
	uint32_t *copy = malloc((closure->scope.count + 1) * sizeof(*copy));
	size_t i;
	int r;

	if (!copy)
		return -ENOMEM;
	memcpy(copy, closure->scope.items, closure->scope.count * sizeof(*copy));
	global.objects = copy;
	binder_reset(&pass->judge->forecaster->binder);
	r = binder_scope(&pass->judge->forecaster->binder, closure, global, (struct scope){ 0 });
	for (i = 0; !r && i < closure->order.count; i++)
		r = bind_object(pass, closure->order.items[i]);
	for (i = 0; !r && i < closure->groups.count; i++)
		r = bind_group(pass, i, &global);
	free((void *)global.objects);
	return r;
}

/* The name with some version of `image`, the default or not. */
static const char *with_any_version(struct judge *j, const struct image *image, const char *name)
{
	struct lookup_rules rules = { LIBC_GLIBC, j->version };
	struct query_symbol query = { .name = name, .gnu_hash = gnu_hash(name), .newest = true };
	const struct version *version;
	struct symbol s;
	size_t i;

	if (lookup_symbol(image, &query, &rules, &s) && s.section != SHN_UNDEF) {
		version = asked_version(image, s.index);
		return version ? judge_text(j, "%s@@%s", name, version->name) : name;
	}
	for (i = 0; i < image->definitions.count; i++) {
		query.version = image->definitions.items[i].name;
		query.version_hash = image->definitions.items[i].hash;
		if (!image->definitions.items[i].base && lookup_symbol(image, &query, &rules, &s))
			return judge_text(j, "%s@%s", name, query.version);
	}
	return NULL;
}

/* Another definition of the name in the closure, with a version that was not asked for. */
static const char *nearest_symbol(struct judge *j, const char *name, uint32_t *ret_object)
{
	const struct closure *closure = &j->forecast->closure;
	uint32_t i;

	for (i = 0; i < closure->objects.count; i++) {
		const struct image *image = closure->objects.items[i].image;
		const char *found = image ? with_any_version(j, image, name) : NULL;

		if (!found)
			continue;
		*ret_object = i;
		return found;
	}
	return NULL;
}

static bool same_cause(const struct unresolved *a, const struct unresolved *b)
{
	return a->object == b->object && a->eager == b->eager && a->version == b->version &&
	       a->file == b->file;
}

static const char *unresolved_name(const struct judge *j, const struct unresolved *u)
{
	return symbol_index_name(j->index, u->entry->references[u->reference].key);
}

/* Names of the references that share a cause with the one at `first`, which are marked. */
static int gather(struct pass *pass, size_t first, const char ***ret, size_t *ret_count)
{
	struct array_of(const char *) names = { 0 };
	size_t i;

	for (i = first; i < pass->unresolved.count; i++) {
		struct unresolved *u = &pass->unresolved.items[i];

		if (u->used || !same_cause(u, &pass->unresolved.items[first]))
			continue;
		u->used = true;
		if (array_push(&names, unresolved_name(pass->judge, u))) {
			array_done(&names);
			return -ENOMEM;
		}
	}
	*ret = names.items;
	*ret_count = names.count;
	return 0;
}

static const char *with_version(struct judge *j, const char *name, const char *version)
{
	return version ? judge_text(j, "%s@%s", name, version) : name;
}

static const char *unresolved_message(struct judge *j, const struct unresolved *u,
				      const char *const *names, size_t count)
{
	const char *first = with_version(j, names[0], u->version);
	const char *from = u->file ? judge_text(j, " of %s", u->file) : "";
	const char *when = u->eager ? "" : "; it starts, then dies at the first call";

	if (!first || !from)
		return NULL;
	if (count == 1)
		return judge_text(j, "%s needs %s%s, which nothing defines%s", judge_name(j, u->object),
				  first, from, when);
	return judge_text(j, "%s needs %s and %zu more symbol%s%s that nothing defines%s",
			  judge_name(j, u->object), first, count - 1, count == 2 ? "" : "s", from, when);
}

/* Loaded by dlopen(): the process goes on. */
static bool late(const struct judge *j, uint32_t object)
{
	return j->forecast->closure.objects.items[object].group != 0;
}

static const char *unresolved_says(struct judge *j, const struct unresolved *u, const char *name)
{
	const char *path = judge_path(j, u->object);

	if (j->forecast->closure.loader->kind == LIBC_MUSL)
		return judge_text(j, "Error relocating %s: %s: symbol not found", path, name);
	if (late(j, u->object))
		return judge_text(j, "%s: undefined symbol: %s%s%s", path, name,
				  u->version ? ", version " : "", u->version ? u->version : "");
	return judge_text(j, "%s: symbol lookup error: %s: undefined symbol: %s%s%s",
			  judge_path(j, 0), path, name, u->version ? ", version " : "",
			  u->version ? u->version : "");
}

static int describe_unresolved(struct judge *j, struct finding *finding,
			       const struct unresolved *u, const char *const *names, size_t count)
{
	struct findings *list = &j->forecast->findings;
	uint32_t provider = NO_OBJECT;
	int r = judge_chain(j, finding, u->object);

	finding->after = nearest_symbol(j, names[0], &provider);
	if (!r && finding->after)
		r = finding_why(list, finding, "%s has %s", judge_name(j, provider), finding->after);
	if (!r && count > 1) {
		const char *all = judge_names(j, names, count, 12);

		r = all ? finding_why(list, finding, "missing: %s", all) : -ENOMEM;
	}
	return r;
}

static int add_unresolved(struct judge *j, const struct unresolved *u, const char *const *names,
			  size_t count)
{
	struct finding *finding =
		judge_add(j, u->eager ? "load/symbol-missing" : "load/symbol-missing-lazy", u->object);
	int r;

	if (!finding)
		return -ENOMEM;
	finding->before = with_version(j, names[0], u->version);
	finding->subject = finding->before;
	finding->message = unresolved_message(j, u, names, count);
	if (!finding->before || !finding->message)
		return -ENOMEM;
	r = describe_unresolved(j, finding, u, names, count);
	return r ? r
		 : judge_failure(j, finding, u->eager ? 127 : 0,
				 unresolved_says(j, u, names[0]));
}

/* Has it been said already that this version is missing? */
static bool follows_from_version(const struct judge *j, const struct unresolved *u)
{
	const struct findings *list = &j->forecast->findings;
	size_t i;

	for (i = 0; u->file && i < list->items.count; i++) {
		const struct finding *finding = &list->items.items[i];
		size_t length = strlen(u->file);

		if (!strcmp(finding->rule->id, "load/version-missing") &&
		    finding->file == judge_path(j, u->object) && !strcmp(finding->before, u->version) &&
		    !strncmp(finding->subject, u->file, length) && finding->subject[length] == '(')
			return true;
	}
	return false;
}

/* Would a library that is missing have defined it, or may it have? */
static bool follows_from_library(const struct judge *j, const struct unresolved *u)
{
	const struct closure *closure = &j->forecast->closure;
	uint32_t i;

	for (i = 1; i < closure->objects.count; i++) {
		const struct object *o = &closure->objects.items[i];

		if ((!o->image || image_is_undecodable(o->image)) && !o->is_loader && !o->is_preload &&
		    (!u->file || !strcmp(u->file, o->requested)))
			return true;
	}
	return false;
}

/* What only follows from a cause that was found before is not said again. */
static int drop_consequences(struct pass *pass)
{
	struct judge *j = pass->judge;
	size_t count = 0;
	size_t i;

	for (i = 0; i < pass->unresolved.count; i++) {
		struct unresolved *u = &pass->unresolved.items[i];

		if (follows_from_version(j, u)) {
			u->used = true;
		} else if (follows_from_library(j, u)) {
			u->used = true;
			count++;
		}
	}
	if (!count)
		return 0;
	return unchecked_add(&j->forecast->findings, j->forecast->input,
			     judge_text(j, "%zu symbol%s that a missing library may define", count,
					count == 1 ? "" : "s"),
			     "a library is missing", "the library", count, false);
}

/* Findings of one kind that are spelt out; a file with more causes than that is past help. */
#define MOST_CAUSES 200

static int judge_unresolved(struct pass *pass)
{
	size_t causes = 0;
	size_t i;
	int drop = drop_consequences(pass);

	if (drop)
		return drop;

	for (i = 0; i < pass->unresolved.count; i++) {
		struct unresolved u = pass->unresolved.items[i];
		const char **names = NULL;
		size_t count = 0;
		int r;

		if (u.used)
			continue;
		if (causes++ == MOST_CAUSES)
			return unchecked_add(&pass->judge->forecast->findings, u.entry->image->path,
					     "further missing symbols", "too many causes to spell out",
					     "the first ones being mended", pass->unresolved.count - i, false);
		r = gather(pass, i, &names, &count);
		if (!r)
			r = add_unresolved(pass->judge, &u, names, count);
		free(names);
		if (r)
			return r;
	}
	return 0;
}

/* A plug-in's host is not known: what it is expected to supply stays open. */
static int leave_open(struct pass *pass)
{
	struct judge *j = pass->judge;
	size_t count = pass->unresolved.count;
	const char *what;

	if (!count)
		return 0;
	what = judge_text(j, "%zu symbol%s that the host must supply (%s%s)", count, count == 1 ? "" : "s",
			  unresolved_name(j, &pass->unresolved.items[0]), count > 1 ? ", …" : "");
	if (!what)
		return -ENOMEM;
	return unchecked_add(&j->forecast->findings, j->forecast->input, what,
			     "a library outside the search path or without soname is a plug-in; its host "
			     "was not given",
			     "--host PROGRAM", count, true);
}

static int note_unread(struct judge *j)
{
	const struct closure *closure = &j->forecast->closure;
	uint32_t i;

	for (i = 0; i < closure->objects.count; i++) {
		const struct image *image = closure->objects.items[i].image;
		const struct index_image *entry = image ? symbol_index_image(j->index, image->id) : NULL;
		const char *what;
		bool machine;

		if (!entry || image_is_undecodable(image) || (!entry->error && !entry->outside))
			continue;
		machine = entry->error == -ENOTSUP;
		what = judge_text(j, "relocations of %s", judge_path(j, i));
		if (!what)
			return -ENOMEM;
		if (unchecked_add(&j->forecast->findings, j->forecast->input, what,
				  machine ? "no relocation table for this machine"
					  : image->fault.text ? image->fault.text
							      : "its symbol names or hash table are out of order",
				  machine ? "a version of Abifit that knows the machine" : "a sound file",
				  entry->outside, true))
			return -ENOMEM;
	}
	return 0;
}

int judge_symbols(struct judge *j)
{
	struct pass pass = { .judge = j };
	int r = bind_all(&pass);

	j->forecast->unresolved_count = pass.unresolved.count;
	if (!r)
		r = j->forecast->is_plugin ? leave_open(&pass) : judge_unresolved(&pass);
	if (!r)
		r = clash_judge(j, &pass.captures);
	if (!r)
		r = note_unread(j);
	array_done(&pass.unresolved);
	array_done(&pass.captures.items);
	return r;
}

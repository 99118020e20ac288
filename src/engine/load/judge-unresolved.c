/* SPDX-License-Identifier: Apache-2.0 */
/* References that nothing defines: gathered while binding, then told by cause. */
#include "engine/load/judge.h"

#include <string.h>

/* musl 1.2.4 and newer answer these under their names without "64". */
static bool musl_answers(const struct judge *j, const char *name)
{
	static const char *const names[] = {
		"alphasort",   "creat",	    "fallocate",     "fgetpos",
		"fopen",       "freopen",   "fseeko",	     "fsetpos",
		"fstat",       "fstatat",   "fstatfs",	     "fstatvfs",
		"ftello",      "ftruncate", "ftw",	     "getdents",
		"getrlimit",   "glob",	    "globfree",	     "lockf",
		"lseek",       "lstat",	    "mkostemp",	     "mkostemps",
		"mkstemp",     "mkstemps",  "mmap",	     "nftw",
		"open",	       "openat",    "posix_fadvise", "posix_fallocate",
		"pread",       "preadv",    "prlimit",	     "pwrite",
		"pwritev",     "readdir",   "scandir",	     "sendfile",
		"setrlimit",   "stat",	    "statfs",	     "statvfs",
		"tmpfile",     "truncate",  "versionsort",   "__fxstat",
		"__fxstatat",  "__lxstat",  "__xstat",	     "aio_cancel",
		"aio_error",   "aio_fsync", "aio_read",	     "aio_return",
		"aio_suspend", "aio_write", "lio_listio",
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
int unresolved_note(struct judge *j, struct unresolved_list *list, uint32_t object,
		    const struct index_image *entry, uint32_t reference)
{
	const struct index_reference *ref = &entry->references[reference];
	const struct version *version = judge_asked_version(entry->image, ref->symbol);
	const struct forecast *f = j->forecast;
	bool musl = f->closure.loader->kind == LIBC_MUSL;
	struct unresolved u = {
		.object = object,
		.reference = reference,
		.entry = entry,
		.file = version ? version->file : NULL,
		.version = version ? version->name : NULL,
		.eager = (ref->flags & INDEX_EAGER) || musl ||
			 j->forecaster->search.environment->bind_now ||
			 f->closure.objects.items[object].group,
	};

	if (ref->key == NO_KEY || (ref->flags & INDEX_WEAK))
		return 0;
	if (musl && musl_answers(j, symbol_index_name(j->index, ref->key)))
		return 0;
	return array_push(&list->items, u);
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
		version = judge_asked_version(image, s.index);
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
static int gather(struct judge *j, struct unresolved_list *list, size_t first, const char ***ret,
		  size_t *ret_count)
{
	struct array_of(const char *) names = { 0 };
	size_t i;

	for (i = first; i < list->items.count; i++) {
		struct unresolved *u = &list->items.items[i];

		if (u->used || !same_cause(u, &list->items.items[first]))
			continue;
		u->used = true;
		if (array_push(&names, unresolved_name(j, u))) {
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
		return judge_text(j, "%s needs %s%s, which nothing defines%s",
				  judge_name(j, u->object), first, from, when);
	return judge_text(j, "%s needs %s and %zu more symbol%s%s that nothing defines%s",
			  judge_name(j, u->object), first, count - 1, count == 2 ? "" : "s", from,
			  when);
}

/* Loaded by dlopen(): the process goes on. */
static bool late(const struct judge *j, uint32_t object)
{
	return j->forecast->closure.objects.items[object].group != 0;
}

static const char *unresolved_says(struct judge *j, const struct unresolved *u, const char *name)
{
	const char *path = judge_path(j, u->object);

	if (j->version && j->version < GLIBC(2, 30) && u->version && u->file &&
	    j->forecast->closure.loader->kind == LIBC_GLIBC)
		return judge_text(j,
				  "%s%s%s: symbol %s, version %s not defined in file %s with "
				  "link time reference",
				  late(j, u->object) ? "" : judge_path(j, 0),
				  late(j, u->object) ? "" : ": symbol lookup error: ", path, name,
				  u->version, u->file);
	if (j->forecast->closure.loader->kind == LIBC_MUSL)
		return judge_text(j, "Error relocating %s: %s: symbol not found", path, name);
	if (late(j, u->object))
		return judge_text(j, "%s: undefined symbol: %s%s%s", path, name,
				  u->version ? ", version " : "", u->version ? u->version : "");
	return judge_text(j, "%s: symbol lookup error: %s: undefined symbol: %s%s%s",
			  judge_path(j, 0), path, name, u->version ? ", version " : "",
			  u->version ? u->version : "");
}

static int describe_unresolved(struct judge *j, struct finding *finding, const struct unresolved *u,
			       const char *const *names, size_t count)
{
	struct findings *list = &j->forecast->findings;
	uint32_t provider = NO_OBJECT;
	int r = judge_chain(j, finding, u->object);

	finding->after = nearest_symbol(j, names[0], &provider);
	if (!r && finding->after)
		r = finding_why(list, finding, "%s has %s", judge_name(j, provider),
				finding->after);
	if (!r && count > 1) {
		const char *all = judge_names(j, names, count, 12);

		r = all ? finding_why(list, finding, "missing: %s", all) : -ENOMEM;
	}
	return r;
}

static int add_unresolved(struct judge *j, const struct unresolved *u, const char *const *names,
			  size_t count)
{
	struct finding *finding = judge_add(
		j, u->eager ? "load/symbol-missing" : "load/symbol-missing-lazy", u->object);
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
		 : judge_failure(j, finding, u->eager ? 127 : 0, unresolved_says(j, u, names[0]));
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
		    finding->file == judge_path(j, u->object) &&
		    !strcmp(finding->before, u->version) &&
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

		if ((!o->image || image_is_undecodable(o->image)) && !o->is_loader &&
		    !o->is_preload && (!u->file || !strcmp(u->file, o->requested)))
			return true;
	}
	return false;
}

/* What only follows from a cause that was found before is not said again. */
static int drop_consequences(struct judge *j, struct unresolved_list *list)
{
	size_t count = 0;
	size_t i;

	for (i = 0; i < list->items.count; i++) {
		struct unresolved *u = &list->items.items[i];

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

int unresolved_judge(struct judge *j, struct unresolved_list *list)
{
	size_t causes = 0;
	size_t i;
	int drop = drop_consequences(j, list);

	if (drop)
		return drop;

	for (i = 0; i < list->items.count; i++) {
		struct unresolved u = list->items.items[i];
		const char **names = NULL;
		size_t count = 0;
		int r;

		if (u.used)
			continue;
		if (causes++ == MOST_CAUSES)
			return unchecked_add(
				&j->forecast->findings, u.entry->image->path,
				"further missing symbols", "too many causes to spell out",
				"the first ones being mended", list->items.count - i, false);
		r = gather(j, list, i, &names, &count);
		if (!r)
			r = add_unresolved(j, &u, names, count);
		free(names);
		if (r)
			return r;
	}
	return 0;
}

/* A plug-in's host is not known: what it is expected to supply stays open. */
int unresolved_leave_open(struct judge *j, const struct unresolved_list *list)
{
	size_t count = list->items.count;
	const char *what;

	if (!count)
		return 0;
	what = judge_text(j, "%zu symbol%s that the host must supply (%s%s)", count,
			  count == 1 ? "" : "s", unresolved_name(j, &list->items.items[0]),
			  count > 1 ? ", …" : "");
	if (!what)
		return -ENOMEM;
	return unchecked_add(
		&j->forecast->findings, j->forecast->input, what,
		"a library outside the search path or without soname is a plug-in; its host "
		"was not given",
		"--host PROGRAM", count, true);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Before the first library: does the kernel start the file, and its loader?
 * And the libraries that the loader does not find or does not take.
 */
#include "engine/load/judge.h"

#include <string.h>

#define ZEROS "what is missing lies in a page that is there: it reads as zeros"

static int fail_start(struct judge *j, const char *rule, const char *subject, const char *message,
		      unsigned exit_code, const char *says)
{
	struct finding *finding = judge_add(j, rule, 0);

	if (!finding || !message)
		return -ENOMEM;
	finding->subject = subject;
	finding->message = message;
	return judge_failure(j, finding, exit_code, says);
}

static int judge_interpreter(struct judge *j)
{
	const struct forecast *f = j->forecast;
	const struct loader *loader = f->closure.loader;
	const struct image *image = f->closure.objects.items[0].image;
	const char *path = loader->interpreter;
	struct finding *finding;
	struct source_stat st;
	int r;

	if (!image->interpreter)
		return 0;
	r = loader->image ? 0 : source_stat(j->forecaster->search.source, path, &st);
	if (r == -ENOMEM)
		return r;
	if (!loader->image && !r) {
		bool whole = st.size >= (image->is_64 ? sizeof(Elf64_Ehdr) : sizeof(Elf32_Ehdr));

		if (st.kind == SOURCE_FOLDER)
			return fail_start(j, "load/interpreter-invalid", path,
					  judge_text(j, "its loader %s is a folder", path), 126,
					  "Permission denied");
		return fail_start(j, "load/interpreter-invalid", path,
				  judge_text(j, "its loader %s is not an ELF file", path), 126,
				  whole ? "Accessing a corrupted shared library" : "Input/output error");
	}
	if (!loader->image) {
		r = fail_start(j, "load/interpreter-missing", path,
			       judge_text(j, "its loader %s does not exist here", path),
			       r == -ENOENT ? 127 : 126, judge_text(j, "%s", strerror(-r)));
		if (r)
			return r;
		finding = &j->forecast->findings.items.items[j->forecast->findings.items.count - 1];
		finding->before = path;
		return finding_why(&j->forecast->findings, finding,
				   "%s names %s as its loader (PT_INTERP)", judge_name(j, 0), path);
	}
	if (loader->image->elf_type != ET_EXEC && loader->image->elf_type != ET_DYN)
		return fail_start(j, "load/interpreter-invalid", path,
				  judge_text(j, "its loader %s is an object", path), 126,
				  "Accessing a corrupted shared library");
	if (loader->image->elf_machine != image->elf_machine || loader->image->is_64 != image->is_64)
		return fail_start(j, "load/interpreter-invalid", path,
				  judge_text(j, "its loader %s is no %s program", path,
					     machine_describe(image->elf_machine, image->is_64,
							      image->is_big, image->elf_flags)),
				  126, "Accessing a corrupted shared library");
	if (!(loader->image->mode & 0111))
		return fail_start(j, "load/interpreter-invalid", path,
				  judge_text(j, "its loader %s has no execute permission", path), 126,
				  "Permission denied");
	if (loader->image->fault.rule)
		return fail_start(j, "load/interpreter-invalid", path,
				  judge_text(j, "its loader %s is damaged: %s", path,
					     loader->image->fault_line),
				  139, "Segmentation fault");
	return 0;
}

static int judge_page_size(struct judge *j)
{
	const struct image *image = j->forecast->closure.objects.items[0].image;
	const struct environment *environment = j->forecaster->search.environment;
	uint32_t size = verify_page_size(image, environment);
	struct finding *finding;

	if (!size)
		return 0;
	finding = judge_add(j, "load/segment-misaligned", 0);
	if (!finding)
		return -ENOMEM;
	if (size != environment->page_sizes[0])
		finding->verdict = VERDICT_RISK;
	finding->subject = judge_text(j, "%u KiB pages", size / 1024);
	finding->message = judge_text(j, "its segments do not fit pages of %u KiB", size / 1024);
	if (!finding->subject || !finding->message ||
	    (size != environment->page_sizes[0] && judge_page_question(j, finding)))
		return -ENOMEM;
	return judge_failure(j, finding, 139, "Segmentation fault");
}

static bool is_musl_library(const char *name)
{
	/* What musl-gcc links to has the plain name, which in glibc is that of a linker script. */
	return !strncmp(name, "libc.musl-", 10) || !strncmp(name, "ld-musl-", 8) ||
	       !strcmp(name, "libc.so");
}

/* A file that was built for the other C library. */
static int judge_libc(struct judge *j)
{
	const struct closure *closure = &j->forecast->closure;
	bool musl = closure->loader->kind == LIBC_MUSL;
	uint32_t i;
	size_t k;

	for (i = 0; i < closure->objects.count; i++) {
		const struct image *image = closure->objects.items[i].image;

		for (k = 0; image && k < image->needs.count; k++) {
			const char *name = image->needs.items[k].name;
			struct finding *finding;

			if (musl ? strcmp(name, "libc.so.6") != 0 : !is_musl_library(name))
				continue;
			finding = judge_add(j, "load/libc-mixed", i);
			if (!finding)
				return -ENOMEM;
			if (!musl)
				finding->verdict = VERDICT_BREAK;
			finding->subject = name;
			finding->message = judge_text(j, "%s is built for %s, but the loader is that of %s",
						      judge_name(j, i), musl ? "glibc" : "musl",
						      musl ? "musl" : "glibc");
			if (!finding->message)
				return -ENOMEM;
		}
	}
	return 0;
}

/* "Debian GLIBC 2.36-9" of "ld.so (Debian GLIBC 2.36-9) stable release …"; NULL: not told. */
static const char *build_name(const struct image *image, const char *before, size_t *ret_length)
{
	const unsigned char *at = memmem(image->bytes, image->size, before, strlen(before));
	const unsigned char *end = image->bytes + image->size;
	const unsigned char *close;

	if (!at)
		return NULL;
	at += strlen(before);
	close = memchr(at, ')', size_min((size_t)(end - at), 200));
	if (!close)
		return NULL;
	*ret_length = (size_t)(close - at);
	return (const char *)at;
}

static bool same_build(const struct image *loader, const struct image *libc)
{
	size_t x_length, y_length;
	const char *x = build_name(loader, "ld.so (", &x_length);
	const char *y = x ? build_name(libc, "GNU C Library (", &y_length) : NULL;

	return !y || (x_length == y_length && !memcmp(x, y, x_length));
}

/* Since 2.32 the loader calls a function of libc.so.6 before all others, and insists that it is there. */
static int judge_early_init(struct judge *j, uint32_t libc)
{
	const struct image *image = j->forecast->closure.objects.items[libc].image;
	struct lookup_rules rules = { LIBC_GLIBC, j->version };
	struct query_symbol query = {
		.name = "__libc_early_init",
		.gnu_hash = gnu_hash("__libc_early_init"),
		.version = "GLIBC_PRIVATE",
		.version_hash = sysv_hash("GLIBC_PRIVATE"),
	};
	struct finding *finding;
	struct symbol s;
	int r;

	if (!j->version || j->version < GLIBC(2, 32) || !image->soname ||
	    strcmp(image->soname, "libc.so.6") || image_is_undecodable(image) ||
	    lookup_symbol(image, &query, &rules, &s))
		return 0;
	finding = judge_add(j, "load/loader-mismatch", libc);
	if (!finding)
		return -ENOMEM;
	finding->verdict = VERDICT_BREAK;
	finding->subject = judge_path(j, libc);
	finding->message = judge_text(j, "%s has no __libc_early_init, which the loader %s calls first",
				      judge_path(j, libc), j->forecast->closure.loader->interpreter);
	if (!finding->message)
		return -ENOMEM;
	r = judge_chain(j, finding, libc);
	return r ? r
		 : judge_failure(j, finding, 127,
				 judge_text(j, "Inconsistency detected by ld.so: dl-call-libc-early-init.c: "
					       "_dl_call_libc_early_init: Assertion `sym != NULL' failed!"));
}

/* libc.so.6 and its loader share private structures: they must come from one build. */
static int judge_loader_build(struct judge *j)
{
	const struct closure *closure = &j->forecast->closure;
	const struct loader *loader = closure->loader;
	uint32_t libc = closure_alias(&j->forecaster->names, "libc.so.6");
	struct image *own = NULL;
	struct finding *finding;
	int r;

	if (loader->kind != LIBC_GLIBC || !loader->image || libc == NO_OBJECT ||
	    !closure->objects.items[libc].image || !loader->version_from)
		return 0;
	r = judge_early_init(j, libc);
	if (r)
		return r;
	r = source_open(j->forecaster->search.source, loader->version_from, &own);
	if (r == -ENOMEM)
		return r;
	/* The system's own pair is compared once, not for each program. */
	if (own == closure->objects.items[libc].image && !j->forecaster->own_build)
		j->forecaster->own_build = same_build(loader->image, own) ? BUILD_SAME : BUILD_OTHER;
	if (own == closure->objects.items[libc].image
		    ? j->forecaster->own_build == BUILD_SAME
		    : same_build(loader->image, closure->objects.items[libc].image))
		return 0;
	finding = judge_add(j, "load/loader-mismatch", libc);
	if (!finding)
		return -ENOMEM;
	finding->subject = judge_path(j, libc);
	finding->before = loader->interpreter;
	finding->after = judge_path(j, libc);
	finding->message = judge_text(j, "%s and the loader %s are from different builds", judge_path(j, libc),
				      loader->interpreter);
	return finding->message ? judge_chain(j, finding, libc) : -ENOMEM;
}

int judge_builds(struct judge *j)
{
	int r = judge_libc(j);

	return r ? r : judge_loader_build(j);
}

static int judge_cut(struct judge *j)
{
	const struct image *image = j->forecast->closure.objects.items[0].image;
	struct finding *finding = judge_add(j, "load/file-truncated", 0);

	if (!finding)
		return -ENOMEM;
	finding->subject = j->forecast->input;
	finding->message = judge_text(j, "the file ends at %zu bytes, before its segments do", image->size);
	if (!finding->message)
		return -ENOMEM;
	if (verify_lacks_page(image, j->forecaster->search.environment))
		return judge_failure(j, finding, 135, "Bus error");
	return finding_why(&j->forecast->findings, finding, ZEROS);
}

int judge_start(struct judge *j)
{
	const struct forecast *f = j->forecast;
	const struct image *image = f->closure.objects.items[0].image;
	int r = judge_interpreter(j);

	if (!r && image_is_program(image) && !(image->mode & 0111))
		r = fail_start(j, "load/not-executable", j->forecast->input,
			       "it has no execute permission", 126, "Permission denied");
	if (!r && image->fault.rule && !strcmp(image->fault.section, "PT_LOAD"))
		r = judge_cut(j);
	/* A loader of another machine says nothing about the pages of this one. */
	return r || f->refused ? r : judge_page_size(j);
}

/* Length of "libfoo.so." in "libfoo.so.1.1", 0 when the name has no such form. */
static size_t stem_length(const char *name)
{
	const char *so = strstr(name, ".so");

	return so ? (size_t)(so - name) + 3 : 0;
}

/* Another major version of a missing library that the system has. */
static const char *nearest_library(const struct judge *j, const char *name)
{
	const struct library_cache *cache = j->forecast->closure.loader->cache;
	size_t length = stem_length(name);
	size_t i;

	for (i = 0; cache && length && i < cache->entries.count; i++) {
		const struct cache_entry *entry = &cache->entries.items[i];

		if (!strncmp(entry->name, name, length) && strcmp(entry->name, name) &&
		    (entry->name[length] == '.' || !entry->name[length]))
			return entry->name;
	}
	return NULL;
}

static int add_trail(struct judge *j, struct finding *finding, uint32_t requester, const char *name)
{
	struct forecast *f = j->forecast;
	struct trail trail = { 0 };
	struct found found;
	size_t i;
	int r;

	if (strchr(name, '/'))
		return name[0] == '/' ? 0
				      : finding_why(&f->findings, finding, "looked at it from the current "
						    "folder, %s",
						    j->forecaster->search.environment->cwd);
	r = search_library(&j->forecaster->search, &f->closure, requester, name, &trail, &found);
	for (i = 0; !r && i < trail.items.count && i < 24; i++) {
		const struct trial *t = &trail.items.items[i];

		if (t->object == NO_OBJECT)
			r = finding_why(&f->findings, finding, "looked at %s (%s): %s", t->path,
					found_by_text(t->found_by), t->outcome);
		else
			r = finding_why(&f->findings, finding, "looked at %s (%s of %s): %s", t->path,
					found_by_text(t->found_by), judge_name(j, t->object), t->outcome);
	}
	trail_done(&trail);
	return r;
}

static bool is_filter_of(const struct closure *closure, uint32_t requester, const char *name)
{
	const struct image *image =
		requester == NO_OBJECT ? NULL : closure->objects.items[requester].image;
	size_t i;

	for (i = 0; image && i < image->needs.count; i++) {
		if (image->needs.items[i].kind == NEED_FILTER &&
		    !strcmp(image->needs.items[i].name, name))
			return true;
	}
	return false;
}

static const char *preload_message(struct judge *j, const struct object *o)
{
	if (!strcmp(o->refusal.rule, "load/library-missing"))
		return judge_text(j, "preloads %s, which is not found: ignored", o->requested);
	return judge_text(j, "preloads %s, which is ignored: %s", o->requested,
			  o->refusal.reason ? o->refusal.reason : o->refusal.text);
}

static const char *missing_message(struct judge *j, const struct object *o)
{
	bool plain = !strcmp(o->refusal.rule, "load/library-missing");

	if (plain)
		return judge_text(j, "needs %s, which is not found", o->requested);
	return judge_text(j, "needs %s, but %s: %s", o->requested,
			  strcmp(o->path, o->requested) ? o->path : "all found are unfit",
			  o->refusal.reason ? o->refusal.reason : o->refusal.text);
}

static const char *missing_says(struct judge *j, const struct object *o)
{
	if (j->forecast->closure.loader->kind == LIBC_MUSL)
		return judge_text(j, "Error loading shared library %s: %s (needed by %s)", o->requested,
				  strcmp(o->refusal.rule, "load/library-missing")
					  ? o->refusal.text
					  : "No such file or directory",
				  o->requester == NO_OBJECT ? "" : judge_path(j, o->requester));
	if (o->group)
		return judge_text(j, "%s: %s", o->refusal.by_name ? o->requested : o->path, o->refusal.text);
	return judge_text(j, "%s: error while loading shared libraries: %s: %s", judge_path(j, 0),
			  o->refusal.by_name ? o->requested : o->path, o->refusal.text);
}

/* Other objects that ask for the same missing library. */
static int add_other_requesters(struct judge *j, struct finding *finding, uint32_t object)
{
	const struct closure *closure = &j->forecast->closure;
	const struct object *first = &closure->objects.items[object];
	const char *names[64];
	size_t count = 0;
	const char *text;
	uint32_t i;

	for (i = object + 1; i < closure->objects.count && count < ARRAY_SIZE(names); i++) {
		const struct object *o = &closure->objects.items[i];

		if (!o->image && o->requester != NO_OBJECT && !strcmp(o->requested, first->requested))
			names[count++] = judge_name(j, o->requester);
	}
	if (!count)
		return 0;
	text = judge_names(j, names, count, 8);
	return text ? finding_why(&j->forecast->findings, finding, "also needed by %s", text) : -ENOMEM;
}

static int judge_one_missing(struct judge *j, uint32_t object)
{
	struct closure *closure = &j->forecast->closure;
	const struct object *o = &closure->objects.items[object];
	const char *rule = o->refusal.rule;
	const char *nearest = nearest_library(j, o->requested);
	struct finding *finding;
	int r;

	if (o->is_preload)
		rule = "load/preload-missing";
	else if (is_filter_of(closure, o->requester, o->requested))
		rule = "load/filter-missing";
	finding = judge_add(j, rule, object);
	if (!finding)
		return -ENOMEM;
	finding->subject = o->requested;
	finding->before = o->requested;
	finding->after = strcmp(o->path, o->requested) ? o->path : nearest;
	finding->file = o->requester == NO_OBJECT ? j->forecast->input : judge_path(j, o->requester);
	finding->message = o->is_preload ? preload_message(j, o) : missing_message(j, o);
	if (!finding->message)
		return -ENOMEM;
	r = judge_chain(j, finding, object);
	if (!r)
		r = add_other_requesters(j, finding, object);
	if (!r)
		r = add_trail(j, finding, o->requester, o->requested);
	if (!r && nearest)
		r = finding_why(&j->forecast->findings, finding, "the system has %s", nearest);
	if (r || o->is_preload)
		return r;
	switch (o->refusal.end) {
	case END_SIGBUS:
		return judge_failure(j, finding, 135, "Bus error");
	case END_SIGSEGV:
		return judge_failure(j, finding, 139, "Segmentation fault");
	case END_UNSURE:
		return finding_why(&j->forecast->findings, finding, ZEROS);
	case END_WORDS:
		break;
	}
	return judge_failure(j, finding, 127, missing_says(j, o));
}

static bool is_known_missing(const struct closure *closure, uint32_t object)
{
	uint32_t i;

	for (i = 1; i < object; i++) {
		const struct object *o = &closure->objects.items[i];

		if (!o->image && !o->is_loader && !o->is_preload &&
		    !strcmp(o->requested, closure->objects.items[object].requested))
			return true;
	}
	return false;
}

int judge_missing(struct judge *j)
{
	struct closure *closure = &j->forecast->closure;
	uint32_t i;

	for (i = 1; i < closure->objects.count; i++) {
		const struct object *o = &closure->objects.items[i];
		bool in_list = o->is_preload;
		size_t k;
		int r;

		if (o->image || o->is_loader)
			continue;
		for (k = 0; k < closure->scope.count && !in_list; k++)
			in_list = closure->scope.items[k] == i;
		/* What the opener asked for, any of several names, is judged with its group. */
		if (o->group && o->requester != closure->groups.items[o->group - 1].opener)
			in_list = true;
		if (!in_list || is_known_missing(closure, i))
			continue;
		r = judge_one_missing(j, i);
		if (r)
			return r;
	}
	return 0;
}

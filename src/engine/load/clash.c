/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Captured references: a library's symbol is looked up, and another object
 * that also defines the name comes first in scope. Mere duplicates without a
 * captured reference are no trouble; a few captured names are usual and meant
 * (malloc, getopt's variables); many of them, or data of another size, are the
 * classic crash of a statically linked library that leaks its symbols.
 */
#include "engine/load/judge.h"

#include <ctype.h>
#include <string.h>

/* Names that are meant to be defined more than once. */
static bool is_shared_name(const char *name)
{
	static const char *const names[] = {
		"_init", "_fini", "_edata", "edata", "_end", "end", "__bss_start", "_etext", "etext",
		"main", "data_start", "__data_start", "_IO_stdin_used", "__dso_handle", "_start",
		"malloc", "calloc", "realloc", "reallocarray", "free", "cfree", "memalign",
		"aligned_alloc", "posix_memalign", "valloc", "pvalloc", "malloc_usable_size", "mallopt",
		"mallinfo", "mallinfo2", "malloc_trim", "malloc_stats", "malloc_info",
		"obstack_alloc_failed_handler", "error_print_progname", "argp_program_version",
		"argp_program_version_hook", "argp_program_bug_address", "argp_err_exit_status",
		"__malloc_hook", "__realloc_hook", "__free_hook", "__memalign_hook",
		"__after_morecore_hook", "__malloc_initialize_hook", "environ", "__environ", "_environ",
		"optarg", "optind", "opterr", "optopt", "getopt", "getopt_long", "getopt_long_only",
		"re_syntax_options", "__progname", "__progname_full", "program_invocation_name",
		"program_invocation_short_name", "xmalloc", "xrealloc", "xcalloc", "xstrdup",
	};
	size_t i;

	if (!strncmp(name, "_Unwind_", 8))
		return true; /* the unwinder's interface, which libgcc and libunwind both offer */
	if (!strncmp(name, "_Zn", 3) || !strncmp(name, "_Zd", 3))
		return (name[3] == 'w' || name[3] == 'a' || name[3] == 'l') &&
		       !strchr("S", name[4] ? name[4] : ' ');
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		if (!strcmp(name, names[i]))
			return true;
	}
	return false;
}

/* C++ templates, inline functions, type information: each object has them, any will do. */
static bool is_vague(const char *name, uint8_t binding, uint8_t other)
{
	if (binding == STB_GNU_UNIQUE || other == STB_GNU_UNIQUE)
		return true;
	if (!strncmp(name, "_ZT", 3) || !strncmp(name, "_ZGV", 4))
		return true;
	return name[0] == '_' && name[1] == 'Z' && binding == STB_WEAK && other == STB_WEAK;
}

static size_t family_length(const char *name)
{
	return strcspn(name, "0123456789");
}

static const char *first_family(const struct image *image)
{
	size_t i;

	for (i = 0; i < image->definitions.count; i++) {
		if (!image->definitions.items[i].base)
			return image->definitions.items[i].name;
	}
	return NULL;
}

/* Parts of one package, such as libc and libm, define versions of one family. */
static bool same_family(const struct image *a, const struct image *b)
{
	const char *x = first_family(a);
	const char *y = first_family(b);

	return x && y && family_length(x) == family_length(y) && !strncmp(x, y, family_length(x));
}

static bool is_executable(const struct judge *j, uint32_t object)
{
	return object == 0 && image_is_program(j->forecast->closure.objects.items[0].image);
}

/* Is `address` inside a variable that the program has copied from a library? */
static bool is_copied(const struct index_image *program, uint64_t address)
{
	uint32_t i;

	for (i = 0; program && i < program->count; i++) {
		struct symbol s;

		if (program->references[i].class == CLASS_COPY &&
		    image_symbol(program->image, program->references[i].symbol, &s) &&
		    address - s.value < (s.size ? s.size : 1))
			return true;
	}
	return false;
}

/* The run-time libraries of sanitizers take the place of libc's functions: that is their task. */
static bool is_interposer(const struct image *image)
{
	static const char *const stems[] = { "libasan.", "libtsan.", "liblsan.", "libubsan.",
					     "libhwasan.", "libclang_rt." };
	size_t i;

	for (i = 0; image->soname && i < ARRAY_SIZE(stems); i++) {
		if (!strncmp(image->soname, stems[i], strlen(stems[i])))
			return true;
	}
	return false;
}

/* How `image` answers the key; NULL: not at all. */
static const struct index_hit *hit_of(const struct judge *j, uint32_t key, uint32_t image)
{
	const struct index_hit *hit = symbol_index_hits(j->index, key);

	while (hit && hit->image != image)
		hit = symbol_index_next(j->index, key, hit);
	return hit;
}

/* The definer that the referrer was built against, as far as the files tell. */
static int expected_provider(struct judge *j, uint32_t object, const struct index_image *entry,
			     const struct index_reference *ref, uint32_t *ret)
{
	const struct closure *closure = &j->forecast->closure;
	uint16_t index = image_versym(entry->image, ref->symbol) & VERSION_MASK;
	uint32_t *local = NULL;
	size_t count = 0;
	size_t i;
	int r;

	*ret = object;
	if (ref->flags & INDEX_DEFINED)
		return 0;
	if (entry->image->has_versions && index < entry->image->version_count &&
	    entry->image->versions[index].file) {
		*ret = closure_alias(&j->forecaster->names, entry->image->versions[index].file);
		if (*ret != NO_OBJECT && closure->objects.items[*ret].image &&
		    hit_of(j, ref->key, closure->objects.items[*ret].image->id))
			return 0;
	}
	r = closure_local_scope(closure, object, &local, &count);
	*ret = NO_OBJECT;
	for (i = 0; !r && i < count && *ret == NO_OBJECT; i++) {
		if (hit_of(j, ref->key, closure->objects.items[local[i]].image->id))
			*ret = local[i];
	}
	free(local);
	return r;
}

/* Is it of no interest that `actual` answers the reference in place of `expected`? */
static bool is_meant(const struct judge *j, const struct index_reference *ref, uint32_t expected,
		     uint32_t actual)
{
	const struct closure *closure = &j->forecast->closure;
	const struct object *meant = &closure->objects.items[expected];
	const struct object *got = &closure->objects.items[actual];
	const struct index_hit *theirs = hit_of(j, ref->key, meant->image->id);
	const struct index_hit *ours = hit_of(j, ref->key, got->image->id);
	struct symbol s;

	if (meant->is_loader || same_family(got->image, meant->image))
		return true;
	if (!theirs || !ours ||
	    is_vague(symbol_index_name(j->index, ref->key), theirs->binding, ours->binding))
		return true;
	if (!image_symbol(got->image, ours->symbol, &s))
		return true;
	/* An undefined symbol with a value is the program's own way to the real function. */
	if (s.section == SHN_UNDEF)
		return true;
	return actual == 0 && is_copied(symbol_index_image(j->index, got->image->id), s.value);
}

int clash_note(struct judge *j, struct captures *captures, uint32_t object,
	       const struct index_image *entry, uint32_t reference, const struct binding *binding)
{
	const struct closure *closure = &j->forecast->closure;
	const struct index_reference *ref = &entry->references[reference];
	const struct object *actual = &closure->objects.items[binding->provider];
	struct capture capture = {
		.referrer = object,
		.actual = binding->provider,
		.entry = entry,
		.reference = reference,
		.symbol = binding->symbol,
	};
	int r;

	if (is_interposer(actual->image) || binding->provider == object || ref->class == CLASS_COPY || actual->is_loader ||
	    actual->is_preload || is_shared_name(symbol_index_name(j->index, ref->key)))
		return 0;
	r = expected_provider(j, object, entry, ref, &capture.expected);
	if (r || capture.expected == NO_OBJECT || capture.expected == capture.actual ||
	    is_meant(j, ref, capture.expected, capture.actual))
		return r;
	return array_push(&captures->items, capture);
}

/* One pair of expected and actual provider. */
struct clash {
	uint32_t expected;
	uint32_t actual;
	const char **names;
	size_t count;
	size_t other_size;
	bool other_kind;
	bool data_size; /* a writable variable of another size */
	bool versioned; /* asked for with a version that the actual provider does not have */
	size_t exports;
};

static int count_export(void *data, uint32_t symbol, uint32_t half_hash)
{
	(*(size_t *)data)++;
	return 0;
}

static bool is_function(uint8_t type)
{
	return type == STT_FUNC || type == STT_GNU_IFUNC;
}

static bool has_node(const struct image *image, const char *version)
{
	size_t i;

	for (i = 0; i < image->definitions.count; i++) {
		if (!strcmp(image->definitions.items[i].name, version))
			return true;
	}
	return false;
}

static void weigh(struct judge *j, struct clash *clash, const struct capture *capture)
{
	const struct object *objects = j->forecast->closure.objects.items;
	const struct index_reference *ref = &capture->entry->references[capture->reference];
	const char *version = symbol_index_version(j->index, ref->key);
	struct query_symbol query = {
		.name = symbol_index_name(j->index, ref->key),
		.version = version,
		.version_hash = version ? sysv_hash(version) : 0,
		.class = CLASS_CALL,
	};
	struct lookup_rules rules = { j->forecast->closure.loader->kind, j->version };
	struct symbol meant, got;

	query.gnu_hash = gnu_hash(query.name);
	if (!image_symbol(objects[capture->actual].image, capture->symbol, &got) ||
	    !lookup_symbol(objects[capture->expected].image, &query, &rules, &meant))
		return;
	clash->versioned |= version && !has_node(objects[capture->actual].image, version);
	clash->other_kind |= is_function(meant.type) != is_function(got.type) ||
			     (meant.type == STT_TLS) != (got.type == STT_TLS);
	if (meant.size == got.size)
		return;
	clash->other_size += meant.type == STT_OBJECT ? 2 : 1;
	clash->data_size |= meant.type == STT_OBJECT && got.type == STT_OBJECT;
}

/* Libraries that programs often carry inside them. */
static const char *embedded_family(const char *soname)
{
	static const char *const stems[] = {
		"libssl", "libcrypto", "libz", "libsqlite3", "libcurl", "libpng", "libjpeg", "libprotobuf",
		"libgrpc", "libicu", "libuv", "libnghttp2", "libboost_", "liblua", "libxml2", "libffi",
		"libstdc++", "libgcc_s", "libexpat", "libbz2", "liblzma", "libzstd", "libabsl_",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(stems); i++) {
		size_t length = strlen(stems[i]);

		if (!strncmp(soname, stems[i], length) && !islower((unsigned char)soname[length]))
			return stems[i];
	}
	return NULL;
}

static size_t soname_stem(const char *soname)
{
	const char *so = strstr(soname, ".so");

	return so ? (size_t)(so - soname) : strlen(soname);
}

static bool other_major_loaded(const struct judge *j, uint32_t object)
{
	const struct closure *closure = &j->forecast->closure;
	const char *soname = closure->objects.items[object].image->soname;
	uint32_t i;

	for (i = 0; soname && i < closure->objects.count; i++) {
		const struct image *image = closure->objects.items[i].image;

		if (i != object && image && image->soname && strcmp(image->soname, soname) &&
		    soname_stem(image->soname) == soname_stem(soname) &&
		    !strncmp(image->soname, soname, soname_stem(soname)))
			return true;
	}
	return false;
}

/* A release banner such as "OpenSSL 3.0.13" in the file; NULL: none. */
static const char *find_banner(const struct image *image, const char *prefix, size_t *ret_length)
{
	const unsigned char *at = image->bytes;
	size_t left = image->size;
	size_t length = strlen(prefix);

	while ((at = memmem(at, left, prefix, length)) != NULL) {
		size_t n = length;

		left = image->size - (size_t)(at - image->bytes);
		while (n < left && n < 64 && (isalnum(at[n]) || at[n] == '.'))
			n++;
		if (left > length && isdigit(at[length])) {
			*ret_length = n;
			return (const char *)at;
		}
		at += length;
		left -= length;
	}
	return NULL;
}

static bool same_release(const struct image *a, const struct image *b)
{
	static const char *const prefixes[] = { "OpenSSL ", "deflate ", "libcurl/", "libpng version " };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(prefixes); i++) {
		size_t x_length, y_length;
		const char *x = find_banner(a, prefixes[i], &x_length);
		const char *y = x ? find_banner(b, prefixes[i], &y_length) : NULL;

		if (y)
			return x_length == y_length && !memcmp(x, y, x_length);
	}
	return false;
}

static enum severity rank(const struct judge *j, const struct clash *clash)
{
	const struct object *objects = j->forecast->closure.objects.items;
	const struct image *expected = objects[clash->expected].image;
	size_t n = clash->count;
	bool half_differ = clash->other_size * 2 >= n;
	bool known = embedded_family(expected->soname ? expected->soname
						      : judge_name(j, clash->expected)) != NULL;
	int level = SEVERITY_LOW;

	if (clash->other_kind)
		return SEVERITY_HIGH;
	/* Libraries that were built together from one source share code that way. */
	if (!clash->other_size && !is_executable(j, clash->actual) && !objects[clash->expected].group)
		return SEVERITY_LOW;
	if (n >= 20 || (n > 1 && n * 10 >= clash->exports * 3) ||
	    (n >= 5 && known && (clash->versioned || half_differ)))
		level = SEVERITY_HIGH;
	else if (clash->data_size || (n >= 5 && (known || clash->versioned || n * 20 >= clash->exports)))
		level = SEVERITY_MEDIUM;
	if (level > SEVERITY_LOW && n >= 5 && (is_executable(j, clash->actual) || other_major_loaded(j, clash->expected)))
		level++;
	if (level > SEVERITY_LOW && same_release(expected, objects[clash->actual].image))
		level--;
	return level > SEVERITY_HIGH ? SEVERITY_HIGH : (enum severity)level;
}

static const char *hide_advice(struct judge *j, const struct clash *clash)
{
	return judge_text(j, "hide them in %s: link it with -Wl,--exclude-libs,ALL (static archives), a version "
			     "script with `local: *;', or build them with -fvisibility=hidden%s",
			  judge_name(j, clash->actual),
			  is_executable(j, clash->actual) ? "; do not link it with -rdynamic" : "");
}

static int report(struct judge *j, const struct clash *clash)
{
	struct findings *list = &j->forecast->findings;
	enum severity severity = rank(j, clash);
	struct finding *finding;
	const char *names;
	int r;

	if (severity == SEVERITY_LOW && !j->options->lint)
		return 0;
	finding = judge_add(j, "load/symbol-captured", clash->actual);
	if (!finding)
		return -ENOMEM;
	finding->severity = severity;
	if (severity == SEVERITY_LOW)
		finding->verdict = VERDICT_OK;
	names = judge_names(j, clash->names, clash->count, 8);
	finding->subject = judge_text(j, "%s by %s", judge_name(j, clash->expected),
				      judge_name(j, clash->actual));
	finding->message = judge_text(j, "%s captures %zu symbol%s of %s", judge_name(j, clash->actual),
				      clash->count, clash->count == 1 ? "" : "s",
				      judge_name(j, clash->expected));
	finding->fix = hide_advice(j, clash);
	if (!names || !finding->subject || !finding->message || !finding->fix)
		return -ENOMEM;
	r = finding_why(list, finding, "%s exports them and comes before %s in the search scope",
			judge_path(j, clash->actual), judge_path(j, clash->expected));
	if (!r)
		r = finding_why(list, finding, "captured: %s", names);
	if (!r && clash->versioned)
		r = finding_why(list, finding, "they are asked for with versions, but %s has none: it matches all",
				judge_name(j, clash->actual));
	if (!r && clash->other_size)
		r = finding_why(list, finding, "sizes differ: it is not the same code");
	return r;
}

static int by_pair(const void *a, const void *b)
{
	const struct capture *x = a;
	const struct capture *y = b;

	if (x->expected != y->expected)
		return x->expected < y->expected ? -1 : 1;
	if (x->actual != y->actual)
		return x->actual < y->actual ? -1 : 1;
	if (x->entry != y->entry)
		return x->referrer < y->referrer ? -1 : 1;
	return x->reference < y->reference ? -1 : x->reference > y->reference;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* One name may be captured from several referrers. */
static void drop_repeats(struct clash *clash)
{
	size_t kept = 0;
	size_t i;

	qsort(clash->names, clash->count, sizeof(*clash->names), by_name);
	for (i = 0; i < clash->count; i++) {
		if (!kept || strcmp(clash->names[kept - 1], clash->names[i]))
			clash->names[kept++] = clash->names[i];
	}
	clash->count = kept;
}

static int judge_pair(struct judge *j, const struct capture *items, size_t count)
{
	AUTO_FREE const char **names = malloc(count * sizeof(*names));
	const struct image *expected = j->forecast->closure.objects.items[items[0].expected].image;
	struct clash clash = {
		.expected = items[0].expected,
		.actual = items[0].actual,
		.names = names,
		.count = count,
	};
	size_t i;
	int r;

	if (!names)
		return -ENOMEM;
	for (i = 0; i < count; i++) {
		names[i] = symbol_index_name(j->index, items[i].entry->references[items[i].reference].key);
		weigh(j, &clash, &items[i]);
	}
	drop_repeats(&clash);
	r = lookup_exports(expected, count_export, &clash.exports);
	return r && r != -EBADMSG ? r : report(j, &clash);
}

int clash_judge(struct judge *j, struct captures *captures)
{
	size_t start = 0;
	size_t i;

	if (!captures->items.count)
		return 0;
	qsort(captures->items.items, captures->items.count, sizeof(*captures->items.items), by_pair);
	for (i = 1; i <= captures->items.count; i++) {
		const struct capture *first = &captures->items.items[start];
		const struct capture *at = &captures->items.items[i];
		int r;

		if (i < captures->items.count && at->expected == first->expected &&
		    at->actual == first->actual)
			continue;
		r = judge_pair(j, first, i - start);
		if (r)
			return r;
		start = i;
	}
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in engine/inspect/leaks.h. */
#include "engine/inspect/leaks.h"
#include "base/demangle.h"
#include "engine/inspect/symbols.h"
#include "engine/load/lookup.h"
#include "model/symbol-name.h"

#include <stdio.h>
#include <string.h>

#define MOST_NAMED 8

struct finder {
	const struct leak_question *q;
	struct leaks *leaks;
};

/* Names that the linker and the C runtime give to a program. */
static bool is_runtime_name(const char *name)
{
	static const char *const names[] = {
		"data_start",	   "_start",	      "main",	 "_IO_stdin_used", "__TMC_END__",
		"__libc_csu_init", "__libc_csu_fini", "environ", "_environ",	   "__environ",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		if (!strcmp(name, names[i]))
			return true;
	}
	return symbol_is_of_runtime(name);
}

/* Instances of the standard library's templates: its headers make them visible, whatever the flags
 * say. */
static bool is_standard_template(const char *name, uint8_t binding)
{
	return (binding == STB_WEAK || binding == STB_GNU_UNIQUE) && symbol_is_of_standard(name);
}

/* The end of a name's parameters' beginning: "a::B<int>::f" of "a::B<int>::f(int)". */
static size_t without_parameters(const char *text)
{
	size_t depth = 0;
	size_t i;

	for (i = 0; text[i]; i++) {
		if (text[i] == '<')
			depth++;
		else if (text[i] == '>')
			depth -= depth > 0;
		else if (text[i] == '(' && !depth && i && strncmp(text + i, "(anonymous", 10))
			break;
	}
	return i;
}

/* Is one of the components of the C++ name's last two an identifier of a header? "B", "f" of
 * a::B<int>::f(int). */
static int is_declared_cxx(const struct map *headers, const char *name, bool *ret)
{
	char text[DEMANGLED_SIZE];
	size_t length, at;
	size_t start = 0;
	size_t depth = 0;
	int r = demangle(name, text, sizeof(text));

	*ret = false;
	if (r || !text[0])
		return r;
	length = without_parameters(text);
	/* The last identifier outside template arguments. */
	for (at = 0; at < length; at++) {
		if (text[at] == '<')
			depth++;
		else if (text[at] == '>')
			depth -= depth > 0;
		else if (!depth && (text[at] == ':' || text[at] == ' ' || text[at] == '~' ||
				    text[at] == '*' || text[at] == '&'))
			start = at + 1;
	}
	text[start + strcspn(text + start, "<([")] = '\0';
	*ret = map_get(headers, text + start) != NULL;
	return 0;
}

static int is_declared(const struct leak_question *q, const char *name, bool *ret)
{
	*ret = map_get(q->headers, name) != NULL;
	return *ret || strncmp(name, "_Z", 2) ? 0 : is_declared_cxx(q->headers, name, ret);
}

static struct leak_group *group_for(struct finder *f, const struct family *family,
				    const char *archive)
{
	struct leaks *leaks = f->leaks;
	size_t i;

	for (i = 0; i < leaks->groups.count; i++) {
		struct leak_group *g = &leaks->groups.items[i];

		if (archive ? g->archive && !strcmp(g->archive, archive)
			    : !g->archive && g->family == family)
			return g;
	}
	if (array_push(&leaks->groups, (struct leak_group){ .family = family, .archive = archive }))
		return NULL;
	return &leaks->groups.items[leaks->groups.count - 1];
}

static int add_member(struct leak_group *g, const char *member)
{
	size_t i;

	if (!member)
		return 0;
	for (i = g->members.count; i-- > 0;) {
		if (!strcmp(g->members.items[i], member))
			return 0;
	}
	return array_push(&g->members, member);
}

static int add_leak(struct finder *f, const struct show_export *export, const struct family *family,
		    const struct leak_origin *origin)
{
	struct leak_group *g = group_for(f, family, origin ? origin->archive : NULL);

	if (!g || array_push(&g->symbols, export->name))
		return -ENOMEM;
	if (!g->family)
		g->family = family;
	g->versioned += export->version != NULL;
	return origin ? add_member(g, origin->member) : 0;
}

static int add_own(struct finder *f, const struct show_export *export)
{
	bool declared = true;
	int r = f->q->headers ? is_declared(f->q, export->name, &declared) : 0;

	if (r)
		return r;
	if (!declared)
		return array_push(&f->leaks->undeclared, export->name);
	if (array_push(&f->leaks->kept, export->name))
		return -ENOMEM;
	return array_push(&f->leaks->kept_versions, export->version);
}

static int take(struct finder *f, const struct show_export *export)
{
	const struct family *family = family_of(export->name);
	const struct leak_origin *origin = f->q->origins ? map_get(f->q->origins, export->name)
							 : NULL;

	/* Its copy of a library's variable is shared with that library, as it must be. */
	if (export->copied || export->kind == SYMBOL_ABSOLUTE || is_runtime_name(export->name))
		return 0;
	f->leaks->export_count++;
	if (is_standard_template(export->name, export->binding)) {
		f->leaks->template_count++;
		return 0;
	}
	/* Weak C++ names are of inline functions and templates, which each user of a header has. */
	if (family && (family_owns(family, f->q->name) ||
		       (!strncmp(export->name, "_Z", 2) && export->binding != STB_GLOBAL)))
		family = NULL;
	return origin || family ? add_leak(f, export, family, origin) : add_own(f, export);
}

static bool defines(struct image *image, const char *name)
{
	struct lookup_rules rules = { LIBC_GLIBC, 0 };
	struct query_symbol query = { .name = name, .gnu_hash = gnu_hash(name) };
	struct symbol s;

	return lookup_symbol(image, &query, &rules, &s) && s.section != SHN_UNDEF;
}

/* The library as the system has it, in one of its folders; NULL: it has not. */
static int open_library(const struct leak_question *q, const char *soname, struct image **ret)
{
	size_t i;

	*ret = NULL;
	for (i = 0; q->folders && q->folders[i] && !*ret; i++) {
		AUTO_FREE char *path = NULL;
		struct image *image;
		int r;

		if (asprintf(&path, "%s/%s", q->folders[i], soname) < 0)
			return -ENOMEM;
		r = source_open(q->source, path, &image);
		if (r == -ENOMEM)
			return r;
		if (r || !image->is_elf || image->elf_machine != q->image->elf_machine ||
		    image->is_64 != q->image->is_64)
			continue;
		if (image_load_versions(image) == -ENOMEM)
			return -ENOMEM;
		if (image != q->image)
			*ret = image;
	}
	return 0;
}

/* Which libraries of the system define the same names? */
static int find_clashes(struct finder *f, struct leak_group *g)
{
	size_t count = 0;
	size_t found = 0;
	AUTO_FREE bool *seen = NULL;
	size_t i, k;

	while (g->family && g->family->sonames[count])
		count++;
	seen = calloc(g->symbols.count + 1, sizeof(*seen));
	g->clashes = arena_array(&f->leaks->findings.arena, count + 1, sizeof(char *));
	if (!seen || !g->clashes)
		return -ENOMEM;
	for (i = 0; i < count; i++) {
		struct image *image;
		size_t hits = 0;

		if (open_library(f->q, g->family->sonames[i], &image))
			return -ENOMEM;
		for (k = 0; image && k < g->symbols.count; k++) {
			if (!defines(image, g->symbols.items[k]))
				continue;
			hits++;
			g->clash_count += !seen[k];
			seen[k] = true;
		}
		if (hits)
			g->clashes[found++] = g->family->sonames[i];
	}
	return 0;
}

static const char *joined(struct arena *arena, const char *const *names, size_t count)
{
	const char *text = "";
	size_t i;

	for (i = 0; text && i < size_min(count, MOST_NAMED); i++)
		text = arena_printf(arena, "%s%s%s", text, i ? ", " : "", names[i]);
	return text && count > MOST_NAMED
		       ? arena_printf(arena, "%s and %zu more", text, count - MOST_NAMED)
		       : text;
}

static struct finding *add_finding(struct finder *f, const char *rule, const char *subject,
				   const char *message)
{
	struct finding *finding =
		subject && message ? finding_add(&f->leaks->findings, rule, f->q->path) : NULL;

	if (!finding)
		return NULL;
	finding->subject = subject;
	finding->message = message;
	finding->file = f->q->path;
	return finding;
}

static int add_why(struct finder *f, struct finding *finding, const char *what,
		   const char *const *names, size_t count)
{
	const char *text = joined(&f->leaks->findings.arena, names, count);

	return text ? finding_why(&f->leaks->findings, finding, "%s: %s", what, text) : -ENOMEM;
}

/* What really happens when a library of the system is in the same process. */
static int explain_clash(struct finder *f, struct finding *finding, const struct leak_group *g)
{
	struct findings *list = &f->leaks->findings;
	size_t count = 0;
	int r;

	while (g->clashes[count])
		count++;
	if (!count)
		return finding_why(
			list, finding,
			"no library of this system was found with the same names; another "
			"system may have one");
	r = add_why(f, finding, "this system has the same names in", g->clashes, count);
	if (!r)
		r = finding_why(
			list, finding,
			"%zu of the %zu names clash: the first definition in the order of loading "
			"is used by all",
			g->clash_count, g->symbols.count);
	if (r || !g->versioned)
		return r;
	return finding_why(
		list, finding,
		"%zu of them have a version here, so that only references without version, or "
		"with that one, take them",
		g->versioned);
}

static const char *fix_of(struct finder *f, const struct leak_group *g)
{
	struct arena *arena = &f->leaks->findings.arena;
	const char *slash = g->archive ? strrchr(g->archive, '/') : NULL;
	const char *name = slash ? slash + 1 : g->archive;

	if (name)
		return arena_printf(arena, "link with -Wl,--exclude-libs,%s", name);
	return f->leaks->is_program
		       ? "link with -Wl,--exclude-libs,ALL, and with a --dynamic-list in place of -rdynamic (see --script)"
		       : "link with -Wl,--exclude-libs,ALL, or with a version script (see --script)";
}

static int add_group(struct finder *f, struct leak_group *g)
{
	struct arena *arena = &f->leaks->findings.arena;
	const char *family = g->family ? g->family->name : NULL;
	const char *plural = g->symbols.count == 1 ? "" : "s";
	struct finding *finding;
	int r = find_clashes(f, g);

	if (r)
		return r;
	finding = g->archive
			  ? add_finding(f, "abi/leak-archive-symbol", g->archive,
					arena_printf(arena, "%zu symbol%s of %s%s%s%s are exported",
						     g->symbols.count, plural, g->archive,
						     family ? " (" : "", family ? family : "",
						     family ? ")" : ""))
			  : add_finding(f, "abi/leak-foreign-family", family,
					arena_printf(arena, "%zu symbol%s of %s are exported",
						     g->symbols.count, plural, family));
	if (!finding)
		return -ENOMEM;
	finding->fix = fix_of(f, g);
	if (!finding->fix)
		return -ENOMEM;
	r = add_why(f, finding, "symbols", g->symbols.items, g->symbols.count);
	if (!r && g->members.count)
		r = add_why(f, finding, "from", g->members.items, g->members.count);
	return r ? r : explain_clash(f, finding, g);
}

static int add_undeclared(struct finder *f)
{
	struct leaks *leaks = f->leaks;
	size_t count = leaks->undeclared.count;
	struct finding *finding;
	int r;

	if (!count)
		return 0;
	finding = add_finding(f, "abi/leak-undeclared", f->q->name,
			      arena_printf(&leaks->findings.arena,
					   "%zu exported symbol%s in no public header", count,
					   count == 1 ? " is" : "s are"));
	if (!finding)
		return -ENOMEM;
	r = add_why(f, finding, "symbols", leaks->undeclared.items, count);
	if (!r)
		r = finding_why(
			&leaks->findings, finding,
			"-fvisibility=hidden would hide %s, once what is public is marked as such",
			count == 1 ? "it" : "them");
	return r;
}

/* What there was nothing to judge by. */
static int add_unchecked(struct finder *f)
{
	struct findings *list = &f->leaks->findings;
	int r = 0;

	if (!f->q->origins)
		r = unchecked_add(
			list, f->q->path, "symbols of linked archives that are not well known",
			"no archives were given: only names of well-known libraries are recognised",
			"--archives with those that it was linked from", 1, false);
	if (!r && !f->q->headers)
		r = unchecked_add(list, f->q->path, "its own symbols",
				  "no public headers were given",
				  "--headers with those that it has", 1, false);
	return r;
}

static int find_all(struct finder *f, struct fault *fault)
{
	struct name_budget budget = name_budget(f->q->image);
	struct show_exports exports = { 0 };
	size_t i;
	int r = symbols_exports(f->q->image, &budget, &exports, fault);

	for (i = 0; !r && i < exports.count; i++)
		r = take(f, &exports.items[i]);
	array_done(&exports);
	for (i = 0; !r && i < f->leaks->groups.count; i++)
		r = add_group(f, &f->leaks->groups.items[i]);
	if (!r)
		r = add_undeclared(f);
	return r ? r : add_unchecked(f);
}

int leaks_find(const struct leak_question *question, struct fault *ret_fault, struct leaks **ret)
{
	struct finder f = { .q = question, .leaks = calloc(1, sizeof(struct leaks)) };
	int r;

	*ret_fault = (struct fault){ 0 };
	if (!f.leaks)
		return -ENOMEM;
	f.leaks->image = question->image;
	f.leaks->is_program = image_is_program(question->image);
	f.leaks->has_headers = question->headers != NULL;
	r = find_all(&f, ret_fault);
	if (r) {
		leaks_free(f.leaks);
		return r;
	}
	*ret = f.leaks;
	return 0;
}

void leaks_free(struct leaks *leaks)
{
	size_t i;

	if (!leaks)
		return;
	for (i = 0; i < leaks->groups.count; i++) {
		array_done(&leaks->groups.items[i].symbols);
		array_done(&leaks->groups.items[i].members);
	}
	array_done(&leaks->groups);
	array_done(&leaks->undeclared);
	array_done(&leaks->kept);
	array_done(&leaks->kept_versions);
	findings_done(&leaks->findings);
	free(leaks);
}

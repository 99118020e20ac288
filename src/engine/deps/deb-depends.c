/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in engine/deps/deb-depends.h. */
#include "engine/deps/deb-depends.h"
#include "engine/deps/dynamic-symbols.h"
#include "model/package-version.h"

#include <string.h>

#define MINVER_MARK "#MINVER#"

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static struct deb_depend *find_depend(const struct deb_depends *depends, const char *template)
{
	uintptr_t index = (uintptr_t)map_get(&depends->by_template, template);

	return index ? &depends->items.items[index - 1] : NULL;
}

static int set_depend(struct deb_depends *depends, const char *template, const char *version)
{
	struct deb_depend *depend = find_depend(depends, template);
	int r;

	version = arena_strdup(&depends->arena, version);
	if (!version)
		return -ENOMEM;
	if (depend) {
		depend->version = version;
		return 0;
	}
	template = arena_strdup(&depends->arena, template);
	if (!template)
		return -ENOMEM;
	r = array_push(&depends->items, (struct deb_depend){ template, version });
	return r ? r
		 : map_set(&depends->by_template, template,
			   (void *)(uintptr_t)depends->items.count);
}

/* What is done with each part of "a, b". */
typedef int (*part_visit)(struct deb_depends *depends, const char *part, const char *version);

/* A version is only raised; one that is unknown gives way. */
static int raise_part(struct deb_depends *depends, const char *part, const char *version)
{
	struct deb_depend *depend = find_depend(depends, part);

	if (depend && depend->version[0] &&
	    (!version[0] || deb_version_compare(version, depend->version) <= 0))
		return 0;
	return set_depend(depends, part, version);
}

static int raise_known(struct deb_depends *depends, const char *part, const char *version)
{
	return find_depend(depends, part) ? raise_part(depends, part, version) : 0;
}

/* A shlibs file has its versions written in. */
static int reset_part(struct deb_depends *depends, const char *part, const char *version)
{
	return set_depend(depends, part, version);
}

static int each_part(struct deb_depends *depends, const char *list, const char *version,
		     part_visit visit)
{
	AUTO_FREE char *copy = strdup(list);
	char *at = copy;
	int r = copy ? 0 : -ENOMEM;

	while (!r && at) {
		char *comma = strchr(at, ',');
		char *end = comma ? comma : at + strlen(at);

		while (end > at && is_blank(end[-1]))
			end--;
		*end = '\0';
		if (*at)
			r = visit(depends, at, version);
		at = comma ? comma + 1 : NULL;
		while (at && is_blank(*at))
			at++;
	}
	return r;
}

/* The oldest release that had the library at all is the least that is needed. */
static int start_library(struct deb_depends *depends, const struct deb_library *library)
{
	const struct symbols_object *symbols = library->symbols;
	const char *version;

	if (!symbols)
		return library->shlibs ? each_part(depends, library->shlibs, "", reset_part) : 0;
	if (!symbols->deps.count)
		return 0;
	version = depends->any_release ? NULL : symbols_smallest_version(symbols, 0);
	/* "0" stands for any. */
	if (!version || !strcmp(version, "0"))
		version = "";
	return each_part(depends, symbols->deps.items[0], version, raise_part);
}

/* The entry of the first library that has the symbol. */
static int find_entry(const struct deb_library *libraries, size_t count, const char *symbol,
		      const char *arch, const struct symbols_object **ret_object,
		      struct symbols_entry **ret)
{
	size_t i;

	*ret = NULL;
	for (i = 0; i < count; i++) {
		const struct symbols_object *object = libraries[i].symbols;

		*ret_object = object;
		*ret = object ? map_get(&object->plain, symbol) : NULL;
		if (*ret && !(*ret)->deprecated)
			return 0;
	}
	/* Patterns are only in templates, which are not installed. */
	for (i = 0; i < count; i++) {
		const struct symbols_object *object = libraries[i].symbols;
		int r = 0;

		*ret = NULL;
		*ret_object = object;
		if (object && object->entries.count > object->plain.count)
			r = symbols_pattern_match(object, symbol, false, arch, ret);
		if (r || *ret)
			return r;
	}
	return 0;
}

/* Symbols that only a library without a symbols file can have are that library's affair. */
struct unknown {
	const char *first;
	size_t count;
};

static bool can_be_elsewhere(const struct deb_library *libraries, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (!libraries[i].symbols)
			return true;
	}
	return false;
}

/* Is it found elsewhere than in the library that it was linked with? */
static bool has_moved(const struct dynamic_symbol *symbol, const struct deb_library *libraries,
		      size_t count, const struct symbols_object *object)
{
	size_t i;

	for (i = 0; symbol->file && i < count; i++) {
		if (!strcmp(libraries[i].soname, symbol->file))
			return libraries[i].symbols && libraries[i].symbols != object;
	}
	return false;
}

static int take_symbol(struct deb_depends *depends, const struct dynamic_symbol *symbol,
		       const struct deb_library *libraries, size_t count, const char *arch,
		       struct unknown *unknown)
{
	const struct symbols_object *object = NULL;
	struct symbols_entry *entry;
	int r = find_entry(libraries, count, symbol->text, arch, &object, &entry);

	if (r)
		return r;
	if (entry && depends->any_release && has_moved(symbol, libraries, count, object))
		return 0;
	if (entry)
		return each_part(depends, object->deps.items[entry->dep], entry->minver,
				 raise_part);
	if (!symbol->weak && !unknown->count++)
		unknown->first = symbol->text;
	return 0;
}

static const char *highest_of(const struct deb_relations *relations, const char *package,
			      const char *arch)
{
	const char *highest = NULL;
	size_t i, k;

	for (i = 0; i < relations->count; i++) {
		for (k = 0; k < relations->items[i].count; k++) {
			const struct deb_relation *r = &relations->items[i].items[k];

			if (strcmp(r->package, package) != 0 || !deb_relation_concerns(r, arch) ||
			    (r->op != DEB_GE && r->op != DEB_GT))
				continue;
			if (!highest || deb_version_compare(r->version, highest) > 0)
				highest = r->version;
		}
	}
	return highest;
}

/* What is needed to build it is needed to run it, where the library's package says so. */
static int raise_by_build(struct deb_depends *depends, const struct symbols_object *object,
			  const struct deb_relations *build_depends, const char *arch)
{
	const char *names = symbols_field_value(object, "Build-Depends-Packages");
	size_t i;
	int r = 0;

	if (!names)
		names = symbols_field_value(object, "Build-Depends-Package");
	while (!r && names && *names) {
		size_t length;
		const char *name, *version;

		names += strspn(names, ", \t");
		length = strcspn(names, ", \t");
		name = arena_strndup(&depends->arena, names, length);
		if (!name)
			return -ENOMEM;
		version = length ? highest_of(build_depends, name, arch) : NULL;
		for (i = 0; !r && version && i < object->deps.count; i++)
			r = each_part(depends, object->deps.items[i], version, raise_known);
		names += length;
	}
	return r;
}

static int tell_unknown(const struct unknown *unknown, struct findings *list, const char *input)
{
	const char *what = unknown->count
				   ? arena_printf(&list->arena, "symbols like %s", unknown->first)
				   : NULL;

	if (!unknown->count)
		return 0;
	return what ? unchecked_add(list, input, what,
				    "no symbols file of the libraries that are needed has them",
				    "abifit check FILE", unknown->count, false)
		    : -ENOMEM;
}

int deb_depends_add(struct deb_depends *depends, struct image *image, const char *input,
		    const struct deb_library *libraries, size_t count,
		    const struct deb_relations *build_depends, const char *arch,
		    struct findings *list, struct fault *ret_fault)
{
	struct dynamic_symbols symbols = { 0 };
	struct arena arena = { 0 };
	struct unknown unknown = { 0 };
	size_t i;
	int r = 0;

	for (i = 0; !r && i < count; i++)
		r = start_library(depends, &libraries[i]);
	if (!r)
		r = dynamic_symbols_undefined(image, &arena, &symbols, ret_fault);
	for (i = 0; !r && i < symbols.count; i++)
		r = take_symbol(depends, &symbols.items[i], libraries, count, arch, &unknown);
	for (i = 0; !r && build_depends && i < count; i++) {
		if (libraries[i].symbols)
			r = raise_by_build(depends, libraries[i].symbols, build_depends, arch);
	}
	if (!r && !can_be_elsewhere(libraries, count))
		r = tell_unknown(&unknown, list, input);
	array_done(&symbols);
	arena_done(&arena);
	return r;
}

static char *fill_in(struct arena *arena, const struct deb_depend *depend);

/* What one choice asks for, without what comes along with it. */
static const char *choice_text(struct arena *arena, const struct deb_choice *choice)
{
	const struct symbols_object *symbols = choice->library.symbols;
	struct deb_depend depend = { .template = choice->owner, .version = "" };
	const char *version;
	char *text;

	if (symbols && symbols->deps.count) {
		version = symbols_smallest_version(symbols, 0);
		depend = (struct deb_depend){ symbols->deps.items[0], version ? version : "" };
	} else if (choice->library.shlibs) {
		depend.template = choice->library.shlibs;
	} else if (choice->owner) {
		/* Without the architecture. */
		return arena_strndup(arena, choice->owner, strcspn(choice->owner, ":"));
	}
	text = fill_in(arena, &depend);
	if (text)
		text[strcspn(text, ",")] = '\0';
	return text;
}

/* Is `one` among "a | b"? */
static bool has_choice(const char *text, const char *one)
{
	size_t length = strlen(one);

	while (text) {
		const char *bar = strstr(text, " | ");
		size_t here = bar ? (size_t)(bar - text) : strlen(text);

		if (here == length && !memcmp(text, one, length))
			return true;
		text = bar ? bar + 3 : NULL;
	}
	return false;
}

int deb_depends_add_any(struct deb_depends *depends, const struct deb_choice *choices, size_t count)
{
	const char *text = NULL;
	size_t i;

	for (i = 0; i < count; i++) {
		const char *next = choice_text(&depends->arena, &choices[i]);

		if (!next)
			return -ENOMEM;
		/* One package may have several of the libraries. */
		if (has_choice(text, next))
			continue;
		text = text ? arena_printf(&depends->arena, "%s | %s", text, next) : next;
		if (!text)
			return -ENOMEM;
	}
	return text ? set_depend(depends, text, "") : 0;
}

bool deb_depends_has(const struct deb_depends *depends, const struct deb_depend *depend)
{
	struct arena arena = { 0 };
	bool has = false;
	size_t i;

	for (i = 0; i < depends->items.count && !has; i++) {
		const char *text = fill_in(&arena, &depends->items.items[i]);
		size_t name = strcspn(depend->template, " (|");

		/* The package is needed in any case: a version asks for no more than what it had
		 * first. */
		has = text && !strchr(text, '|') && !strncmp(text, depend->template, name) &&
		      (text[name] == ' ' || text[name] == '(' || !text[name]) &&
		      !strchr(depend->template, '|');
	}
	arena_done(&arena);
	return has;
}

/* The template with its mark replaced; blanks in a row count as one. */
static char *fill_in(struct arena *arena, const struct deb_depend *depend)
{
	bool any = !depend->version[0] || !strcmp(depend->version, "0") ||
		   deb_version_fault(depend->version);
	const char *version = any ? "" : arena_printf(arena, "(>= %s)", depend->version);
	const char *text = depend->template;
	size_t marks = 0;
	const char *mark;
	char *ret, *to;

	for (mark = strstr(text, MINVER_MARK); mark; mark = strstr(mark + 1, MINVER_MARK))
		marks++;
	ret = version ? arena_alloc(arena, strlen(text) + marks * strlen(version) + 1) : NULL;
	for (to = ret; ret && *text;) {
		if (!strncmp(text, MINVER_MARK, strlen(MINVER_MARK))) {
			to = stpcpy(to, version);
			text += strlen(MINVER_MARK);
		} else {
			*to++ = *text++;
		}
	}
	return ret;
}

static bool is_excluded(const struct deb_depend *depend, const char *const *exclude)
{
	const char *text = depend->template;

	while (is_blank(*text))
		text++;
	for (; exclude && *exclude; exclude++) {
		size_t length = strlen(*exclude);
		char next = strncmp(text, *exclude, length) == 0 ? text[length] : 'x';

		/* As words end in regular expressions. */
		if (!(next == '_' || (next >= '0' && next <= '9') || (next >= 'a' && next <= 'z') ||
		      (next >= 'A' && next <= 'Z')))
			return true;
	}
	return false;
}

static int parse_all(const struct deb_depends *depends, const char *const *exclude,
		     struct arena *arena, struct deb_relations *ret, const char **ret_fault)
{
	size_t i;
	int r = 0;

	for (i = 0; !r && !*ret_fault && i < depends->items.count; i++) {
		const struct deb_depend *depend = &depends->items.items[i];
		const char *text;

		if (is_excluded(depend, exclude))
			continue;
		text = fill_in(arena, depend);
		r = text ? deb_relations_parse(arena, text, ret, ret_fault) : -ENOMEM;
		if (!r && *ret_fault) {
			*ret_fault = arena_printf(arena, "\"%s\" is no dependency: %s", text,
						  *ret_fault);
			r = *ret_fault ? 0 : -ENOMEM;
		}
	}
	return r;
}

int deb_depends_write(const struct deb_depends *depends, const char *const *exclude,
		      struct arena *arena, struct deps_lines *ret, const char **ret_fault)
{
	struct deb_relations relations = { 0 };
	size_t i;
	int r;

	*ret_fault = NULL;
	r = parse_all(depends, exclude, arena, &relations, ret_fault);
	deb_relations_sort(&relations);
	for (i = 0; !r && !*ret_fault && i < relations.count; i++) {
		const char *text = deb_alternatives_text(arena, &relations.items[i]);

		r = text ? array_push(ret, text) : -ENOMEM;
	}
	deb_relations_done(&relations);
	return r;
}

void deb_depends_done(struct deb_depends *depends)
{
	array_done(&depends->items);
	map_done(&depends->by_template);
	arena_done(&depends->arena);
}

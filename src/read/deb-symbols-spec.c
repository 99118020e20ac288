/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in read/deb-symbols-spec.h. */
#include "read/deb-symbols-spec.h"
#include "model/package-version.h"

#include <string.h>

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static size_t word_length(const char *text)
{
	size_t length = 0;

	while (text[length] && !is_blank(text[length]))
		length++;
	return length;
}

static int add_tag(struct arena *arena, struct symbols_entry *entry, const char *text,
		   size_t length)
{
	const char *equals = memrchr(text, '=', length);
	size_t name_length = equals ? (size_t)(equals - text) : length;
	const char *name = arena_strndup(arena, text, name_length);
	const char *value = equals ? arena_strndup(arena, equals + 1, length - name_length - 1)
				   : NULL;

	if (!name || (equals && !value))
		return -ENOMEM;
	return symbols_tag_set(arena, entry, name, value);
}

int symbols_tags_read(struct arena *arena, const char *text, struct symbols_entry *entry,
		      const char **ret_rest)
{
	const char *end;
	int r = 0;

	*ret_rest = NULL;
	while (is_blank(*text))
		text++;
	end = *text == '(' ? strchr(text, ')') : NULL;
	if (!end || end == text + 1)
		return 0;
	for (text++; !r && text < end;) {
		const char *bar = memchr(text, '|', (size_t)(end - text));
		const char *stop = bar ? bar : end;

		r = add_tag(arena, entry, text, (size_t)(stop - text));
		text = stop + 1;
	}
	*ret_rest = end + 1;
	return r;
}

/* The name ends at a blank, or, after tags, may stand between quotes. */
static int read_name(struct arena *arena, const char *text, bool tagged,
		     struct symbols_entry *entry, const char **ret_rest)
{
	const char *close = NULL;
	size_t length;

	if (tagged && (*text == '"' || *text == '\''))
		close = strchr(text + 1, *text);
	if (close) {
		entry->quote = *text++;
		length = (size_t)(close - text);
		*ret_rest = close + 1;
	} else {
		length = word_length(text);
		*ret_rest = text + length;
	}
	entry->name = arena_strndup(arena, text, length);
	if (tagged)
		entry->template = entry->name;
	return entry->name ? 0 : -ENOMEM;
}

/* One blank, the version, perhaps one blank and the number of a dependency. */
static int read_version(struct arena *arena, const char *rest, struct symbols_entry *entry,
			const char **ret_fault)
{
	size_t length;

	if (!is_blank(*rest) || is_blank(rest[1]) || !rest[1]) {
		*ret_fault = "a symbol has no version after its name and one blank";
		return 0;
	}
	length = word_length(++rest);
	entry->minver = arena_strndup(arena, rest, length);
	if (!entry->minver)
		return -ENOMEM;
	if (deb_version_fault(entry->minver)) {
		*ret_fault = arena_printf(arena, "\"%s\" is no version: %s", entry->minver,
					  deb_version_fault(entry->minver));
		return *ret_fault ? 0 : -ENOMEM;
	}
	rest += length;
	if (!*rest || rest[1] < '0' || rest[1] > '9')
		return 0;
	for (rest++; *rest >= '0' && *rest <= '9'; rest++) {
		if (entry->dep > 1000000) {
			*ret_fault = "the number of a dependency is too large";
			return 0;
		}
		entry->dep = entry->dep * 10 + (uint64_t)(*rest - '0');
	}
	return 0;
}

struct translation {
	const char *perl;
	char *to;
	bool in_class;
	bool quantified; /* what was written last repeats something */
	bool refused;
};

static void translate_escape(struct translation *t)
{
	char c = t->perl[1];

	t->quantified = false;
	t->perl += 2;
	if (c == 'd' || (c == 'D' && !t->in_class))
		t->to = stpcpy(t->to, c == 'D' ? "[^0-9]" : t->in_class ? "0-9" : "[0-9]");
	else if (t->in_class && (c == '.' || c == '+' || c == '*' || c == '$' || c == '/'))
		*t->to++ = c;
	else if (t->in_class)
		t->refused = true;
	else
		t->to = stpncpy(t->to, (const char[]){ '\\', c }, 2);
}

static void translate_one(struct translation *t)
{
	char c = *t->perl++;

	if (!t->in_class && t->quantified && (c == '?' || c == '+')) {
		/* Lazy and possessive: which of the ways to match is taken; the last may fail. */
		t->refused |= c == '+';
		t->quantified = false;
		return;
	}
	t->quantified = !t->in_class && strchr("*+?}", c);
	*t->to++ = c;
	if (c == '(' && !t->in_class && !strncmp(t->perl, "?:", 2))
		t->perl += 2;
	if (c == '[')
		t->in_class = true;
	else if (c == ']')
		t->in_class = false;
}

/*
 * Perl's expressions in the words of base/regexp.h: groups that are not kept, lazy
 * repetition and digits; what matches at all is the same. *ret NULL: it has no other form.
 */
static int posix_pattern(struct arena *arena, const char *perl, char **ret)
{
	struct translation t = { .perl = perl };

	*ret = t.to = arena_alloc(arena, strlen(perl) * 6 + 1);
	if (!t.to)
		return -ENOMEM;
	while (*t.perl && !t.refused) {
		if (t.perl[0] == '\\' && t.perl[1])
			translate_escape(&t);
		else
			translate_one(&t);
	}
	if (t.refused)
		*ret = NULL;
	return 0;
}

static int compile(struct arena *arena, struct symbols_entry *entry, const char **ret_fault)
{
	const char *fault = "it uses more than extended regular expressions have";
	char *pattern;
	int r = posix_pattern(arena, entry->name, &pattern);

	if (!r && pattern)
		r = regexp_compile(arena, pattern, &entry->regexp, &fault);

	if (!r && fault) {
		*ret_fault =
			arena_printf(arena, "the regular expression cannot be used: %s", fault);
		r = *ret_fault ? 0 : -ENOMEM;
	}
	return r;
}

/* What kind of pattern the tags make of it. */
static int classify(struct arena *arena, struct symbols_entry *entry, const char **ret_fault)
{
	int r = 0;

	if (symbols_tag_find(entry, "c++"))
		entry->kind = SYMBOLS_CXX;
	/* The old way of writing (symver|optional). */
	if (entry->name[0] == '*' && entry->name[1] == '@') {
		entry->name += 2;
		if (!symbols_tag_find(entry, "symver"))
			r = symbols_tag_set(arena, entry, "symver", NULL);
		if (!r && !symbols_tag_find(entry, "optional"))
			r = symbols_tag_set(arena, entry, "optional", NULL);
		if (r)
			return r;
	}
	if (symbols_tag_find(entry, "symver")) {
		entry->kind = entry->kind == SYMBOLS_CXX ? SYMBOLS_GENERIC : SYMBOLS_SYMVER;
		if (strchr(entry->name, '@'))
			*ret_fault = "a symver tag on a name with a version matches nothing";
		else if (!strcmp(entry->name, "Base"))
			*ret_fault = "a symver tag cannot stand for symbols without version";
	}
	if (symbols_tag_find(entry, "regex")) {
		entry->kind = SYMBOLS_GENERIC;
		r = compile(arena, entry, ret_fault);
	}
	return r;
}

int symbols_spec_read(struct arena *arena, const char *text, struct symbols_entry *entry,
		      const char **ret_fault)
{
	const char *rest;
	int r;

	*ret_fault = NULL;
	r = symbols_tags_read(arena, text, entry, &rest);
	if (!r)
		r = read_name(arena, rest ? rest : text, rest != NULL, entry, &rest);
	if (r)
		return r;
	if (!*entry->name) {
		*ret_fault = "a symbol has no name";
		return 0;
	}
	r = read_version(arena, rest, entry, ret_fault);
	return r || *ret_fault ? r : classify(arena, entry, ret_fault);
}

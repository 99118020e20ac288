/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Suppression files of libabigail (libabigail(7), "Suppression specifications"),
 * as far as they are about symbols. Where libabigail passes over what it cannot
 * read and then suppresses more than was meant, the section is left out instead,
 * and told.
 */
#include "read/waiver-lines.h"

#include <string.h>

#define CHANGES (WAIVER_ADDED | WAIVER_DELETED | WAIVER_CHANGED)
#define SYMBOLS (WAIVER_FUNCTIONS | WAIVER_VARIABLES)

struct section {
	const char *name;
	unsigned line; /* 0: none yet */
	struct waiver waiver;
	const char *label;
	bool left_out; /* it has been said why */
	bool has_changes;
};

static const struct {
	const char *name;
	unsigned scope; /* 0: types */
} sections[] = {
	{ "suppress_function", WAIVER_FUNCTIONS },
	{ "suppress_variable", WAIVER_VARIABLES },
	{ "suppress_file", WAIVER_WHOLE },
	{ "suppress_type", 0 },
};

static const struct condition_key {
	const char *name;
	enum waiver_field field;
	enum waiver_test test;
	bool negated;
	unsigned scope; /* the sections that have it */
} condition_keys[] = {
	{ "name", WAIVER_NAME, WAIVER_EQUAL, false, SYMBOLS },
	{ "name_regexp", WAIVER_NAME, WAIVER_REGEXP, false, SYMBOLS },
	{ "name_not_regexp", WAIVER_NAME, WAIVER_REGEXP, true, SYMBOLS },
	{ "symbol_name", WAIVER_SYMBOL, WAIVER_EQUAL, false, SYMBOLS },
	{ "symbol_name_regexp", WAIVER_SYMBOL, WAIVER_REGEXP, false, SYMBOLS },
	{ "symbol_name_not_regexp", WAIVER_SYMBOL, WAIVER_REGEXP, true, SYMBOLS },
	{ "symbol_version", WAIVER_VERSION, WAIVER_EQUAL, false, SYMBOLS },
	{ "symbol_version_regexp", WAIVER_VERSION, WAIVER_REGEXP, false, SYMBOLS },
	{ "soname_regexp", WAIVER_SONAME, WAIVER_REGEXP, false, SYMBOLS },
	{ "soname_not_regexp", WAIVER_SONAME, WAIVER_REGEXP, true, SYMBOLS },
	{ "file_name_regexp", WAIVER_FILE, WAIVER_REGEXP, false, SYMBOLS },
	{ "file_name_not_regexp", WAIVER_FILE, WAIVER_REGEXP, true, SYMBOLS },
	{ "file_name_regexp", WAIVER_FILE_NAME, WAIVER_REGEXP, false, WAIVER_WHOLE },
	{ "file_name_not_regexp", WAIVER_FILE_NAME, WAIVER_REGEXP, true, WAIVER_WHOLE },
};

static const struct {
	const char *name;
	unsigned change;
	unsigned scope;
} change_kinds[] = {
	{ "all", CHANGES, SYMBOLS },
	{ "added-function", WAIVER_ADDED, WAIVER_FUNCTIONS },
	{ "deleted-function", WAIVER_DELETED, WAIVER_FUNCTIONS },
	{ "function-subtype-change", WAIVER_CHANGED, WAIVER_FUNCTIONS },
	{ "added-variable", WAIVER_ADDED, WAIVER_VARIABLES },
	{ "deleted-variable", WAIVER_DELETED, WAIVER_VARIABLES },
	{ "variable-subtype-change", WAIVER_CHANGED, WAIVER_VARIABLES },
};

/* They narrow a section down by what a symbol table does not tell. */
static const char *const type_keys[] = {
	"parameter",	    "return_type_name",	      "return_type_regexp",	    "type_name",
	"type_name_regexp", "source_location_not_in", "source_location_not_regexp",
};

/* Notes a problem that leaves the section out. */
static int leave_out(struct waiver_lines *lines, struct section *section, bool malformed,
		     const char *subject, const char *text)
{
	section->left_out = true;
	return waiver_lines_complain(lines, lines->number, malformed, subject, text);
}

/* Takes escapes and a comment off, in place. NULL, or what libabigail would trip over. */
static const char *decode(char *value)
{
	char *to = value;
	const char *at;

	for (at = value; *at && *at != ';' && *at != '#'; at++) {
		if (strchr(",{}", *at))
			return "a comma or a brace in a value needs a backslash before it";
		if (*at == '\\' && at[1])
			at++;
		*to++ = *at;
	}
	*to = '\0';
	waiver_lines_trim(value);
	return NULL;
}

static const struct condition_key *find_key(const struct section *section, const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(condition_keys); i++) {
		if (!strcmp(condition_keys[i].name, name) &&
		    (condition_keys[i].scope & section->waiver.scope))
			return &condition_keys[i];
	}
	return NULL;
}

static bool is_type_key(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(type_keys); i++) {
		if (!strcmp(type_keys[i], name))
			return true;
	}
	return false;
}

static int take_condition(struct waiver_lines *lines, struct section *section,
			  const struct condition_key *key, const char *value)
{
	struct waiver_condition condition = {
		.field = key->field,
		.test = key->test,
		.negated = key->negated,
		.text = value,
	};
	const char *fault = NULL;
	size_t i;
	int r = 0;

	for (i = 0; i < section->waiver.conditions.count; i++) {
		const struct waiver_condition *other = &section->waiver.conditions.items[i];

		if (other->field == key->field && other->test == key->test &&
		    other->negated == key->negated)
			return waiver_lines_complain(
				lines, lines->number, false, key->name,
				"the key is there twice; the first one counts");
	}
	if (key->test == WAIVER_REGEXP)
		r = regexp_compile(&lines->waivers->arena, value, &condition.regexp, &fault);
	if (r)
		return r;
	if (fault) {
		const char *text = arena_printf(&lines->waivers->arena, "the pattern %s", fault);

		return text ? leave_out(lines, section, true, key->name, text) : -ENOMEM;
	}
	return array_push(&section->waiver.conditions, condition);
}

static int take_changes(struct waiver_lines *lines, struct section *section, const char *value)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(change_kinds); i++) {
		if (strcmp(change_kinds[i].name, value) ||
		    !(change_kinds[i].scope & section->waiver.scope))
			continue;
		section->waiver.scope |= change_kinds[i].change;
		section->has_changes = true;
		return 0;
	}
	return leave_out(lines, section, false, "change_kind",
			 "there is no such kind of change in this section");
}

static int take_value(struct waiver_lines *lines, struct section *section, const char *name,
		      char *value)
{
	const struct condition_key *key = find_key(section, name);
	const char *fault;

	if (!strcmp(name, "label")) {
		section->label = value;
		return 0;
	}
	/* Early or late, one by one: here all symbols are. */
	if (!strcmp(name, "drop") || !strcmp(name, "allow_other_aliases"))
		return 0;
	if (section->waiver.scope == WAIVER_WHOLE && !strncmp(name, "soname_", 7))
		return leave_out(
			lines, section, false, name,
			"abidiff looks at file names only, so that the section is not applied");
	if (is_type_key(name))
		return leave_out(
			lines, section, false, name,
			"types and sources are not compared, so that the section is not applied");
	if (!key && strcmp(name, "change_kind"))
		return waiver_lines_complain(lines, lines->number, false, name,
					     "the key is not known, and passed over");
	fault = decode(value);
	if (fault)
		return leave_out(lines, section, true, name, fault);
	if (!*value)
		return leave_out(lines, section, true, name, "the key has no value");
	return key ? take_condition(lines, section, key, value)
		   : take_changes(lines, section, value);
}

static int take_line(struct waiver_lines *lines, struct section *section)
{
	char *equals = strchr(lines->text, '=');
	char *name = lines->text;

	if (!section->line)
		return waiver_lines_complain(lines, lines->number, true, name,
					     "the line stands before any section");
	/* What a section that is not applied says is not looked at. */
	if (section->left_out)
		return 0;
	if (!equals)
		return leave_out(lines, section, true, name, "the line is not KEY = VALUE");
	*equals = '\0';
	return take_value(lines, section, waiver_lines_trim(name), waiver_lines_trim(equals + 1));
}

static int start_section(struct waiver_lines *lines, struct section *section)
{
	char *name = lines->text + 1;
	char *end = strchr(name, ']');
	size_t i;

	*section = (struct section){ .line = lines->number, .name = name };
	if (!end || !strchr("#;", end[1 + strspn(end + 1, " \t")]))
		return leave_out(lines, section, true, lines->text,
				 "a section is its name in brackets");
	*end = '\0';
	section->waiver = (struct waiver){ .file = lines->file, .line = lines->number };
	for (i = 0; i < ARRAY_SIZE(sections) && strcmp(sections[i].name, name); i++)
		;
	if (i == ARRAY_SIZE(sections))
		return leave_out(lines, section, false, name,
				 "the section is not known, and not applied");
	if (!sections[i].scope)
		return leave_out(lines, section, false, name,
				 "types are not compared yet, so that the section is not applied");
	section->waiver.scope = sections[i].scope;
	return 0;
}

static void drop(struct section *section)
{
	array_done(&section->waiver.conditions);
	section->line = 0;
}

static int keep(struct waiver_lines *lines, struct section *section)
{
	struct waiver *waiver = &section->waiver;

	if (!waiver->conditions.count && (!section->label || waiver->scope == WAIVER_WHOLE))
		return waiver_lines_complain(lines, section->line, false, section->name,
					     "the section names nothing, and is not applied");
	if (!section->has_changes && waiver->scope != WAIVER_WHOLE)
		waiver->scope |= CHANGES;
	waiver->reason = section->label ? section->label : "suppressed for libabigail";
	waiver->subject = arena_printf(&lines->waivers->arena, "[%s]%s%s", section->name,
				       section->label ? " " : "",
				       section->label ? section->label : "");
	if (!waiver->subject)
		return -ENOMEM;
	if (array_push(&lines->waivers->items, *waiver))
		return -ENOMEM;
	waiver->conditions.items = NULL; /* the list's now */
	waiver->conditions.count = 0;
	return 0;
}

static int end_section(struct waiver_lines *lines, struct section *section)
{
	int r = section->line && !section->left_out ? keep(lines, section) : 0;

	drop(section);
	return r;
}

int abignore_read(struct waiver_lines *lines)
{
	struct section section = { 0 };
	int r = 0;

	do {
		if (lines->text[0] == '[') {
			r = end_section(lines, &section);
			if (!r)
				r = start_section(lines, &section);
		} else if (*lines->text && *lines->text != '#' && *lines->text != ';') {
			r = take_line(lines, &section);
		}
	} while (!r && waiver_lines_next(lines));
	if (!r)
		return end_section(lines, &section);
	drop(&section);
	return r;
}

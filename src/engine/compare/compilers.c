/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Options that the units of two releases were compiled with, as far as compilers write
 * them into debug information: gcc those that change code, clang all of them with
 * -grecord-command-line, else none. Options of the preprocessor (-D) never stand there
 * with gcc; what those of times and offsets do shows in types.
 */
#include "engine/compare/parts.h"
#include "model/dwarf-codes.h"

#include <string.h>

/* One question, and the options that answer it; the last one of a unit counts. */
struct flag_group {
	const char *rule;
	const char *what;
	const char *options[8]; /* those that end in "=" take a value */
	bool shows_in_types;	/* what it does to an interface is compared there */
};

static const struct flag_group groups[] = {
	{ "abi/flag-short-enums",
	  "enumerations as small as they can be",
	  { "-fshort-enums", "-fno-short-enums" },
	  true },
	{ "abi/flag-pack-struct",
	  "packed structs",
	  { "-fpack-struct", "-fpack-struct=", "-fno-pack-struct" },
	  true },
	{ "abi/flag-pack-struct",
	  "the alignment of double",
	  { "-malign-double", "-mno-align-double" },
	  true },
	{ "abi/flag-pack-struct",
	  "the size of long double",
	  { "-m96bit-long-double", "-m128bit-long-double" },
	  true },
	{ "abi/flag-float-vector-abi",
	  "where floats are passed",
	  { "-mfloat-abi=", "-msoft-float", "-mhard-float", "-mno-sse", "-msse", "-mno-80387" },
	  false },
	{ "abi/flag-float-vector-abi", "the calling convention", { "-mabi=" }, false },
	{ "abi/flag-float-vector-abi",
	  "how many arguments are in registers",
	  { "-mregparm=", "-msseregparm", "-mrtd" },
	  false },
	{ "abi/flag-float-vector-abi",
	  "where small structs are returned",
	  { "-fpcc-struct-return", "-freg-struct-return" },
	  false },
	{ "abi/flag-compiler-abi-version", "the ABI of C++", { "-fabi-version=" }, false },
};

/* What the producers of one side say to one question. */
struct answers {
	const char *text[2]; /* different ones; "" for the default, NULL: none */
	size_t length[2];
	bool untold; /* some producer writes no options */
};

/* Assemblers and other languages have no such options. */
static bool is_compiler(const struct type_origin *origin)
{
	static const uint16_t others[] = {
		DW_LANG_Ada83, DW_LANG_Ada95,	  DW_LANG_Fortran77, DW_LANG_Fortran90,
		DW_LANG_D,     DW_LANG_Fortran95, DW_LANG_Fortran03, DW_LANG_Fortran08,
		DW_LANG_Go,    DW_LANG_Rust,	  DW_LANG_Swift,     DW_LANG_Mips_Assembler,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(others); i++) {
		if (origin->language == others[i])
			return false;
	}
	return !origin->producer || strncmp(origin->producer, "GNU AS", 6);
}

static bool tells_options(const char *producer)
{
	return producer && strstr(producer, " -");
}

/* Is the word of the producer one of the group's options? */
static bool is_option(const struct flag_group *group, const char *word, size_t length)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(group->options) && group->options[i]; i++) {
		size_t n = strlen(group->options[i]);

		if (length >= n && !strncmp(word, group->options[i], n) &&
		    (length == n || group->options[i][n - 1] == '='))
			return true;
	}
	return false;
}

static void add_answer(struct answers *answers, const char *text, size_t length)
{
	size_t i;

	for (i = 0; i < 2; i++) {
		if (!answers->text[i]) {
			answers->text[i] = text;
			answers->length[i] = length;
			return;
		}
		if (answers->length[i] == length && !strncmp(answers->text[i], text, length))
			return;
	}
}

static void ask_producer(const struct flag_group *group, const char *producer,
			 struct answers *answers)
{
	const char *at = producer;
	const char *found = "";
	size_t length = 0;

	while (*(at += strspn(at, " "))) {
		size_t word = strcspn(at, " ");

		if (is_option(group, at, word)) {
			found = at;
			length = word;
		}
		at += word;
	}
	add_answer(answers, found, length);
}

static struct answers ask(const struct flag_group *group, const struct types *types)
{
	struct answers answers = { 0 };
	size_t i;

	for (i = 0; i < types->origins.count; i++) {
		const struct type_origin *origin = &types->origins.items[i];

		if (!is_compiler(origin))
			continue;
		if (tells_options(origin->producer))
			ask_producer(group, origin->producer, &answers);
		else
			answers.untold = true;
	}
	return answers;
}

static bool has_answer(const struct answers *answers, const char *text, size_t length)
{
	size_t i;

	for (i = 0; i < 2 && answers->text[i]; i++) {
		if (answers->length[i] == length && !strncmp(answers->text[i], text, length))
			return true;
	}
	return false;
}

/* How many of the answers the other side does not give. */
static size_t count_others(const struct answers *answers, const struct answers *other)
{
	size_t count = 0;
	size_t i;

	for (i = 0; i < 2 && answers->text[i]; i++)
		count += !has_answer(other, answers->text[i], answers->length[i]);
	return count;
}

static size_t count_all(const struct answers *answers)
{
	return (answers->text[0] != NULL) + (answers->text[1] != NULL);
}

/* No unit of one side is built as one of the other. */
static bool differ(const struct answers *a, const struct answers *b)
{
	return a->text[0] && b->text[0] && count_others(a, b) == count_all(a);
}

static bool differ_in_part(const struct answers *a, const struct answers *b)
{
	return a->text[0] && b->text[0] && (count_others(a, b) || count_others(b, a));
}

/* Has a type of the interface another layout, as the option would make it? */
static bool shows(const struct compare *c)
{
	size_t i;

	for (i = 0; i < c->out->findings.items.count; i++) {
		const struct finding *f = &c->out->findings.items.items[i];

		if (f->by_types && f->verdict == VERDICT_BREAK)
			return true;
	}
	return false;
}

/* What the other side does not say, where there is such. */
static const char *answer_text(struct compare *c, const struct answers *answers,
			       const struct answers *other)
{
	size_t i = answers->text[1] && has_answer(other, answers->text[0], answers->length[0]);

	return answers->length[i]
		       ? compare_text(c, "%.*s", (int)answers->length[i], answers->text[i])
		       : "the default";
}

static int compare_group(struct compare *c, const struct flag_group *group)
{
	struct answers old = ask(group, c->old->types);
	struct answers new = ask(group, c->new->types);
	const char *before, *after;
	struct finding *finding;
	bool is_risk;

	if (!differ_in_part(&old, &new))
		return 0;
	is_risk = (group->shows_in_types && !shows(c)) || !differ(&old, &new);
	before = answer_text(c, &old, &new);
	after = answer_text(c, &new, &old);
	if (!before || !after)
		return -ENOMEM;
	finding = compare_add(
		c, group->rule, c->out->name,
		compare_text(c, "%s: built with %s, before with %s", group->what, after, before));
	if (!finding)
		return -ENOMEM;
	finding->by_types = true;
	finding->before = before;
	finding->after = after;
	if (is_risk && finding->verdict == VERDICT_BREAK)
		finding->verdict = VERDICT_RISK;
	return 0;
}

/* "GNU C++17", "clang": the compiler and the standard, without numbers of releases. */
static size_t family_length(const char *producer)
{
	const char *clang = strstr(producer, "clang version");
	size_t word;

	if (clang)
		return (size_t)(clang - producer) + 5;
	if (strncmp(producer, "GNU ", 4))
		return strcspn(producer, " ");
	word = 4 + strcspn(producer + 4, " ");
	return word;
}

static struct answers ask_family(const struct types *types)
{
	struct answers answers = { 0 };
	size_t i;

	for (i = 0; i < types->origins.count; i++) {
		const struct type_origin *origin = &types->origins.items[i];

		if (is_compiler(origin) && origin->producer)
			add_answer(&answers, origin->producer, family_length(origin->producer));
	}
	return answers;
}

static bool has_findings(const struct compare *c)
{
	size_t i;

	for (i = 0; i < c->out->findings.items.count; i++) {
		if (c->out->findings.items.items[i].verdict != VERDICT_OK)
			return true;
	}
	return c->gone.count > 0;
}

/* Alone, that is nothing to tell; beside other findings, it can be why. */
static int compare_family(struct compare *c)
{
	struct answers old = ask_family(c->old->types);
	struct answers new = ask_family(c->new->types);
	struct finding *finding;

	if (!differ(&old, &new) || !has_findings(c))
		return 0;
	finding = compare_add(c, "abi/flag-compiler-abi-version", c->out->name,
			      compare_text(c, "it is built by %.*s, before by %.*s",
					   (int)new.length[0], new.text[0], (int)old.length[0],
					   old.text[0]));
	if (!finding)
		return -ENOMEM;
	finding->by_types = true;
	finding->verdict = VERDICT_OK;
	return 0;
}

/* The size of what a typedef of the C library stands for; 0: it is not there. */
static uint64_t size_of(const struct types *types, const char *name)
{
	uint64_t size;
	size_t i;

	for (i = 0; i < types->items.count; i++) {
		const struct type *t = type_at(types, (type_id)i);

		if (t->kind == TYPE_TYPEDEF && t->name && !strcmp(t->name, name) &&
		    types_size(types, (type_id)i, &size))
			return size;
	}
	return 0;
}

/* _FILE_OFFSET_BITS and _TIME_BITS show in what these names stand for. */
static int compare_widths(struct compare *c)
{
	static const char *const names[] = { "time_t", "off_t", "ino_t", "blkcnt_t", "fsblkcnt_t" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		uint64_t old = size_of(c->old->types, names[i]);
		uint64_t new = size_of(c->new->types, names[i]);
		struct finding *finding;

		if (!old || !new || old == new)
			continue;
		finding = compare_add(c, "abi/flag-time-offset-bits", names[i],
				      compare_text(c, "%s has %u bytes, before %u", names[i],
						   (unsigned)new, (unsigned)old));
		if (!finding)
			return -ENOMEM;
		finding->by_types = true;
	}
	return 0;
}

/* Some unit is built with one of the options: then it matters that others do not tell. */
static bool tells_option(const struct types *types)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(groups); i++) {
		struct answers answers = ask(&groups[i], types);

		if ((answers.text[0] && answers.length[0]) ||
		    (answers.text[1] && answers.length[1]))
			return true;
	}
	return false;
}

/* Baselines have no producers: they say nothing of options, of which the other side has none. */
static bool is_untold(const struct corpus *corpus, const struct corpus *other)
{
	if (!corpus->types->origins.count)
		return tells_option(other->types);
	return ask(&groups[0], corpus->types).untold;
}

static int tell_untold(struct compare *c)
{
	bool old = is_untold(c->old, c->new);
	bool new = is_untold(c->new, c->old);
	const struct corpus *corpus = old ? c->old : c->new;

	if (!old && !new)
		return 0;
	return unchecked_add(
		&c->out->findings, c->out->name,
		old && new ? "the options that both sides were compiled with"
			   : compare_text(c, "the options that %s was compiled with", corpus->path),
		corpus->types->origins.count
			? "its compiler did not write them into the debug information"
			: "a baseline does not have them",
		"gcc's own, or a build by clang with -grecord-command-line", 1, false);
}

int compare_compilers(struct compare *c)
{
	size_t i;
	int r = 0;

	if (!c->old->types || !c->new->types)
		return 0;
	for (i = 0; !r && i < ARRAY_SIZE(groups); i++)
		r = compare_group(c, &groups[i]);
	if (!r)
		r = compare_family(c);
	if (!r)
		r = compare_widths(c);
	if (!r)
		r = tell_untold(c);
	return r;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in engine/inspect/versions.h. */
#include "engine/inspect/versions.h"
#include "model/version-name.h"

#include <string.h>

struct judge {
	struct versions *v;
	struct arena *arena;
	const char *input;
	const struct number *release; /* the first that is known, or NULL */
};

static const char *place(struct judge *j, const struct number *n)
{
	return n->line ? arena_printf(j->arena, "%s:%u", n->file, n->line) : n->file;
}

/* "wanted" is what it should be, and why. */
static int tell(struct judge *j, const char *rule, const struct number *n, const char *wanted,
		const struct number *because)
{
	const char *here = place(j, n);
	const char *there = place(j, because);
	struct finding *finding = finding_add(&j->v->findings, rule, j->input);

	if (!finding || !here || !there || !wanted)
		return -ENOMEM;
	finding->subject = here;
	finding->file = n->file;
	finding->line = n->line;
	finding->before = wanted;
	finding->after = n->value;
	finding->message = arena_printf(j->arena, "%s: %s is %s, and should be %s", here,
					number_kind_text(n->kind), n->value, wanted);
	finding->fix = arena_printf(j->arena, "write %s, or change %s", wanted, there);
	if (!finding->message || !finding->fix)
		return -ENOMEM;
	return finding_why(&j->v->findings, finding, "%s says %s for %s", there,
			   because->value ? because->value : because->text,
			   number_kind_text(because->kind));
}

/* Are they the same as far as numbers go? Zeros at the end do not count. */
static int compare_numbers(const char *a, const char *b)
{
	uint64_t x[8] = { 0 };
	uint64_t y[8] = { 0 };
	unsigned i;

	number_parts(a, x);
	number_parts(b, y);
	for (i = 0; i < 8; i++) {
		if (x[i] != y[i])
			return x[i] < y[i] ? -1 : 1;
	}
	return 0;
}

static int check_release(struct judge *j, const struct number *n)
{
	if (!j->release || n == j->release || !compare_numbers(n->value, j->release->value))
		return 0;
	return tell(j, "abi/pkg-release-differs", n, j->release->value, j->release);
}

/* Of scripts, only those that are of a library that is there count, if there is one. */
static bool is_of_library(const struct judge *j, const struct number *n)
{
	bool any = false;
	size_t i;

	for (i = 0; i < j->v->numbers.count; i++) {
		const struct number *built = &j->v->numbers.items[i];

		if (built->kind != NUMBER_NODE || !built->is_built)
			continue;
		any = true;
		if (version_name_same_family(built->value, n->value))
			return true;
	}
	return !any;
}

/* A node may be older, when later releases added nothing. */
static int check_node(struct judge *j, const struct number *n)
{
	struct version_name name;
	const char *number;
	uint64_t parts[8];

	version_name_split(n->value, &name);
	if (!j->release || !name.count || !is_of_library(j, n))
		return 0;
	number = n->value + name.family_length;
	while (*number == '_')
		number++;
	/* Counted by itself, not by releases: its first number is beyond any of theirs. */
	if (number_parts(number, parts) < 2 || compare_numbers(number, j->release->value) <= 0)
		return 0;
	return tell(j, "abi/pkg-node-newer", n,
		    arena_printf(j->arena, "of %s or older", j->release->value), j->release);
}

static bool same_library(const struct number *a, const struct number *b)
{
	return !a->library || !b->library || !strcmp(a->library, b->library);
}

/* What libtool makes of current:revision:age on GNU/Linux. */
static const char *libtool_file(struct judge *j, const char *text, bool only_soname)
{
	uint64_t p[8] = { 0 };

	number_parts(text, p);
	if (p[2] > p[0])
		return NULL;
	return only_soname
		       ? arena_printf(j->arena, "%llu", (unsigned long long)(p[0] - p[2]))
		       : arena_printf(j->arena, "%llu.%llu.%llu", (unsigned long long)(p[0] - p[2]),
				      (unsigned long long)p[2], (unsigned long long)p[1]);
}

/* A number of the library that is there, beside what a build file says of it. */
static int check_built(struct judge *j, const struct number *built, const struct number *said)
{
	bool is_soname = built->kind == NUMBER_SONAME;
	const char *wanted = said->value;

	if (!said->value || said->is_built || !same_library(built, said))
		return 0;
	if (said->kind == NUMBER_LIBTOOL)
		wanted = libtool_file(j, said->value, is_soname);
	else if (said->kind != built->kind)
		return 0;
	if (!wanted || !strcmp(wanted, built->value))
		return 0;
	return tell(j, is_soname ? "abi/pkg-soname-differs" : "abi/pkg-file-name-differs", built,
		    wanted, said);
}

/* The soname's numbers begin those of the file, or the loader's link is not made. */
static int check_pair(struct judge *j, const struct number *soname)
{
	size_t i;

	for (i = 0; i < j->v->numbers.count; i++) {
		const struct number *file = &j->v->numbers.items[i];
		size_t length = strlen(soname->value);

		if (file->kind != NUMBER_FILE || !file->value ||
		    file->is_built != soname->is_built || !same_library(file, soname) ||
		    (file->is_built && strcmp(file->file, soname->file)))
			continue;
		if (strncmp(file->value, soname->value, length) ||
		    (file->value[length] && file->value[length] != '.'))
			return tell(j, "abi/pkg-soname-differs", soname,
				    arena_strndup(j->arena, file->value, strcspn(file->value, ".")),
				    file);
	}
	return 0;
}

static int not_understood(struct judge *j, const struct number *n)
{
	const char *here = place(j, n);

	return here ? unchecked_add(
			      &j->v->findings, j->input,
			      arena_printf(j->arena, "%s: %s", here, number_kind_text(n->kind)),
			      arena_printf(j->arena,
					   "%s is not a number, and what it stands "
					   "for is not known from the text",
					   n->text),
			      "the library that was built, or an installed tree", 1, false)
		    : -ENOMEM;
}

static int check_number(struct judge *j, const struct number *n)
{
	size_t told = j->v->findings.items.count;
	size_t i;
	int r = 0;

	if (!n->value)
		return not_understood(j, n);
	if (n->kind == NUMBER_RELEASE || n->kind == NUMBER_PKGCONFIG || n->kind == NUMBER_PACKAGE)
		return check_release(j, n);
	if (n->kind == NUMBER_NODE)
		return check_node(j, n);
	for (i = 0; !r && n->is_built && i < j->v->numbers.count; i++)
		r = check_built(j, n, &j->v->numbers.items[i]);
	/* One cause is told once. */
	if (!r && n->kind == NUMBER_SONAME && j->v->findings.items.count == told)
		r = check_pair(j, n);
	return r;
}

/* Of the comparison with the last release, what is about numbers. */
static int take_comparison(struct judge *j, const struct comparison *c)
{
	static const char *const rules[] = {
		"abi/soname-kept-on-break",
		"abi/soname-bumped-without-break",
		"abi/pkg-libtool-age-wrong",
		"abi/soname-removed",
		"map/backport",
	};
	size_t i, k;

	j->v->bump = c->bump_reason
			     ? arena_printf(j->arena, "%s: %s", bump_text(c->bump), c->bump_reason)
			     : NULL;
	j->v->libtool = c->libtool ? arena_strdup(j->arena, c->libtool) : NULL;
	for (i = 0; i < c->findings.items.count; i++) {
		const struct finding *from = &c->findings.items.items[i];
		struct finding *to;

		for (k = 0; k < ARRAY_SIZE(rules) && strcmp(rules[k], from->rule->id); k++)
			;
		if (k == ARRAY_SIZE(rules))
			continue;
		to = finding_add(&j->v->findings, from->rule->id, j->input);
		if (!to)
			return -ENOMEM;
		to->verdict = from->verdict;
		to->severity = from->severity;
		to->subject = arena_strdup(j->arena, from->subject);
		to->message =
			arena_strdup(j->arena, from->message ? from->message : from->rule->summary);
		if (!to->subject || !to->message)
			return -ENOMEM;
	}
	return 0;
}

int versions_judge(struct versions *versions, const struct comparison *comparison,
		   const char *input)
{
	struct judge j = { .v = versions, .arena = &versions->findings.arena, .input = input };
	size_t i;
	int r = 0;

	for (i = 0; !j.release && i < versions->numbers.count; i++) {
		if (versions->numbers.items[i].kind == NUMBER_RELEASE &&
		    versions->numbers.items[i].value)
			j.release = &versions->numbers.items[i];
	}
	/* Without the sources, the package or the .pc file stands for it. */
	for (i = 0; !j.release && i < versions->numbers.count; i++) {
		if ((versions->numbers.items[i].kind == NUMBER_PKGCONFIG ||
		     versions->numbers.items[i].kind == NUMBER_PACKAGE) &&
		    versions->numbers.items[i].value)
			j.release = &versions->numbers.items[i];
	}
	for (i = 0; !r && i < versions->numbers.count; i++)
		r = check_number(&j, &versions->numbers.items[i]);
	return r || !comparison ? r : take_comparison(&j, comparison);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* What the findings ask of the release: soname, libtool's numbers, and what new programs need. */
#include "engine/compare/parts.h"
#include "model/version-name.h"

#include <stdio.h>
#include <string.h>

static bool keeps_soname(const struct compare *c)
{
	return c->old && c->new && c->old->soname && c->new->soname &&
	       !strcmp(c->old->soname, c->new->soname);
}

static bool names(const struct finding *finding, const char *rule)
{
	size_t i;

	for (i = 0; finding->why && finding->why[i]; i++) {
		if (!strcmp(finding->why[i], rule))
			return true;
	}
	return false;
}

/* A break under the same soname: programs load the library and fail, instead of being told at once.
 */
static int add_soname_kept(struct compare *c)
{
	struct findings *list = &c->out->findings;
	size_t count = list->items.count;
	struct finding *finding;
	size_t i;

	for (i = 0; i < count && list->items.items[i].verdict != VERDICT_BREAK; i++)
		;
	if (i == count || !keeps_soname(c))
		return 0;
	finding = compare_add(
		c, "abi/soname-kept-on-break", c->old->soname,
		compare_text(c, "%s keeps its soname although old programs break", c->old->soname));
	if (!finding)
		return -ENOMEM;
	for (; i < count; i++) {
		const struct finding *cause = &list->items.items[i];

		if (cause->verdict == VERDICT_BREAK && !names(finding, cause->rule->id) &&
		    finding_why(list, finding, "%s", cause->rule->id))
			return -ENOMEM;
	}
	return 0;
}

static bool any(const struct compare *c, enum verdict verdict, bool of_source)
{
	size_t i;

	for (i = 0; i < c->out->findings.items.count; i++) {
		const struct finding *finding = &c->out->findings.items.items[i];

		if ((of_source ? finding->source : finding->verdict) >= verdict)
			return true;
	}
	return false;
}

/* Another soname, but nothing that asks for it, as far as is known: then all of it must be. */
static int add_soname_bumped(struct compare *c)
{
	const struct findings *list = &c->out->findings;
	size_t i;

	if (!c->old || !c->new || !c->old->soname || !c->new->soname || keeps_soname(c) ||
	    !c->out->has_types)
		return 0;
	for (i = 0; i < list->unchecked.count; i++) {
		if (list->unchecked.items[i].undecided)
			return 0;
	}
	for (i = 0; i < list->items.count; i++) {
		const struct finding *f = &list->items.items[i];

		if (strcmp(f->rule->id, "abi/soname-changed") != 0 &&
		    (f->verdict != VERDICT_OK || f->source != VERDICT_OK || f->waived))
			return 0;
	}
	return compare_note(c, "abi/soname-bumped-without-break", c->old->soname, c->old->soname,
			    c->new->soname,
			    compare_text(c, "%s became %s, but nothing was found that breaks",
					 c->old->soname, c->new->soname));
}

/* The numbers that libtool makes a file name of: libfoo.so.(current - age).age.revision. */
struct libtool {
	unsigned long current, revision, age;
};

static bool read_libtool(const struct corpus *corpus, struct libtool *ret)
{
	const char *name = corpus->file_name;
	const char *so = name ? strstr(name, ".so.") : NULL;
	unsigned major;
	unsigned age;
	unsigned revision;
	char end;

	/* More digits than that are a date or worse. */
	if (!so || !corpus->soname || strlen(so) > 24 ||
	    sscanf(so, ".so.%6u.%6u.%6u%c", &major, &age, &revision, &end) != 3)
		return false;
	/* The soname has the first number and no more. */
	if (strncmp(corpus->soname, name, (size_t)(strchr(so + 4, '.') - name)) ||
	    corpus->soname[strchr(so + 4, '.') - name])
		return false;
	*ret = (struct libtool){ (unsigned long)major + age, revision, age };
	return true;
}

static struct libtool bumped(struct libtool old, enum bump bump)
{
	switch (bump) {
	case BUMP_PATCH:
		return (struct libtool){ old.current, old.revision + 1, old.age };
	case BUMP_MINOR:
		return (struct libtool){ old.current + 1, 0, old.age + 1 };
	case BUMP_SONAME:
		return (struct libtool){ old.current + 1, 0, 0 };
	case BUMP_NONE:
		break;
	}
	return old;
}

/* Does the file name of NEW promise no more than it keeps? */
static bool promises_enough(struct libtool asked, struct libtool found, enum bump bump)
{
	if (found.current - found.age != asked.current - asked.age)
		return found.current - found.age > asked.current - asked.age;
	return bump != BUMP_MINOR || found.age >= asked.age;
}

/* The advice in numbers, where file names have them; that of NEW is checked. */
static int advise_numbers(struct compare *c)
{
	struct libtool old, asked, found;
	struct comparison *out = c->out;

	if (!c->old || !c->new || !read_libtool(c->old, &old))
		return 0;
	asked = bumped(old, out->bump);
	out->libtool = compare_text(c, "%lu:%lu:%lu, before %lu:%lu:%lu", asked.current,
				    asked.revision, asked.age, old.current, old.revision, old.age);
	if (!out->libtool || !read_libtool(c->new, &found) ||
	    promises_enough(asked, found, out->bump))
		return out->libtool ? 0 : -ENOMEM;
	out->libtool = compare_text(c, "%s; the file name %s says %lu:%lu:%lu", out->libtool,
				    c->new->file_name, found.current, found.revision, found.age);
	/* That old programs break under one soname has a finding of its own. */
	if (out->bump != BUMP_MINOR || !out->added)
		return out->libtool ? 0 : -ENOMEM;
	return compare_note(c, "abi/pkg-libtool-age-wrong", c->new->file_name, c->old->file_name,
			    c->new->file_name,
			    compare_text(c,
					 "%s: symbols were added, but libtool's age is still %lu",
					 c->new->file_name, found.age));
}

static const char *last_node(const struct corpus *corpus)
{
	size_t last = corpus->nodes.count ? version_names_newest(&corpus->nodes.items[0].name,
								 corpus->nodes.count,
								 sizeof(corpus->nodes.items[0]))
					  : SIZE_MAX;

	return last == SIZE_MAX ? NULL : corpus->nodes.items[last].name;
}

static int advise_node(struct compare *c)
{
	const char *last = c->old && c->out->added && c->has_releases ? last_node(c->old) : NULL;

	if (!last)
		return 0;
	c->out->node =
		compare_text(c, "new symbols belong in a node of this release, behind %s", last);
	return c->out->node ? 0 : -ENOMEM;
}

static bool any_waived(const struct compare *c)
{
	size_t i;

	for (i = 0; i < c->out->findings.items.count; i++) {
		if (c->out->findings.items.items[i].waived &&
		    c->out->findings.items.items[i].waived_verdict == VERDICT_BREAK)
			return true;
	}
	return false;
}

/* The debug information of one side is missing: nobody knows what became of the types. */
static bool is_half_blind(const struct compare *c)
{
	size_t i;

	for (i = 0; i < c->out->findings.items.count; i++) {
		if (!strcmp(c->out->findings.items.items[i].rule->id, "abi/pkg-debug-missing"))
			return true;
	}
	return false;
}

static void advise(struct compare *c)
{
	static const char *const libtool[] = {
		[BUMP_NONE] = "current:revision+1:age",
		[BUMP_PATCH] = "current:revision+1:age",
		[BUMP_MINOR] = "current+1:0:age+1",
		[BUMP_SONAME] = "current+1:0:0",
	};
	struct comparison *out = c->out;

	if (any(c, VERDICT_BREAK, false)) {
		out->bump = BUMP_SONAME;
		out->bump_reason = "old programs break";
	} else if (out->added) {
		out->bump = BUMP_MINOR;
		out->bump_reason = "symbols were added";
	} else if (any(c, VERDICT_BREAK, true)) {
		out->bump = BUMP_MINOR;
		out->bump_reason = "sources need a change";
	} else if (out->findings.items.count) {
		out->bump = BUMP_PATCH;
		out->bump_reason = any_waived(c) ? "what breaks is waived"
				   : is_half_blind(c)
					   ? "the symbols are the same; types were not compared"
					   : "the interface is the same";
	} else {
		out->bump = BUMP_NONE;
		out->bump_reason = "nothing changed";
	}
	out->libtool = libtool[out->bump];
}

/* "a: new programs take V2; …", or how many do. */
static const char *forward_defaults(struct compare *c)
{
	const struct findings *list = &c->out->findings;
	const char *first = NULL;
	size_t count = 0;
	size_t i;

	for (i = 0; i < list->items.count; i++) {
		if (strcmp(list->items.items[i].rule->id, "abi/ver-symbol-moved-alias-kept"))
			continue;
		if (!count++)
			first = list->items.items[i].message;
	}
	return count < 2 ? first
			 : compare_text(c, "%s; and %zu more with a new default", first, count - 1);
}

/* What raises the need of a program that is built with NEW. */
static int list_forward(struct compare *c)
{
	static const char *const rules[] = { "abi/ver-node-added", "abi/ver-introduced",
					     "abi/ver-introduced-multi" };
	const struct findings *list = &c->out->findings;
	size_t count = 0;
	size_t i, k;

	c->out->forward =
		arena_array(&c->out->findings.arena, list->items.count + 2, sizeof(char *));
	if (!c->out->forward)
		return -ENOMEM;
	for (i = 0; i < list->items.count; i++) {
		for (k = 0; k < ARRAY_SIZE(rules); k++) {
			if (!strcmp(list->items.items[i].rule->id, rules[k]))
				c->out->forward[count++] = list->items.items[i].message;
		}
	}
	c->out->forward[count] = forward_defaults(c);
	return 0;
}

int compare_advice(struct compare *c)
{
	int r = add_soname_kept(c);

	if (!r)
		r = add_soname_bumped(c);
	if (!r)
		r = list_forward(c);
	if (r)
		return r;
	advise(c);
	r = advise_numbers(c);
	return r ? r : advise_node(c);
}

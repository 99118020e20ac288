/* SPDX-License-Identifier: Apache-2.0 */
/* What the findings ask of the release: soname, libtool's numbers, and what new programs need. */
#include "engine/compare/parts.h"

#include <string.h>

static bool keeps_soname(const struct compare *c)
{
	return c->old && c->new && c->old->soname && c->new->soname && !strcmp(c->old->soname, c->new->soname);
}

/* A break under the same soname: programs load the library and fail, instead of being told at once. */
static int add_soname_kept(struct compare *c)
{
	struct findings *list = &c->out->findings;
	size_t count = list->items.count;
	struct finding *finding;
	const char *last = NULL;
	size_t i;

	for (i = 0; i < count && list->items.items[i].verdict != VERDICT_BREAK; i++)
		;
	if (i == count || !keeps_soname(c))
		return 0;
	finding = compare_add(c, "abi/soname-kept-on-break", c->old->soname,
			      compare_text(c, "%s keeps its soname although old programs break", c->old->soname));
	if (!finding)
		return -ENOMEM;
	for (; i < count; i++) {
		const struct finding *cause = &list->items.items[i];

		if (cause->verdict != VERDICT_BREAK || cause->rule->id == last)
			continue;
		last = cause->rule->id;
		if (finding_why(list, finding, "%s", last))
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
		out->bump_reason = any_waived(c) ? "what breaks is waived" : "the interface is the same";
	} else {
		out->bump = BUMP_NONE;
		out->bump_reason = "nothing changed";
	}
	out->libtool = libtool[out->bump];
}

/* What raises the need of a program that is built with NEW. */
static int list_forward(struct compare *c)
{
	static const char *const rules[] = { "abi/ver-node-added", "abi/ver-symbol-moved-alias-kept",
					     "abi/ver-introduced", "abi/ver-introduced-multi" };
	const struct findings *list = &c->out->findings;
	size_t count = 0;
	size_t i, k;

	c->out->forward = arena_array(&c->out->findings.arena, list->items.count + 1, sizeof(char *));
	if (!c->out->forward)
		return -ENOMEM;
	for (i = 0; i < list->items.count; i++) {
		for (k = 0; k < ARRAY_SIZE(rules); k++) {
			if (!strcmp(list->items.items[i].rule->id, rules[k]))
				c->out->forward[count++] = list->items.items[i].message;
		}
	}
	return 0;
}

int compare_advice(struct compare *c)
{
	int r = add_soname_kept(c);

	if (!r)
		r = list_forward(c);
	if (!r)
		advise(c);
	return r;
}

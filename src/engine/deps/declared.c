/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in engine/deps/declared.h. */
#include "engine/deps/declared.h"
#include "model/package-version.h"

#include <string.h>

bool deb_relation_implies(const struct deb_relation *declared, const struct deb_relation *needed)
{
	int order;

	if (strcmp(declared->package, needed->package) != 0)
		return false;
	if (needed->op == DEB_ANY)
		return true;
	if (declared->op == DEB_ANY)
		return false;
	order = deb_version_compare(declared->version, needed->version);
	switch (needed->op) {
	case DEB_GE:
		return order >= 0 && declared->op != DEB_LT && declared->op != DEB_LE;
	case DEB_GT:
		return (order > 0 && (declared->op == DEB_GE || declared->op == DEB_EQ)) ||
		       (order >= 0 && declared->op == DEB_GT);
	case DEB_LT:
		return (order < 0 && (declared->op == DEB_LE || declared->op == DEB_EQ)) ||
		       (order <= 0 && declared->op == DEB_LT);
	case DEB_LE:
		return order <= 0 && declared->op != DEB_GT && declared->op != DEB_GE;
	default:
		return order == 0 && declared->op == DEB_EQ;
	}
}

/* Each way to fulfil what is declared must be one to fulfil what is needed. */
static bool group_implies(const struct deb_alternatives *declared,
			  const struct deb_alternatives *needed)
{
	size_t i, k;

	for (i = 0; i < declared->count; i++) {
		for (k = 0; k < needed->count; k++) {
			if (deb_relation_implies(&declared->items[i], &needed->items[k]))
				break;
		}
		if (k == needed->count)
			return false;
	}
	return declared->count > 0;
}

static bool names(const struct deb_alternatives *group, const char *package)
{
	size_t i;

	for (i = 0; i < group->count; i++) {
		if (!strcmp(group->items[i].package, package))
			return true;
	}
	return false;
}

static struct finding *add(const struct declared_question *q, struct findings *list,
			   const char *rule, const char *subject)
{
	struct finding *finding = finding_add(list, rule, q->package->path);

	if (finding) {
		finding->subject = arena_strdup(&list->arena, subject);
		finding->file = q->package->path;
	}
	return finding && finding->subject ? finding : NULL;
}

static int tell_need(const struct declared_question *q, struct findings *list,
		     const struct deb_alternatives *needed, const struct deb_alternatives *weak)
{
	const char *text = deb_alternatives_text(&list->arena, needed);
	const char *there = weak ? deb_alternatives_text(&list->arena, weak) : NULL;
	struct finding *finding =
		text ? add(q, list, weak ? "deps/too-weak" : "deps/undeclared", text) : NULL;

	if (!finding || (weak && !there))
		return -ENOMEM;
	finding->before = text;
	finding->after = there;
	finding->message = weak ? arena_printf(&list->arena,
					       "its files need %s, but it declares %s", text, there)
				: arena_printf(&list->arena,
					       "its files need %s, which it does not declare",
					       text);
	finding->fix = arena_printf(&list->arena, "declare Depends: %s", text);
	return finding->message && finding->fix ? 0 : -ENOMEM;
}

static int judge_need(const struct declared_question *q, struct findings *list,
		      const struct deb_alternatives *needed)
{
	const struct deb_relations *declared = &q->package->depends;
	const struct deb_alternatives *weak = NULL;
	size_t i, k;

	if (names(needed, q->package->name))
		return 0;
	for (i = 0; i < declared->count; i++) {
		if (group_implies(&declared->items[i], needed))
			return 0;
		for (k = 0; !weak && k < needed->count; k++) {
			if (names(&declared->items[i], needed->items[k].package))
				weak = &declared->items[i];
		}
	}
	return tell_need(q, list, needed, weak);
}

/* A need of exactly one version is that of a package that goes in lockstep: it stays. */
static int judge_needless(const struct declared_question *q, struct findings *list,
			  const struct deb_alternatives *declared)
{
	struct finding *finding;
	const char *text;
	size_t i, k;

	for (i = 0; i < declared->count; i++) {
		const struct deb_relation *relation = &declared->items[i];

		int r = relation->op == DEB_EQ ? 0 : q->is_library(q->data, relation->package);

		if (r <= 0)
			return r;
		for (k = 0; k < q->needed->count; k++) {
			if (names(&q->needed->items[k], relation->package))
				return 0;
		}
	}
	text = deb_alternatives_text(&list->arena, declared);
	finding = text ? add(q, list, "deps/needless", text) : NULL;
	if (!finding)
		return -ENOMEM;
	finding->message = arena_printf(
		&list->arena, "it declares %s, but none of its files needs a library of it", text);
	return finding->message ? 0 : -ENOMEM;
}

static bool allows(const struct deb_relation *relation, const struct deb_present *present)
{
	for (; present; present = present->next) {
		if (relation->op == DEB_ANY ||
		    (present->version && deb_relation_allows(relation, present->version)))
			return true;
	}
	return false;
}

static int tell_unfulfilled(const struct declared_question *q, struct findings *list,
			    const struct deb_alternatives *group)
{
	const struct deb_relation *first = &group->items[0];
	const struct deb_present *present = map_get(q->present, first->package);
	bool lockstep = group->count == 1 && first->op == DEB_EQ && present && present->version;
	const char *text = deb_alternatives_text(&list->arena, group);
	struct finding *finding =
		text ? add(q, list, lockstep ? "deps/lockstep" : "deps/unfulfilled", text) : NULL;

	if (!finding)
		return -ENOMEM;
	finding->before = text;
	if (present && present->version) {
		finding->after = arena_strdup(&list->arena, present->version);
		if (!finding->after)
			return -ENOMEM;
	}
	if (present && present->version)
		finding->message = arena_printf(&list->arena, "it needs %s, but %s is %s %s", text,
						q->where, present->name, present->version);
	else
		finding->message = arena_printf(&list->arena, "it needs %s, but %s is no %s", text,
						q->where, first->package);
	return finding->message ? 0 : -ENOMEM;
}

static int judge_fulfilled(const struct declared_question *q, struct findings *list,
			   const struct deb_alternatives *group)
{
	size_t i;

	for (i = 0; i < group->count; i++) {
		if (allows(&group->items[i], map_get(q->present, group->items[i].package)))
			return 0;
	}
	return tell_unfulfilled(q, list, group);
}

int declared_judge(const struct declared_question *q, struct findings *list)
{
	const struct deb_relations *declared = &q->package->depends;
	size_t i;
	int r = 0;

	for (i = 0; !r && i < q->needed->count; i++)
		r = judge_need(q, list, &q->needed->items[i]);
	for (i = 0; !r && i < declared->count; i++)
		r = judge_needless(q, list, &declared->items[i]);
	for (i = 0; !r && q->present && i < declared->count; i++)
		r = judge_fulfilled(q, list, &declared->items[i]);
	return r;
}

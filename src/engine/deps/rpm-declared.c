/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in engine/deps/rpm-declared.h. */
#include "engine/deps/rpm-declared.h"
#include "base/map.h"

#include <string.h>

struct judge {
	const struct rpm_question *q;
	struct findings *list;
	struct map declared, provided, needed; /* name → anything */
	size_t open;			       /* needs that nothing given fulfils */
	const char *first_open;
};

static int note(struct map *map, const char *name)
{
	return map_set(map, name, (void *)name);
}

static int fill(struct judge *j)
{
	const struct rpm_package *package = j->q->package;
	const struct deps_file *lines = j->q->lines;
	size_t i;
	int r = 0;

	for (i = 0; !r && i < package->requires.count; i++)
		r = note(&j->declared, package->requires.items[i].name);
	for (i = 0; !r && i < package->provides.count; i++)
		r = note(&j->provided, package->provides.items[i].name);
	for (i = 0; !r && i < lines->provides.count; i++)
		r = note(&j->provided, lines->provides.items[i]);
	return r;
}

static struct finding *add(struct judge *j, const char *rule, const char *subject)
{
	struct finding *finding = finding_add(j->list, rule, j->q->path);

	if (!finding)
		return NULL;
	finding->file = j->q->path;
	finding->subject = arena_strdup(&j->list->arena, subject);
	return finding->subject ? finding : NULL;
}

static int judge_need(struct judge *j, const char *line)
{
	struct finding *finding;

	if (map_get(&j->needed, line))
		return 0;
	if (note(&j->needed, line))
		return -ENOMEM;
	/* rpm drops what the package gives itself only when it is installed. */
	if (map_get(&j->declared, line) || map_get(&j->provided, line))
		return 0;
	finding = add(j, "deps/undeclared", line);
	if (!finding)
		return -ENOMEM;
	finding->before = finding->subject;
	finding->message =
		arena_printf(&j->list->arena, "its files need %s, which it does not declare", line);
	finding->fix = arena_printf(&j->list->arena, "declare Requires: %s", line);
	return finding->message && finding->fix ? 0 : -ENOMEM;
}

/* "libfoo.so.1(V_1)(64bit)", "libfoo.so.1": made of files, if anything is. */
static bool is_library(const char *name)
{
	return (!strncmp(name, "lib", 3) || !strncmp(name, "ld", 2)) && strstr(name, ".so");
}

static int tell_other(struct judge *j, const struct rpm_relation *wanted, const char *other)
{
	const char *text = rpm_relation_text(&j->list->arena, wanted);
	bool exact = (wanted->flags & (RPM_LESS | RPM_GREATER | RPM_EQUAL)) == RPM_EQUAL;
	struct finding *finding = text ? add(j, exact ? "deps/lockstep" : "deps/unfulfilled", text)
				       : NULL;

	if (!finding)
		return -ENOMEM;
	finding->before = text;
	finding->after = arena_strdup(&j->list->arena, other);
	finding->message =
		arena_printf(&j->list->arena, "it needs %s, but there is %s", text, other);
	return finding->message && finding->after ? 0 : -ENOMEM;
}

static int judge_declared(struct judge *j, const struct rpm_relation *wanted)
{
	const char *other = NULL;
	struct finding *finding;
	int r;

	if (wanted->flags & RPM_RPMLIB)
		return 0;
	if (is_library(wanted->name) && !map_get(&j->needed, wanted->name)) {
		finding = add(j, "deps/needless", wanted->name);
		if (!finding)
			return -ENOMEM;
		finding->message = arena_printf(&j->list->arena,
						"it declares %s, but none of its files needs it",
						wanted->name);
		return finding->message ? 0 : -ENOMEM;
	}
	r = map_get(&j->provided, wanted->name) ? 1 : j->q->is_given(j->q->data, wanted, &other);
	if (r)
		return r < 0 ? r : 0;
	if (other)
		return tell_other(j, wanted, other);
	if (!j->open++)
		j->first_open = wanted->name;
	return 0;
}

int rpm_declared_judge(const struct rpm_question *question, struct findings *list)
{
	const struct rpm_package *package = question->package;
	const struct deps_file *lines = question->lines;
	struct judge j = { .q = question, .list = list };
	const char *what;
	size_t i;
	int r = fill(&j);

	for (i = 0; !r && i < lines->requires.count; i++)
		r = judge_need(&j, lines->requires.items[i]);
	for (i = 0; !r && i < package->requires.count; i++)
		r = judge_declared(&j, &package->requires.items[i]);
	if (!r && j.open) {
		what = arena_printf(&list->arena, "whether needs like %s are fulfilled",
				    j.first_open);
		r = what ? unchecked_add(list, question->path, what,
					 "the packages of the system are not known",
					 "--packages with a folder of them", j.open, true)
			 : -ENOMEM;
	}
	map_done(&j.declared);
	map_done(&j.provided);
	map_done(&j.needed);
	return r;
}

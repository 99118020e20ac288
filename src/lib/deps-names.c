/* SPDX-License-Identifier: Apache-2.0 */
/* deps --names: by which names each distribution knows what the files need. */
#include "lib/deps.h"
#include "lib/packages.h"
#include "lib/rpm-files.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

static bool has_file(struct deps_run *run, const char *folder, const char *path)
{
	const char *whole = arena_printf(&run->deps->arena, "%s/%s", folder, path);
	struct stat st;

	return whole && !stat(whole, &st);
}

/* A folder with packages that are not rpm's: Debian's. */
static bool has_debs(struct deps_run *run, const char *folder)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	bool found = false;

	while (dir && !found && (entry = readdir(dir)) != NULL) {
		const char *path = arena_printf(&run->deps->arena, "%s/%s", folder, entry->d_name);

		found = path && entry->d_name[0] != '.' && package_is(path) && !rpm_is(path);
	}
	if (dir)
		closedir(dir);
	return found;
}

static int copy_unchecked(struct findings *to, const struct findings *from, const char *name)
{
	size_t i;
	int r = 0;

	for (i = 0; !r && i < from->unchecked.count; i++) {
		const struct unchecked *u = &from->unchecked.items[i];
		const char *what = arena_printf(&to->arena, "%s: %s", name, u->what);
		const char *why = arena_strdup(&to->arena, u->why);
		const char *settle = arena_strdup(&to->arena, u->settle);

		r = what && why && settle
			    ? unchecked_add(to, name, what, why, settle, u->count, u->undecided)
			    : -ENOMEM;
	}
	return r;
}

/* Findings of another run, told of the system that they are about. */
static int copy_findings(struct deps_run *run, const struct abifit_report *from, const char *name)
{
	struct findings *to = &run->report->report.findings;
	const struct findings *list = &from->report.findings;
	size_t i;

	for (i = 0; i < list->items.count; i++) {
		const struct finding *old = &list->items.items[i];
		struct finding *finding;
		const char *message;

		if (!strncmp(old->rule->id, "input/", 6)) {
			const char *text = arena_printf(&run->deps->arena, "for %s: %s", name,
							old->message ? old->message : "");

			if (!text || deps_fail(run, old->input, old->rule->id, NULL, text))
				return -ENOMEM;
			continue;
		}
		finding = finding_add(to, old->rule->id, name);
		message = arena_strdup(&to->arena, old->message);
		if (!finding || !message)
			return -ENOMEM;
		finding->verdict = old->verdict;
		finding->message = message;
		finding->file = name;
		finding->subject = old->subject ? arena_strdup(&to->arena, old->subject) : NULL;
		if (old->subject && !finding->subject)
			return -ENOMEM;
	}
	return copy_unchecked(to, list, name);
}

static int copy_fields(struct deps_run *run, struct deps_names *names, const struct deps *from)
{
	size_t i, k;

	for (i = 0; i < from->fields.count; i++) {
		const struct deps_field *field = &from->fields.items[i];

		if (strcmp(field->name, "Depends") != 0)
			continue;
		for (k = 0; k < field->items.count; k++) {
			const char *text = arena_strdup(&run->deps->arena, field->items.items[k]);

			if (!text || array_push(&names->items, text))
				return -ENOMEM;
		}
	}
	return 0;
}

/* The system in `from`, or only its packages. */
static int ask_deb(struct deps_run *run, struct deps_names *names, bool packages)
{
	const char *const given[] = { names->from, NULL };
	struct abifit_deps_options options = {
		.size = sizeof(options),
		.question = ABIFIT_DEPS_DEB,
		.packages = packages ? given : NULL,
	};
	struct abifit_system *system;
	struct abifit_report *report;
	int r = abifit_system_open(run->system->context, names->from, &system);

	if (r)
		return r;
	r = abifit_deps(system, run->files, run->count, &options, &report);
	abifit_system_unref(system);
	if (r)
		return r;
	r = copy_fields(run, names, report->report.deps);
	if (!r)
		r = copy_findings(run, report, names->from);
	abifit_report_unref(report);
	return r;
}

static bool has_line(const struct deps_lines *lines, const char *text)
{
	size_t i;

	for (i = 0; i < lines->count; i++) {
		if (!strcmp(lines->items[i], text))
			return true;
	}
	return false;
}

static int tell_missing(struct deps_run *run, const char *from, const char *line)
{
	struct findings *list = &run->report->report.findings;
	struct finding *finding = finding_add(list, "deps/unfulfilled", from);

	if (!finding)
		return -ENOMEM;
	finding->subject = arena_strdup(&list->arena, line);
	finding->file = from;
	finding->message = arena_printf(&list->arena, "no package there provides %s", line);
	return finding->subject && finding->message ? 0 : -ENOMEM;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int ask_rpm(struct deps_run *run, struct deps_names *names, const struct rpm_set *set,
		   const struct deps_lines *lines)
{
	struct deps_lines told = { 0 };
	size_t i;
	int r = 0;

	for (i = 0; !r && i < lines->count; i++) {
		const struct rpm_relation wanted = { .name = lines->items[i], .version = "" };
		const struct rpm_provider *provider = rpm_set_find(set, &wanted);
		const char *name =
			provider ? arena_strdup(&run->deps->arena, provider->package->name) : NULL;

		if (has_line(&told, lines->items[i]))
			continue;
		r = array_push(&told, lines->items[i]);
		if (!r && !provider)
			r = tell_missing(run, names->from, lines->items[i]);
		else if (!r && !name)
			r = -ENOMEM;
		else if (!r && !has_line(&names->items, name))
			r = array_push(&names->items, name);
	}
	if (names->items.count)
		qsort(names->items.items, names->items.count, sizeof(*names->items.items), by_text);
	array_done(&told);
	return r;
}

static int tell_database(struct deps_run *run, const char *from)
{
	return unchecked_add(&run->report->report.findings, from, "names of its packages",
			     "the database of rpm is not read", "a folder of its packages", 1,
			     true);
}

static bool has_rpm_database(struct deps_run *run, const char *folder)
{
	static const char *const paths[] = { "var/lib/rpm", "usr/lib/sysimage/rpm" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(paths); i++) {
		if (has_file(run, folder, paths[i]))
			return true;
	}
	return false;
}

static int ask_one(struct deps_run *run, const char *from, const struct deps_lines *lines)
{
	struct deps_names names = { .from = arena_strdup(&run->deps->arena, from) };
	struct rpm_set set = { 0 };
	struct stat st;
	size_t count = 0;
	int r = names.from ? 0 : -ENOMEM;

	if (!r && stat(from, &st))
		return deps_fail_open(run, from, -errno);
	if (!r)
		r = rpm_set_add_folder(&set, run, from, &count);
	names.family = count ? "rpm" : "deb";
	if (!r && count)
		r = ask_rpm(run, &names, &set, lines);
	else if (!r && has_file(run, from, "var/lib/dpkg/info"))
		r = ask_deb(run, &names, false);
	else if (!r && has_debs(run, from))
		r = ask_deb(run, &names, true);
	else if (!r && has_rpm_database(run, from))
		r = tell_database(run, names.from);
	else if (!r)
		r = deps_fail(run, from, "input/unsupported", NULL,
			      "is neither a system with packages nor a folder of packages");
	if (!r)
		r = array_push(&run->deps->names, names);
	if (r)
		array_done(&names.items);
	rpm_set_done(&set);
	return r;
}

int deps_names(struct deps_run *run)
{
	const char *const *from = run->options->from;
	struct deps_file lines = { 0 };
	struct input_files inputs;
	size_t number;
	size_t i;
	int r;

	if (!from || !*from)
		return context_fail(run->system->context, -EINVAL, "names of which distributions?");
	r = input_files_list(run->system->source, run->files, run->count, 0, &inputs);
	if (!r)
		r = rpm_files_lines(run, &inputs, &lines);
	for (i = 0; !r && !run->report->report.unreadable && i < inputs.items.count; i++)
		r = report_add_input(run->report, inputs.items.items[i].path, &number);
	for (; !r && *from; from++)
		r = ask_one(run, *from, &lines.requires);
	array_done(&lines.provides);
	array_done(&lines.requires);
	input_files_done(&inputs);
	return r;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* deps --check of an .rpm; the forecast is made as for others, in lib/deps-check.c. */
#include "engine/deps/rpm-declared.h"
#include "lib/rpm-files.h"

#include <string.h>
#include <sys/stat.h>

struct given {
	struct rpm_set set;
	struct arena arena;
};

static int is_given(void *data, const struct rpm_relation *wanted, const char **ret_other)
{
	struct given *given = data;
	const struct rpm_relation any = { .name = wanted->name, .version = "" };
	const struct rpm_provider *other;

	*ret_other = NULL;
	if (rpm_set_find(&given->set, wanted))
		return 1;
	other = rpm_set_find(&given->set, &any);
	if (!other)
		return 0;
	*ret_other =
		arena_printf(&given->arena, "%s %s", other->package->name, other->package->evr);
	return *ret_other ? 0 : -ENOMEM;
}

static int take_given(struct deps_run *run, struct given *given)
{
	const char *const *path = run->options->packages;
	struct stat st;
	size_t count;
	int r = 0;

	for (; !r && path && *path; path++) {
		if (stat(*path, &st))
			r = deps_fail_open(run, *path, -errno);
		else if (S_ISDIR(st.st_mode))
			r = rpm_set_add_folder(&given->set, run, *path, &count);
		else
			r = rpm_set_add(&given->set, run, *path);
	}
	return r;
}

static int judge(struct deps_run *run, const char *path, const struct rpm_package *package,
		 struct given *given)
{
	struct deps_file lines = { 0 };
	struct rpm_question question = {
		.path = path,
		.package = package,
		.lines = &lines,
		.is_given = is_given,
		.data = given,
	};
	struct input_files inputs;
	int r = input_files_list(run->system->source, &path, 1, 0, &inputs);

	if (!r)
		r = rpm_files_lines(run, &inputs, &lines);
	if (!r)
		r = rpm_declared_judge(&question, &run->report->report.findings);
	array_done(&lines.provides);
	array_done(&lines.requires);
	input_files_done(&inputs);
	return r;
}

int deps_check_rpm(struct deps_run *run, const char *path)
{
	struct given given = { 0 };
	struct rpm_set own = { 0 };
	int r = rpm_set_add(&own, run, path);

	if (!r)
		r = take_given(run, &given);
	if (!r && own.packages.count && own.packages.items[0]->name)
		r = judge(run, path, own.packages.items[0], &given);
	rpm_set_done(&own);
	rpm_set_done(&given.set);
	arena_done(&given.arena);
	return r;
}

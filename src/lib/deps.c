/* SPDX-License-Identifier: Apache-2.0 */
/* abifit_deps(): which question is asked. */
#include "lib/deps.h"

#include <string.h>

static const struct {
	uint32_t question;
	enum deps_kind kind;
	bool has_verdict;
	int (*run)(struct deps_run *run);
} questions[] = {
	{ ABIFIT_DEPS_RPM, DEPS_RPM, false, deps_rpm },
	{ ABIFIT_DEPS_CHECK, DEPS_CHECK, true, deps_check },
	{ ABIFIT_DEPS_NAMES, DEPS_NAMES, true, deps_names },
	{ ABIFIT_DEPS_DEB, DEPS_DEB, true, deps_deb },
	{ ABIFIT_DEPS_SYMBOLS, DEPS_SYMBOLS, true, deps_symbols },
};

int deps_fail(struct deps_run *run, const char *path, const char *rule, const struct fault *fault,
	      const char *text)
{
	struct fault *copy = NULL;
	size_t number;
	int r = report_add_input(run->report, path, &number);

	if (!r && fault) {
		copy = arena_copy(&run->deps->arena, fault, sizeof(*fault));
		r = copy ? 0 : -ENOMEM;
	}
	return r ? r : report_input_error(run->report, number, rule, copy, text);
}

int deps_fail_open(struct deps_run *run, const char *path, int error)
{
	size_t number;
	int r = report_add_input(run->report, path, &number);

	return r ? r : report_open_error(run->report, number, error);
}

static int ask(struct deps_run *run, size_t index)
{
	int r;

	r = report_new(run->system->context, run->system, "deps", &run->report);
	if (r)
		return r;
	run->deps = deps_new(questions[index].kind);
	if (!run->deps)
		return -ENOMEM;
	run->report->report.deps = run->deps;
	run->report->report.has_verdict = questions[index].has_verdict;
	return questions[index].run(run);
}

int abifit_deps(struct abifit_system *system, const char *const *files, size_t count,
		const struct abifit_deps_options *options, struct abifit_report **ret)
{
	struct abifit_deps_options copy = { .size = sizeof(copy) };
	struct deps_run run = {
		.system = system, .options = &copy, .files = files, .count = count
	};
	int r = options_check(options, options ? options->size : 0, sizeof(copy));
	size_t i;

	if (r)
		return context_fail(system->context, r, "deps options of an unknown size");
	if (options)
		memcpy(&copy, options, size_min(options->size, sizeof(copy)));
	for (i = 0; i < ARRAY_SIZE(questions) && questions[i].question != copy.question;)
		i++;
	if (i == ARRAY_SIZE(questions))
		return context_fail(system->context, -EINVAL, "deps: there is no such question");
	r = ask(&run, i);
	if (r) {
		abifit_report_unref(run.report);
		return r == -ENOMEM ? context_fail(system->context, r, "out of memory") : r;
	}
	report_conclude(run.report);
	*ret = run.report;
	return 0;
}

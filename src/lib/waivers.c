/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in lib/waivers.h. */
#include "lib/waivers.h"
#include "base/file.h"
#include "read/waivers.h"

#include <string.h>
#include <time.h>

static int read_file(struct abifit_context *context, const char *path, struct waivers *waivers)
{
	struct file file;
	int r = file_map(path, &file);

	if (r)
		return context_fail(context, r, "%s: %s", path,
				    r == -EINVAL ? "is not a regular file" : strerror(-r));
	r = waivers_read((const char *)file.bytes, file.size, path, waivers);
	file_unmap(&file);
	return r;
}

/* Today as "2027-01-31". */
static int find_today(char ret[static 11])
{
	time_t now = time(NULL);
	struct tm tm;

	return gmtime_r(&now, &tm) && strftime(ret, 11, "%Y-%m-%d", &tm) ? 0 : -EINVAL;
}

static void note_expired(struct waivers *waivers, const char *today)
{
	size_t i;

	for (i = 0; i < waivers->items.count; i++) {
		struct waiver *waiver = &waivers->items.items[i];

		waiver->expired = waiver->expires && strcmp(waiver->expires, today) < 0;
	}
}

int waivers_load(struct abifit_report *report, const char *const *paths, const char *today)
{
	char buffer[11] = "";
	size_t i;
	int r = 0;

	if (today && !waiver_is_day(today))
		return context_fail(report->context, -EINVAL, "%s is no day such as 2027-01-31",
				    today);
	if (!paths || !paths[0])
		return 0;
	if (!today && find_today(buffer))
		return context_fail(report->context, -EIO, "the day of today is not known");
	report->waivers = calloc(1, sizeof(*report->waivers));
	if (!report->waivers)
		return -ENOMEM;
	for (i = 0; !r && paths[i]; i++)
		r = read_file(report->context, paths[i], report->waivers);
	if (!r)
		note_expired(report->waivers, today ? today : buffer);
	return r;
}

static void mark(struct finding *finding, const struct waiver *waiver)
{
	finding->waived = waiver;
	finding->waived_verdict = finding->verdict;
	finding->waived_source = finding->source;
	finding->verdict = VERDICT_OK;
	finding->source = VERDICT_OK;
}

/* Those that are over, or those that are not. All that cover the finding are in use; the first one
 * counts. */
static void apply_some(struct waivers *waivers, bool expired, struct waiver_view *view,
		       struct finding *finding)
{
	size_t i;

	for (i = 0; i < waivers->items.count; i++) {
		struct waiver *waiver = &waivers->items.items[i];

		if (waiver->expired != expired || !waiver_covers(waiver, view))
			continue;
		waiver->matches++;
		if (!expired && !finding->waived)
			mark(finding, waiver);
	}
}

static int apply_all(struct waivers *waivers, const struct waiver_target *target,
		     struct finding *finding)
{
	struct waiver_view view;
	int r = waiver_view_init(&view, target, finding);

	if (r)
		return r;
	apply_some(waivers, false, &view, finding);
	if (!finding->waived)
		apply_some(waivers, true, &view, finding);
	waiver_view_done(&view);
	return view.error;
}

int waivers_apply(struct waivers *waivers, const struct waiver_target *target,
		  struct findings *list, size_t first)
{
	size_t i;
	int r = 0;

	for (i = first; waivers && !r && i < list->items.count; i++)
		r = apply_all(waivers, target, &list->items.items[i]);
	return r;
}

/* What judge_failure() and the forecast's end made of all findings, of those that are left. */
static void conclude_forecast(struct forecast *forecast)
{
	bool refused = false;
	size_t i;

	forecast->verdict = VERDICT_OK;
	forecast->exit_code = 0;
	for (i = 0; i < forecast->findings.items.count; i++) {
		const struct finding *finding = &forecast->findings.items.items[i];

		if (finding->verdict > forecast->verdict)
			forecast->verdict = finding->verdict;
		if (finding->verdict != VERDICT_BREAK)
			continue;
		refused |= finding->exit_code || finding->late;
		if (!forecast->exit_code && !forecast->is_plugin)
			forecast->exit_code = finding->exit_code;
	}
	forecast->refused = forecast->refused && refused;
}

int waivers_apply_forecasts(struct abifit_report *report)
{
	size_t i;
	int r = 0;

	for (i = 0; report->waivers && !r && i < report->report.inputs.count; i++) {
		struct report_input *input = &report->report.inputs.items[i];
		struct waiver_target target = { .image = input->image };

		if (!input->forecast)
			continue;
		r = waivers_apply(report->waivers, &target, &input->forecast->findings, 0);
		conclude_forecast(input->forecast);
	}
	return r;
}

static int add_note(struct abifit_report *report, const char *rule, const char *file, unsigned line,
		    const char *subject, const char *message)
{
	struct finding *finding = message ? finding_add(&report->report.findings, rule, file)
					  : NULL;

	if (!finding)
		return -ENOMEM;
	finding->has_source = report->report.has_source;
	finding->subject = subject;
	finding->message = message;
	finding->file = file;
	finding->line = line;
	return 0;
}

static int note_problem(struct abifit_report *report, const struct waiver_problem *problem)
{
	report->report.unreadable |= problem->malformed;
	return add_note(
		report, problem->malformed ? "waiver/malformed" : "waiver/not-applied",
		problem->file, problem->line, problem->subject,
		arena_printf(&report->report.arena, "%s: %s", problem->subject, problem->text));
}

/* A file may serve several commands: what is about another one's rules is not unused. */
static bool is_asked(const struct abifit_report *report, const struct waiver *waiver)
{
	const char *command = report->report.command;
	bool is_load = waiver->rule && !strncmp(waiver->rule, "load/", 5);
	bool is_map = waiver->rule && !strncmp(waiver->rule, "map/", 4);

	if (!strcmp(command, "map check"))
		return is_map;
	if (!strcmp(command, "check"))
		return is_load;
	/* Of a script's rules, a comparison has one. */
	return !is_load && (!is_map || !strcmp(waiver->rule, "map/backport"));
}

static int note_use(struct abifit_report *report, const struct waiver *waiver, bool complete)
{
	struct arena *arena = &report->report.arena;
	const char *text;

	if (!is_asked(report, waiver) || (waiver->matches && !waiver->expired))
		return 0;
	if (!waiver->expired && !complete)
		return 0;
	if (!waiver->expired)
		return add_note(report, "waiver/unused", waiver->file, waiver->line,
				waiver->subject,
				arena_printf(arena, "%s: covers nothing", waiver->subject));
	text = waiver->matches
		       ? arena_printf(arena, "%s: %s was its last day: %zu finding%s again",
				      waiver->subject, waiver->expires, waiver->matches,
				      waiver->matches == 1 ? " counts" : "s count")
		       : arena_printf(arena,
				      "%s: %s was its last day, and it covers nothing that counts",
				      waiver->subject, waiver->expires);
	return add_note(report, "waiver/expired", waiver->file, waiver->line, waiver->subject,
			text);
}

int waivers_conclude(struct abifit_report *report)
{
	const struct waivers *waivers = report->waivers;
	/* What could not be read may have what a waiver covers. */
	bool complete = !report->report.unreadable;
	size_t i;
	int r = 0;

	for (i = 0; waivers && !r && i < waivers->problems.count; i++)
		r = note_problem(report, &waivers->problems.items[i]);
	for (i = 0; waivers && !r && i < waivers->items.count; i++)
		r = note_use(report, &waivers->items.items[i], complete);
	return r;
}

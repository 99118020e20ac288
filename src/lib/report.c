/* SPDX-License-Identifier: Apache-2.0 */
/* Reports of the public API. */
#include "lib/context.h"
#include "engine/compare/backport.h"
#include "engine/compare/compare.h"
#include "engine/inspect/leaks.h"
#include "engine/compare/fix.h"
#include "engine/load/forecast.h"
#include "lib/kinds.h"
#include "model/map.h"
#include "model/versions.h"
#include "model/deps.h"
#include "model/waiver.h"
#include "render/render.h"

#include <string.h>

int report_new(struct abifit_context *context, struct abifit_system *system, const char *command,
	       struct abifit_report **ret)
{
	struct abifit_report *report = calloc(1, sizeof(*report));

	if (!report)
		return -ENOMEM;
	report->references = 1;
	report->context = context;
	context_ref(context);
	report->system = system;
	if (system)
		system_ref(system);
	report->report.command = command;
	*ret = report;
	return 0;
}

void abifit_report_unref(struct abifit_report *report)
{
	size_t i;

	if (!report || --report->references)
		return;
	for (i = 0; i < report->report.inputs.count; i++) {
		struct report_input *input = &report->report.inputs.items[i];

		if (input->forecast)
			forecast_done(input->forecast);
		free(input->forecast);
		show_free(input->show);
		comparison_free(input->comparison);
		leaks_free(input->leaks);
		fix_free(input->fix);
		map_result_free(input->map);
		versions_free(input->versions);
	}
	for (i = 0; i < report->report.corpora.count; i++)
		corpus_free(report->report.corpora.items[i]);
	array_done(&report->report.corpora);
	why_free(report->report.why);
	backport_free(report->report.backport);
	deps_free(report->report.deps);
	for (i = 0; i < report->report.kept.count; i++)
		arena_done(&report->report.kept.items[i]);
	array_done(&report->report.kept);
	array_done(&report->report.inputs);
	array_done(&report->findings);
	waivers_free(report->waivers);
	findings_done(&report->report.findings);
	arena_done(&report->report.arena);
	array_done(&report->report.programs);
	abifit_system_unref(report->old_system);
	abifit_system_unref(report->system);
	abifit_context_unref(report->context);
	free(report);
}

int report_add_input(struct abifit_report *report, const char *path, size_t *ret)
{
	struct report_input input = { .path = arena_strdup(&report->report.arena, path) };

	if (!input.path || array_push(&report->report.inputs, input))
		return -ENOMEM;
	*ret = report->report.inputs.count - 1;
	return 0;
}

int report_input_error(struct abifit_report *report, size_t number, const char *rule,
		       const struct fault *fault, const char *text)
{
	struct report_input *input = &report->report.inputs.items[number];
	struct finding *finding = finding_add(&report->report.findings, rule, input->path);

	if (!finding)
		return -ENOMEM;
	finding->subject = input->path;
	finding->file = input->path;
	input->error = text;
	input->fault = fault;
	if (fault) {
		finding->section = fault->section;
		finding->offset = fault->offset;
		finding->has_offset = true;
		input->error = arena_printf(&report->report.arena, "%s+0x%llx: %s [%s]",
					    fault->section, (unsigned long long)fault->offset,
					    fault->text, rule);
	} else {
		input->error = arena_printf(&report->report.arena, "%s [%s]", text, rule);
	}
	if (!input->error)
		return -ENOMEM;
	finding->message = fault ? fault->text : text;
	report->report.unreadable = true;
	return 0;
}

int report_open_error(struct abifit_report *report, size_t input, int error)
{
	const char *text;

	if (error == -ENOMEM)
		return error;
	if (error == -EISDIR)
		text = "is a folder";
	else if (error == -EINVAL)
		text = "is not a regular file";
	else
		text = arena_strdup(&report->report.arena, strerror(-error));
	return text ? report_input_error(report, input, "input/unreadable", NULL, text) : -ENOMEM;
}

static void conclude_list(struct report *report, struct report_input *input,
			  const struct findings *list)
{
	size_t i;

	for (i = 0; i < list->items.count; i++) {
		if (list->items.items[i].verdict > input->verdict)
			input->verdict = list->items.items[i].verdict;
	}
	for (i = 0; i < list->unchecked.count; i++)
		report->undecided |= list->unchecked.items[i].undecided;
}

/* Findings of no forecast or comparison count for the input that they name. */
static void conclude_input(struct report *report, const struct finding *finding)
{
	size_t i;

	for (i = 0; finding->input && i < report->inputs.count; i++) {
		struct report_input *input = &report->inputs.items[i];

		if (!strcmp(input->path, finding->input) && finding->verdict > input->verdict)
			input->verdict = finding->verdict;
	}
}

void report_conclude(struct abifit_report *handle)
{
	struct report *report = &handle->report;
	size_t i;

	for (i = 0; i < report->inputs.count; i++) {
		struct report_input *input = &report->inputs.items[i];

		if (input->forecast) {
			input->verdict = input->forecast->verdict;
			report->undecided |= input->forecast->undecided;
		}
		if (input->comparison) {
			input->verdict = input->comparison->binary;
			input->source = input->comparison->source;
			for (size_t k = 0; k < input->comparison->findings.unchecked.count; k++)
				report->undecided |=
					input->comparison->findings.unchecked.items[k].undecided;
		}
		for (size_t k = 0; input->leaks && k < input->leaks->findings.items.count; k++) {
			if (input->leaks->findings.items.items[k].verdict > input->verdict)
				input->verdict = input->leaks->findings.items.items[k].verdict;
		}
		if (input->map)
			conclude_list(report, input, &input->map->findings);
		if (input->versions)
			conclude_list(report, input, &input->versions->findings);
		if (input->source > report->source)
			report->source = input->source;
		if (input->verdict > report->verdict)
			report->verdict = input->verdict;
	}
	for (i = 0; i < report->programs.count; i++) {
		if (report->programs.items[i].verdict > report->verdict)
			report->verdict = report->programs.items[i].verdict;
	}
	for (i = 0; report->deps && i < report->findings.items.count; i++) {
		conclude_input(report, &report->findings.items.items[i]);
		if (report->findings.items.items[i].verdict > report->verdict)
			report->verdict = report->findings.items.items[i].verdict;
	}
	for (i = 0; i < report->findings.unchecked.count; i++)
		report->undecided |= report->findings.unchecked.items[i].undecided;
}

int abifit_report_status(const struct abifit_report *handle)
{
	const struct report *report = &handle->report;

	if (report->unreadable)
		return ABIFIT_STATUS_INPUT;
	if (!report->has_verdict)
		return ABIFIT_STATUS_FITS;
	if (report->verdict == VERDICT_BREAK)
		return ABIFIT_STATUS_BREAK;
	return report->verdict == VERDICT_RISK || report->undecided ? ABIFIT_STATUS_UNDECIDED
								    : ABIFIT_STATUS_FITS;
}

int abifit_report_undecided(const struct abifit_report *report)
{
	return report->report.undecided;
}

int abifit_report_verdict(const struct abifit_report *report)
{
	return (int)report->report.verdict;
}

int abifit_report_source_verdict(const struct abifit_report *report)
{
	return (int)report->report.source;
}

/* Fills `render` in; *ret_root is the caller's to free. */
static int read_write_options(struct abifit_report *report,
			      const struct abifit_write_options *options,
			      struct render_options *render, const struct renderer **ret_renderer,
			      char **ret_root)
{
	if (options->size) {
		render->color = options->color;
		render->verbosity = options->verbosity;
	}
	*ret_renderer = render_find(options->format ? options->format : "text");
	if (!*ret_renderer)
		return context_fail(report->context, -EINVAL, "there is no format \"%s\"",
				    options->format);
	if ((*ret_renderer)->findings_only && !report->report.has_verdict)
		return context_fail(report->context, -EINVAL,
				    "%s judges nothing that the format \"%s\" has a place for",
				    report->report.command, (*ret_renderer)->name);
	if (!options->source_root)
		return 0;
	*ret_root = realpath(options->source_root, NULL);
	if (!*ret_root)
		return context_fail(report->context, -errno, "%s: %s", options->source_root,
				    strerror(errno));
	render->source_root = *ret_root;
	return 0;
}

int abifit_report_write(struct abifit_report *report, const struct abifit_write_options *options,
			abifit_sink sink, void *data)
{
	struct render_options render = { .verbosity = 1 };
	struct abifit_write_options copy = { 0 };
	const struct renderer *renderer;
	AUTO_FREE char *root = NULL;
	struct out out;
	int r = options_check(options, options ? options->size : 0, sizeof(copy));

	if (r)
		return r;
	if (options)
		memcpy(&copy, options, size_min(options->size, sizeof(copy)));
	r = read_write_options(report, &copy, &render, &renderer, &root);
	if (r)
		return r;
	out_init(&out, sink, data);
	r = renderer->write(&report->report, &out, &render);
	if (!r)
		r = out_flush(&out);
	out_done(&out);
	return r;
}

static int add_public(struct abifit_report *report, const struct finding *finding)
{
	struct abifit_finding public = {
		.rule = finding->rule->id,
		.verdict = (int32_t)finding->verdict,
		.severity = (int32_t)finding->severity,
		.input = finding->input,
		.subject = finding->subject,
		.message = finding->message,
		.why = finding->why,
		.fix = finding->fix ? finding->fix : finding->rule->fix,
		.before = finding->before,
		.after = finding->after,
		.file = finding->file,
		.line = finding->line,
		.waived = finding->waived ? finding->waived->reason : NULL,
	};

	return array_push(&report->findings, public);
}

/* Makes the public findings once; false when out of memory. */
static bool fill_findings(struct abifit_report *report)
{
	const struct report *r = &report->report;
	size_t i, k;

	if (report->findings_filled)
		return true;
	report->findings.count = 0;
	for (i = 0; i < r->inputs.count; i++) {
		const struct findings *list = report_input_findings(&r->inputs.items[i]);

		for (k = 0; list && k < list->items.count; k++) {
			if (add_public(report, &list->items.items[k]))
				return false;
		}
	}
	for (k = 0; k < r->findings.items.count; k++) {
		if (add_public(report, &r->findings.items.items[k]))
			return false;
	}
	report->findings_filled = true;
	return true;
}

size_t abifit_report_finding_count(const struct abifit_report *report)
{
	size_t count = report->report.findings.items.count;
	size_t i;

	for (i = 0; i < report->report.inputs.count; i++) {
		const struct findings *list =
			report_input_findings(&report->report.inputs.items[i]);

		if (list)
			count += list->items.count;
	}
	return count;
}

const struct abifit_finding *abifit_report_finding(const struct abifit_report *report, size_t index)
{
	/* Filling the list on first use changes nothing that a caller can see. */
	if (!fill_findings((struct abifit_report *)report) || index >= report->findings.count)
		return NULL;
	return &report->findings.items[index];
}

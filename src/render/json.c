/* SPDX-License-Identifier: Apache-2.0 */
/* JSON, schema abifit/1: one document a run, written as a stream. */
#include "render/render.h"
#include "render/json-diff.h"
#include "render/json-fix.h"
#include "render/json-show.h"
#include "render/json-why.h"
#include "model/waiver.h"
#include "render/text-backport.h"
#include "render/text-deps.h"
#include "render/text-leaks.h"
#include "render/text-map.h"
#include "render/text-versions.h"

#include <string.h>

/* null where nothing was judged: a command without verdicts, or an input that could not be read. */
static void write_verdict(struct json *json, bool judged, enum verdict verdict,
			  const enum verdict *source)
{
	json_name(json, "verdict");
	if (!judged) {
		json_null(json);
		return;
	}
	json_object(json);
	json_name_string(json, "binary", verdict_text(verdict));
	if (source)
		json_name_string(json, "source", verdict_text(*source));
	json_object_end(json);
}

static bool any_judged(const struct report *report)
{
	size_t i;

	for (i = 0; i < report->inputs.count; i++) {
		if (!report->inputs.items[i].error)
			return true;
	}
	return false;
}

static void write_build_id(struct json *json, const struct image *image)
{
	char text[129];
	size_t i;

	if (!image || !image->build_id || image->build_id_size > 64) {
		json_null(json);
		return;
	}
	for (i = 0; i < image->build_id_size; i++)
		__builtin_snprintf(text + 2 * i, 3, "%02x", image->build_id[i]);
	text[2 * i] = '\0';
	json_string(json, text);
}

static void write_inputs(struct json *json, const struct report *report)
{
	size_t i;

	json_name(json, "inputs");
	json_array(json);
	for (i = 0; i < report->inputs.count; i++) {
		const struct report_input *input = &report->inputs.items[i];
		const struct image *image = input->image;

		json_break(json);
		json_object(json);
		json_name_string(json, "path", input->path);
		json_name_string(json, "soname", image ? image->soname : NULL);
		json_name(json, "build_id");
		write_build_id(json, image);
		json_name_string(json, "machine",
				 image ? machine_describe(image->elf_machine, image->is_64,
							  image->is_big, image->elf_flags)
				       : NULL);
		write_verdict(json, report->has_verdict && !input->error, input->verdict,
			      report->has_source ? &input->source : NULL);
		json_name_string(json, "error", input->error);
		json_object_end(json);
	}
	json_array_end(json);
}

static void write_where(struct json *json, const struct finding *finding)
{
	json_name(json, "where");
	if (!finding->file) {
		json_null(json);
		return;
	}
	json_object(json);
	json_name_string(json, "file", finding->file);
	if (finding->section)
		json_name_string(json, "section", finding->section);
	if (finding->has_offset) {
		json_name(json, "offset");
		json_unsigned(json, finding->offset);
	}
	if (finding->line)
		json_name_unsigned(json, "line", finding->line);
	if (finding->column)
		json_name_unsigned(json, "column", finding->column);
	json_object_end(json);
}

/* Stable across runs: the rule and what it is about. */
static void write_key(struct json *json, const struct finding *finding)
{
	char rule[80];

	__builtin_snprintf(rule, sizeof(rule), "%s:", finding->rule->id);
	json_name(json, "key");
	json_joined(json, rule, finding->subject ? finding->subject : "");
}

static void write_waived(struct json *json, const struct finding *finding)
{
	const struct waiver *waiver = finding->waived;

	json_name(json, "waived");
	if (!waiver) {
		json_null(json);
		return;
	}
	json_object(json);
	json_name_string(json, "reason", waiver->reason);
	json_name_string(json, "expires", waiver->expires);
	json_name_string(json, "file", waiver->file);
	json_name_unsigned(json, "line", waiver->line);
	write_verdict(json, true, finding->waived_verdict,
		      finding->has_source ? &finding->waived_source : NULL);
	json_object_end(json);
}

static int write_finding(void *data, const struct report_input *input,
			 const struct finding *finding)
{
	struct json *json = data;
	size_t i;

	json_break(json);
	json_object(json);
	write_key(json, finding);
	json_name_string(json, "rule", finding->rule->id);
	write_verdict(json, true, finding->verdict, finding->has_source ? &finding->source : NULL);
	json_name_string(json, "severity", severity_text(finding->severity));
	json_name_string(json, "input", finding->input);
	json_name_string(json, "subject", finding->subject);
	json_name_string(json, "message", finding->message);
	json_name(json, "why");
	json_array(json);
	for (i = 0; finding->why && finding->why[i]; i++)
		json_string(json, finding->why[i]);
	json_array_end(json);
	json_name_string(json, "fix", finding->fix ? finding->fix : finding->rule->fix);
	json_name_string(json, "before", finding->before);
	json_name_string(json, "after", finding->after);
	write_where(json, finding);
	json_name_string(json, "settled", finding->settled);
	json_name_string(json, "loader_says", finding->loader_says);
	json_name(json, "exit_code");
	json_unsigned(json, finding->exit_code);
	write_waived(json, finding);
	json_object_end(json);
	return 0;
}

static int write_unchecked(void *data, const struct unchecked *u)
{
	struct json *json = data;

	json_break(json);
	json_object(json);
	json_name_string(json, "input", u->input);
	json_name_string(json, "what", u->what);
	json_name_string(json, "why", u->why);
	json_name_string(json, "settle", u->settle);
	json_name(json, "count");
	json_unsigned(json, u->count);
	json_object_end(json);
	return 0;
}

static int write_lists(struct json *json, const struct report *report)
{
	int r;

	json_name(json, "findings");
	json_array(json);
	r = report_each_finding(report, write_finding, json);
	json_array_end(json);
	json_name(json, "unchecked");
	json_array(json);
	if (!r)
		r = report_each_unchecked(report, write_unchecked, json);
	json_array_end(json);
	return r;
}

static int write_own(struct json *json, const struct report *report)
{
	static const struct {
		const char *command;
		int (*write)(const struct report *, struct json *);
	} writers[] = {
		{ "check", json_check },       { "tree", json_tree },
		{ "show", json_show },	       { "why", json_why },
		{ "rules", json_rules },       { "explain", json_rules },
		{ "features", json_features }, { "diff", json_diff },
		{ "dump", json_dump },	       { "leaks", json_leaks },
		{ "backport", json_backport }, { "fix", json_fix },
		{ "layout", json_diff },	       { "map check", json_map },
		{ "map new", json_map },     { "map update", json_map },
		{ "map freeze", json_map },    { "versions", json_versions },
		{ "deps", json_deps },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(writers); i++) {
		if (!strcmp(writers[i].command, report->command))
			return writers[i].write(report, json);
	}
	return -EINVAL;
}

static int write_json(const struct report *report, struct out *out,
		      const struct render_options *options)
{
	struct json json;
	int r;

	json_init(&json, out);
	json_object(&json);
	json_name_string(&json, "schema", "abifit/1");
	json_name_string(&json, "command", report->command);
	write_verdict(&json, report->has_verdict && any_judged(report), report->verdict,
		      report->has_source ? &report->source : NULL);
	write_inputs(&json, report);
	r = write_lists(&json, report);
	if (!r)
		r = write_own(&json, report);
	json_object_end(&json);
	out_char(out, '\n');
	return r;
}

const struct renderer renderer_json = {
	.name = "json",
	.summary = "for programs: one document, schema abifit/1",
	.write = write_json,
};

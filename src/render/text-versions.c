/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in render/text-versions.h. */
#include "render/text-versions.h"
#include "model/versions.h"
#include "render/text-columns.h"
#include "render/text-findings.h"

#define VALUE_WIDTH 20u

static bool is_undecided(const struct findings *list)
{
	size_t i;

	for (i = 0; i < list->unchecked.count; i++) {
		if (list->unchecked.items[i].undecided)
			return true;
	}
	return false;
}

static void write_number(struct out *out, const struct number *n)
{
	out_printf(out, "  %-11s ", number_kind_text(n->kind));
	text_cell(out, n->value ? n->value : n->text, VALUE_WIDTH);
	out_safe(out, n->file);
	if (n->line)
		out_printf(out, ":%u", n->line);
	if (n->library && !n->is_built) {
		out_text(out, " for ");
		out_safe(out, n->library);
	}
	if (!n->value)
		out_text(out, " (not understood)");
	out_char(out, '\n');
}

static void write_numbers(struct out *out, const struct versions *v)
{
	enum number_kind kind;
	size_t i;

	for (kind = NUMBER_RELEASE; kind < NUMBER_VARIABLE; kind++) {
		for (i = 0; i < v->numbers.count; i++) {
			if (v->numbers.items[i].kind == kind)
				write_number(out, &v->numbers.items[i]);
		}
	}
	if (v->bump) {
		out_printf(out, "  %-11s ", "asked for");
		out_safe(out, v->bump);
		if (v->libtool) {
			out_text(out, "; libtool ");
			out_safe(out, v->libtool);
		}
		out_char(out, '\n');
	}
}

static void write_unchecked(struct out *out, const struct findings *list)
{
	size_t i;

	for (i = 0; i < list->unchecked.count; i++) {
		out_text(out, "  unchecked ");
		out_safe(out, list->unchecked.items[i].what);
		out_text(out, ": ");
		out_safe(out, list->unchecked.items[i].why);
		out_char(out, '\n');
	}
}

int text_versions(const struct report *report, struct out *out,
		  const struct render_options *options)
{
	static const enum text_color colors[] = { COLOR_GOOD, COLOR_DOUBT, COLOR_BAD };
	size_t i;
	int r = 0;

	text_errors(report, out, options);
	for (i = 0; !r && i < report->inputs.count; i++) {
		const struct report_input *input = &report->inputs.items[i];
		bool is_open;

		if (!input->versions)
			continue;
		is_open = input->verdict == VERDICT_OK && is_undecided(&input->versions->findings);
		out_safe(out, input->path);
		out_text(out, ": ");
		text_color(out, options, is_open ? COLOR_DOUBT : colors[input->verdict]);
		out_text(out, is_open			     ? "undecided"
			      : input->verdict == VERDICT_OK ? "the version numbers agree"
							     : "the version numbers do not agree");
		text_plain(out, options);
		out_char(out, '\n');
		if (!options->verbosity)
			continue;
		write_numbers(out, input->versions);
		r = text_findings(&input->versions->findings, out, options);
		write_unchecked(out, &input->versions->findings);
	}
	return r;
}

int json_versions(const struct report *report, struct json *json)
{
	size_t i, k;

	json_name(json, "numbers");
	json_array(json);
	for (i = 0; i < report->inputs.count; i++) {
		const struct versions *v = report->inputs.items[i].versions;

		for (k = 0; v && k < v->numbers.count; k++) {
			const struct number *n = &v->numbers.items[k];

			json_break(json);
			json_object(json);
			json_name_string(json, "kind", number_kind_text(n->kind));
			json_name_string(json, "value", n->value);
			json_name_string(json, "text", n->text);
			json_name_string(json, "library", n->library);
			json_name_string(json, "file", n->file);
			json_name_unsigned(json, "line", n->line);
			json_object_end(json);
		}
	}
	json_array_end(json);
	return 0;
}

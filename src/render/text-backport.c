/* SPDX-License-Identifier: Apache-2.0 */
/* Text of `backport`: the advice, then what happens under each way. */
#include "render/text-backport.h"
#include "model/backport.h"
#include "render/text-columns.h"

#include <string.h>

#define WHO_WIDTH 38u

static void write_lines(struct out *out, const char *text)
{
	for (;;) {
		const char *end = strchr(text, '\n');
		size_t length = end ? (size_t)(end - text) : strlen(text);
		size_t i;

		out_text(out, "        ");
		/* A byte at a time: the lines are ours, the names in them are not. */
		for (i = 0; i < length; i++)
			out_safe(out, (const char[]){ text[i], '\0' });
		out_char(out, '\n');
		if (!end)
			return;
		text = end + 1;
	}
}

static void write_plan(struct out *out, const struct render_options *options,
		       const struct backport_plan *plan)
{
	static const enum text_color colors[] = { COLOR_GOOD, COLOR_DOUBT, COLOR_BAD };
	size_t i;

	out_text(out, "\n  ");
	text_color(out, options, COLOR_BOLD);
	out_safe(out, plan->title);
	text_plain(out, options);
	out_char(out, '\n');
	for (i = 0; i < plan->outcome_count; i++) {
		const struct backport_outcome *o = &plan->outcomes[i];

		out_text(out, "    ");
		text_color(out, options, colors[o->verdict]);
		out_printf(out, "%-6s", verdict_text(o->verdict));
		text_plain(out, options);
		text_cell(out, o->who, WHO_WIDTH);
		out_safe(out, o->what);
		out_char(out, '\n');
	}
	if (!plan->remedy)
		return;
	out_text(
		out,
		"    fix   in the later release, so that the programs built in between live on:\n");
	write_lines(out, plan->remedy);
}

int text_backport(const struct report *report, struct out *out,
		  const struct render_options *options)
{
	const struct backport *b = report->backport;
	size_t i;

	text_errors(report, out, options);
	if (!b)
		return 0;
	out_safe(out, b->symbol);
	out_text(out, ": ");
	text_color(out, options, b->already ? COLOR_GOOD : COLOR_BAD);
	out_text(out, b->advice);
	text_plain(out, options);
	out_char(out, '\n');
	if (b->already) {
		out_text(out, "  as ");
		out_safe(out, b->already);
		out_char(out, '\n');
		return 0;
	}
	out_text(out, "  NEW has it ");
	if (b->new_node) {
		out_text(out, "in ");
		out_safe(out, b->new_node);
	} else {
		out_text(out, "without a version");
	}
	if (b->old_node) {
		out_text(out, "; the last node of OLD is ");
		out_safe(out, b->old_node);
	}
	out_char(out, '\n');
	for (i = 0; i < BACKPORT_WAYS && options->verbosity; i++) {
		if (b->plans[i].applies)
			write_plan(out, options, &b->plans[i]);
	}
	return 0;
}

static void write_json_plan(struct json *json, const struct backport_plan *plan,
			    enum backport_way way)
{
	size_t i;

	json_break(json);
	json_object(json);
	json_name_string(json, "way", backport_way_text(way));
	json_name_string(json, "node", plan->node);
	json_name_string(json, "title", plan->title);
	json_name(json, "outcomes");
	json_array(json);
	for (i = 0; i < plan->outcome_count; i++) {
		json_object(json);
		json_name_string(json, "who", plan->outcomes[i].who);
		json_name_string(json, "verdict", verdict_text(plan->outcomes[i].verdict));
		json_name_string(json, "what", plan->outcomes[i].what);
		json_object_end(json);
	}
	json_array_end(json);
	json_name_string(json, "remedy", plan->remedy);
	json_object_end(json);
}

int json_backport(const struct report *report, struct json *json)
{
	const struct backport *b = report->backport;
	size_t i;

	json_name(json, "backport");
	if (!b) {
		json_null(json);
		return 0;
	}
	json_object(json);
	json_name_string(json, "symbol", b->symbol);
	json_name_string(json, "library", b->library);
	json_name_string(json, "old", b->old_path);
	json_name_string(json, "new", b->new_path);
	json_name_string(json, "new_node", b->new_node);
	json_name_string(json, "old_node", b->old_node);
	json_name_string(json, "already", b->already);
	json_name_string(json, "advice", b->advice);
	json_name(json, "ways");
	json_array(json);
	for (i = 0; i < BACKPORT_WAYS; i++) {
		if (b->plans[i].applies)
			write_json_plan(json, &b->plans[i], (enum backport_way)i);
	}
	json_array_end(json);
	json_object_end(json);
	return 0;
}

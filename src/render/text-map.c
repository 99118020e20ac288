/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in render/text-map.h. */
#include "render/text-map.h"
#include "model/map.h"
#include "render/text-findings.h"
#include "render/text-waivers.h"

#include <string.h>

/* The script with what came in; all else is as it was, byte for byte. */
static void write_edited(struct out *out, const struct map_result *map)
{
	const struct version_script *script = map->script;
	size_t at = 0;
	size_t i;

	for (i = 0; i < map->edits.count; i++) {
		const struct map_edit *edit = &map->edits.items[i];

		out_bytes(out, script->text + at, edit->offset - at);
		out_text(out, edit->text);
		at = edit->offset;
	}
	out_bytes(out, script->text + at, script->size - at);
}

static void write_node(struct out *out, const struct map_node *node, bool hides_rest)
{
	size_t i;

	out_printf(out, "%s%s{\n", node->name, *node->name ? " " : "");
	if (node->names.count)
		out_text(out, "\tglobal:\n");
	for (i = 0; i < node->names.count; i++) {
		const char *name = node->names.items[i];

		out_printf(out, version_script_is_plain(name) ? "\t\t%s;\n" : "\t\t\"%s\";\n",
			   name);
	}
	if (hides_rest)
		out_text(out, "\tlocal:\n\t\t*;\n");
	out_char(out, '}');
	for (i = 0; node->parents && node->parents[i]; i++)
		out_printf(out, " %s", node->parents[i]);
	out_text(out, ";\n");
}

static void write_made(struct out *out, const struct map_result *map)
{
	size_t i;

	if (map->comment)
		out_printf(out, "/* %s */\n", map->comment);
	for (i = 0; i < map->nodes.count; i++) {
		if (i)
			out_char(out, '\n');
		write_node(out, &map->nodes.items[i], map->hides_rest && !i);
	}
}

static void write_text(struct out *out, const struct map_result *map)
{
	if (map->script && !map->nodes.count)
		write_edited(out, map);
	else
		write_made(out, map);
}

static void write_count(struct out *out, size_t count, const char *what)
{
	out_printf(out, "%zu %s%s", count, what, count == 1 ? "" : "s");
}

static bool is_undecided(const struct findings *list)
{
	size_t i;

	for (i = 0; i < list->unchecked.count; i++) {
		if (list->unchecked.items[i].undecided)
			return true;
	}
	return false;
}

static void write_answer(struct out *out, const struct render_options *options,
			 const struct report_input *input)
{
	static const enum text_color colors[] = { COLOR_GOOD, COLOR_DOUBT, COLOR_BAD };
	static const char *const answers[] = { "sound", "at risk", "does not fit" };
	const struct map_result *map = input->map;

	out_safe(out, input->path);
	out_text(out, ": ");
	if (input->verdict == VERDICT_OK && is_undecided(&map->findings)) {
		text_color(out, options, COLOR_DOUBT);
		out_text(out, "undecided");
	} else {
		text_color(out, options, colors[input->verdict]);
		out_text(out, answers[input->verdict]);
	}
	text_plain(out, options);
	out_text(out, " (");
	write_count(out, map->script->nodes.count, "node");
	out_text(out, ", ");
	write_count(out, map->script->patterns.count, "name");
	if (text_waived_count(&map->findings))
		out_printf(out, ", %zu waived", text_waived_count(&map->findings));
	out_text(out, ")\n");
	if (map->library) {
		out_text(out, "  library ");
		out_safe(out, map->library);
		out_text(out, " with ");
		write_count(out, map->symbol_count, "symbol");
		out_char(out, '\n');
	}
	if (map->released) {
		out_text(out, "  last release ");
		out_safe(out, map->released);
		out_char(out, '\n');
	}
}

static void write_unchecked(struct out *out, const struct findings *list)
{
	size_t i;

	for (i = 0; i < list->unchecked.count; i++) {
		const struct unchecked *u = &list->unchecked.items[i];

		out_text(out, "  unchecked ");
		out_safe(out, u->what);
		out_text(out, ": ");
		out_safe(out, u->why);
		out_text(out, "\n      settle: ");
		out_safe(out, u->settle);
		out_char(out, '\n');
	}
}

int text_map(const struct report *report, struct out *out, const struct render_options *options)
{
	size_t i;
	int r = 0;

	text_errors(report, out, options);
	for (i = 0; !r && i < report->inputs.count; i++) {
		const struct report_input *input = &report->inputs.items[i];

		if (!input->map)
			continue;
		if (input->map->has_text) {
			write_text(out, input->map);
			continue;
		}
		write_answer(out, options, input);
		if (!options->verbosity)
			continue;
		r = text_findings(&input->map->findings, out, options);
		write_unchecked(out, &input->map->findings);
	}
	return r;
}

static void json_text(struct json *json, const struct map_result *map)
{
	struct out text;

	json_name(json, "text");
	if (!map->has_text) {
		json_null(json);
		return;
	}
	out_init(&text, NULL, NULL);
	write_text(&text, map);
	out_char(&text, '\0');
	json_string(json, text.error ? "" : text.bytes);
	if (text.error)
		json->out->error = text.error;
	out_done(&text);
}

int json_map(const struct report *report, struct json *json)
{
	size_t i, k;

	json_name(json, "maps");
	json_array(json);
	for (i = 0; i < report->inputs.count; i++) {
		const struct map_result *map = report->inputs.items[i].map;

		if (!map)
			continue;
		json_break(json);
		json_object(json);
		json_name_string(json, "path", report->inputs.items[i].path);
		json_name_string(json, "library", map->library);
		json_name_string(json, "released", map->released);
		json_name(json, "nodes");
		json_array(json);
		for (k = 0; map->script && k < map->script->nodes.count; k++)
			json_string(json, map->script->nodes.items[k].word.name);
		for (k = 0; !map->script && k < map->nodes.count; k++)
			json_string(json, map->nodes.items[k].name);
		json_array_end(json);
		json_name(json, "placed");
		json_array(json);
		for (k = 0; k < map->placed.count; k++) {
			json_object(json);
			json_name_string(json, "symbol", map->placed.items[k].symbol);
			json_name_string(json, "node", map->placed.items[k].node);
			json_object_end(json);
		}
		json_array_end(json);
		json_text(json, map);
		json_object_end(json);
	}
	json_array_end(json);
	return 0;
}

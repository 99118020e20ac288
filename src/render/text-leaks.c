/* SPDX-License-Identifier: Apache-2.0 */
/* Text of `leaks`: what is not the file's own, whose it is, what hides it; or the script that does.
 */
#include "render/text-leaks.h"
#include "model/leaks.h"
#include "render/text-columns.h"

#include <string.h>

static size_t leaked_count(const struct leaks *leaks)
{
	size_t count = 0;
	size_t i;

	for (i = 0; i < leaks->groups.count; i++)
		count += leaks->groups.items[i].symbols.count;
	return count;
}

static void label(struct out *out, const struct render_options *options, const char *text)
{
	text_color(out, options, COLOR_DIM);
	out_printf(out, "      %-8s", text);
	text_plain(out, options);
}

static void write_finding(struct out *out, const struct render_options *options,
			  const struct finding *finding)
{
	size_t i;

	out_text(out, "  ");
	text_color(out, options, finding->verdict == VERDICT_OK ? COLOR_DIM : COLOR_DOUBT);
	out_printf(out, "%-6s",
		   finding->verdict == VERDICT_OK ? "note" : verdict_text(finding->verdict));
	text_plain(out, options);
	out_safe(out, finding->message);
	text_color(out, options, COLOR_DIM);
	out_printf(out, "  [%s]", finding->rule->id);
	text_plain(out, options);
	out_char(out, '\n');
	for (i = 0; finding->why && finding->why[i]; i++) {
		label(out, options, i ? "" : "why:");
		out_safe(out, finding->why[i]);
		out_char(out, '\n');
	}
	label(out, options, "effect:");
	out_text(out, finding->rule->effect);
	out_char(out, '\n');
	label(out, options, "fix:");
	out_safe(out, finding->fix ? finding->fix : finding->rule->fix);
	out_char(out, '\n');
}

static void write_answer(struct out *out, const struct render_options *options,
			 const struct report_input *input)
{
	const struct leaks *leaks = input->leaks;
	size_t leaked = leaked_count(leaks);

	out_safe(out, input->path);
	out_text(out, ": ");
	text_color(out, options, leaked ? COLOR_DOUBT : COLOR_GOOD);
	if (!leaked)
		out_text(out, "no leak was found");
	else
		out_printf(out, "%zu of %zu exported symbols are not its own", leaked,
			   leaks->export_count);
	text_plain(out, options);
	out_char(out, '\n');
}

static void write_unchecked(struct out *out, const struct render_options *options,
			    const struct unchecked *u)
{
	out_text(out, "  unchecked ");
	out_safe(out, u->what);
	out_char(out, '\n');
	label(out, options, "why:");
	out_safe(out, u->why);
	out_char(out, '\n');
	label(out, options, "settle:");
	out_safe(out, u->settle);
	out_char(out, '\n');
}

/* What the flag does, and what it does not: it is a matter of how objects are compiled. */
static void write_visibility(struct out *out, const struct leaks *leaks)
{
	size_t leaked = leaked_count(leaks);

	if (!leaks->has_headers && !leaked)
		return;
	out_text(out, "  -fvisibility=hidden");
	if (leaks->has_headers)
		out_printf(out, " would hide %zu of its own;", leaks->undeclared.count);
	out_printf(out, " would not hide %zu from archives compiled without it", leaked);
	if (leaks->template_count)
		out_printf(out, ", nor %zu instance%s of the standard library's templates",
			   leaks->template_count, leaks->template_count == 1 ? "" : "s");
	out_char(out, '\n');
}

static bool needs_quotes(const char *name)
{
	return strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$.") !=
	       strlen(name);
}

static void write_name(struct out *out, const char *name)
{
	out_text(out, needs_quotes(name) ? "\t\t\"" : "\t\t");
	out_safe(out, name);
	out_text(out, needs_quotes(name) ? "\";\n" : ";\n");
}

/* The names of one version, NULL: those without. */
static size_t write_names(struct out *out, const struct leaks *leaks, const char *version,
			  bool count_only)
{
	size_t count = 0;
	size_t i;

	for (i = 0; i < leaks->kept.count; i++) {
		const char *other = leaks->kept_versions.items[i];

		if (version ? !other || strcmp(other, version) : other != NULL)
			continue;
		count++;
		if (!count_only)
			write_name(out, leaks->kept.items[i]);
	}
	return count;
}

static void write_node(struct out *out, const struct leaks *leaks,
		       const struct version_definition *node, bool *hides)
{
	size_t i;

	out_safe(out, node->name);
	out_text(out, " {\n");
	if (write_names(out, leaks, node->name, true)) {
		out_text(out, "\tglobal:\n");
		write_names(out, leaks, node->name, false);
	}
	if (!*hides)
		out_text(out, "\tlocal:\n\t\t*;\n");
	*hides = true;
	out_char(out, '}');
	for (i = 0; node->parents && node->parents[i]; i++) {
		out_char(out, ' ');
		out_safe(out, node->parents[i]);
	}
	out_text(out, ";\n");
}

/* A version script of what is to stay; of a program a dynamic list, for a linker has no other use
 * for one. */
static void write_script(struct out *out, const struct report_input *input)
{
	const struct leaks *leaks = input->leaks;
	bool hides = false;
	size_t i;

	out_text(out, "# ");
	out_safe(out, path_name(input->path));
	if (leaks->is_program) {
		out_text(
			out,
			": in place of -rdynamic, -Wl,--dynamic-list=THIS-FILE and -Wl,--exclude-libs,ALL\n{\n");
		write_names(out, leaks, NULL, false);
		out_text(out, "};\n");
		return;
	}
	out_text(out, ": -Wl,--version-script=THIS-FILE\n");
	for (i = 0; i < leaks->image->definitions.count; i++) {
		if (!leaks->image->definitions.items[i].base)
			write_node(out, leaks, &leaks->image->definitions.items[i], &hides);
	}
	if (hides)
		return;
	out_text(out, "{\n");
	if (write_names(out, leaks, NULL, true)) {
		out_text(out, "\tglobal:\n");
		write_names(out, leaks, NULL, false);
	}
	out_text(out, "\tlocal:\n\t\t*;\n};\n");
}

int text_leaks(const struct report *report, struct out *out, const struct render_options *options)
{
	size_t i, k;

	text_errors(report, out, options);
	for (i = 0; i < report->inputs.count; i++) {
		const struct report_input *input = &report->inputs.items[i];

		if (!input->leaks || input->error)
			continue;
		if (report->script) {
			write_script(out, input);
			continue;
		}
		if (!input->leaks->findings.items.count &&
		    (options->verbosity == 0 ||
		     (report->inputs.count > 1 && options->verbosity < 2)))
			continue;
		write_answer(out, options, input);
		for (k = 0; options->verbosity && k < input->leaks->findings.items.count; k++)
			write_finding(out, options, &input->leaks->findings.items.items[k]);
		if (options->verbosity)
			write_visibility(out, input->leaks);
		for (k = 0; options->verbosity && k < input->leaks->findings.unchecked.count; k++)
			write_unchecked(out, options, &input->leaks->findings.unchecked.items[k]);
	}
	return 0;
}

static void write_group(struct json *json, const struct leak_group *g)
{
	size_t i;

	json_break(json);
	json_object(json);
	json_name_string(json, "family", g->family ? g->family->name : NULL);
	json_name_string(json, "archive", g->archive);
	json_name(json, "members");
	json_array(json);
	for (i = 0; i < g->members.count; i++)
		json_string(json, g->members.items[i]);
	json_array_end(json);
	json_name(json, "symbols");
	json_array(json);
	for (i = 0; i < g->symbols.count; i++)
		json_string(json, g->symbols.items[i]);
	json_array_end(json);
	json_name_unsigned(json, "versioned", g->versioned);
	json_name_strings(json, "clashes", g->clashes);
	json_name_unsigned(json, "clashing", g->clash_count);
	json_object_end(json);
}

int json_leaks(const struct report *report, struct json *json)
{
	size_t i, k;

	json_name(json, "leaks");
	json_array(json);
	for (i = 0; i < report->inputs.count; i++) {
		const struct leaks *leaks = report->inputs.items[i].leaks;

		if (!leaks)
			continue;
		json_object(json);
		json_name_string(json, "path", report->inputs.items[i].path);
		json_name_unsigned(json, "exported", leaks->export_count);
		json_name(json, "groups");
		json_array(json);
		for (k = 0; k < leaks->groups.count; k++)
			write_group(json, &leaks->groups.items[k]);
		json_array_end(json);
		json_name(json, "undeclared");
		json_array(json);
		for (k = 0; k < leaks->undeclared.count; k++)
			json_string(json, leaks->undeclared.items[k]);
		json_array_end(json);
		json_name_unsigned(json, "standard_templates", leaks->template_count);
		json_object_end(json);
	}
	json_array_end(json);
	return 0;
}

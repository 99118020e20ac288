/* SPDX-License-Identifier: Apache-2.0 */
/* Text of `fix`: what comes back and what does not, then the code, then the version script. */
#include "render/text-fix.h"
#include "render/code-fix.h"

static size_t count_ways(const struct fix *fix, bool (*is_it)(enum fix_way))
{
	size_t count = 0;
	size_t i;

	for (i = 0; i < fix->items.count; i++)
		count += is_it(fix->items.items[i].way);
	return count;
}

static bool is_mended(enum fix_way way)
{
	return way != FIX_NOTHING && way != FIX_IMPOSSIBLE;
}

static bool is_impossible(enum fix_way way)
{
	return way == FIX_IMPOSSIBLE;
}

static size_t count_nodes(const struct fix *fix)
{
	size_t count = 0;
	size_t i;

	for (i = 0; i < fix->nodes.count; i++)
		count += fix->nodes.items[i].is_wanted && !fix->nodes.items[i].is_there &&
			 !fix->nodes.items[i].is_invented;
	return count;
}

static const char *plural(size_t count)
{
	return count == 1 ? "" : "s";
}

static void write_answer(struct out *out, const struct render_options *options,
			 const struct fix *fix)
{
	size_t symbols = count_ways(fix, is_mended);
	size_t skeletons = count_ways(fix, fix_way_is_skeleton);
	size_t hopeless = count_ways(fix, is_impossible) + fix->rest.count;
	size_t nodes = count_nodes(fix);

	out_safe(out, fix->name);
	out_text(out, ": ");
	text_color(out, options, hopeless ? COLOR_BAD : skeletons ? COLOR_DOUBT : COLOR_GOOD);
	if (!symbols && !nodes)
		out_text(out, hopeless ? "no code helps" : "nothing to do");
	else
		out_printf(out, "%zu symbol%s and %zu node%s can be brought back", symbols,
			   plural(symbols), nodes, plural(nodes));
	text_plain(out, options);
	if (skeletons)
		out_printf(out, "; %zu need%s code of yours (#error marks the place)", skeletons,
			   skeletons == 1 ? "s" : "");
	if (hopeless)
		out_printf(out, "; %zu break%s cannot be mended by code", hopeless,
			   plural(hopeless));
	out_char(out, '\n');
}

static void write_labelled(struct out *out, const struct render_options *options, const char *label,
			   const char *text)
{
	text_color(out, options, COLOR_DIM);
	out_printf(out, "      %-9s", label);
	text_plain(out, options);
	out_safe(out, text);
	out_char(out, '\n');
}

static const char *doing(enum fix_way way)
{
	static const char *const texts[] = {
		[FIX_ALIAS] = "an alias of what NEW has",
		[FIX_OLD_BODY] = "the old function for old programs, NEW's for new ones",
		[FIX_DROPPED] = "to be written, for old programs only",
		[FIX_PLAIN] = "to be written",
		[FIX_MAP] = "its line in the version script",
		[FIX_BESIDE] = "an alias in the source beside NEW's versions",
		[FIX_DEFAULT] = "its mark in the source",
		[FIX_NOTHING] = "nothing to do",
		[FIX_IMPOSSIBLE] = "no code helps",
	};

	return texts[way];
}

static void write_items(struct out *out, const struct render_options *options,
			const struct fix *fix)
{
	size_t i;

	for (i = 0; i < fix->items.count; i++) {
		const struct fix_item *item = &fix->items.items[i];

		out_text(out, "  ");
		out_safe(out, item->before ? item->before : item->name);
		if (item->after) {
			out_text(out, " → ");
			out_safe(out, item->after);
		}
		out_text(out, ": ");
		text_color(out, options, item->way == FIX_IMPOSSIBLE ? COLOR_BAD : COLOR_BOLD);
		out_text(out, doing(item->way));
		text_plain(out, options);
		out_char(out, '\n');
		write_labelled(out, options, "why:", item->why);
		if (item->note)
			write_labelled(out, options, "note:", item->note);
	}
}

static void write_rest(struct out *out, const struct render_options *options, const struct fix *fix)
{
	size_t i;

	for (i = 0; i < fix->rest.count; i++) {
		const struct fix_rest *rest = &fix->rest.items[i];

		out_text(out, "  ");
		text_color(out, options, COLOR_BAD);
		out_text(out, "no code helps: ");
		text_plain(out, options);
		out_safe(out, rest->message);
		text_color(out, options, COLOR_DIM);
		out_printf(out, "  [%s]\n", rest->rule);
		text_plain(out, options);
		write_labelled(out, options, "instead:", rest->instead);
	}
}

static void write_rule(struct out *out, const struct render_options *options, const char *text)
{
	text_color(out, options, COLOR_DIM);
	out_printf(out, "\n---- %s ----\n\n", text);
	text_plain(out, options);
}

static bool has_code(const struct fix *fix)
{
	size_t i;

	for (i = 0; i < fix->items.count; i++) {
		if (code_fix_has_code(&fix->items.items[i]))
			return true;
	}
	return false;
}

static bool has_map(const struct fix *fix)
{
	size_t i;

	for (i = 0; i < fix->nodes.count; i++) {
		if (fix->nodes.items[i].is_wanted)
			return true;
	}
	return false;
}

static int write_fix(struct out *out, const struct render_options *options, const struct fix *fix)
{
	bool is_part = fix->wants_code != fix->wants_map;
	int r = 0;

	if (!is_part) {
		write_answer(out, options, fix);
		if (!options->verbosity)
			return 0;
		write_items(out, options, fix);
		write_rest(out, options, fix);
	}
	if (fix->wants_code && has_code(fix)) {
		if (!is_part)
			write_rule(out, options, "C");
		r = code_fix_all(out, fix);
	}
	if (fix->wants_map && has_map(fix)) {
		if (!is_part)
			write_rule(out, options, "version script");
		code_fix_map(out, fix);
	}
	return r;
}

int text_fix(const struct report *report, struct out *out, const struct render_options *options)
{
	size_t i;
	int r = 0;

	text_errors(report, out, options);
	for (i = 0; !r && i < report->inputs.count; i++) {
		if (report->inputs.items[i].fix)
			r = write_fix(out, options, report->inputs.items[i].fix);
	}
	return r;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in render/text-findings.h. */
#include "render/text-findings.h"
#include "render/text-waivers.h"

#include <string.h>

#define MOST_SHOWN 8

void text_label(struct out *out, const struct render_options *options, const char *label)
{
	text_color(out, options, COLOR_DIM);
	out_printf(out, "      %-8s", label);
	text_plain(out, options);
}

int text_finding_order(const void *a, const void *b)
{
	const struct finding *x = *(const struct finding *const *)a;
	const struct finding *y = *(const struct finding *const *)b;
	int order = finding_weight_compare(x, y);

	return order ? order : (x < y ? -1 : x > y);
}

static void write_message(struct out *out, const struct finding *finding)
{
	/* Of another file than the one that was asked about, the message tells. */
	bool is_here = finding->file && finding->input && !strcmp(finding->file, finding->input);

	if (is_here && finding->line && finding->column)
		out_printf(out, "%u:%u: ", finding->line, finding->column);
	else if (is_here && finding->line)
		out_printf(out, "%u: ", finding->line);
	out_safe(out, finding->message);
}

static void write_why(struct out *out, const struct render_options *options,
		      const struct finding *finding)
{
	size_t i;

	for (i = 0; finding->why && finding->why[i]; i++) {
		text_label(out, options, i ? "" : "why:");
		out_safe(out, finding->why[i]);
		out_char(out, '\n');
	}
}

static bool have_one_fix(const struct finding *const *group, size_t count)
{
	size_t i;

	for (i = 1; i < count; i++) {
		if (group[i]->fix && group[i]->fix != group[0]->fix &&
		    (!group[0]->fix || strcmp(group[i]->fix, group[0]->fix)))
			return false;
	}
	return true;
}

void text_finding_group(struct out *out, const struct render_options *options, const char *effect,
			const struct finding *const *group, size_t count)
{
	static const enum text_color colors[] = { COLOR_DIM, COLOR_DOUBT, COLOR_BAD };
	const struct finding *first = group[0];
	size_t shown = options->verbosity > 1 ? count : MOST_SHOWN;
	size_t i;

	out_text(out, "  ");
	text_color(out, options, colors[first->verdict]);
	out_printf(out, "%-6s",
		   first->verdict == VERDICT_OK ? "note" : verdict_text(first->verdict));
	text_plain(out, options);
	if (count == 1)
		write_message(out, first);
	else
		out_printf(out, "%zu times: %s", count, first->rule->summary);
	text_color(out, options, COLOR_DIM);
	out_printf(out, "  [%s]", first->rule->id);
	text_plain(out, options);
	out_char(out, '\n');
	for (i = 0; count > 1 && i < count && i < shown; i++) {
		out_text(out, "              ");
		write_message(out, group[i]);
		out_char(out, '\n');
	}
	if (count > 1 && count > shown)
		out_printf(out, "              and %zu more (-v shows all)\n", count - shown);
	if (count == 1)
		write_why(out, options, first);
	if (first->settled) {
		text_label(out, options, "settled:");
		out_printf(out, " %s\n", first->settled);
	}
	if (first->verdict == VERDICT_OK && first->source == VERDICT_OK && options->verbosity < 2)
		return;
	text_label(out, options, "effect:");
	out_text(out, effect ? effect : first->rule->effect);
	out_char(out, '\n');
	text_label(out, options, "fix:");
	out_safe(out, first->fix && have_one_fix(group, count) ? first->fix : first->rule->fix);
	out_char(out, '\n');
}

int text_findings(const struct findings *list, struct out *out,
		  const struct render_options *options)
{
	AUTO_FREE const struct finding **order = malloc((list->items.count + 1) * sizeof(*order));
	size_t count = 0;
	size_t i, end;

	if (!order)
		return -ENOMEM;
	for (i = 0; i < list->items.count; i++) {
		if (!list->items.items[i].waived || options->verbosity > 1)
			order[count++] = &list->items.items[i];
	}
	if (count)
		qsort(order, count, sizeof(*order), text_finding_order);
	for (i = 0; i < count; i = end) {
		for (end = i + 1; end < count && order[end]->rule == order[i]->rule &&
				  order[end]->verdict == order[i]->verdict;
		     end++)
			;
		text_finding_group(out, options, NULL, order + i, end - i);
	}
	return 0;
}

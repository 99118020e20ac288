/* SPDX-License-Identifier: Apache-2.0 */
/* Markdown for a comment on a change: the answer, the inputs, the findings by rule. */
#include "model/comparison.h"
#include "model/waiver.h"
#include "render/markdown-text.h"
#include "render/render.h"

#include <string.h>

#define MOST_OPEN 5 /* findings of one rule that are not folded */

static const char *word_of(const struct report_input *input)
{
	static const char *const words[] = { "fits", "at risk", "breaks" };

	return input->error ? "cannot be judged" : words[input->verdict];
}

static void write_head(struct out *out, const struct report *report)
{
	static const char *const words[] = { "it fits", "at risk", "it breaks" };

	out_printf(out, "### abifit %s: %s", report->command,
		   report->unreadable ? "an input could not be read"
		   : report->verdict == VERDICT_OK && report->undecided ? "undecided"
									: words[report->verdict]);
	if (report->has_source && report->source != VERDICT_OK)
		out_printf(out, "; sources: %s",
			   report->source == VERDICT_BREAK ? "some need a change" : "at risk");
	out_text(out, "\n\n");
}

static void write_inputs(struct out *out, const struct report *report)
{
	size_t same = 0;
	size_t i;

	out_text(out, report->has_source ? "| | old programs | sources |\n|---|---|---|\n"
					 : "| | |\n|---|---|\n");
	for (i = 0; i < report->inputs.count; i++) {
		const struct report_input *input = &report->inputs.items[i];
		const struct findings *list = report_input_findings(input);

		/* Of many the ones without anything to say are only counted. */
		if (report->inputs.count > 1 && !input->error && list && !list->items.count &&
		    !list->unchecked.count) {
			same++;
			continue;
		}
		out_text(out, "| ");
		markdown_code(out, input->comparison ? input->comparison->name : input->path);
		if (report->steps && input->comparison)
			out_printf(out, " (%zu to %zu)", input->comparison->step + 1,
				   input->comparison->step + 2);
		out_printf(out, " | %s |", word_of(input));
		if (report->has_source)
			out_printf(out, " %s |", verdict_text(input->source));
		out_char(out, '\n');
	}
	if (same)
		out_printf(out, "\n%zu more without findings.\n", same);
	out_char(out, '\n');
}

struct entry {
	const struct report_input *input;
	const struct finding *finding;
};

struct entries {
	struct array_of(struct entry) items;
};

static int take(void *data, const struct report_input *input, const struct finding *finding)
{
	struct entries *entries = data;

	return array_push(&entries->items, (struct entry){ input, finding });
}

static int by_weight(const void *a, const void *b)
{
	const struct finding *x = ((const struct entry *)a)->finding;
	const struct finding *y = ((const struct entry *)b)->finding;
	int order = finding_weight_compare(x, y);

	return order ? order : (a < b ? -1 : a > b);
}

static void write_item(struct out *out, const struct report *report, const struct entry *entry)
{
	size_t i;

	out_text(out, "- ");
	markdown_text(out, entry->finding->message);
	if (report->inputs.count > 1 && entry->input) {
		out_text(out, " in ");
		markdown_code(out, entry->input->comparison ? entry->input->comparison->name
							    : entry->input->path);
	}
	out_char(out, '\n');
	for (i = 0; entry->finding->why && entry->finding->why[i] && i < MOST_OPEN; i++) {
		out_text(out, "  - ");
		markdown_text(out, entry->finding->why[i]);
		out_char(out, '\n');
	}
	if (entry->finding->waived) {
		out_text(out, "  - waived: ");
		markdown_text(out, entry->finding->waived->reason);
		out_char(out, '\n');
	}
	if (entry->finding->settled)
		out_printf(out, "  - settled: %s\n", entry->finding->settled);
}

static void write_group(struct out *out, const struct report *report, const struct entry *group,
			size_t count)
{
	const struct finding *first = group[0].finding;
	bool harmless = first->verdict == VERDICT_OK;
	size_t open = harmless ? 0 : MOST_OPEN;
	size_t i;

	out_printf(out, "**%s**: %s (`%s`", harmless ? "note" : verdict_text(first->verdict),
		   first->rule->summary, first->rule->id);
	if (count > 1)
		out_printf(out, ", %zu times", count);
	out_text(out, ")\n\n");
	for (i = 0; i < count; i++) {
		if (i == open)
			out_printf(out, "%s<details><summary>%zu %s</summary>\n\n", i ? "\n" : "",
				   count - i,
				   i		? "more"
				   : count == 1 ? "place"
						: "places");
		write_item(out, report, &group[i]);
	}
	if (count > open)
		out_text(out, "\n</details>\n");
	if (!harmless) {
		out_printf(out, "\nEffect: %s.  \nFix: ", first->rule->effect);
		if (count == 1 && first->fix)
			markdown_text(out, first->fix);
		else
			out_text(out, first->rule->fix);
		out_text(out, ".\n");
	}
	out_char(out, '\n');
}

static int write_findings(struct out *out, const struct report *report)
{
	struct entries entries = { 0 };
	int r = report_each_finding(report, take, &entries);
	size_t count = entries.items.count;
	size_t i, end;

	if (!r && count)
		qsort(entries.items.items, count, sizeof(struct entry), by_weight);
	for (i = 0; !r && i < count; i = end) {
		const struct finding *first = entries.items.items[i].finding;

		for (end = i + 1; end < count &&
				  !finding_weight_compare(first, entries.items.items[end].finding);
		     end++)
			;
		write_group(out, report, entries.items.items + i, end - i);
	}
	array_done(&entries.items);
	return r;
}

static int write_unchecked(void *data, const struct unchecked *u)
{
	struct out *out = data;

	out_text(out, "- unchecked: ");
	markdown_text(out, u->what);
	out_text(out, ", for ");
	markdown_text(out, u->why);
	out_text(out, "; to settle it: ");
	markdown_text(out, u->settle);
	out_char(out, '\n');
	return 0;
}

static void write_errors(struct out *out, const struct report *report)
{
	size_t i;

	for (i = 0; i < report->inputs.count; i++) {
		const struct report_input *input = &report->inputs.items[i];

		if (!input->error)
			continue;
		out_text(out, "- ");
		markdown_code(out, input->path);
		out_text(out, " cannot be judged: ");
		markdown_text(out, input->error);
		out_char(out, '\n');
	}
}

static void write_advice(struct out *out, const struct report *report)
{
	size_t i, k;

	for (i = 0; i < report->inputs.count; i++) {
		const struct comparison *c = report->inputs.items[i].comparison;

		if (!c || !c->old_path || !c->new_path || !c->findings.items.count ||
		    c->is_layout || report->inputs.count > 1)
			continue;
		out_printf(out, "\nRelease: %s, for %s; libtool ", bump_text(c->bump),
			   c->bump_reason);
		markdown_code(out, c->libtool);
		out_text(out, ".\n");
		if (c->node) {
			out_text(out, "\nNodes: ");
			markdown_text(out, c->node);
			out_text(out, ".\n");
		}
		for (k = 0; c->forward && c->forward[k]; k++) {
			out_text(out, k ? "- " : "\nPrograms built with it may need more:\n\n- ");
			markdown_text(out, c->forward[k]);
			out_char(out, '\n');
		}
	}
}

static void write_programs(struct out *out, const struct report *report)
{
	static const char *const words[] = { "unaffected", "at risk", "breaks" };
	size_t i, k;

	if (!report->has_programs)
		return;
	out_text(out, "\n| program | |\n|---|---|\n");
	for (i = 0; i < report->programs.count; i++) {
		const struct program_use *p = &report->programs.items[i];

		out_text(out, "| ");
		markdown_code(out, p->path);
		out_printf(out, " | %s", words[p->verdict]);
		for (k = 0; p->reasons && p->reasons[k] && k < MOST_OPEN; k++) {
			out_text(out, "<br>");
			markdown_text(out, p->reasons[k]);
		}
		out_text(out, " |\n");
	}
}

static int write_markdown(const struct report *report, struct out *out,
			  const struct render_options *options)
{
	int r;

	write_head(out, report);
	write_inputs(out, report);
	r = write_findings(out, report);
	write_errors(out, report);
	if (!r)
		r = report_each_unchecked(report, write_unchecked, out);
	write_programs(out, report);
	write_advice(out, report);
	return r;
}

const struct renderer renderer_markdown = {
	.name = "markdown",
	.summary = "for a comment on a change",
	.findings_only = true,
	.write = write_markdown,
};

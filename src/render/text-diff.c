/* SPDX-License-Identifier: Apache-2.0 */
/* Text of `diff`: the answer, then each cause once, however many symbols it reaches. */
#include "render/text-diff.h"
#include "render/text-findings.h"
#include "model/comparison.h"
#include "render/text-waivers.h"

#include <string.h>

static bool is_undecided(const struct findings *list)
{
	size_t i;

	for (i = 0; i < list->unchecked.count; i++) {
		if (list->unchecked.items[i].undecided)
			return true;
	}
	return false;
}

static const char *answer(const struct comparison *c)
{
	if (c->is_layout && c->binary != VERDICT_OK)
		return "not the same in memory";
	if (c->is_layout)
		return is_undecided(&c->findings) ? "undecided" : "the same in memory";
	if (!c->old_path)
		return "is new";
	if (!c->new_path)
		return "is gone";
	if (c->binary == VERDICT_BREAK)
		return c->is_static ? "no drop-in: old objects do not link"
				    : "no drop-in: old programs break";
	if (c->binary == VERDICT_RISK)
		return "at risk";
	if (is_undecided(&c->findings))
		return "undecided";
	return c->findings.items.count ? "drop-in" : "no change";
}

static void write_answer(struct out *out, const struct render_options *options,
			 const struct comparison *c)
{
	static const enum text_color colors[] = { COLOR_GOOD, COLOR_DOUBT, COLOR_BAD };

	out_safe(out, c->name);
	out_text(out, ": ");
	text_color(out, options, colors[c->binary]);
	out_text(out, answer(c));
	text_plain(out, options);
	if (c->has_usage)
		out_printf(out, " (for %zu program%s given)", c->program_count,
			   c->program_count == 1 ? "" : "s");
	if (text_waived_count(&c->findings))
		out_printf(out, ", with %zu waived", text_waived_count(&c->findings));
	if (c->source != VERDICT_OK)
		out_printf(out, "; sources: %s",
			   c->source == VERDICT_BREAK ? "some need a change" : "at risk");
	out_text(out, c->has_types ? "\n" : " (symbols only; types not compared)\n");
	if (options->verbosity > 1 && c->old_path && c->new_path) {
		out_text(out, "  from ");
		out_safe(out, c->old_path);
		out_text(out, "\n  to   ");
		out_safe(out, c->new_path);
		out_char(out, '\n');
	}
}

static int write_findings(struct out *out, const struct render_options *options,
			  const struct comparison *c)
{
	AUTO_FREE const struct finding **order =
		malloc((c->findings.items.count + 1) * sizeof(*order));
	size_t count = 0;
	size_t settled = 0;
	size_t i, end;

	if (!order)
		return -ENOMEM;
	for (i = 0; i < c->findings.items.count; i++) {
		if (!c->findings.items.items[i].waived)
			order[count++] = &c->findings.items.items[i];
	}
	qsort(order, count, sizeof(*order), text_finding_order);
	for (i = 0; i < count; i = end) {
		for (end = i + 1; end < count && !finding_weight_compare(order[i], order[end]);
		     end++)
			;
		/* What concerns nobody comes last, and only when asked for. */
		if (order[i]->settled && order[i]->verdict == VERDICT_OK && options->verbosity < 2)
			settled += end - i;
		else
			text_finding_group(out, options,
					   c->is_static && order[i]->verdict == VERDICT_BREAK
						   ? "objects that use it do not link any more"
						   : NULL,
					   order + i, end - i);
	}
	if (settled)
		out_printf(out,
			   "  settled: %zu finding%s concern%s no program given (-v shows %s)\n",
			   settled, settled == 1 ? "" : "s", settled == 1 ? "s" : "",
			   settled == 1 ? "it" : "them");
	return 0;
}

static void write_unchecked(struct out *out, const struct render_options *options,
			    const struct findings *list)
{
	size_t i;

	for (i = 0; i < list->unchecked.count; i++) {
		const struct unchecked *u = &list->unchecked.items[i];

		out_text(out, "  unchecked ");
		out_safe(out, u->what);
		out_char(out, '\n');
		text_label(out, options, "why:");
		out_safe(out, u->why);
		out_char(out, '\n');
		text_label(out, options, "settle:");
		out_safe(out, u->settle);
		out_char(out, '\n');
	}
}

/* Which headers were taken, where it was not told which to take. */
static void write_headers(struct out *out, const char *side, const char *from)
{
	if (!from)
		return;
	out_printf(out, "  headers of %s: ", side);
	out_safe(out, from);
	out_char(out, '\n');
}

static void write_advice(struct out *out, const struct comparison *c)
{
	size_t i;

	if (!c->old_path || !c->new_path || !c->findings.items.count || c->is_layout)
		return;
	out_printf(out, "  %zu → %zu exported symbols: %zu added, %zu removed\n", c->old_count,
		   c->new_count, c->added, c->removed);
	out_printf(out, "  release: %s, for %s; libtool %s\n", bump_text(c->bump), c->bump_reason,
		   c->libtool);
	if (c->node)
		out_printf(out, "  nodes:   %s\n", c->node);
	for (i = 0; c->forward && c->forward[i]; i++) {
		out_text(out, i ? "           " : "  forward: ");
		out_safe(out, c->forward[i]);
		out_char(out, '\n');
	}
}

static bool concerns(const struct program_use *p, const struct render_options *options)
{
	return p->verdict != VERDICT_OK || options->verbosity > 1;
}

/* The programs that were given: those that are affected, and how many are not. */
static void write_programs(const struct report *report, struct out *out,
			   const struct render_options *options)
{
	static const enum text_color colors[] = { COLOR_GOOD, COLOR_DOUBT, COLOR_BAD };
	static const char *const words[] = { "unaffected", "at risk", "breaks" };
	size_t counts[3] = { 0 };
	size_t without = 0;
	size_t broken = 0;
	size_t i, k;

	for (i = 0; i < report->programs.count; i++) {
		const struct program_use *p = &report->programs.items[i];

		counts[p->verdict]++;
		without += !p->library_count;
		broken += p->broken_before;
		if (!concerns(p, options))
			continue;
		out_safe(out, p->path);
		out_text(out, ": ");
		text_color(out, options, colors[p->verdict]);
		out_text(out, words[p->verdict]);
		text_plain(out, options);
		out_text(out, p->broken_before ? " (it does not run with OLD either)\n" : "\n");
		for (k = 0; p->reasons && p->reasons[k]; k++) {
			out_text(out, "  ");
			out_safe(out, p->reasons[k]);
			out_char(out, '\n');
		}
	}
	out_printf(out, "%zu program%s given: %zu unaffected, %zu at risk, %zu broken",
		   report->programs.count, report->programs.count == 1 ? "" : "s",
		   counts[VERDICT_OK], counts[VERDICT_RISK], counts[VERDICT_BREAK]);
	if (without)
		out_printf(out, "; %zu load%s nothing that is compared", without,
			   without == 1 ? "s" : "");
	if (broken)
		out_printf(out, "; %zu did not run with OLD", broken);
	out_text(out, " (uses by dlsym() do not show)\n");
}

int text_diff(const struct report *report, struct out *out, const struct render_options *options)
{
	size_t counts[3] = { 0 };
	size_t i;

	text_errors(report, out, options);
	if (report->steps)
		return text_history(report, out, options);
	for (i = 0; i < report->inputs.count; i++) {
		const struct comparison *c = report->inputs.items[i].comparison;
		int r;

		if (!c)
			continue;
		counts[c->binary]++;
		if (report->inputs.count > 1 && !c->findings.items.count &&
		    !c->findings.unchecked.count && options->verbosity < 2)
			continue;
		if (options->verbosity == 0 && c->binary == VERDICT_OK)
			continue;
		write_answer(out, options, c);
		if (options->verbosity == 0)
			continue;
		r = write_findings(out, options, c);
		if (r)
			return r;
		write_unchecked(out, options, &c->findings);
		write_advice(out, c);
		write_headers(out, "OLD", c->old_headers);
		write_headers(out, "NEW", c->new_headers);
		text_waived(out, options, &c->findings);
	}
	text_waiver_notes(report, out, options);
	/* A header is an input, too, if it cannot be read. */
	if (report->inputs.count > 1 && options->verbosity &&
	    (report->has_folders || counts[0] + counts[1] + counts[2] > 1))
		out_printf(out,
			   report->inputs.items[0].comparison &&
					   report->inputs.items[0].comparison->is_layout
				   ? "%zu libraries: %zu the same, %zu at risk, %zu broken\n"
				   : "%zu libraries: %zu drop-in, %zu at risk, %zu broken\n",
			   report->inputs.count, counts[0], counts[1], counts[2]);
	if (options->verbosity)
		write_unchecked(out, options, &report->findings);
	if (report->has_programs && report->programs.count && options->verbosity)
		write_programs(report, out, options);
	return 0;
}

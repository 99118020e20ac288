/* SPDX-License-Identifier: Apache-2.0 */
/* Text of `check`: each file's answer, and for those that do not fit the causes. */
#include "render/text-waivers.h"

#include <string.h>

struct counts {
	size_t fit, broken, risk, undecided, unread, waived;
};

static void label(struct out *out, const struct render_options *options, const char *text)
{
	text_color(out, options, COLOR_DIM);
	out_printf(out, "      %-8s", text);
	text_plain(out, options);
}

static void write_why(struct out *out, const struct render_options *options,
		      const struct finding *finding)
{
	size_t i;

	for (i = 0; finding->why && finding->why[i]; i++) {
		label(out, options, i ? "" : "why:");
		out_safe(out, finding->why[i]);
		out_char(out, '\n');
	}
}

static void write_finding(struct out *out, const struct render_options *options,
			  const struct finding *finding)
{
	static const enum text_color colors[] = { COLOR_DIM, COLOR_DOUBT, COLOR_BAD };

	out_text(out, "  ");
	text_color(out, options, colors[finding->verdict]);
	out_printf(out, "%-6s",
		   finding->verdict == VERDICT_OK ? "note" : verdict_text(finding->verdict));
	text_plain(out, options);
	out_safe(out, finding->message);
	text_color(out, options, COLOR_DIM);
	out_printf(out, "  [%s]", finding->rule->id);
	text_plain(out, options);
	out_char(out, '\n');
	write_why(out, options, finding);
	if (finding->loader_says && finding->verdict != VERDICT_OK) {
		label(out, options, "ld.so:");
		out_safe(out, finding->loader_says);
		out_char(out, '\n');
	}
	if (finding->verdict != VERDICT_OK || options->verbosity > 1) {
		label(out, options, "fix:");
		out_safe(out, finding->fix ? finding->fix : finding->rule->fix);
		out_char(out, '\n');
	}
}

static const char *answer(const struct forecast *f)
{
	if (f->verdict == VERDICT_BREAK) {
		bool program = image_is_program(f->image);

		if (!f->exit_code && !f->is_plugin && !(f->host && f->refused))
			return program ? "starts, but breaks later" : "loads, but breaks later";
		return program ? "does not run here" : "does not load here";
	}
	if (f->verdict == VERDICT_RISK)
		return "at risk";
	return f->undecided ? "undecided" : "fits";
}

static size_t library_count(const struct closure *closure)
{
	return closure->scope.count ? closure->scope.count - 1 : 0;
}

static void write_answer(struct out *out, const struct render_options *options,
			 const struct forecast *f)
{
	static const enum text_color colors[] = { COLOR_GOOD, COLOR_DOUBT, COLOR_BAD };
	enum text_color color = colors[f->verdict];

	if (f->verdict == VERDICT_OK && f->undecided)
		color = COLOR_DOUBT;
	out_safe(out, f->input);
	out_text(out, ": ");
	text_color(out, options, color);
	out_text(out, answer(f));
	text_plain(out, options);
	if (f->host) {
		out_text(out, " in ");
		out_safe(out, f->host_path);
	}
	if (f->verdict == VERDICT_OK)
		out_printf(out, " (%zu librar%s, %zu binding%s)", library_count(&f->closure),
			   library_count(&f->closure) == 1 ? "y" : "ies", f->binding_count,
			   f->binding_count == 1 ? "" : "s");
	out_char(out, '\n');
}

static bool is_shown(const struct report *report, const struct render_options *options,
		     const struct finding *finding)
{
	/* What is asked for with --dlopen is told even where it does no harm. */
	return finding->verdict != VERDICT_OK || report->lint || options->verbosity > 1 ||
	       (report->inputs.count == 1 && !strcmp(finding->rule->id, "load/dlopen-missing"));
}

static int by_weight(const void *a, const void *b)
{
	const struct finding *x = *(const struct finding *const *)a;
	const struct finding *y = *(const struct finding *const *)b;

	if (x->verdict != y->verdict)
		return x->verdict > y->verdict ? -1 : 1;
	if (x->severity != y->severity)
		return x->severity > y->severity ? -1 : 1;
	return x < y ? -1 : x > y;
}

static int write_findings(const struct report *report, struct out *out,
			  const struct render_options *options, const struct forecast *f)
{
	AUTO_FREE const struct finding **order =
		malloc((f->findings.items.count + 1) * sizeof(*order));
	size_t count = 0;
	size_t i;

	if (!order)
		return -ENOMEM;
	for (i = 0; i < f->findings.items.count; i++) {
		if (!f->findings.items.items[i].waived)
			order[count++] = &f->findings.items.items[i];
	}
	qsort(order, count, sizeof(*order), by_weight);
	for (i = 0; i < count; i++) {
		if (is_shown(report, options, order[i]))
			write_finding(out, options, order[i]);
	}
	return 0;
}

static void write_unchecked(struct out *out, const struct render_options *options,
			    const struct forecast *f, bool all)
{
	size_t i;

	for (i = 0; i < f->findings.unchecked.count; i++) {
		const struct unchecked *u = &f->findings.unchecked.items[i];

		if (!all && !u->undecided)
			continue;
		out_text(out, "  ");
		text_color(out, options, COLOR_DIM);
		out_text(out, "unchecked");
		text_plain(out, options);
		out_char(out, ' ');
		out_safe(out, u->what);
		out_char(out, '\n');
		label(out, options, "why:");
		out_safe(out, u->why);
		out_char(out, '\n');
		label(out, options, "settle:");
		out_safe(out, u->settle);
		out_char(out, '\n');
	}
}

static void write_bindings(struct out *out, const struct forecast *f)
{
	uint32_t i;
	size_t k;

	for (i = 0; f->bindings && i < f->closure.objects.count; i++) {
		const struct object *o = &f->closure.objects.items[i];

		for (k = 0; k < f->bindings[i].count; k++) {
			const struct binding_record *b = &f->bindings[i].items[k];
			struct symbol s;

			if (!image_symbol(o->image, b->symbol, &s))
				continue;
			out_text(out, "  ");
			out_safe(out, o->path);
			out_text(out, ": ");
			out_safe(out, s.name);
			out_text(out, " -> ");
			out_safe(out,
				 b->provider == NO_OBJECT
					 ? b->kind == BINDING_WEAK ? "nothing (weak)" : "nothing"
					 : f->closure.objects.items[b->provider].path);
			out_char(out, '\n');
		}
	}
}

static void count_one(struct counts *counts, const struct report_input *input)
{
	const struct forecast *f = input->forecast;

	if (f)
		counts->waived += text_waived_count(&f->findings);
	if (input->error || !f)
		counts->unread++;
	else if (f->verdict == VERDICT_BREAK)
		counts->broken++;
	else if (f->verdict == VERDICT_RISK)
		counts->risk++;
	else if (f->undecided)
		counts->undecided++;
	else
		counts->fit++;
}

static void write_count(struct out *out, size_t count, const char *text)
{
	if (count)
		out_printf(out, ", %zu %s", count, text);
}

static void write_summary(const struct report *report, struct out *out)
{
	struct counts counts = { 0 };
	size_t i;

	for (i = 0; i < report->inputs.count; i++)
		count_one(&counts, &report->inputs.items[i]);
	out_printf(out, "%zu files: %zu fit", report->inputs.count, counts.fit);
	write_count(out, counts.broken, "broken");
	write_count(out, counts.risk, "at risk");
	write_count(out, counts.undecided, "undecided");
	write_count(out, counts.unread, "unreadable");
	if (counts.waived)
		out_printf(out, "; %zu finding%s waived", counts.waived,
			   counts.waived == 1 ? "" : "s");
	out_char(out, '\n');
}

int text_check(const struct report *report, struct out *out, const struct render_options *options)
{
	bool single = report->inputs.count == 1;
	size_t i;

	text_errors(report, out, options);
	for (i = 0; i < report->inputs.count; i++) {
		const struct forecast *f = report->inputs.items[i].forecast;
		int r;

		if (!f || (options->verbosity == 0 && f->verdict == VERDICT_OK))
			continue;
		if (single || options->verbosity > 1 || f->verdict != VERDICT_OK || f->undecided ||
		    f->bindings || (report->lint && f->findings.items.count))
			write_answer(out, options, f);
		if (options->verbosity == 0)
			continue;
		if (options->verbosity > 1)
			text_assumed(out, f);
		r = write_findings(report, out, options, f);
		if (r)
			return r;
		if (single || options->verbosity > 1 || f->undecided)
			write_unchecked(out, options, f, single || options->verbosity > 1);
		write_bindings(out, f);
		if (single || options->verbosity > 1 || f->verdict != VERDICT_OK || f->undecided)
			text_waived(out, options, &f->findings);
	}
	text_waiver_notes(report, out, options);
	if (!single && options->verbosity)
		write_summary(report, out);
	return 0;
}

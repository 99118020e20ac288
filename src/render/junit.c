/* SPDX-License-Identifier: Apache-2.0 */
/* JUnit XML, for CI: a suite a run, a test case an input. */
#include "base/utf8.h"
#include "render/render.h"
#include "model/comparison.h"
#include "model/waiver.h"

/* Text of any bytes as XML 1.0: what XML has no place for becomes U+FFFD. */
static void out_xml(struct out *out, const char *text)
{
	const unsigned char *at = (const unsigned char *)text;

	while (*at) {
		size_t length = utf8_length((const char *)at);
		bool fits = length && (*at >= 0x20 || *at == '\n' || *at == '\t') && *at != 0x7f;

		/* U+FFFE and U+FFFF are valid UTF-8, but no characters. */
		if (length == 3 && at[0] == 0xef && at[1] == 0xbf && at[2] >= 0xbe)
			fits = false;
		if (!fits)
			out_text(out, UTF8_REPLACEMENT);
		else if (*at == '<')
			out_text(out, "&lt;");
		else if (*at == '>')
			out_text(out, "&gt;");
		else if (*at == '&')
			out_text(out, "&amp;");
		else if (*at == '"')
			out_text(out, "&quot;");
		else if (*at == '\n' || *at == '\t')
			out_printf(out, "&#%u;", *at);
		else
			out_bytes(out, (const char *)at, length);
		at += length ? length : 1;
	}
}

/* What a case comes to; only the first three fail the run or leave it open. */
enum outcome { OUTCOME_ERROR, OUTCOME_FAILURE, OUTCOME_SKIPPED, OUTCOME_PASSED };

static bool is_undecided(const struct findings *list)
{
	size_t i;

	for (i = 0; list && i < list->unchecked.count; i++) {
		if (list->unchecked.items[i].undecided)
			return true;
	}
	return false;
}

static enum outcome outcome_of(const struct report_input *input)
{
	if (input->error)
		return OUTCOME_ERROR;
	if (input->verdict == VERDICT_BREAK)
		return OUTCOME_FAILURE;
	return is_undecided(report_input_findings(input)) ? OUTCOME_SKIPPED : OUTCOME_PASSED;
}

static void write_finding(struct out *out, const struct finding *finding)
{
	size_t i;

	out_printf(out, "%s: ", verdict_text(finding->verdict));
	out_xml(out, finding->message);
	out_printf(out, " [%s]\n", finding->rule->id);
	for (i = 0; finding->why && finding->why[i]; i++) {
		out_text(out, "  why: ");
		out_xml(out, finding->why[i]);
		out_char(out, '\n');
	}
	if (finding->waived) {
		out_text(out, "  waived: ");
		out_xml(out, finding->waived->reason);
		out_char(out, '\n');
	}
	if (finding->verdict == VERDICT_OK)
		return;
	out_text(out, "  fix: ");
	out_xml(out, finding->fix ? finding->fix : finding->rule->fix);
	out_char(out, '\n');
}

static void write_findings(struct out *out, const struct findings *list, enum verdict from,
			   enum verdict to)
{
	size_t i;

	for (i = 0; list && i < list->items.count; i++) {
		const struct finding *finding = &list->items.items[i];

		if (finding->verdict >= from && finding->verdict <= to)
			write_finding(out, finding);
	}
}

static size_t count_breaks(const struct findings *list, const struct finding **ret_first)
{
	size_t count = 0;
	size_t i;

	for (i = 0; list && i < list->items.count; i++) {
		if (list->items.items[i].verdict == VERDICT_BREAK && !count++)
			*ret_first = &list->items.items[i];
	}
	return count;
}

static void write_failure(struct out *out, const struct findings *list)
{
	const struct finding *first = NULL;
	size_t count = count_breaks(list, &first);

	out_text(out, "      <failure type=\"");
	out_text(out, first ? first->rule->id : "break");
	out_text(out, "\" message=\"");
	out_xml(out, first ? first->message : "a program given breaks");
	if (count > 1)
		out_printf(out, ", and %zu more", count - 1);
	out_text(out, "\">");
	write_findings(out, list, VERDICT_BREAK, VERDICT_BREAK);
	out_text(out, "</failure>\n");
}

static void write_skipped(struct out *out, const struct findings *list)
{
	size_t i;

	for (i = 0; i < list->unchecked.count; i++) {
		const struct unchecked *u = &list->unchecked.items[i];

		if (!u->undecided)
			continue;
		out_text(out, "      <skipped message=\"unchecked: ");
		out_xml(out, u->what);
		out_text(out, "; ");
		out_xml(out, u->why);
		out_text(out, "; to settle it: ");
		out_xml(out, u->settle);
		out_text(out, "\"/>\n");
		return;
	}
}

static void write_case(struct out *out, const struct report *report,
		       const struct report_input *input)
{
	const struct findings *list = report_input_findings(input);
	bool is_history = report->steps && input->comparison;

	out_printf(out, "    <testcase classname=\"abifit.%s\" name=\"", report->command);
	out_xml(out, input->comparison ? input->comparison->name : input->path);
	if (is_history)
		out_printf(out, " %zu to %zu", input->comparison->step + 1,
			   input->comparison->step + 2);
	out_text(out, "\">\n");
	switch (outcome_of(input)) {
	case OUTCOME_ERROR:
		out_text(out, "      <error message=\"");
		out_xml(out, input->error);
		out_text(out, "\"/>\n");
		break;
	case OUTCOME_FAILURE:
		write_failure(out, list);
		break;
	case OUTCOME_SKIPPED:
		write_skipped(out, list);
		break;
	case OUTCOME_PASSED:
		break;
	}
	if (list && list->items.count) {
		out_text(out, "      <system-out>");
		write_findings(out, list, VERDICT_OK, VERDICT_RISK);
		out_text(out, "</system-out>\n");
	}
	out_text(out, "    </testcase>\n");
}

/* A program that a comparison was measured by. */
static void write_program(struct out *out, const struct program_use *p)
{
	size_t i;

	out_text(out, "    <testcase classname=\"abifit.diff.program\" name=\"");
	out_xml(out, p->path);
	out_text(out, "\">");
	if (p->reasons) {
		out_text(out, p->verdict == VERDICT_BREAK ? "<failure type=\"program\" message=\""
							  : "<system-out>");
		if (p->verdict == VERDICT_BREAK) {
			out_xml(out, p->reasons[0]);
			out_text(out, "\">");
		}
		for (i = 0; p->reasons[i]; i++) {
			out_xml(out, p->reasons[i]);
			out_char(out, '\n');
		}
		out_text(out, p->verdict == VERDICT_BREAK ? "</failure>" : "</system-out>");
	}
	out_text(out, "</testcase>\n");
}

static int write_junit(const struct report *report, struct out *out,
		       const struct render_options *options)
{
	size_t counts[4] = { 0 };
	size_t i;

	for (i = 0; i < report->inputs.count; i++)
		counts[outcome_of(&report->inputs.items[i])]++;
	for (i = 0; i < report->programs.count; i++)
		counts[OUTCOME_FAILURE] += report->programs.items[i].verdict == VERDICT_BREAK;
	out_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
	out_printf(
		out,
		"  <testsuite name=\"abifit %s\" tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\">\n",
		report->command, report->inputs.count + report->programs.count,
		counts[OUTCOME_FAILURE], counts[OUTCOME_ERROR], counts[OUTCOME_SKIPPED]);
	for (i = 0; i < report->inputs.count; i++)
		write_case(out, report, &report->inputs.items[i]);
	for (i = 0; i < report->programs.count; i++)
		write_program(out, &report->programs.items[i]);
	out_text(out, "  </testsuite>\n</testsuites>\n");
	return 0;
}

const struct renderer renderer_junit = {
	.name = "junit",
	.summary = "for CI: JUnit XML, a test case an input",
	.findings_only = true,
	.write = write_junit,
};

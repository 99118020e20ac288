/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in render/text-waivers.h. */
#include "render/text-waivers.h"
#include "model/waiver.h"

#include <string.h>

#define MOST_SUBJECTS 8

size_t text_waived_count(const struct findings *list)
{
	size_t count = 0;
	size_t i;

	for (i = 0; i < list->items.count; i++)
		count += list->items.items[i].waived != NULL;
	return count;
}

static void write_full(struct out *out, const struct finding *finding)
{
	const struct waiver *waiver = finding->waived;

	out_safe(out, finding->message);
	out_printf(out, "  [%s]: ", finding->rule->id);
	out_safe(out, waiver->reason);
	out_text(out, " (");
	out_safe(out, waiver->file);
	out_printf(out, ":%u%s%s)", waiver->line, waiver->expires ? ", until " : "",
		   waiver->expires ? waiver->expires : "");
}

static void write_subjects(struct out *out, const struct findings *list, size_t count)
{
	size_t shown = 0;
	size_t i;

	for (i = 0; i < list->items.count && shown < MOST_SUBJECTS; i++) {
		const struct finding *finding = &list->items.items[i];

		if (!finding->waived)
			continue;
		out_text(out, shown++ ? ", " : "");
		out_safe(out, finding->subject ? finding->subject : finding->rule->id);
	}
	if (count > shown)
		out_printf(out, " and %zu more", count - shown);
	out_text(out, " (-v gives the reasons)");
}

void text_waived(struct out *out, const struct render_options *options, const struct findings *list)
{
	size_t count = text_waived_count(list);
	bool full = count == 1 || options->verbosity > 1;
	size_t i;

	if (!count)
		return;
	text_color(out, options, COLOR_DIM);
	out_printf(out, "  waived %zu:", count);
	if (!full) {
		out_char(out, ' ');
		write_subjects(out, list, count);
	}
	for (i = 0; full && i < list->items.count; i++) {
		if (!list->items.items[i].waived)
			continue;
		out_text(out, count == 1 ? " " : "\n      ");
		write_full(out, &list->items.items[i]);
	}
	text_plain(out, options);
	out_char(out, '\n');
}

void text_waiver_notes(const struct report *report, struct out *out,
		       const struct render_options *options)
{
	size_t i;

	for (i = 0; i < report->findings.items.count; i++) {
		const struct finding *finding = &report->findings.items.items[i];
		bool fails = finding->verdict != VERDICT_OK;

		if (strncmp(finding->rule->id, "waiver/", 7) || (!options->verbosity && !fails))
			continue;
		out_safe(out, finding->file);
		out_printf(out, ":%u: ", finding->line);
		text_color(out, options, fails ? COLOR_BAD : COLOR_DIM);
		out_text(out, finding->rule->id + 7);
		text_plain(out, options);
		out_text(out, " waiver: ");
		out_safe(out, finding->message);
		text_color(out, options, COLOR_DIM);
		out_printf(out, "  [%s]", finding->rule->id);
		text_plain(out, options);
		out_char(out, '\n');
	}
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Text of `diff` over several releases: for each library a table, one column a step. */
#include "model/comparison.h"
#include "render/text-columns.h"
#include "render/text-diff.h"

#include <string.h>

#define NAME_WIDTH 36u
#define CELL_WIDTH 12u
#define MOST_DETAILS 8

/* The comparisons of one library, by step; NULL where it was on neither side. */
struct history {
	const struct report *report;
	const struct comparison **steps;
};

static void cell(struct out *out, const char *text)
{
	out_text(out, " ");
	text_cell(out, text, CELL_WIDTH);
}

static void cell_number(struct out *out, size_t number)
{
	char text[24];

	__builtin_snprintf(text, sizeof(text), "%zu", number);
	cell(out, number ? text : ".");
}

static const char *answer(const struct comparison *c)
{
	static const char *const words[] = { "drop-in", "at risk", "breaks" };

	if (!c)
		return ".";
	if (!c->old_path)
		return "new";
	if (!c->new_path)
		return "gone";
	return c->findings.items.count ? words[c->binary] : "no change";
}

static void write_head(struct out *out, const struct history *h)
{
	size_t i;

	text_cell(out, "  step", NAME_WIDTH);
	for (i = 0; i < h->report->steps; i++) {
		char text[32];

		__builtin_snprintf(text, sizeof(text), "%zu to %zu", i + 1, i + 2);
		cell(out, text);
	}
	out_text(out, "\n");
	text_cell(out, "  answer", NAME_WIDTH);
	for (i = 0; i < h->report->steps; i++)
		cell(out, answer(h->steps[i]));
	out_char(out, '\n');
}

static void write_numbers(struct out *out, const struct history *h, const char *name, size_t offset)
{
	size_t i;

	text_cell(out, name, NAME_WIDTH);
	for (i = 0; i < h->report->steps; i++) {
		const char *c = (const char *)h->steps[i];

		cell_number(out, c ? *(const size_t *)(c + offset) : 0);
	}
	out_char(out, '\n');
}

static size_t count_rule(const struct comparison *c, const struct rule *rule)
{
	size_t count = 0;
	size_t i;

	for (i = 0; c && i < c->findings.items.count; i++)
		count += c->findings.items.items[i].rule == rule;
	return count;
}

/* One row for each rule that found something in any step, in the order of the catalogue. */
static void write_rules(struct out *out, const struct history *h)
{
	const struct rule *rule;
	size_t index, i;

	for (index = 0; (rule = rule_at(index)) != NULL; index++) {
		char name[80];
		size_t total = 0;

		for (i = 0; i < h->report->steps; i++)
			total += count_rule(h->steps[i], rule);
		if (!total)
			continue;
		__builtin_snprintf(name, sizeof(name), "  %s", rule->id);
		text_cell(out, name, NAME_WIDTH);
		for (i = 0; i < h->report->steps; i++)
			cell_number(out, count_rule(h->steps[i], rule));
		out_char(out, '\n');
	}
}

/* What breaks old programs, or may, by step. */
static void write_details(struct out *out, const struct render_options *options,
			  const struct history *h)
{
	size_t i, k;

	for (i = 0; i < h->report->steps; i++) {
		const struct comparison *c = h->steps[i];
		size_t shown = 0;
		size_t left = 0;

		for (k = 0; c && k < c->findings.items.count; k++) {
			const struct finding *finding = &c->findings.items.items[k];

			if (finding->verdict == VERDICT_OK)
				continue;
			if (options->verbosity < 2 && shown == MOST_DETAILS) {
				left++;
				continue;
			}
			shown++;
			out_printf(out, "  %zu to %zu: %s: ", i + 1, i + 2,
				   verdict_text(finding->verdict));
			out_safe(out, finding->message);
			out_char(out, '\n');
		}
		if (left)
			out_printf(out, "  %zu to %zu: and %zu more (-v shows all)\n", i + 1, i + 2,
				   left);
	}
}

static void write_library(struct out *out, const struct render_options *options,
			  const struct history *h, const char *name)
{
	out_safe(out, name);
	out_char(out, '\n');
	write_head(out, h);
	write_numbers(out, h, "  symbols after the step", offsetof(struct comparison, new_count));
	write_numbers(out, h, "  added", offsetof(struct comparison, added));
	write_numbers(out, h, "  removed", offsetof(struct comparison, removed));
	write_rules(out, h);
	if (options->verbosity)
		write_details(out, options, h);
}

static bool is_first(const struct report *report, size_t number)
{
	size_t i;

	for (i = 0; i < number; i++) {
		const struct comparison *c = report->inputs.items[i].comparison;

		if (c && !strcmp(c->name, report->inputs.items[number].comparison->name))
			return false;
	}
	return true;
}

/* The comparisons of the library of input `number`; true when a step changed anything. */
static bool gather(const struct report *report, size_t number, struct history *h)
{
	const char *name = report->inputs.items[number].comparison->name;
	bool changed = false;
	size_t i;

	memset(h->steps, 0, report->steps * sizeof(struct comparison *));
	for (i = number; i < report->inputs.count; i++) {
		const struct comparison *c = report->inputs.items[i].comparison;

		if (!c || (strcmp(c->name, name) && report->has_folders) ||
		    c->step >= report->steps)
			continue;
		h->steps[c->step] = c;
		changed |= c->findings.items.count > 0;
	}
	return changed;
}

int text_history(const struct report *report, struct out *out, const struct render_options *options)
{
	AUTO_FREE const struct comparison **steps =
		calloc(report->steps, sizeof(struct comparison *));
	struct history h = { report, steps };
	size_t same = 0;
	size_t i;

	if (!steps)
		return -ENOMEM;
	for (i = 0; i <= report->steps; i++) {
		out_printf(out, "%zu: ", i + 1);
		out_safe(out, report->releases[i]);
		out_char(out, '\n');
	}
	for (i = 0; i < report->inputs.count; i++) {
		if (!report->inputs.items[i].comparison ||
		    (report->has_folders && !is_first(report, i)))
			continue;
		if (!gather(report, i, &h) && report->has_folders && options->verbosity < 2) {
			same++;
			continue;
		}
		write_library(out, options, &h, report->inputs.items[i].comparison->name);
		/* The soname of a single library may change with a step. */
		if (!report->has_folders)
			break;
	}
	if (same)
		out_printf(out, "%zu more libraries did not change\n", same);
	return 0;
}

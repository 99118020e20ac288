/* SPDX-License-Identifier: Apache-2.0 */
/* Text of `deps`: lines that package managers read, so that nothing else may stand between them. */
#include "render/text-deps.h"
#include "model/deps.h"
#include "render/deb-symbols.h"

#include <string.h>

static void write_lines(struct out *out, const char *label, const struct deps_lines *lines)
{
	size_t i;

	for (i = 0; i < lines->count; i++) {
		out_text(out, label);
		out_text(out, lines->items[i]);
		out_char(out, '\n');
	}
}

static void write_rpm(const struct deps *deps, struct out *out)
{
	bool many = deps->lists & (deps->lists - 1);
	size_t i;

	for (i = 0; i < deps->files.count; i++) {
		const struct deps_file *file = &deps->files.items[i];

		if (deps->multifile && (file->provides.count || file->requires.count ||
					file->recommends.count || file->suggests.count))
			out_printf(out, ";%s\n", file->path);
		write_lines(out, many ? "Provides: " : "", &file->provides);
		write_lines(out, many ? "Requires: " : "", &file->requires);
		write_lines(out, many ? "Recommends: " : "", &file->recommends);
		write_lines(out, many ? "Suggests: " : "", &file->suggests);
	}
}

/* "Depends: a, b", or "shlibs:Depends=a, b". */
static void write_fields(const struct deps *deps, struct out *out)
{
	size_t i, k;

	for (i = 0; i < deps->fields.count; i++) {
		const struct deps_field *field = &deps->fields.items[i];

		if (!field->items.count)
			continue;
		out_printf(out, deps->substvars ? "shlibs:%s=" : "%s: ", field->name);
		for (k = 0; k < field->items.count; k++) {
			out_text(out, k ? ", " : "");
			out_text(out, field->items.items[k]);
		}
		out_char(out, '\n');
	}
}

int deps_symbols_write(const struct deps *deps, struct out *out)
{
	struct symbols_style style = {
		.package = deps->package,
		.template = deps->template,
		.verbose = deps->verbose,
	};

	return deps->symbols ? symbols_write(out, deps->symbols, &style) : 0;
}

/* One paragraph a distribution. */
static void write_names(const struct deps *deps, struct out *out)
{
	size_t i, k;

	for (i = 0; i < deps->names.count; i++) {
		const struct deps_names *names = &deps->names.items[i];

		out_safe(out, names->from);
		out_text(out, ":");
		for (k = 0; k < names->items.count; k++) {
			out_text(out, k ? ", " : " ");
			out_text(out, names->items.items[k]);
		}
		out_char(out, '\n');
	}
}

static void write_label(struct out *out, const struct render_options *options, const char *text)
{
	text_color(out, options, COLOR_DIM);
	out_printf(out, "      %-8s", text);
	text_plain(out, options);
}

static void write_finding(struct out *out, const struct render_options *options,
			  const struct finding *finding)
{
	bool note = finding->verdict == VERDICT_OK;
	size_t i;

	out_text(out, "  ");
	text_color(out, options, note ? COLOR_DIM : COLOR_BAD);
	out_printf(out, "%-6s", note ? "note" : verdict_text(finding->verdict));
	text_plain(out, options);
	out_safe(out, finding->message ? finding->message : finding->rule->summary);
	text_color(out, options, COLOR_DIM);
	out_printf(out, "  [%s]\n", finding->rule->id);
	text_plain(out, options);
	for (i = 0; finding->why && finding->why[i]; i++) {
		write_label(out, options, i ? "" : "why:");
		out_safe(out, finding->why[i]);
		out_char(out, '\n');
	}
	if (note && options->verbosity < 2)
		return;
	write_label(out, options, "effect:");
	out_text(out, finding->rule->effect);
	out_char(out, '\n');
	write_label(out, options, "fix:");
	out_safe(out, finding->fix ? finding->fix : finding->rule->fix);
	out_char(out, '\n');
}

struct unchecked_writer {
	struct out *out;
	const char *start; /* of a line */
};

static int write_unchecked(void *data, const struct unchecked *unchecked)
{
	const struct unchecked_writer *writer = data;
	struct out *out = writer->out;

	out_text(out, writer->start);
	out_safe(out, unchecked->what);
	out_text(out, ": ");
	out_safe(out, unchecked->why);
	out_text(out, "; this would settle it: ");
	out_safe(out, unchecked->settle);
	out_char(out, '\n');
	return 0;
}

/* The answer, then what breaks, then notes. */
static int write_check(const struct report *report, struct out *out,
		       const struct render_options *options)
{
	const struct findings *list = &report->findings;
	enum verdict verdict;
	size_t i;

	text_errors(report, out, options);
	out_safe(out, report->deps->package);
	out_text(out, ": ");
	text_color(out, options, report->verdict == VERDICT_BREAK ? COLOR_BAD : COLOR_GOOD);
	out_text(out, report->verdict == VERDICT_BREAK
			      ? "does not fit what its files need, or the system\n"
		      : report->verdict == VERDICT_RISK || report->undecided
			      ? "cannot be judged in full\n"
			      : "declares what its files need, and would start there\n");
	text_plain(out, options);
	for (verdict = VERDICT_BREAK + 1; verdict-- > VERDICT_OK;) {
		for (i = 0; i < list->items.count; i++) {
			const struct finding *finding = &list->items.items[i];

			if (finding->verdict == verdict && strncmp(finding->rule->id, "input/", 6))
				write_finding(out, options, finding);
		}
	}
	return report_each_unchecked(report, write_unchecked,
				     &(struct unchecked_writer){ out, "  unchecked: " });
}

int text_deps(const struct report *report, struct out *out, const struct render_options *options)
{
	const struct deps *deps = report->deps;

	if (!deps)
		return 0;
	if (deps->kind == DEPS_SYMBOLS)
		return deps_symbols_write(deps, out);
	if (deps->kind == DEPS_CHECK)
		return write_check(report, out, options);
	if (deps->kind == DEPS_NAMES)
		write_names(deps, out);
	else if (deps->kind == DEPS_RPM)
		write_rpm(deps, out);
	else
		write_fields(deps, out);
	/* A comment in the files that package tools read. */
	if (options->verbosity > 1)
		return report_each_unchecked(report, write_unchecked,
					     &(struct unchecked_writer){ out, "# unchecked: " });
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Text for people: dispatch, colours, unreadable inputs. */
#include "render/render.h"
#include "render/text-backport.h"
#include "render/text-deps.h"
#include "render/text-diff.h"
#include "render/text-leaks.h"
#include "render/text-fix.h"
#include "render/text-map.h"
#include "render/text-versions.h"
#include "render/text-show.h"
#include "render/text-why.h"

#include <string.h>

void text_color(struct out *out, const struct render_options *options, enum text_color color)
{
	static const char *const codes[] = { "\033[1;31m", "\033[1;33m", "\033[32m", "\033[2m",
					     "\033[1m" };

	if (options->color)
		out_text(out, codes[color]);
}

void text_plain(struct out *out, const struct render_options *options)
{
	if (options->color)
		out_text(out, "\033[0m");
}

void text_errors(const struct report *report, struct out *out, const struct render_options *options)
{
	size_t i;

	for (i = 0; i < report->inputs.count; i++) {
		const struct report_input *input = &report->inputs.items[i];

		if (!input->error)
			continue;
		out_safe(out, input->path);
		out_text(out, ": ");
		text_color(out, options, COLOR_BAD);
		out_text(out, "cannot be judged");
		text_plain(out, options);
		out_text(out, ": ");
		out_safe(out, input->error);
		out_char(out, '\n');
	}
}

#define LINE_WIDTH 100

void text_assumed(struct out *out, const struct forecast *forecast)
{
	static const char indent[] = "           ";
	const char *rest = forecast->assumed;
	size_t column = strlen(indent);

	out_text(out, "  assumed: ");
	while (rest && *rest) {
		const char *comma = strstr(rest, ", ");
		size_t length = comma ? (size_t)(comma - rest) + 2 : strlen(rest);
		size_t i;

		if (column > strlen(indent) && column + length > LINE_WIDTH) {
			out_printf(out, "\n%s", indent);
			column = strlen(indent);
		} else if (column > strlen(indent)) {
			out_char(out, ' ');
		}
		for (i = 0; i < length - (comma ? 1 : 0); i++)
			out_safe(out, (const char[]){ rest[i], '\0' });
		column += length;
		rest += length;
	}
	out_char(out, '\n');
}

static int write_text(const struct report *report, struct out *out,
		      const struct render_options *options)
{
	static const struct {
		const char *command;
		int (*write)(const struct report *, struct out *, const struct render_options *);
	} writers[] = {
		{ "check", text_check },       { "tree", text_tree },
		{ "show", text_show },	       { "why", text_why },
		{ "rules", text_rules },       { "explain", text_rules },
		{ "features", text_features }, { "diff", text_diff },
		{ "dump", text_dump },	       { "leaks", text_leaks },
		{ "backport", text_backport }, { "fix", text_fix },
		{ "layout", text_diff },	       { "map check", text_map },
		{ "map new", text_map },     { "map update", text_map },
		{ "map freeze", text_map },    { "versions", text_versions },
		{ "deps", text_deps },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(writers); i++) {
		if (!strcmp(writers[i].command, report->command))
			return writers[i].write(report, out, options);
	}
	return -EINVAL;
}

const struct renderer renderer_text = {
	.name = "text",
	.summary = "for people: the answer, why, what to do",
	.write = write_text,
};

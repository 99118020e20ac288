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

int text_deps(const struct report *report, struct out *out, const struct render_options *options)
{
	const struct deps *deps = report->deps;

	if (!deps)
		return 0;
	if (deps->kind == DEPS_SYMBOLS)
		return deps_symbols_write(deps, out);
	if (deps->kind == DEPS_RPM)
		write_rpm(deps, out);
	else
		write_fields(deps, out);
	return 0;
}

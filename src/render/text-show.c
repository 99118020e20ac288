/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in render/text-show.h; here: what a file is, needs and defines. */
#include "render/text-show.h"
#include "render/render.h"
#include "render/text-columns.h"
#include "render/text-show-parts.h"

#include <string.h>

#define LABEL_WIDTH 14u

void text_show_heading(const struct show_writer *w, const char *title, long count)
{
	text_color(w->out, w->options, COLOR_BOLD);
	out_text(w->out, title);
	text_plain(w->out, w->options);
	if (count >= 0)
		out_printf(w->out, ": %ld", count);
	out_char(w->out, '\n');
}

void text_show_row(const struct show_writer *w, const char *label, const char *text)
{
	out_text(w->out, "  ");
	text_color(w->out, w->options, COLOR_DIM);
	text_cell(w->out, label, LABEL_WIDTH);
	text_plain(w->out, w->options);
	out_safe(w->out, text);
	out_char(w->out, '\n');
}

static void write_build_id(const struct show_writer *w, const struct image *image)
{
	size_t i;

	if (!image->build_id || !image->build_id_size)
		return;
	out_text(w->out, "  ");
	text_color(w->out, w->options, COLOR_DIM);
	text_cell(w->out, "build id", LABEL_WIDTH);
	text_plain(w->out, w->options);
	for (i = 0; i < size_min(image->build_id_size, 64); i++)
		out_printf(w->out, "%02x", image->build_id[i]);
	out_char(w->out, '\n');
}

static void write_flags(const struct show_writer *w)
{
	size_t i;

	if (!w->show->flags || !w->show->flags[0])
		return;
	out_text(w->out, "  ");
	text_color(w->out, w->options, COLOR_DIM);
	text_cell(w->out, "flags", LABEL_WIDTH);
	text_plain(w->out, w->options);
	for (i = 0; w->show->flags[i]; i++) {
		if (i)
			out_text(w->out, ", ");
		out_text(w->out, w->show->flags[i]);
	}
	out_char(w->out, '\n');
}

static int write_header(const struct show_writer *w)
{
	const struct image *image = w->show->image;

	if (image->soname)
		text_show_row(w, "soname", image->soname);
	if (image->interpreter)
		text_show_row(w, "loader", image->interpreter);
	write_build_id(w, image);
	write_flags(w);
	return 0;
}

static int write_needed(const struct show_writer *w)
{
	static const char *const notes[] = {
		[NEED_LIBRARY] = "",
		[NEED_AUXILIARY] = "  (auxiliary filter)",
		[NEED_FILTER] = "  (filter)",
	};
	const struct image *image = w->show->image;
	size_t i;

	if (image->needs.count)
		text_show_heading(w, "Needs", (long)image->needs.count);
	for (i = 0; i < image->needs.count; i++) {
		out_text(w->out, "  ");
		out_safe(w->out, image->needs.items[i].name);
		out_text(w->out, notes[image->needs.items[i].kind]);
		out_char(w->out, '\n');
	}
	if (image->rpath || image->runpath)
		text_show_heading(w, "Brings its own search path", -1);
	if (image->rpath)
		text_show_row(w, "RPATH", image->rpath);
	if (image->runpath)
		text_show_row(w, "RUNPATH", image->runpath);
	return 0;
}

static size_t node_column(const struct show *show)
{
	size_t widest = 0;
	size_t i;

	for (i = 0; i < show->nodes.count; i++) {
		size_t width = text_width(show->nodes.items[i].definition->name);

		if (width > widest && width <= 40)
			widest = width;
	}
	return widest + 2;
}

static void write_node(const struct show_writer *w, const struct show_node *node, size_t column)
{
	const struct version_definition *d = node->definition;
	size_t i;

	out_text(w->out, "  ");
	text_cell(w->out, d->name, column);
	out_printf(w->out, "%6zu export%s", node->export_count, node->export_count == 1 ? "" : "s");
	if (d->base)
		out_text(w->out, "  (base: the file itself)");
	if (d->weak)
		out_text(w->out, "  (weak)");
	for (i = 0; d->parents && d->parents[i]; i++) {
		out_text(w->out, i ? ", " : "  after ");
		out_safe(w->out, d->parents[i]);
	}
	out_char(w->out, '\n');
}

/* The needs of one library stand together in the file. */
static void write_version_needs(const struct show_writer *w)
{
	const struct image *image = w->show->image;
	struct text_list list = { .out = w->out, .indent = 4 };
	const char *file = NULL;
	size_t i;

	for (i = 0; i < image->version_needs.count; i++) {
		const struct version_need *need = &image->version_needs.items[i];

		if (!file || strcmp(file, need->file)) {
			text_list_end(&list);
			file = need->file;
			out_text(w->out, "  ");
			out_safe(w->out, file);
			out_char(w->out, '\n');
		}
		text_list_add(&list, need->name, need->weak ? "weak" : NULL);
	}
	text_list_end(&list);
}

static int write_versions(const struct show_writer *w)
{
	const struct show *show = w->show;
	size_t column = node_column(show);
	size_t i;

	if (show->nodes.count)
		text_show_heading(w, "Defines versions", (long)show->nodes.count);
	for (i = 0; i < show->nodes.count; i++)
		write_node(w, &show->nodes.items[i], column);
	if (show->image->version_needs.count)
		text_show_heading(w, "Needs versions", (long)show->image->version_needs.count);
	write_version_needs(w);
	return 0;
}

static int write_dlopen(const struct show_writer *w)
{
	static const char *const priorities[] = {
		[DLOPEN_SUGGESTED] = "suggested",
		[DLOPEN_RECOMMENDED] = "recommended",
		[DLOPEN_REQUIRED] = "required",
	};
	const struct image *image = w->show->image;
	size_t i, k;

	if (image->dlopen_notes.count)
		text_show_heading(w, "Loads while it runs", (long)image->dlopen_notes.count);
	for (i = 0; i < image->dlopen_notes.count; i++) {
		const struct dlopen_note *note = &image->dlopen_notes.items[i];

		out_text(w->out, "  ");
		for (k = 0; note->sonames[k]; k++) {
			out_text(w->out, k ? " or " : "");
			out_safe(w->out, note->sonames[k]);
		}
		out_printf(w->out, "  (%s)", priorities[note->priority]);
		if (note->feature || note->description)
			out_text(w->out, "  ");
		out_safe(w->out, note->feature ? note->feature : "");
		out_text(w->out, note->feature && note->description ? ": " : "");
		out_safe(w->out, note->description ? note->description : "");
		out_char(w->out, '\n');
	}
	return 0;
}

static void write_title(const struct show_writer *w, const char *path)
{
	const struct show *show = w->show;

	text_color(w->out, w->options, COLOR_BOLD);
	out_safe(w->out, path);
	text_plain(w->out, w->options);
	out_printf(w->out, ": %s", file_kind_text(show->kind));
	if (show->kind == FILE_ARCHIVE)
		out_printf(w->out, " of %zu object%s", show->members.count,
			   show->members.count == 1 ? "" : "s");
	if (show->image)
		out_printf(w->out, ", %s, %s, %s", show->machine,
			   show->image->is_64 ? "64-bit" : "32-bit",
			   show->image->is_big ? "big-endian" : "little-endian");
	out_char(w->out, '\n');
}

static int write_file(const struct show_writer *w, const char *path, uint32_t sections)
{
	static const struct {
		uint32_t section;
		int (*write)(const struct show_writer *w);
	} parts[] = {
		{ SHOW_HEADER, write_header },		 { SHOW_NEEDED, write_needed },
		{ SHOW_VERSIONS, write_versions },	 { SHOW_FLOORS, text_show_floors },
		{ SHOW_HARDENING, text_show_hardening }, { SHOW_DLOPEN, write_dlopen },
		{ SHOW_IMPORTS, text_show_imports },	 { SHOW_EXPORTS, text_show_exports },
	};
	size_t i;

	write_title(w, path);
	if (w->show->members.count || !w->show->image)
		return text_show_members(w, sections);
	for (i = 0; i < ARRAY_SIZE(parts); i++) {
		int r = sections & parts[i].section ? parts[i].write(w) : 0;

		if (r)
			return r;
	}
	return 0;
}

int text_show(const struct report *report, struct out *out, const struct render_options *options)
{
	uint32_t sections = report->sections ? report->sections : UINT32_MAX;
	bool separate = false;
	size_t i;

	text_errors(report, out, options);
	for (i = 0; i < report->inputs.count; i++) {
		const struct report_input *input = &report->inputs.items[i];
		struct show_writer w = { out, options, input->show };
		int r;

		if (!input->show)
			continue;
		if (separate)
			out_char(out, '\n');
		separate = true;
		r = write_file(&w, input->path, sections);
		if (r)
			return r;
	}
	return 0;
}

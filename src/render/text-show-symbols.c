/* SPDX-License-Identifier: Apache-2.0 */
/* Paragraphs of text_show() about symbols: exports, imports, objects. */
#include "render/text-show-parts.h"
#include "base/demangle.h"
#include "render/render.h"
#include "render/text-columns.h"

#include <string.h>

#define WIDEST_NAME 60u

static const char *mark_text(enum version_mark mark)
{
	static const char *const marks[] = {
		[MARK_NONE] = "",
		[MARK_HIDDEN] = "@",
		[MARK_DEFAULT] = "@@",
	};

	return marks[mark];
}

static size_t export_width(const struct show_export *export)
{
	return text_width(export->name) + strlen(mark_text(export->mark)) +
	       (export->version ? text_width(export->version) : 0);
}

static size_t export_column(const struct show_export *exports, size_t count)
{
	size_t widest = 0;
	size_t i;

	for (i = 0; i < count; i++) {
		size_t width = export_width(&exports[i]);

		if (width > widest && width <= WIDEST_NAME)
			widest = width;
	}
	return widest + 2;
}

static const char *export_notes(const struct show_export *export)
{
	if (export->copied)
		return ", copied from a library";
	if (export->visibility == STV_HIDDEN || export->visibility == STV_INTERNAL)
		return export->binding == STB_WEAK ? ", weak, hidden" : ", hidden";
	if (export->binding == STB_GNU_UNIQUE)
		return ", unique";
	if (export->visibility == STV_PROTECTED)
		return export->binding == STB_WEAK ? ", weak, protected" : ", protected";
	return export->binding == STB_WEAK ? ", weak" : "";
}

/* With -v, the name as the source has it, on a line of its own. */
static int write_demangled(const struct show_writer *w, const char *name, unsigned indent)
{
	char text[DEMANGLED_SIZE];
	int r;

	if (w->options->verbosity < 2)
		return 0;
	r = demangle(name, text, sizeof(text));
	if (r || !text[0])
		return r;
	text_color(w->out, w->options, COLOR_DIM);
	out_printf(w->out, "%*s", (int)indent, "");
	out_safe(w->out, text);
	text_plain(w->out, w->options);
	out_char(w->out, '\n');
	return 0;
}

static int write_exports(const struct show_writer *w, const struct show_export *exports,
			 size_t count, unsigned indent)
{
	size_t column = export_column(exports, count);
	size_t i;

	for (i = 0; i < count; i++) {
		const struct show_export *export = &exports[i];
		int r;

		out_printf(w->out, "%*s", (int)indent, "");
		out_safe(w->out, export->name);
		out_text(w->out, mark_text(export->mark));
		out_safe(w->out, export->version ? export->version : "");
		text_pad(w->out, export_width(export), column);
		out_printf(w->out, "%-9s%7llu%s\n", symbol_kind_text(export->kind),
			   (unsigned long long)export->size, export_notes(export));
		r = write_demangled(w, export->name, indent + 2);
		if (r)
			return r;
	}
	return 0;
}

int text_show_exports(const struct show_writer *w)
{
	const struct show_exports *exports = &w->show->exports;

	if (exports->count)
		text_show_heading(w, "Exports", (long)exports->count);
	return write_exports(w, exports->items, exports->count, 2);
}

static const char *import_note(const struct show_import *import)
{
	if (import->copied)
		return "copied";
	return import->weak ? "weak" : NULL;
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

static int write_import_line(const struct show_writer *w, const struct show_import *import,
			     unsigned indent)
{
	const char *note = import_note(import);

	out_printf(w->out, "%*s", (int)indent, "");
	out_safe(w->out, import->name);
	if (note)
		out_printf(w->out, " (%s)", note);
	out_char(w->out, '\n');
	return write_demangled(w, import->name, indent + 2);
}

/* Short by default: names side by side; with -v one a line. */
static int write_imports(const struct show_writer *w, const struct show_import *imports,
			 size_t count, unsigned indent)
{
	struct text_list list = { .out = w->out, .indent = indent };
	size_t i;
	int r = 0;

	for (i = 0; i < count && !r; i++) {
		if (w->options->verbosity > 1)
			r = write_import_line(w, &imports[i], indent);
		else
			text_list_add(&list, imports[i].name, import_note(&imports[i]));
	}
	text_list_end(&list);
	return r;
}

static void write_library(const struct show_writer *w, const struct show_import *import)
{
	out_text(w->out, "  ");
	if (import->library)
		out_safe(w->out, import->library);
	else
		out_text(w->out, "without version, from any library");
	out_char(w->out, '\n');
}

int text_show_imports(const struct show_writer *w)
{
	const struct show_imports *imports = &w->show->imports;
	const char *library = "";
	size_t i = 0;

	if (imports->count)
		text_show_heading(w, "Imports", (long)imports->count);
	while (i < imports->count) {
		const struct show_import *first = &imports->items[i];
		size_t start = i;
		int r;

		while (i < imports->count && same_text(imports->items[i].library, first->library) &&
		       same_text(imports->items[i].version, first->version))
			i++;
		if (!start || !same_text(library, first->library))
			write_library(w, first);
		library = first->library;
		if (first->version) {
			out_text(w->out, "    ");
			out_safe(w->out, first->version);
			out_char(w->out, '\n');
		}
		r = write_imports(w, first, i - start, first->version ? 6 : 4);
		if (r)
			return r;
	}
	return 0;
}

static void write_member_title(const struct show_writer *w, const struct show_member *member)
{
	if (!member->name)
		return;
	text_color(w->out, w->options, COLOR_BOLD);
	out_safe(w->out, member->name);
	text_plain(w->out, w->options);
	out_printf(w->out, ": %s\n", member->machine ? member->machine : member->fault.text);
}

static int write_member(const struct show_writer *w, const struct show_member *member,
			uint32_t sections)
{
	int r = 0;

	if (member->fault.rule && member->machine)
		out_printf(w->out, "  %s: %s\n", member->fault.section, member->fault.text);
	if (member->has_lto)
		out_text(w->out, "  is compiled by the linker, which can bring more symbols\n");
	if ((sections & SHOW_EXPORTS) && member->defined_count) {
		out_printf(w->out, "  defines: %zu\n", member->defined_count);
		r = write_exports(w, member->defined, member->defined_count, 4);
	}
	if (!r && (sections & SHOW_IMPORTS) && member->undefined_count) {
		out_printf(w->out, "  needs: %zu\n", member->undefined_count);
		r = write_imports(w, member->undefined, member->undefined_count, 4);
	}
	return r;
}

int text_show_members(const struct show_writer *w, uint32_t sections)
{
	size_t i;

	for (i = 0; i < w->show->members.count; i++) {
		int r;

		write_member_title(w, &w->show->members.items[i]);
		r = write_member(w, &w->show->members.items[i], sections);
		if (r)
			return r;
	}
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in render/text-why.h. */
#include "render/text-why.h"
#include "base/demangle.h"
#include "model/why.h"
#include "render/render.h"
#include "render/text-columns.h"

#include <string.h>

#define FEW_OBJECTS 10u
#define FEW_LINES 10u
#define FEW_USERS 12u

struct writer {
	struct out *out;
	const struct render_options *options;
	const struct report *report;
	const struct why *why;
};

static void bold(const struct writer *w, const char *text)
{
	text_color(w->out, w->options, COLOR_BOLD);
	out_safe(w->out, text);
	text_plain(w->out, w->options);
}

/* "FILE verb WHAT" */
static void start_answer(const struct writer *w, const char *verb)
{
	bold(w, w->why->file);
	out_printf(w->out, " %s ", verb);
	bold(w, w->why->what);
}

static void write_counts(const struct writer *w)
{
	const struct why *why = w->why;
	size_t count = why->causes.count;

	if (!why->strong_count)
		out_printf(w->out, " only for %s", count == 1 ? "a weak symbol" : "weak symbols");
	else
		out_printf(w->out, " for %zu symbol%s", count, count == 1 ? "" : "s");
	if (why->strong_count && why->weak_count)
		out_printf(w->out, ", %zu of them weak", why->weak_count);
	out_text(w->out, ":\n");
}

static void answer_version(const struct writer *w)
{
	const struct why *why = w->why;

	if (!why->entry_library) {
		start_answer(w, why->is_defined ? "defines" : "does not itself ask for");
		out_text(w->out, why->is_defined ? ", it does not need it\n" : "\n");
		return;
	}
	start_answer(w, "needs");
	out_text(w->out, " of ");
	out_safe(w->out, why->entry_library);
	if (why->causes.count) {
		write_counts(w);
		return;
	}
	out_text(w->out, ", though nothing that it imports has that version:\n"
			 "  the entry in its version table alone asks for it\n");
}

static void answer_library(const struct writer *w)
{
	const struct why *why = w->why;

	if (!why->is_needed && !why->causes.count) {
		start_answer(w, "does not itself name");
		out_text(w->out, "\n");
		return;
	}
	if (!why->is_needed) {
		start_answer(w, "does not name");
		out_text(w->out, ", but uses it");
		write_counts(w);
		return;
	}
	start_answer(w, "needs");
	if (why->causes.count) {
		write_counts(w);
		return;
	}
	out_text(w->out,
		 why->knows_closure
			 ? ", but uses nothing of it: its name among the needed libraries is\n"
			   "  the only cause (the linker's --as-needed leaves such names out)\n"
			 : ", but imports nothing of it with a version\n");
}

static void answer_symbol(const struct writer *w)
{
	const struct why *why = w->why;

	if (!why->causes.count) {
		start_answer(w, why->is_defined ? "defines" : "does not itself import");
		out_text(w->out, why->is_defined ? ", it does not import it\n" : "\n");
		return;
	}
	start_answer(w, "imports");
	out_text(w->out, ":\n");
}

static const char *nothing_text(const struct writer *w)
{
	const struct image *image = w->report->inputs.items[0].image;

	if (w->why->knows_closure)
		return ", nor does any library that it loads\n";
	if (image && !image->has_dynamic)
		return ": it is statically linked and needs no version and no library\n";
	return ": no version, library or symbol of that name is in it\n";
}

static void write_answer(const struct writer *w)
{
	const struct why *why = w->why;

	if (why->kinds & WHY_VERSION) {
		answer_version(w);
	} else if (why->kinds & WHY_LIBRARY) {
		answer_library(w);
	} else if (why->kinds & WHY_SYMBOL || why->is_defined) {
		answer_symbol(w);
	} else {
		start_answer(w, "does not need");
		out_text(w->out, nothing_text(w));
	}
}

static size_t cause_width(const struct show_import *import)
{
	return text_width(import->name) + (import->version ? text_width(import->version) + 1 : 0);
}

static size_t cause_column(const struct why *why)
{
	size_t widest = 0;
	size_t i;

	for (i = 0; i < why->causes.count; i++) {
		size_t width = cause_width(&why->causes.items[i].import);

		if (width > widest && width <= 50)
			widest = width;
	}
	return widest + 2;
}

/* Those of one file on one line: "at main.c:3, 8, 12". */
static void write_lines(const struct writer *w, const struct why_lines *lines, const char *indent)
{
	size_t most = w->options->verbosity > 1 ? lines->count : FEW_LINES;
	const char *file = NULL;
	size_t i;

	for (i = 0; i < lines->count && i < most; i++) {
		const struct source_line *line = &lines->items[i];

		if (!file || strcmp(file, line->file) != 0) {
			out_printf(w->out, "%s%sat ", file ? "\n" : "", indent);
			out_safe(w->out, line->file);
			out_char(w->out, ':');
		} else {
			out_text(w->out, ", ");
		}
		out_printf(w->out, "%u", line->line);
		file = line->file;
	}
	if (i < lines->count)
		out_printf(w->out, " and %zu more lines", lines->count - i);
	if (lines->count)
		out_char(w->out, '\n');
}

static void write_object(const struct writer *w, const struct why_object *object)
{
	size_t i;

	out_text(w->out, "    in ");
	out_safe(w->out, object->member ? object->member : object->file);
	if (object->member) {
		out_text(w->out, " of ");
		out_safe(w->out, object->file);
	}
	if (object->weak)
		out_text(w->out, " (weak)");
	out_char(w->out, '\n');
	write_lines(w, &object->lines, "      ");
	for (i = 0; i < object->pull_count; i++) {
		out_text(w->out, "      pulled in by ");
		out_safe(w->out, object->pulls[i].referrer);
		out_text(w->out, " for ");
		out_safe(w->out, object->pulls[i].symbol);
		out_char(w->out, '\n');
	}
}

static void write_objects(const struct writer *w, const struct why_cause *cause)
{
	size_t most = w->options->verbosity > 1 ? cause->objects.count : FEW_OBJECTS;
	size_t i;

	for (i = 0; i < cause->objects.count && i < most; i++)
		write_object(w, &cause->objects.items[i]);
	if (i < cause->objects.count)
		out_printf(w->out, "    and in %zu more objects\n", cause->objects.count - i);
}

/* Then they tell the same, and more. */
static bool objects_have_lines(const struct why_cause *cause)
{
	size_t i;

	for (i = 0; i < cause->objects.count; i++) {
		if (cause->objects.items[i].lines.count)
			return true;
	}
	return false;
}

static int write_demangled(const struct writer *w, const char *name)
{
	char text[DEMANGLED_SIZE];
	int r = demangle(name, text, sizeof(text));

	if (r || !text[0])
		return r;
	text_color(w->out, w->options, COLOR_DIM);
	out_text(w->out, "    ");
	out_safe(w->out, text);
	text_plain(w->out, w->options);
	out_char(w->out, '\n');
	return 0;
}

static const char *cause_note(const struct show_import *import)
{
	if (import->copied)
		return "copied";
	return import->weak ? "weak" : "";
}

static bool ends_with_name(const char *path, const char *name)
{
	return name && !strcmp(path_name(path), name);
}

/* Where an import gets bound is told when it is asked for, or is not what one expects. */
static bool tells_provider(const struct writer *w, const struct why_cause *cause)
{
	if (!w->why->knows_closure)
		return cause->import.library && !(w->why->kinds & WHY_LIBRARY);
	if (!cause->provider)
		return cause->is_missing;
	if (w->options->verbosity > 1 || !(w->why->kinds & (WHY_VERSION | WHY_LIBRARY)))
		return true;
	return !ends_with_name(cause->provider, cause->import.library) &&
	       !(w->why->resolved && !strcmp(cause->provider, w->why->resolved));
}

static void write_provider(const struct writer *w, const struct why_cause *cause)
{
	if (cause->provider) {
		out_text(w->out, "from ");
		out_safe(w->out, cause->provider);
	} else if (!w->why->knows_closure) {
		out_text(w->out, "of ");
		out_safe(w->out, cause->import.library);
	} else {
		out_text(w->out, "not found in any library");
	}
}

static int write_cause(const struct writer *w, const struct why_cause *cause, size_t column)
{
	const struct show_import *import = &cause->import;
	const char *note = cause_note(import);
	bool has_provider = tells_provider(w, cause);
	int r;

	out_text(w->out, "  ");
	out_safe(w->out, import->name);
	if (import->version) {
		out_char(w->out, '@');
		out_safe(w->out, import->version);
	}
	if (note[0] || has_provider)
		text_pad(w->out, cause_width(import), column);
	out_text(w->out, note);
	if (has_provider) {
		out_text(w->out, note[0] ? ", " : "");
		write_provider(w, cause);
	}
	out_char(w->out, '\n');
	r = write_demangled(w, import->name);
	if (!objects_have_lines(cause))
		write_lines(w, &cause->lines, "    ");
	write_objects(w, cause);
	return r;
}

/* What a version need means, and what would be without it. */
static void write_consequence(const struct writer *w)
{
	const struct why *why = w->why;

	if (!(why->kinds & WHY_VERSION) || !why->entry_library)
		return;
	if (why->entry_weak)
		out_text(w->out,
			 "The need is marked weak: the loader only warns when it is not met.\n");
	else if (why->causes.count && !why->strong_count)
		out_text(w->out,
			 "Weak symbols may be missing, but not the version that they ask for:\n"
			 "without it the loader refuses all the same.\n");
	if (why->is_highest && why->causes.count && why->without) {
		out_text(w->out, "Without ");
		out_text(w->out, why->causes.count == 1 ? "it, " : "them, ");
		out_safe(w->out, why->without);
		out_text(w->out, " would do.\n");
	} else if (why->entry_library && !why->is_highest) {
		out_text(w->out, "The file needs a higher version of that kind, too.\n");
	}
}

static void write_user(const struct writer *w, const struct why_user *user)
{
	size_t i;

	out_text(w->out, "  ");
	for (i = 1; user->chain[i]; i++) {
		out_text(w->out, i > 1 ? " -> " : "");
		out_safe(w->out, user->chain[i]);
	}
	if (user->strong_count || user->weak_count) {
		out_text(w->out, user->strong_count ? ", for " : ", only for weak ");
		for (i = 0; user->symbols[i] && i < 3; i++) {
			out_text(w->out, i ? ", " : "");
			out_safe(w->out, user->symbols[i]);
		}
		if (user->strong_count + user->weak_count > i)
			out_printf(w->out, " and %zu more",
				   user->strong_count + user->weak_count - i);
	}
	out_char(w->out, '\n');
}

/* In short when the file itself is to blame; else these are the answer. */
static void write_users(const struct writer *w)
{
	const struct why *why = w->why;
	bool is_brief = why->causes.count || why->is_needed || why->entry_library;
	struct text_list list = { .out = w->out, .indent = 2 };
	size_t most = w->options->verbosity > 1 ? why->users.count : FEW_USERS;
	size_t i;

	if (!why->users.count)
		return;
	out_printf(w->out, is_brief ? "Also needed by:\n" : "It is needed by:\n");
	for (i = 0; i < why->users.count && i < most; i++) {
		const struct why_user *user = &why->users.items[i];
		const char *slash = strrchr(user->path, '/');

		if (is_brief && w->options->verbosity < 2)
			text_list_add(&list, slash ? slash + 1 : user->path, NULL);
		else
			write_user(w, user);
	}
	text_list_end(&list);
	if (i < why->users.count)
		out_printf(w->out, "  and %zu more\n", why->users.count - i);
}

static void write_unchecked(const struct writer *w)
{
	size_t i;

	for (i = 0; i < w->report->findings.unchecked.count; i++) {
		const struct unchecked *u = &w->report->findings.unchecked.items[i];

		out_printf(w->out, "Not looked at: %llu ", (unsigned long long)u->count);
		out_safe(w->out, u->what);
		out_printf(w->out, ": %s (%s).\n", u->why, u->settle);
	}
}

static void write_evidence(const struct writer *w)
{
	const struct why *why = w->why;
	size_t blamed = 0;
	size_t i;

	if (why->library_pull) {
		out_text(w->out, "Linked because ");
		out_safe(w->out, why->library_pull->referrer);
		out_text(w->out, " refers to ");
		out_safe(w->out, why->library_pull->symbol);
		out_text(w->out, ".\n");
	}
	for (i = 0; i < why->causes.count; i++)
		blamed += why->causes.items[i].objects.count > 0;
	if (why->object_count && blamed < why->causes.count)
		out_printf(w->out,
			   "%zu of these symbols: in none of the %zu objects that were given.\n",
			   why->causes.count - blamed, why->object_count);
	if (why->lto_count)
		out_printf(
			w->out,
			"%zu objects are compiled by the linker; what they refer to is not known.\n",
			why->lto_count);
	write_unchecked(w);
}

int text_why(const struct report *report, struct out *out, const struct render_options *options)
{
	struct writer w = { out, options, report, report->why };
	size_t column;
	size_t i;

	text_errors(report, out, options);
	if (!report->why)
		return 0;
	column = cause_column(report->why);
	write_answer(&w);
	for (i = 0; i < report->why->causes.count; i++) {
		int r = write_cause(&w, &report->why->causes.items[i], column);

		if (r)
			return r;
	}
	write_consequence(&w);
	write_evidence(&w);
	write_users(&w);
	return 0;
}

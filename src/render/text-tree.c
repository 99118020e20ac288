/* SPDX-License-Identifier: Apache-2.0 */
/* Text of `tree`: each library under what needs it, with the rule that found it. */
#include "render/render.h"

#include <string.h>

/* A full tree can grow exponentially; past this many lines it is cut, and says so. */
#define MOST_LINES 1000000u
#define DEEPEST 400u

struct line {
	const char *text; /* of a library, without the branches before it */
	size_t length;
};

struct tree {
	const struct report *report;
	const struct closure *closure;
	struct out *out;
	const struct render_options *options;
	struct line *lines;   /* by object */
	bool *shown;	      /* by object: its needs have been printed */
	bool *open;	      /* by object: it is being printed, further up */
	struct arena arena;
	char prefix[DEEPEST * 6 + 8];
	size_t line_count;
	bool cut;
};

static void write_origin(struct out *out, const struct closure *closure, const struct object *o)
{
	out_text(out, " [");
	out_text(out, found_by_text(o->found_by));
	if (o->found_object != NO_OBJECT && o->found_object != o->requester) {
		out_text(out, " of ");
		out_safe(out, closure->objects.items[o->found_object].path);
	}
	if (o->hwcap) {
		out_text(out, ", ");
		out_safe(out, o->hwcap);
	}
	out_char(out, ']');
}

/* The line is the same wherever the library appears, so it is made once. */
static int make_line(struct tree *t, uint32_t object)
{
	const struct object *o = &t->closure->objects.items[object];
	struct out line;
	int r = 0;

	out_init(&line, NULL, NULL);
	if (o->image) {
		out_safe(&line, o->requested);
		out_text(&line, " => ");
		out_safe(&line, o->path);
		text_color(&line, t->options, COLOR_DIM);
		write_origin(&line, t->closure, o);
	} else {
		text_color(&line, t->options, COLOR_BAD);
		out_safe(&line, o->requested);
		out_text(&line, " => not found");
		if (o->refusal.rule && strcmp(o->refusal.rule, "load/library-missing")) {
			out_text(&line, ": ");
			out_safe(&line, o->refusal.reason ? o->refusal.reason : o->refusal.text);
		}
	}
	text_plain(&line, t->options);
	t->lines[object].text = arena_strndup(&t->arena, line.bytes ? line.bytes : "", line.size);
	t->lines[object].length = line.size;
	if (line.error || !t->lines[object].text)
		r = -ENOMEM;
	out_done(&line);
	return r;
}

static int write_line(struct tree *t, uint32_t object, size_t prefix, bool last)
{
	if (!t->lines[object].text && make_line(t, object))
		return -ENOMEM;
	out_bytes(t->out, t->prefix, prefix);
	out_text(t->out, last ? "\xe2\x94\x94\xe2\x94\x80 " : "\xe2\x94\x9c\xe2\x94\x80 ");
	out_bytes(t->out, t->lines[object].text, t->lines[object].length);
	t->line_count++;
	return 0;
}

static bool goes_deeper(const struct tree *t, uint32_t object, unsigned depth)
{
	const struct object *o = &t->closure->objects.items[object];

	if (!o->image || !o->needed_count)
		return false;
	if (depth >= DEEPEST || (t->report->depth && depth >= t->report->depth))
		return false;
	return !(t->report->no_repeats && t->shown[object]) && !t->open[object];
}

/* Puts what stands before the lines below an entry at `at`; returns its length. */
static size_t add_branch(char *at, bool last)
{
	const char *text = last ? "   " : "\xe2\x94\x82  ";

	memcpy(at, text, strlen(text));
	return strlen(text);
}

static int write_needs(struct tree *t, uint32_t object, size_t prefix, unsigned depth)
{
	const struct object *o = &t->closure->objects.items[object];
	uint32_t count = o->needed_count;
	uint32_t i;
	int r = 0;

	while (count && o->needed[count - 1] == NO_OBJECT)
		count--;
	t->shown[object] = true;
	t->open[object] = true;
	for (i = 0; i < count && !r; i++) {
		uint32_t need = o->needed[i];
		bool last = i + 1 == count;
		bool deeper;

		if (need == NO_OBJECT)
			continue;
		if (t->line_count >= MOST_LINES) {
			t->cut = true;
			break;
		}
		r = write_line(t, need, prefix, last);
		if (r)
			break;
		if (t->open[need])
			out_text(t->out, " (cycle)");
		out_char(t->out, '\n');
		deeper = goes_deeper(t, need, depth + 1);
		t->shown[need] = true;
		if (!deeper)
			continue;
		r = write_needs(t, need, prefix + add_branch(t->prefix + prefix, last), depth + 1);
	}
	t->open[object] = false;
	return r;
}

static void write_others(struct tree *t)
{
	uint32_t i;

	for (i = 1; i < t->closure->objects.count; i++) {
		const struct object *o = &t->closure->objects.items[i];

		if (!o->is_preload)
			continue;
		out_text(t->out, "   preload ");
		out_safe(t->out, o->requested);
		out_text(t->out, " => ");
		out_safe(t->out, o->image ? o->path : "not found (ignored)");
		out_char(t->out, '\n');
	}
}

static int write_tree(const struct report *report, struct out *out,
		      const struct render_options *options, const struct forecast *f)
{
	size_t count = f->closure.objects.count;
	AUTO_FREE struct line *lines = calloc(count + 1, sizeof(*lines));
	AUTO_FREE bool *marks = calloc(2 * count + 1, sizeof(*marks));
	struct tree t = {
		.report = report,
		.closure = &f->closure,
		.out = out,
		.options = options,
		.lines = lines,
		.shown = marks,
		.open = marks + count,
	};
	int r;

	if (!lines || !marks)
		return -ENOMEM;
	text_color(out, options, COLOR_BOLD);
	out_safe(out, f->input);
	text_plain(out, options);
	out_char(out, '\n');
	write_others(&t);
	r = write_needs(&t, 0, 0, 0);
	if (t.cut)
		out_printf(out, "... cut off after %u lines; --no-repeats shows each library once\n",
			   MOST_LINES);
	arena_done(&t.arena);
	return r;
}

/* Where a missing library was looked for stands below the tree. */
static void write_trials(struct out *out, const struct forecast *f)
{
	size_t i, k;

	for (i = 0; i < f->findings.items.count; i++) {
		const struct finding *finding = &f->findings.items.items[i];

		out_text(out, "   ");
		out_safe(out, finding->message);
		out_char(out, '\n');
		for (k = 0; finding->why && finding->why[k]; k++) {
			out_text(out, "      ");
			out_safe(out, finding->why[k]);
			out_char(out, '\n');
		}
	}
}

int text_tree(const struct report *report, struct out *out, const struct render_options *options)
{
	size_t i;

	text_errors(report, out, options);
	for (i = 0; i < report->inputs.count; i++) {
		const struct forecast *f = report->inputs.items[i].forecast;
		int r;

		if (!f)
			continue;
		r = write_tree(report, out, options, f);
		if (r)
			return r;
		if (options->verbosity > 1)
			text_assumed(out, f);
		write_trials(out, f);
	}
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The version script of a fix; contract in render/code-fix.h. */
#include "render/code-fix.h"
#include "model/version-script.h"

struct lines {
	const struct fix_line *items;
	size_t count;
};

/* Names that the linker's script takes only in quotes; false: not even so. */
static bool write_name(struct out *out, const char *name)
{
	if (!version_script_can_hold(name))
		return false;
	out_printf(out, version_script_is_plain(name) ? "%s" : "\"%s\"", name);
	return true;
}

static void write_scope(struct out *out, const char *scope, size_t *count)
{
	if (!(*count)++)
		out_printf(out, "\t%s:\n", scope);
}

static void write_lines(struct out *out, const struct lines *lines, size_t node, bool is_local,
			size_t *count)
{
	size_t i;

	for (i = 0; i < lines->count; i++) {
		const struct fix_line *line = &lines->items[i];

		if (line->node != node || line->is_local != is_local)
			continue;
		write_scope(out, is_local ? "local" : "global", count);
		out_text(out, "\t\t");
		if (!write_name(out, line->name))
			out_text(out, "/* a name that no script can hold */");
		else
			out_char(out, ';');
		out_char(out, '\n');
	}
}

static void write_head(struct out *out, const struct fix *fix, const struct fix_node *node)
{
	if (fix->is_whole_map)
		return;
	if (node->is_there)
		out_text(out, "/* To be added to the node that is there: */\n");
	else if (node->is_invented)
		out_text(out, "/* New; name it after your release: */\n");
	else
		out_text(out, "/* Brought back; before the nodes that come after it in OLD: */\n");
}

static void write_node(struct out *out, const struct fix *fix, size_t number,
		       const struct lines *lines, bool is_last)
{
	const struct fix_node *node = &fix->nodes.items[number];
	size_t globals = 0;
	size_t locals = 0;
	size_t i;

	write_head(out, fix, node);
	write_name(out, node->name);
	out_text(out, " {\n");
	write_lines(out, lines, number, false, &globals);
	if (node->takes_all) {
		write_scope(out, "global", &globals);
		out_text(out, "\t\t*;\n");
	}
	/* One pattern in the last node; in an earlier one it would hide what has an old version. */
	if (is_last && fix->is_whole_map && !fix->has_base)
		out_text(out, "\tlocal:\n\t\t*;\n");
	else if (!fix->is_whole_map || fix->has_base)
		write_lines(out, lines, number, true, &locals);
	out_char(out, '}');
	for (i = 0; !(node->is_there && !fix->is_whole_map) && node->parents && node->parents[i];
	     i++) {
		out_char(out, ' ');
		write_name(out, node->parents[i]);
	}
	out_text(out, ";\n");
}

/* The lines are sorted by node: each node's are next to each other. */
static struct lines lines_of(const struct lines *all, size_t node)
{
	size_t low = 0;
	size_t high = all->count;
	size_t end;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (all->items[middle].node < node)
			low = middle + 1;
		else
			high = middle;
	}
	for (end = low; end < all->count && all->items[end].node == node; end++)
		;
	if (end == low)
		return (struct lines){ 0 };
	return (struct lines){ .items = all->items + low, .count = end - low };
}

void code_fix_map(struct out *out, const struct fix *fix)
{
	struct lines all = { .items = fix->lines.items, .count = fix->lines.count };
	size_t last = fix->nodes.count;
	bool is_first = true;
	size_t i;

	while (last && !fix->nodes.items[fix->order[last - 1]].is_wanted)
		last--;
	for (i = 0; i < last; i++) {
		size_t number = fix->order[i];
		struct lines lines = lines_of(&all, number);

		if (!fix->nodes.items[number].is_wanted ||
		    (fix->nodes.items[number].is_there && !lines.count && !fix->is_whole_map))
			continue;
		if (!is_first)
			out_char(out, '\n');
		is_first = false;
		write_node(out, fix, number, &lines, i + 1 == last);
	}
}

void code_fix_item_map(struct out *out, const struct fix *fix, const struct fix_item *item)
{
	struct lines lines = { .items = item->lines.items, .count = item->lines.count };
	bool is_first = true;
	size_t i, k;

	for (i = 0; i < lines.count; i++) {
		for (k = 0; k < i && lines.items[k].node != lines.items[i].node; k++)
			;
		if (k < i)
			continue;
		if (!is_first)
			out_char(out, '\n');
		is_first = false;
		write_node(out, fix, lines.items[i].node, &lines, false);
	}
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Help and list of options, from their rows; contract in cli/options.h. */
#include "cli/options.h"

#define LINE_WIDTH 96
#define WIDEST_LABEL 30

static const struct option_row help_row = {
	.name = "help",
	.letter = 'h',
	.kind = OPTION_FLAG,
	.help = "print this text",
};

void option_write_value(struct out *out, const struct option_row *row)
{
	if (row->value) {
		out_text(out, row->value);
		return;
	}
	for (const struct option_choice *choice = row->choices; choice->name; choice++) {
		if (choice != row->choices)
			out_char(out, '|');
		out_text(out, choice->name);
	}
}

static void write_label(struct out *out, const struct option_row *row)
{
	if (row->letter)
		out_printf(out, "-%c, ", row->letter);
	else
		out_text(out, "    ");
	out_printf(out, "--%s", row->name);
	if (option_has_value(row)) {
		out_char(out, ' ');
		option_write_value(out, row);
	}
}

static size_t label_width(const struct option_row *row)
{
	struct out label;
	size_t width;

	out_init(&label, NULL, NULL);
	write_label(&label, row);
	width = label.size;
	out_done(&label);
	return width;
}

static size_t widest_label(const struct option_table *tables)
{
	size_t widest = label_width(&help_row);

	OPTION_EACH(tables, table, row) {
		size_t width = label_width(row);

		if (width > widest && width <= WIDEST_LABEL)
			widest = width;
	}
	return widest;
}

/* Words of `text` in lines that start at `column`; the first one is there already. */
static void write_wrapped(struct out *out, const char *text, size_t column)
{
	size_t at = column;

	while (*text) {
		size_t length = strcspn(text, " ");

		if (at > column && at + 1 + length > LINE_WIDTH) {
			out_printf(out, "\n%*s", (int)column, "");
			at = column;
		} else if (at > column) {
			out_char(out, ' ');
			at++;
		}
		out_bytes(out, text, length);
		at += length;
		text += length;
		text += strspn(text, " ");
	}
	out_char(out, '\n');
}

static void write_row(struct out *out, const struct option_row *row, size_t widest)
{
	size_t width = label_width(row);

	out_text(out, "  ");
	write_label(out, row);
	if (width > widest)
		out_printf(out, "\n%*s", (int)widest + 4, "");
	else
		out_printf(out, "%*s", (int)(widest - width) + 2, "");
	write_wrapped(out, row->help, widest + 4);
}

void options_write_help(struct out *out, const struct option_table *tables)
{
	size_t widest = widest_label(tables);

	for (; tables->title; tables++) {
		out_printf(out, "\n%s:\n", tables->title);
		for (const struct option_row *row = tables->rows; row->name; row++)
			write_row(out, row, widest);
	}
	write_row(out, &help_row, widest);
}

void options_write_list(struct out *out, const struct option_table *tables)
{
	OPTION_EACH(tables, table, row) {
		out_printf(out, "--%s\n", row->name);
		if (row->alias)
			out_printf(out, "--%s\n", row->alias);
		if (row->letter)
			out_printf(out, "-%c\n", row->letter);
	}
	out_text(out, "--help\n-h\n");
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Columns and wrapped lists; contract in render/text-columns.h. */
#include "render/text-columns.h"

/* Bytes that continue a UTF-8 character take no column, control bytes take four ("\x1b"). */
size_t text_width(const char *text)
{
	size_t width = 0;

	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c < 0x20 || c == 0x7f)
			width += 4;
		else if ((c & 0xc0) != 0x80)
			width++;
	}
	return width;
}

void text_pad(struct out *out, size_t used, size_t width)
{
	if (!width)
		return;
	do {
		out_char(out, ' ');
	} while (++used < width);
}

void text_cell(struct out *out, const char *text, size_t width)
{
	out_safe(out, text);
	text_pad(out, text_width(text), width);
}

static void start_line(struct text_list *list)
{
	unsigned i;

	for (i = 0; i < list->indent; i++)
		out_char(list->out, ' ');
	list->column = list->indent;
}

void text_list_add(struct text_list *list, const char *text, const char *note)
{
	size_t width = text_width(text) + (note ? text_width(note) + 3 : 0);

	if (!list->column) {
		start_line(list);
	} else if (list->column + 3 + width > LINE_WIDTH) {
		out_text(list->out, ",\n");
		start_line(list);
	} else {
		out_text(list->out, ", ");
		list->column += 2;
	}
	out_safe(list->out, text);
	if (note) {
		out_text(list->out, " (");
		out_safe(list->out, note);
		out_char(list->out, ')');
	}
	list->column += width;
}

void text_list_end(struct text_list *list)
{
	if (list->column)
		out_char(list->out, '\n');
	list->column = 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Columns and wrapped lists of text, for names that come from files. */
#ifndef RENDER_TEXT_COLUMNS_H
#define RENDER_TEXT_COLUMNS_H

#include "base/out.h"

#define LINE_WIDTH 100u

/* Columns that out_safe() takes for `text`. */
size_t text_width(const char *text);
/* Spaces up to column `width` when `used` are taken; at least one, none when width is 0. */
void text_pad(struct out *out, size_t used, size_t width);
/* Text, padded to `width` columns. */
void text_cell(struct out *out, const char *text, size_t width);

/* A list "a, b, c" that is broken before LINE_WIDTH. */
struct text_list {
	struct out *out;
	unsigned indent;
	size_t column; /* 0: nothing written yet */
};

/* Writes `text`, with `note` in parentheses behind it unless that is NULL. */
void text_list_add(struct text_list *list, const char *text, const char *note);
/* Ends the last line, if there is one. */
void text_list_end(struct text_list *list);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Paragraphs of text_show(); each writes nothing when it has nothing to say. 0 or -ENOMEM. */
#ifndef RENDER_TEXT_SHOW_PARTS_H
#define RENDER_TEXT_SHOW_PARTS_H

#include "model/report.h"
#include "model/show.h"

struct show_writer {
	struct out *out;
	const struct render_options *options;
	const struct show *show;
};

int text_show_exports(const struct show_writer *w);
int text_show_imports(const struct show_writer *w);
int text_show_members(const struct show_writer *w, uint32_t sections);
int text_show_hardening(const struct show_writer *w);
int text_show_floors(const struct show_writer *w);

/* A heading, as "Exports: 12" with a count; negative: without. */
void text_show_heading(const struct show_writer *w, const char *title, long count);
/* "  label        text\n" */
void text_show_row(const struct show_writer *w, const char *label, const char *text);

#endif

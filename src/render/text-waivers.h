/* SPDX-License-Identifier: Apache-2.0 */
/* Waivers in text: what they cover, and what is to be said about them. */
#ifndef RENDER_TEXT_WAIVERS_H
#define RENDER_TEXT_WAIVERS_H

#include "render/render.h"

size_t text_waived_count(const struct findings *list);
/* One line of the list's findings that are waived, if there are any; with -v each with its reason.
 */
void text_waived(struct out *out, const struct render_options *options,
		 const struct findings *list);
/* What is wrong with the waivers of the run; when quiet, only what fails it. */
void text_waiver_notes(const struct report *report, struct out *out,
		       const struct render_options *options);

#endif

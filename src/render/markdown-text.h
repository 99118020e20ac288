/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text in Markdown (GitHub's and GitLab's kinds) that cannot become markup, a
 * link, a mention or a command. Escapes do not do that: a site looks for
 * "@name" in what is left after them. Inside a code span nothing is looked for.
 */
#ifndef RENDER_MARKDOWN_TEXT_H
#define RENDER_MARKDOWN_TEXT_H

#include "base/out.h"

/* All of it as one code span. Fits in a cell of a table too. */
void markdown_code(struct out *out, const char *text);
/* A sentence: words of letters stay plain, all others become code spans. Never first on a line. */
void markdown_text(struct out *out, const char *text);

#endif

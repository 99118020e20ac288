/* SPDX-License-Identifier: Apache-2.0 */
/* A list of findings as text: those of one rule together, the worst first. */
#ifndef RENDER_TEXT_FINDINGS_H
#define RENDER_TEXT_FINDINGS_H

#include "render/render.h"

/* Each message starts with its line, where it has one in the input. 0 or -ENOMEM. */
int text_findings(const struct findings *list, struct out *out,
		  const struct render_options *options) MUST_CHECK;

#endif

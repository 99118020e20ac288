/* SPDX-License-Identifier: Apache-2.0 */
/* Text of `diff` and `dump`. */
#ifndef RENDER_TEXT_DIFF_H
#define RENDER_TEXT_DIFF_H

#include "render/render.h"

int text_diff(const struct report *report, struct out *out,
	      const struct render_options *options) MUST_CHECK;
/* The steps of several releases, one column each. */
int text_history(const struct report *report, struct out *out,
		 const struct render_options *options) MUST_CHECK;
/* Baselines. */
int text_dump(const struct report *report, struct out *out,
	      const struct render_options *options) MUST_CHECK;

#endif

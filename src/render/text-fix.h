/* SPDX-License-Identifier: Apache-2.0 */
/* Text of `fix`. */
#ifndef RENDER_TEXT_FIX_H
#define RENDER_TEXT_FIX_H

#include "render/render.h"

int text_fix(const struct report *report, struct out *out,
	     const struct render_options *options) MUST_CHECK;

#endif

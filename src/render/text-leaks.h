/* SPDX-License-Identifier: Apache-2.0 */
/* Text and JSON of `leaks`. */
#ifndef RENDER_TEXT_LEAKS_H
#define RENDER_TEXT_LEAKS_H

#include "render/render.h"

int text_leaks(const struct report *report, struct out *out,
	       const struct render_options *options) MUST_CHECK;
int json_leaks(const struct report *report, struct json *json) MUST_CHECK;

#endif

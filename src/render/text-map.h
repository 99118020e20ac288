/* SPDX-License-Identifier: Apache-2.0 */
/* Text and JSON of `map`: what is wrong with a version script, or the script itself. */
#ifndef RENDER_TEXT_MAP_H
#define RENDER_TEXT_MAP_H

#include "render/render.h"

int text_map(const struct report *report, struct out *out,
	     const struct render_options *options) MUST_CHECK;
int json_map(const struct report *report, struct json *json) MUST_CHECK;

#endif

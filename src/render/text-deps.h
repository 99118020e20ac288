/* SPDX-License-Identifier: Apache-2.0 */
/* Text and JSON of `deps`. */
#ifndef RENDER_TEXT_DEPS_H
#define RENDER_TEXT_DEPS_H

#include "render/render.h"

int text_deps(const struct report *report, struct out *out,
	      const struct render_options *options) MUST_CHECK;
int json_deps(const struct report *report, struct json *json) MUST_CHECK;

#endif

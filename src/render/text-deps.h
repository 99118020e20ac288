/* SPDX-License-Identifier: Apache-2.0 */
/* Text and JSON of `deps`. */
#ifndef RENDER_TEXT_DEPS_H
#define RENDER_TEXT_DEPS_H

#include "render/render.h"

struct deps;

/* The symbols file that is asked for. 0 or -ENOMEM. */
int deps_symbols_write(const struct deps *deps, struct out *out) MUST_CHECK;
int text_deps(const struct report *report, struct out *out,
	      const struct render_options *options) MUST_CHECK;
int json_deps(const struct report *report, struct json *json) MUST_CHECK;

#endif

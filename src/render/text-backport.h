/* SPDX-License-Identifier: Apache-2.0 */
/* Text and JSON of `backport`. */
#ifndef RENDER_TEXT_BACKPORT_H
#define RENDER_TEXT_BACKPORT_H

#include "render/render.h"

int text_backport(const struct report *report, struct out *out,
		  const struct render_options *options) MUST_CHECK;
int json_backport(const struct report *report, struct json *json) MUST_CHECK;

#endif

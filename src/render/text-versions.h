/* SPDX-License-Identifier: Apache-2.0 */
/* Text and JSON of `versions`: where each number stands, and which do not agree. */
#ifndef RENDER_TEXT_VERSIONS_H
#define RENDER_TEXT_VERSIONS_H

#include "render/render.h"

int text_versions(const struct report *report, struct out *out,
		  const struct render_options *options) MUST_CHECK;
int json_versions(const struct report *report, struct json *json) MUST_CHECK;

#endif

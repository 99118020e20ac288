/* SPDX-License-Identifier: Apache-2.0 */
/* What `diff` and `dump` add to the JSON document. */
#ifndef RENDER_JSON_DIFF_H
#define RENDER_JSON_DIFF_H

#include "base/json.h"
#include "render/render.h"

int json_diff(const struct report *report, struct json *json) MUST_CHECK;
int json_dump(const struct report *report, struct json *json) MUST_CHECK;

#endif

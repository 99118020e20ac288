/* SPDX-License-Identifier: Apache-2.0 */
/* What `fix` adds to the JSON document. */
#ifndef RENDER_JSON_FIX_H
#define RENDER_JSON_FIX_H

#include "base/json.h"
#include "model/fix.h"
#include "render/render.h"

int json_fix(const struct report *report, struct json *json) MUST_CHECK;
/* Members "code" and "map" of all that a fix holds. */
int json_fix_texts(struct json *json, const struct fix *fix) MUST_CHECK;

#endif

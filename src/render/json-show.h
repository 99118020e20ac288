/* SPDX-License-Identifier: Apache-2.0 */
/* JSON of `show`: the member "images", one object a file that could be shown. */
#ifndef RENDER_JSON_SHOW_H
#define RENDER_JSON_SHOW_H

#include "base/json.h"
#include "model/report.h"

int json_show(const struct report *report, struct json *json);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON of `why`: the member "causes", one object an import; and "need" with
 * what else is known: what was asked, and which other files need the same.
 */
#ifndef RENDER_JSON_WHY_H
#define RENDER_JSON_WHY_H

#include "base/json.h"
#include "model/report.h"

int json_why(const struct report *report, struct json *json);

#endif

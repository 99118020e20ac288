/* SPDX-License-Identifier: Apache-2.0 */
/* Text of `why`: the answer, its causes, the objects to blame, who else needs it. */
#ifndef RENDER_TEXT_WHY_H
#define RENDER_TEXT_WHY_H

#include "model/report.h"

int text_why(const struct report *report, struct out *out, const struct render_options *options);

#endif

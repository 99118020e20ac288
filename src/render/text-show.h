/* SPDX-License-Identifier: Apache-2.0 */
/* Text of `show`: one block a file, one paragraph a section. */
#ifndef RENDER_TEXT_SHOW_H
#define RENDER_TEXT_SHOW_H

#include "model/report.h"

int text_show(const struct report *report, struct out *out, const struct render_options *options);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* A fix as C code and as lines of a version script. */
#ifndef RENDER_CODE_FIX_H
#define RENDER_CODE_FIX_H

#include "base/out.h"
#include "model/fix.h"

/* Has the item code? Else the version script alone does it, or nothing. */
bool code_fix_has_code(const struct fix_item *item);
/* What each source file needs once, before the code of its symbols. */
void code_fix_prelude(struct out *out);
int code_fix_item(struct out *out, const struct fix_item *item) MUST_CHECK;
/* The prelude and all items; nothing if none has code. 0 or -ENOMEM. */
int code_fix_all(struct out *out, const struct fix *fix) MUST_CHECK;
/* The lines of one item. */
void code_fix_item_map(struct out *out, const struct fix *fix, const struct fix_item *item);
void code_fix_map(struct out *out, const struct fix *fix);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Two releases of a library → what brings compatibility back. */
#ifndef ENGINE_COMPARE_FIX_H
#define ENGINE_COMPARE_FIX_H

#include "model/fix.h"

struct fix_request {
	const char *const
		*symbols; /* NULL-terminated "name", "name@NODE"; NULL: what breaks old programs */
	bool is_whole_map;
};

/*
 * `comparison` is that of the two; the fix takes it over when 0 is returned. 0,
 * -ENOMEM, or -ENOENT with *ret_unknown: a symbol that neither has.
 */
int fix_make(const struct corpus *old, const struct corpus *new, struct comparison *comparison,
	     const struct fix_request *request, struct fix **ret,
	     const char **ret_unknown) MUST_CHECK;
/*
 * `symbol` of `new` gets a second version in `node`, which `parents` (of OLD) come
 * before where NEW lacks it. 0 or -ENOMEM.
 */
int fix_make_alias(const struct corpus *new, const struct corpus_symbol *symbol, const char *node,
		   struct fix **ret) MUST_CHECK;
/* NULL is fine. */
void fix_free(struct fix *fix);

#endif

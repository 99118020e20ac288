/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of the comparison of layouts share; only they know of it. */
#ifndef ENGINE_COMPARE_LAYOUT_PARTS_H
#define ENGINE_COMPARE_LAYOUT_PARTS_H

#include "engine/compare/types.h"

/* "on i386", or "in B" where both are of one machine. NULL: no memory, which is noted. */
const char *layout_where(struct type_diff *d, bool is_other);
/* "has 8 bytes on x86-64, 4 on i386", the same. */
const char *layout_sizes(struct type_diff *d, uint64_t one, uint64_t other);
/* Do long doubles of these sizes have another format? */
bool layout_other_format(struct type_diff *d, uint64_t one, uint64_t other);
/*
 * A finding; with `is_machine` a risk at most, as the rule's own verdict is for
 * releases. 0 or -ENOMEM.
 */
int layout_add(struct type_diff *d, uint32_t pair, const char *rule, bool is_machine,
	       const char *subject, const char *message) MUST_CHECK;
/* Queues what a value holds, or points to. `in_record`: its struct is told, not it. */
int layout_follow(struct type_diff *d, uint32_t from, type_id one, type_id other,
		  const struct type_part *step, bool in_record) MUST_CHECK;
/* Visits a pair of structs. 0 or -ENOMEM. */
int layout_record(struct type_diff *d, uint32_t pair) MUST_CHECK;

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Programs as the measure of a comparison: which symbols they take of OLD, what
 * changes for them when NEW stands in, and which findings therefore do not
 * concern them.
 */
#ifndef ENGINE_COMPARE_USAGE_H
#define ENGINE_COMPARE_USAGE_H

#include "model/comparison.h"
#include "model/forecast.h"
#include "model/usage.h"

/*
 * Adds what one program takes. `usages`: by object number of its closure, NULL
 * where the object is no library that is compared. The forecast holds bindings.
 * 0 or -ENOMEM.
 */
int usage_add(struct usage *const *usages, const struct forecast *forecast,
	      size_t *ret_bindings) MUST_CHECK;
void usage_done(struct usage *usage);

/*
 * What is new with NEW: verdict, reasons (in `arena`), broken_before. `usages` as
 * for usage_add(), by object of `old`. 0 or -ENOMEM.
 */
int program_compare(const struct forecast *old, const struct forecast *new,
		    struct usage *const *usages, struct arena *arena,
		    struct program_use *ret) MUST_CHECK;

/*
 * What changed types do to a program that takes `usage` of the library: verdict
 * and reasons (in `arena`) are added. 0 or -ENOMEM.
 */
int program_add_types(const struct comparison *comparison, const struct usage *usage,
		      struct arena *arena, struct program_use *program) MUST_CHECK;

/* Lowers the findings that do not concern these programs, and sums up anew. 0 or -ENOMEM. */
int comparison_settle(struct comparison *comparison, const struct usage *usage) MUST_CHECK;

#endif

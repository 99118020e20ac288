/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One symbol of NEW in a build of OLD, under each of the three nodes that it can
 * be given: what the loader, packages and later releases make of it.
 */
#ifndef ENGINE_COMPARE_BACKPORT_H
#define ENGINE_COMPARE_BACKPORT_H

#include "model/backport.h"
#include "model/corpus.h"

/* `symbol` is exported by `new`. 0 or -ENOMEM. */
int backport_plan(const struct corpus *old, const struct corpus *new, const char *symbol,
		  struct backport **ret) MUST_CHECK;
/* NULL is fine. */
void backport_free(struct backport *backport);

#endif

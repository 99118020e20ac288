/* SPDX-License-Identifier: Apache-2.0 */
/* The forecast as a part of another question. */
#ifndef LIB_CHECK_H
#define LIB_CHECK_H

#include "engine/load/search.h"
#include "lib/context.h"

/* A system, with some of its libraries exchanged. */
struct check_world {
	struct abifit_system *system;
	struct source
		*home; /* the system that the programs come from: they keep their place in it */
	const struct stand_in *stand_ins;
	size_t stand_in_count;
	const struct abifit_environment *environment; /* NULL: the defaults */
	uint32_t threads;
};

/* As abifit_check() with every binding kept; the context's error is set. */
int check_world(const struct check_world *world, const char *const *files, size_t count,
		struct abifit_report **ret) MUST_CHECK;

#endif

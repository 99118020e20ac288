/* SPDX-License-Identifier: Apache-2.0 */
/* Accessors of model/closure.h. */
#include "model/closure.h"

const char *found_by_text(enum found_by found_by)
{
	static const char *const texts[] = {
		[FOUND_MAIN] = "program",
		[FOUND_INTERPRETER] = "interpreter",
		[FOUND_RPATH] = "rpath",
		[FOUND_LIBRARY_PATH] = "LD_LIBRARY_PATH",
		[FOUND_RUNPATH] = "runpath",
		[FOUND_CACHE] = "cache",
		[FOUND_DEFAULT] = "default",
		[FOUND_DIRECT] = "direct",
		[FOUND_PRELOAD] = "preload",
		[FOUND_MUSL_PATH] = "path",
		[FOUND_GIVEN] = "given",
		[FOUND_MISSING] = "missing",
	};

	return texts[found_by];
}

void closure_done(struct closure *closure)
{
	array_done(&closure->objects);
	array_done(&closure->scope);
	array_done(&closure->order);
	array_done(&closure->groups);
	arena_done(&closure->arena);
}

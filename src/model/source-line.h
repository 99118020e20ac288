/* SPDX-License-Identifier: Apache-2.0 */
/* Which line of which source file an address of code is of. */
#ifndef MODEL_SOURCE_LINE_H
#define MODEL_SOURCE_LINE_H

#include "base/common.h"

struct source_line {
	uint64_t address;
	const char *file; /* as the compiler was given it, else with its folder; NULL: not told */
	uint32_t line;	  /* 0: the compiler made the code */
};

#endif

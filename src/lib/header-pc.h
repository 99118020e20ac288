/* SPDX-License-Identifier: Apache-2.0 */
/* What the .pc files of a system tell of headers; part of lib/header-auto.h. */
#ifndef LIB_HEADER_PC_H
#define LIB_HEADER_PC_H

#include "lib/header-auto.h"

/* The flags of the .pc file at `path` and of those that it needs: folders and macros. */
int header_pc_flags(const struct abifit_system *system, const char *path, struct arena *arena,
		    struct header_arguments *ret) MUST_CHECK;
/*
 * The headers of the library that the linker finds by `link` ("/usr/lib/libz.so"), by the .pc
 * file whose Libs name it. ret->from stays NULL when there is none. 0 or -ENOMEM.
 */
int header_pc_find(const struct abifit_system *system, const char *link, struct arena *arena,
		   struct header_found *ret) MUST_CHECK;

#endif

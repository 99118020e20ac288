/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Would the loader take this file as a library? The checks of glibc's
 * open_verify and _dl_map_object_from_fd (dl-load.c), of musl's map_library.
 */
#ifndef ENGINE_LOAD_VERIFY_H
#define ENGINE_LOAD_VERIFY_H

#include "model/closure.h"

/* What the loader says of a library that it does not find, or passes over. */
#define NOT_FOUND "cannot open shared object file: No such file or directory"

/* rule NULL: it takes it. `version` is the libc's, 0 for the newest rules. */
struct refusal verify_library(const struct image *image, const struct loader *loader,
			      const struct environment *environment, uint32_t version);
/* Is a whole page of a segment behind the end of the file? Touching it is a bus error. */
bool verify_lacks_page(const struct image *image, const struct environment *environment);
/* Page sizes of `environment` at which the file cannot be mapped: the first, or 0. */
uint32_t verify_page_size(const struct image *image, const struct environment *environment);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* A symbols file brought up to date with a library, as dpkg-gensymbols does. */
#ifndef ENGINE_DEPS_SYMBOLS_UPDATE_H
#define ENGINE_DEPS_SYMBOLS_UPDATE_H

#include "model/deb-symbols.h"
#include "model/finding.h"
#include "model/image.h"

/* Made by linkers and compilers on some machine, in every library: not its interface. */
bool symbols_are_internal(const char *name, const char *allowed_groups);

/*
 * Brings the entries of `image`'s soname in `file` up to date: what it exports is there since
 * `version` at the latest, what it does not is missing. `package` heads a library that is
 * new in the file. *ret_fault: damage, rule NULL for none. 0 or -ENOMEM.
 */
int symbols_update(struct symbols_file *file, struct image *image, const char *package,
		   const char *version, struct fault *ret_fault) MUST_CHECK;

/* How the two differ as findings deps/symbols-…, of level 4 to 1; those up to `level` break. */
int symbols_compare(const struct symbols_file *old, const struct symbols_file *new, unsigned level,
		    struct findings *list, const char *input) MUST_CHECK;

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* DWARF → model/types.h. */
#ifndef READ_DWARF_TYPES_H
#define READ_DWARF_TYPES_H

#include "model/types.h"
#include "read/debug-files.h"

/*
 * The types of the symbols in `roots`, whose addresses are those of the file that
 * the debug information is about; what was found of each is noted there. With
 * `all` every named type that the library defines is read besides. Split files are
 * opened on the way; those that are missing are told in `files`, which *ret does not
 * need any longer. 0; -ENOMEM; -ENOENT: there is no debug
 * information (files->problem); -EBADMSG when nothing can be read (*ret_fault tells);
 * damage of single units is counted in *ret.
 */
int types_from_dwarf(struct debug_files *files, struct type_root *roots, size_t root_count,
		     bool all, struct types **ret, struct fault *ret_fault) MUST_CHECK;

#endif

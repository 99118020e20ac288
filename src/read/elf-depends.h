/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bytes → model/elf-depends.h. Sections are read, not segments, as rpm's elfdeps does:
 * it looks at the tables of version definitions, of version needs and of dynamic tags in
 * the order in which the section headers list them.
 * Specification: System V gABI chapters 4 and 5, LSB symbol versioning.
 */
#ifndef READ_ELF_DEPENDS_H
#define READ_ELF_DEPENDS_H

#include "model/elf-depends.h"

/*
 * Reads a file's bytes. 0 or -ENOMEM; damage and what is no ELF file stand in *ret, which
 * points into `bytes` and is the caller's to end.
 */
int elf_depends_read(const unsigned char *bytes, size_t size, struct elf_depends *ret) MUST_CHECK;
void elf_depends_done(struct elf_depends *depends);

#endif

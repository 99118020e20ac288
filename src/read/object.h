/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes → model/object.h. */
#ifndef READ_OBJECT_H
#define READ_OBJECT_H

#include "model/object.h"

/*
 * Finds the section headers and the symbol table of an ELF file of any type.
 * Never fails: a file that is not ELF has is_elf false and no fault; in a
 * damaged one what could be found stands in *ret, and its fault says what is
 * wrong. `bytes` stay the caller's, who keeps them as long as *ret.
 */
void object_read(const unsigned char *bytes, size_t size, struct object_file *ret);

#endif

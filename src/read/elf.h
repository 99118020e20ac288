/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bytes → model/image.h: ELF header, program headers, dynamic section, notes
 * (gABI chapters 4 and 5; GNU property notes as in the x86-64 psABI). Tables
 * are located and bounded here; they are decoded by the image's own accessors.
 */
#ifndef READ_ELF_H
#define READ_ELF_H

#include "model/image.h"

/*
 * Fills `image` from its bytes and size. 0 or -ENOMEM. A damaged file is no
 * error here: what could be read stands in the image, and image->fault says
 * what is wrong. A file that is not ELF has is_elf false and no fault.
 */
int elf_read(struct image *image) MUST_CHECK;

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* The dynamic section (gABI chapter 5); part of read/elf.h. */
#ifndef READ_ELF_DYNAMIC_H
#define READ_ELF_DYNAMIC_H

#include "model/image.h"

int elf_read_dynamic(struct image *image, const struct segment *segment) MUST_CHECK;

#endif

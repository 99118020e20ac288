/* SPDX-License-Identifier: Apache-2.0 */
/* Notes of one PT_NOTE segment; part of read/elf.h. */
#ifndef READ_ELF_NOTE_H
#define READ_ELF_NOTE_H

#include "model/image.h"

int elf_read_notes(struct image *image, const struct segment *segment) MUST_CHECK;

#endif

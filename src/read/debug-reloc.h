/* SPDX-License-Identifier: Apache-2.0 */
/* Relocations of a relocatable object's debug sections. */
#ifndef READ_DEBUG_RELOC_H
#define READ_DEBUG_RELOC_H

#include "read/debug-sections.h"

/* Whether any relocations are for this section. */
bool debug_is_relocated(const struct debug_sections *sections, uint32_t section);
/*
 * Applies them to `bytes`, a private copy of the section. A relocation that is of
 * no use here (of an unknown type, or outside) leaves its field as it is; the first
 * one is told in sections->fault. 0, or -EBADMSG with a fault when there are more
 * than the file can hold.
 */
int debug_relocate(struct debug_sections *sections, uint32_t section, unsigned char *bytes,
		   size_t size, struct fault *ret_fault) MUST_CHECK;

#endif

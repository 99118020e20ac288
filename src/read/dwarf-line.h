/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The line tables of .debug_line, DWARF 2 to 5, asked for single addresses. Nothing is
 * kept of them but the answers. Specification: DWARF 5 §6.2, DWARF 4 §6.2 for the older
 * header.
 */
#ifndef READ_DWARF_LINE_H
#define READ_DWARF_LINE_H

#include "base/arena.h"
#include "model/source-line.h"
#include "read/debug-sections.h"

/*
 * Fills the file and line of each address; `lines` come back sorted by address. Where two
 * tables tell of one, the first does. Texts are in `arena`. Of a damaged table what stands
 * before the damage counts; *ret_damaged: such there are. 0 or -ENOMEM.
 */
int dwarf_lines(struct debug_sections *sections, struct arena *arena, struct source_line *lines,
		size_t count, size_t *ret_damaged) MUST_CHECK;

#endif

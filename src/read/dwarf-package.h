/* SPDX-License-Identifier: Apache-2.0 */
/* The indices of a package of split units (.dwp): which part of each section is a unit's. */
#ifndef READ_DWARF_PACKAGE_H
#define READ_DWARF_PACKAGE_H

#include "read/debug-sections.h"

/* The parts of one unit: where each begins. */
struct dwarf_parts {
	uint64_t start, end; /* of the unit, in its own section */
	uint32_t abbrev;
	uint32_t str_offsets;
	uint32_t rnglists;
};

struct dwarf_package {
	/* Of units in .debug_info and in .debug_types, by start. */
	struct array_of(struct dwarf_parts) info, types;
	bool is_there; /* the file has an index */
};

/*
 * Reads both indices of a file. 0, also when it has none; -ENOMEM; -EBADMSG with a
 * fault when one is damaged. dwarf_package_done() after each outcome.
 */
int dwarf_package_init(struct dwarf_package *ret, struct debug_sections *sections,
		       struct fault *ret_fault) MUST_CHECK;
void dwarf_package_done(struct dwarf_package *package);
/* The parts of the unit that begins at an offset of its section; NULL: not in the index. */
const struct dwarf_parts *dwarf_package_find(const struct dwarf_package *package, bool in_types,
					     uint64_t offset);

#endif

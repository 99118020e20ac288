/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a file with line tables: each address has one answer, or none. */
#include "read/dwarf-line.h"

#include <string.h>

#define ADDRESSES 64

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct source_line lines[ADDRESSES] = { 0 };
	struct debug_sections sections;
	struct arena arena = { 0 };
	size_t damaged, i;
	int r = debug_sections_init(&sections, bytes, size);

	/* Those of objects, which are far apart, and small ones. */
	for (i = 0; i < ADDRESSES; i++)
		lines[i].address = i % 2 ? 0x1000 + 7 * i : 3 * i;
	for (i = 1; sections.places && i < sections.object.section_count && i < ADDRESSES; i++)
		lines[i].address = sections.places[i] + i;
	if (r != -ENOMEM && dwarf_lines(&sections, &arena, lines, ADDRESSES, &damaged))
		abort();
	for (i = 0; i < ADDRESSES; i++) {
		if ((i && lines[i - 1].address > lines[i].address) ||
		    (lines[i].file && strlen(lines[i].file) > 2 * size))
			abort();
	}
	arena_done(&arena);
	debug_sections_done(&sections);
	return 0;
}

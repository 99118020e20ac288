/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as an ELF file of which rpm's names are made. */
#include "engine/deps/rpm.h"
#include "read/elf-depends.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void check(bool holds)
{
	if (!holds)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct deps_file file = { 0 };
	struct elf_depends depends;
	struct arena arena = { 0 };

	check(!elf_depends_read(bytes, size, &depends));
	check(depends.items.count <= size);
	for (unsigned ways = 0; ways <= DEPS_REQUIRE_INTERP; ways += DEPS_REQUIRE_INTERP) {
		check(!rpm_lines(&depends, "libfile.so", 0755, DEPS_PROVIDES | DEPS_REQUIRES,
				 ways | DEPS_NO_FILTER_SONAME, &arena, &file));
		check(file.provides.count + file.requires.count <= 4 * size + 4);
	}
	array_done(&file.provides);
	array_done(&file.requires);
	elf_depends_done(&depends);
	arena_done(&arena);
	return 0;
}

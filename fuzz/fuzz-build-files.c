/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a build file, whose kind the first byte tells: each number is one. */
#include "read/build-files.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static const char *const paths[] = { "meson.build", "CMakeLists.txt", "configure.ac",
					     "Makefile.am", "VERSION",	      "debian/changelog",
					     "a.pc",	    "a.spec" };
	struct versions *versions = calloc(1, sizeof(*versions));
	struct arena *arena;
	size_t i;

	if (!versions)
		abort();
	if (!size) {
		versions_free(versions);
		return 0;
	}
	arena = &versions->findings.arena;
	for (i = 0; i < 2; i++) {
		if (build_file_read(paths[(bytes[0] + i) % ARRAY_SIZE(paths)],
				    (const char *)bytes + 1, size - 1, arena, versions))
			abort();
	}
	if (build_numbers_resolve(arena, versions))
		abort();
	for (i = 0; i < versions->numbers.count; i++) {
		const struct number *n = &versions->numbers.items[i];
		uint64_t parts[8];

		if (n->kind == NUMBER_VARIABLE || !n->line || !n->text ||
		    (n->value && !number_parts(n->value, parts)))
			abort();
	}
	versions_free(versions);
	return 0;
}

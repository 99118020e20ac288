/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as the headers of an rpm package. */
#include "read/rpm-header.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void check(bool holds)
{
	if (!holds)
		abort();
}

static void walk(const struct rpm_relations *relations)
{
	struct arena arena = { 0 };
	size_t i;

	for (i = 0; i < relations->count; i++) {
		check(rpm_relation_text(&arena, &relations->items[i]) != NULL);
		rpm_relations_overlap(&relations->items[i], &relations->items[0]);
	}
	arena_done(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct rpm_package package;
	struct fault fault;

	check(!rpm_header_read(bytes, size, &package, &fault));
	check(package.provides.count <= size && package.requires.count <= size);
	check(fault.rule || (package.name && strlen(package.evr)));
	walk(&package.provides);
	walk(&package.requires);
	rpm_package_done(&package);
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* What a package of rpm says of itself. Strings are slices of its header or of its arena. */
#ifndef MODEL_RPM_PACKAGE_H
#define MODEL_RPM_PACKAGE_H

#include "base/arena.h"
#include "base/array.h"

/* Bits of a relation's flags (rpm's RPMSENSE_…). */
#define RPM_LESS (1u << 1)
#define RPM_GREATER (1u << 2)
#define RPM_EQUAL (1u << 3)
#define RPM_RPMLIB (1u << 24) /* asked of rpm itself */

struct rpm_relation {
	const char *name;
	const char *version; /* "[EPOCH:]VERSION[-RELEASE]"; "": any */
	uint32_t flags;
};

struct rpm_relations array_of(struct rpm_relation);

struct rpm_package {
	struct arena arena;
	const char *name;
	const char *evr; /* "[EPOCH:]VERSION-RELEASE" */
	struct rpm_relations provides, requires;
};

/* Do the versions that two relations of one name allow have any in common? */
bool rpm_relations_overlap(const struct rpm_relation *a, const struct rpm_relation *b);
/* "name >= 1.0"; NULL when out of memory. */
const char *rpm_relation_text(struct arena *arena, const struct rpm_relation *relation);
void rpm_package_done(struct rpm_package *package);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in model/rpm-package.h. */
#include "model/rpm-package.h"
#include "model/package-version.h"

#include <string.h>

#define COMPARISONS (RPM_LESS | RPM_GREATER | RPM_EQUAL)

/* Of "[EPOCH:]VERSION[-RELEASE]": a side without a release is like any release. */
static int compare(const char *a, const char *b)
{
	const char *dash_a = strrchr(a, '-');
	const char *dash_b = strrchr(b, '-');
	AUTO_FREE char *short_a = strdup(a);
	AUTO_FREE char *short_b = strdup(b);

	/* Without memory, the whole is compared: a relation then rather fails than holds. */
	if (!short_a || !short_b || (dash_a && dash_b))
		return rpm_evr_compare(a, b);
	if (dash_a)
		short_a[dash_a - a] = '\0';
	if (dash_b)
		short_b[dash_b - b] = '\0';
	return rpm_evr_compare(short_a, short_b);
}

bool rpm_relations_overlap(const struct rpm_relation *a, const struct rpm_relation *b)
{
	int order;

	if (strcmp(a->name, b->name) != 0)
		return false;
	if (!(a->flags & COMPARISONS) || !(b->flags & COMPARISONS) || !a->version[0] ||
	    !b->version[0])
		return true;
	order = compare(a->version, b->version);
	if (order < 0)
		return (a->flags & RPM_GREATER) || (b->flags & RPM_LESS);
	if (order > 0)
		return (a->flags & RPM_LESS) || (b->flags & RPM_GREATER);
	return (a->flags & b->flags & COMPARISONS) != 0;
}

const char *rpm_relation_text(struct arena *arena, const struct rpm_relation *relation)
{
	uint32_t flags = relation->flags & COMPARISONS;

	if (!flags || !relation->version[0])
		return arena_strdup(arena, relation->name);
	return arena_printf(arena, "%s %s%s%s %s", relation->name, flags & RPM_LESS ? "<" : "",
			    flags & RPM_GREATER ? ">" : "", flags & RPM_EQUAL ? "=" : "",
			    relation->version);
}

void rpm_package_done(struct rpm_package *package)
{
	array_done(&package->provides);
	array_done(&package->requires);
	arena_done(&package->arena);
}

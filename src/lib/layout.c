/* SPDX-License-Identifier: Apache-2.0 */
/* abifit_layout(): one library, built for two machines. */
#include "engine/compare/layout.h"
#include "lib/corpora.h"

static int compare_one(struct abifit_report *report, const struct side_item *one,
		       const struct side_item *other)
{
	size_t number;
	int r = report_add_input(report, other->file.path, &number);

	if (r)
		return r;
	report->report.inputs.items[number].image = other->file.image ? other->file.image
								      : one->file.image;
	return compare_layout(one->corpus, other->corpus,
			      &report->report.inputs.items[number].comparison);
}

static int compare_sides(struct abifit_report *report, struct side *one, struct side *other)
{
	size_t found = 0;
	size_t i;
	int r = 0;

	/* What could not be read has been said. */
	if (!one->items.count || !other->items.count)
		return 0;
	if (!one->is_folder && !other->is_folder)
		return compare_one(report, &one->items.items[0], &other->items.items[0]);
	for (i = 0; !r && i < one->items.count; i++) {
		struct side_item *like = side_find(other, side_key(&one->items.items[i]));

		if (!like)
			continue;
		like->matched = true;
		found++;
		r = compare_one(report, &one->items.items[i], like);
	}
	if (!r && found < one->items.count)
		r = unchecked_add(&report->report.findings, one->items.items[0].file.path,
				  "libraries that are on one side only",
				  "there is none of their soname on the other",
				  "builds of the same libraries", one->items.count - found, !found);
	return r;
}

static int run(struct abifit_system *system, struct abifit_report *report, const char *one_path,
	       const char *other_path, const struct side_types *types)
{
	struct side one = { 0 };
	struct side other = { 0 };
	int r = side_read(system, report, one_path, types, &one);

	if (!r)
		r = side_read(system, report, other_path, types, &other);
	if (!r)
		r = sides_read_types(report, (struct side *[]){ &one, &other }, 2, 0);
	if (!r)
		r = compare_sides(report, &one, &other);
	side_done(&one);
	side_done(&other);
	return r;
}

int abifit_layout(struct abifit_system *system, const char *one_path, const char *other_path,
		  const struct abifit_types_options *types, struct abifit_report **ret)
{
	struct abifit_report *report = NULL;
	struct side_types wanted;
	int r = side_types_read(types, false, &wanted);

	if (r)
		return context_fail(system->context, r, "types options of an unknown size");
	/* Headers are read by a compiler for one machine. */
	wanted = (struct side_types){ .wanted = true, .debug_dirs = wanted.debug_dirs };
	r = report_new(system->context, system, "layout", &report);
	if (!r) {
		report->report.has_verdict = true;
		r = run(system, report, one_path, other_path, &wanted);
	}
	if (r) {
		abifit_report_unref(report);
		return r == -ENOMEM ? context_fail(system->context, r, "out of memory") : r;
	}
	report_conclude(report);
	*ret = report;
	return 0;
}

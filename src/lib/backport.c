/* SPDX-License-Identifier: Apache-2.0 */
/* abifit_backport(): one symbol of a release, brought into an older one. */
#include "engine/compare/backport.h"
#include "lib/corpora.h"

static int plan(struct abifit_report *report, const struct side *old, const struct side *new,
		const char *symbol)
{
	const struct corpus *from = new->items.items[0].corpus;
	const struct corpus *to = old->items.items[0].corpus;
	size_t number, count;
	int r = report_add_input(report, from->path, &number);

	if (r)
		return r;
	if (!corpus_find(from, symbol, &count))
		return report_input_error(
			report, number, "input/unsupported", NULL,
			arena_printf(&report->report.arena, "does not export %s", symbol));
	report->report.inputs.items[number].image = new->items.items[0].file.image;
	return backport_plan(to, from, symbol, &report->report.backport);
}

static int run(struct abifit_system *system, struct abifit_report *report, const char *symbol,
	       const char *from, const char *to)
{
	struct side old = { 0 };
	struct side new = { 0 };
	int r = side_read(system, report, to, &(struct side_types){ 0 }, &old);

	if (!r)
		r = side_read(system, report, from, &(struct side_types){ 0 }, &new);
	if (!r)
		r = side_check_single(&old, to);
	if (!r)
		r = side_check_single(&new, from);
	/* What could not be read has been said. */
	if (!r && old.items.count && new.items.count)
		r = plan(report, &old, &new, symbol);
	side_done(&old);
	side_done(&new);
	return r;
}

int abifit_backport(struct abifit_system *system, const char *symbol, const char *from,
		    const char *to, struct abifit_report **ret)
{
	struct abifit_report *report = NULL;
	int r = report_new(system->context, system, "backport", &report);

	if (!r)
		r = run(system, report, symbol, from, to);
	if (r) {
		abifit_report_unref(report);
		return r == -ENOMEM ? context_fail(system->context, r, "out of memory") : r;
	}
	report_conclude(report);
	*ret = report;
	return 0;
}

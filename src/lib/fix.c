/* SPDX-License-Identifier: Apache-2.0 */
/* abifit_fix(): what brings compatibility back. */
#include "engine/compare/compare.h"
#include "engine/compare/fix.h"
#include "lib/corpora.h"
#include "lib/provider.h"

#include <string.h>

static const char *provide(void *data, const char *name, const char *version)
{
	return provider_find(data, name, version);
}

/* The comparison that `diff` makes of the two. */
static int compare_sides(struct abifit_system *system, const struct side_item *old,
			 const struct side_item *new, struct comparison **ret)
{
	struct provider provider = { 0 };
	struct compare_options options = { .libc = LIBC_GLIBC, .data = &provider };
	int r;

	if (new->file.image) {
		provider_init(&provider, system, &new->file);
		options.provider = provide;
	}
	r = compare(old->corpus, new->corpus, &options, ret);
	if (!r && provider.error) {
		comparison_free(*ret);
		r = provider.error;
	}
	provider_done(&provider);
	return r;
}

static bool mends_all(const struct fix *fix)
{
	size_t i;

	for (i = 0; i < fix->items.count; i++) {
		if (fix->items.items[i].way == FIX_IMPOSSIBLE)
			return false;
	}
	return !fix->rest.count;
}

static int fix_sides(struct abifit_system *system, struct abifit_report *report,
		     const struct abifit_fix_options *options, const struct side *old,
		     const struct side *new)
{
	struct fix_request request = {
		.symbols = options->symbols,
		.is_whole_map = options->flags & ABIFIT_FIX_WHOLE_MAP,
	};
	const struct side_item *old_item = &old->items.items[0];
	const struct side_item *new_item = &new->items.items[0];
	struct comparison *comparison = NULL;
	const char *unknown = NULL;
	struct fix *fix = NULL;
	size_t number;
	int r = report_add_input(report, new_item->file.path, &number);

	if (!r)
		r = compare_sides(system, old_item, new_item, &comparison);
	if (r)
		return r;
	r = fix_make(old_item->corpus, new_item->corpus, comparison, &request, &fix, &unknown);
	if (r) {
		comparison_free(comparison);
		return r == -ENOENT
			       ? context_fail(system->context, r, "neither %s nor %s exports %s",
					      old_item->file.path, new_item->file.path, unknown)
			       : r;
	}
	fix->wants_code = !(options->flags & ABIFIT_FIX_MAP_ONLY);
	fix->wants_map = !(options->flags & ABIFIT_FIX_CODE_ONLY);
	report->report.inputs.items[number].image = new_item->file.image;
	report->report.inputs.items[number].fix = fix;
	report->report.inputs.items[number].verdict = mends_all(fix) ? VERDICT_OK : VERDICT_BREAK;
	return 0;
}

static int read_sides(struct abifit_system *system, struct abifit_report *report,
		      const char *old_path, const char *new_path, struct side *old,
		      struct side *new)
{
	int r = side_read(system, report, old_path, &(struct side_types){ 0 }, old);

	if (!r)
		r = side_read(system, report, new_path, &(struct side_types){ 0 }, new);
	if (!r)
		r = side_check_single(old, old_path);
	return r ? r : side_check_single(new, new_path);
}

int abifit_fix(struct abifit_system *system, const char *old_path, const char *new_path,
	       const struct abifit_fix_options *options, struct abifit_report **ret)
{
	struct abifit_fix_options copy = { .size = sizeof(copy) };
	struct abifit_report *report = NULL;
	struct side old = { 0 };
	struct side new = { 0 };
	int r = options_check(options, options ? options->size : 0, sizeof(copy));

	if (r)
		return context_fail(system->context, r, "fix options of an unknown size");
	if (options)
		memcpy(&copy, options, size_min(options->size, sizeof(copy)));
	r = report_new(system->context, system, "fix", &report);
	if (r)
		return context_fail(system->context, r, "out of memory");
	report->report.has_verdict = true;
	r = read_sides(system, report, old_path, new_path, &old, &new);
	/* What could not be read has been said. */
	if (!r && old.items.count && new.items.count)
		r = fix_sides(system, report, &copy, &old, &new);
	side_done(&old);
	side_done(&new);
	if (r) {
		abifit_report_unref(report);
		return r == -ENOMEM ? context_fail(system->context, r, "out of memory") : r;
	}
	report_conclude(report);
	*ret = report;
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* abifit_diff(), abifit_dump(): libraries side by side. */
#include "engine/compare/compare.h"
#include "lib/corpora.h"
#include "lib/provider.h"
#include "lib/waivers.h"

#include <string.h>

struct diff {
	struct abifit_system *system;
	struct abifit_report *report;
	const struct abifit_diff_options *options;
	struct side old, new;
};

/* What the engine asks about one pair. */
struct pair_data {
	struct diff *diff;
	const struct corpus *old;
	const struct corpus *new;
	struct provider *provider;
};

static const char *provide(void *data, const char *name, const char *version)
{
	struct pair_data *pair = data;

	return pair->provider ? provider_find(pair->provider, name, version) : NULL;
}

static bool all_known(void *data)
{
	struct pair_data *pair = data;

	return pair->provider && provider_knows_all(pair->provider);
}

/* Another library of the old folder had it: it moved within the package. */
static bool known_elsewhere(void *data, const char *name)
{
	struct pair_data *pair = data;
	size_t i, count;

	for (i = 0; i < pair->diff->old.items.count; i++) {
		const struct corpus *corpus = pair->diff->old.items.items[i].corpus;

		if (corpus != pair->old && corpus_find(corpus, name, &count))
			return true;
	}
	return false;
}

static int waive(void *data, struct findings *list, size_t first)
{
	struct pair_data *pair = data;
	struct waiver_target target = { .old = pair->old, .new = pair->new };

	return waivers_apply(pair->diff->report->waivers, &target, list, first);
}

static int compare_one(struct diff *diff, const struct side_item *old, const struct side_item *new)
{
	struct provider provider = { 0 };
	struct pair_data data = {
		.diff = diff,
		.old = old ? old->corpus : NULL,
		.new = new ? new->corpus : NULL,
		.provider = new && new->file.image ? &provider : NULL,
	};
	struct compare_options options = {
		.libc = diff->options->flags & ABIFIT_DIFF_MUSL ? LIBC_MUSL : LIBC_GLIBC,
		.provider = provide,
		.all_known = all_known,
		.known_elsewhere = known_elsewhere,
		.waive = waive,
		.data = &data,
	};
	struct report_input *input;
	size_t number;
	int r = report_add_input(diff->report, new ? new->file.path : old->file.path, &number);

	if (r)
		return r;
	input = &diff->report->report.inputs.items[number];
	input->image = new && new->file.image ? new->file.image : old ? old->file.image : NULL;
	if (data.provider)
		provider_init(&provider, diff->system, &new->file);
	r = compare(data.old, new ? new->corpus : NULL, &options, &input->comparison);
	if (!r && provider.error)
		r = provider.error;
	provider_done(&provider);
	return r;
}

/* What the file of the other side is matched by. */
static const char *key_of(const struct side_item *item)
{
	const char *slash = strrchr(item->file.path, '/');

	if (item->corpus->soname)
		return item->corpus->soname;
	return slash ? slash + 1 : item->file.path;
}

static struct side_item *find_item(struct side *side, const char *key)
{
	size_t i;

	for (i = 0; i < side->items.count; i++) {
		struct side_item *item = &side->items.items[i];

		if (!item->matched && !strcmp(key_of(item), key))
			return item;
	}
	return NULL;
}

static int compare_folders(struct diff *diff)
{
	size_t i;
	int r = 0;

	for (i = 0; !r && i < diff->old.items.count; i++) {
		struct side_item *old = &diff->old.items.items[i];
		struct side_item *new = find_item(&diff->new, key_of(old));

		if (new)
			new->matched = true;
		r = compare_one(diff, old, new);
	}
	for (i = 0; !r && i < diff->new.items.count; i++) {
		if (!diff->new.items.items[i].matched)
			r = compare_one(diff, NULL, &diff->new.items.items[i]);
	}
	return r;
}

static int compare_sides(struct diff *diff)
{
	if (diff->old.is_folder || diff->new.is_folder)
		return compare_folders(diff);
	if (!diff->old.items.count || !diff->new.items.count)
		return 0; /* an input could not be read, which has been said */
	return compare_one(diff, &diff->old.items.items[0], &diff->new.items.items[0]);
}

static int begin(struct abifit_system *system, const char *command, struct abifit_report **ret)
{
	int r = report_new(system->context, system, command, ret);

	if (r)
		return context_fail(system->context, r, "out of memory");
	return 0;
}

static int finish(struct abifit_system *system, struct abifit_report *report, int r,
		  struct abifit_report **ret)
{
	if (r) {
		abifit_report_unref(report);
		return r == -ENOMEM ? context_fail(system->context, r, "out of memory") : r;
	}
	report_conclude(report);
	*ret = report;
	return 0;
}

int abifit_diff(struct abifit_system *system, const char *old_path, const char *new_path,
		const struct abifit_diff_options *options, struct abifit_report **ret)
{
	static const struct abifit_diff_options defaults = { .size = sizeof(defaults) };
	struct abifit_diff_options copy = defaults;
	struct diff diff = { .system = system, .options = &copy };
	int r = options_check(options, options ? options->size : 0, sizeof(copy));

	if (r)
		return context_fail(system->context, r, "diff options of an unknown size");
	if (options)
		memcpy(&copy, options, size_min(options->size, sizeof(copy)));
	r = begin(system, "diff", &diff.report);
	if (r)
		return r;
	diff.report->report.has_verdict = true;
	diff.report->report.has_source = true;
	r = waivers_load(diff.report, copy.waivers, copy.today);
	if (!r)
		r = side_read(system, diff.report, old_path, &diff.old);
	if (!r)
		r = side_read(system, diff.report, new_path, &diff.new);
	if (!r)
		r = compare_sides(&diff);
	if (!r)
		r = waivers_conclude(diff.report);
	side_done(&diff.old);
	side_done(&diff.new);
	return finish(system, diff.report, r, ret);
}

int abifit_dump(struct abifit_system *system, const char *path, struct abifit_report **ret)
{
	struct abifit_report *report = NULL;
	struct side side = { 0 };
	size_t i;
	int r = begin(system, "dump", &report);

	if (r)
		return r;
	r = side_read(system, report, path, &side);
	for (i = 0; !r && i < side.items.count; i++) {
		size_t number;

		r = report_add_input(report, side.items.items[i].file.path, &number);
		if (r)
			break;
		report->report.inputs.items[number].image = side.items.items[i].file.image;
		report->report.inputs.items[number].corpus = side.items.items[i].corpus;
	}
	side_done(&side);
	return finish(system, report, r, ret);
}

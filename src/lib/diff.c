/* SPDX-License-Identifier: Apache-2.0 */
/* abifit_diff(), abifit_dump(): libraries side by side. */
#include "engine/compare/compare.h"
#include "lib/corpora.h"
#include "lib/environment.h"
#include "lib/provider.h"
#include "lib/users.h"
#include "read/object.h"
#include "lib/waivers.h"

#include <string.h>

struct diff {
	struct abifit_system *system; /* NEW's */
	struct abifit_system *old_system;
	struct abifit_report *report;
	const struct abifit_diff_options *options;
	struct environment environment;
	struct side_types old_types, types;
	size_t step;
	struct side old, new;
	const struct corpus **old_siblings, **new_siblings; /* of folders; NULL-terminated */
};

/* What the engine asks about one pair. */
struct pair_data {
	struct diff *diff;
	const struct corpus *old;
	const struct side_item *item; /* OLD's */
	const struct corpus *new;
	struct provider *provider;
};

/* glibc's own, which needs nothing. */
static bool is_loader(const struct corpus *corpus)
{
	const char *name = corpus->soname ? corpus->soname : "";

	return !strncmp(name, "ld-linux", 8) || !strncmp(name, "ld64.so.", 8) ||
	       !strncmp(name, "ld.so.", 6);
}

static const char *provide(void *data, const char *name, const char *version)
{
	struct pair_data *pair = data;

	if (!pair->provider)
		return NULL;
	if (is_loader(pair->new))
		return provider_beside_loader(pair->diff->system, pair->new->path, name);
	return provider_find(pair->provider, name, version);
}

static bool was_backported(void *data, const char *symbol)
{
	const struct diff *diff = ((struct pair_data *)data)->diff;
	size_t i, k;

	for (i = 0; diff->step && i < diff->report->report.inputs.count; i++) {
		const struct comparison *c = diff->report->report.inputs.items[i].comparison;

		for (k = 0; c && c->step == diff->step - 1 && k < c->findings.items.count; k++) {
			const struct finding *f = &c->findings.items.items[k];

			if (!strcmp(f->rule->id, "map/backport") && !strcmp(f->subject, symbol))
				return true;
		}
	}
	return false;
}

static uint32_t glibc(void *data)
{
	struct pair_data *pair = data;

	if (pair->diff->environment.libc_version)
		return pair->diff->environment.libc_version;
	return pair->provider ? provider_glibc(pair->provider) : 0;
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
	if (pair->diff->old.is_folder || !pair->old->image ||
	    strcmp(side_key(pair->item), "libc.so.6"))
		return false;
	return provider_beside_libc(pair->diff->old_system, pair->old->path, name);
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
		.item = old,
		.new = new ? new->corpus : NULL,
		.provider = new &&new->file.image ? &provider : NULL,
	};
	struct compare_options options = {
		.libc = diff->environment.libc_version >= MUSL(1, 0, 0) ? LIBC_MUSL : LIBC_GLIBC,
		.provider = provide,
		.glibc = glibc,
		.all_known = all_known,
		.known_elsewhere = known_elsewhere,
		.was_backported = was_backported,
		.waive = waive,
		.require_types = diff->types.required,
		.old_siblings = diff->old_siblings,
		.new_siblings = diff->new_siblings,
		.data = &data,
	};
	struct object_file file;
	struct report_input *input;
	size_t number;
	int r = report_add_input(diff->report, new ? new->file.path : old->file.path, &number);

	if (r)
		return r;
	input = &diff->report->report.inputs.items[number];
	input->image = new &&new->file.image ? new->file.image : old ? old->file.image : NULL;
	if (old && new && (old->corpus->flags ^ new->corpus->flags) & CORPUS_STATIC)
		return report_input_error(diff->report, number, "input/unsupported", NULL,
					  "one side is for the linker, the other for the loader");
	if (data.provider) {
		object_read(new->file.image->bytes, new->file.image->size, &file);
		options.new_file = &file;
		provider_init(&provider, diff->system, &new->file);
	}
	r = compare(data.old, new ? new->corpus : NULL, &options, &input->comparison);
	if (!r)
		input->comparison->step = diff->step;
	if (!r && provider.error)
		r = provider.error;
	provider_done(&provider);
	return r;
}

static const struct corpus **siblings(struct arena *arena, const struct side *side)
{
	const struct corpus **all = arena_array(arena, side->items.count + 1, sizeof(*all));
	size_t i;

	for (i = 0; all && i < side->items.count; i++)
		all[i] = side->items.items[i].corpus;
	return all;
}

static int compare_folders(struct diff *diff)
{
	size_t i;
	int r = 0;

	/* The report's arena: they are few, a pointer each. */
	diff->old_siblings = siblings(&diff->report->report.arena, &diff->old);
	diff->new_siblings = siblings(&diff->report->report.arena, &diff->new);
	if (!diff->old_siblings || !diff->new_siblings)
		return -ENOMEM;
	for (i = 0; !r && i < diff->old.items.count; i++) {
		struct side_item *old = &diff->old.items.items[i];
		struct side_item *new = side_find(&diff->new, side_key(old));

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

static int diff_end(struct diff *diff, int r, struct abifit_report **ret)
{
	if (!r)
		r = waivers_conclude(diff->report);
	side_done(&diff->old);
	side_done(&diff->new);
	return finish(diff->system, diff->report, r, ret);
}

/* Reads the options and opens the report. */
static int diff_begin(struct diff *diff, struct abifit_system *system,
		      const struct abifit_diff_options *options, struct abifit_diff_options *copy)
{
	int r = options_check(options, options ? options->size : 0, sizeof(*copy));

	*copy = (struct abifit_diff_options){ .size = sizeof(*copy) };
	if (r)
		return context_fail(system->context, r, "diff options of an unknown size");
	if (options)
		memcpy(copy, options, size_min(options->size, sizeof(*copy)));
	*diff = (struct diff){
		.system = system,
		.old_system = copy->old_system ? copy->old_system : system,
		.options = copy,
	};
	r = side_types_read(copy->types, true, &diff->old_types);
	if (!r)
		r = side_types_read(copy->types, false, &diff->types);
	if (r)
		return context_fail(system->context, r, "types options of an unknown size");
	r = environment_read(system->context, copy->environment, &diff->environment);
	if (!r)
		r = begin(system, "diff", &diff->report);
	if (r)
		return r;
	diff->report->report.has_verdict = true;
	diff->report->report.has_source = true;
	diff->report->old_system = diff->old_system;
	system_ref(diff->old_system);
	r = waivers_load(diff->report, copy->waivers, copy->today);
	return r ? diff_end(diff, r, NULL) : 0;
}

int abifit_diff(struct abifit_system *system, const char *old_path, const char *new_path,
		const struct abifit_diff_options *options, struct abifit_report **ret)
{
	struct abifit_diff_options copy;
	struct diff diff;
	int r = diff_begin(&diff, system, options, &copy);

	if (r)
		return r;
	r = side_read(diff.old_system, diff.report, old_path, &diff.old_types, &diff.old);
	if (!r)
		r = side_read(system, diff.report, new_path, &diff.types, &diff.new);
	if (!r)
		r = sides_read_types(diff.report, (struct side *[]){ &diff.old, &diff.new }, 2,
				     copy.threads);
	if (!r)
		r = compare_sides(&diff);
	if (!r && copy.used_by && copy.used_by[0]) {
		diff.report->report.has_programs = true;
		r = users_judge(&(struct users){ system, diff.old_system, diff.report, &diff.old,
						 &diff.new, &copy });
	}
	return diff_end(&diff, r, ret);
}

static int keep_names(struct diff *diff, const char *const *releases, size_t count)
{
	struct arena *arena = &diff->report->report.arena;
	const char **names = arena_array(arena, count, sizeof(char *));
	size_t i;

	for (i = 0; names && i < count; i++) {
		names[i] = arena_strdup(arena, releases[i]);
		if (!names[i])
			return -ENOMEM;
	}
	diff->report->report.releases = names;
	diff->report->report.steps = count - 1;
	return names ? 0 : -ENOMEM;
}

/* One side with its types. The first release is of the old system. */
static int read_side(struct diff *diff, const char *path, const struct side_types *types,
		     struct side *ret)
{
	struct abifit_system *system = types == &diff->old_types ? diff->old_system : diff->system;
	int r = side_read(system, diff->report, path, types, ret);

	return r ? r : sides_read_types(diff->report, &ret, 1, diff->options->threads);
}

/* The new side of one step is the old one of the next. */
static int next_step(struct diff *diff, const char *release)
{
	size_t i;

	side_done(&diff->old);
	diff->old = diff->new;
	diff->new = (struct side){ 0 };
	for (i = 0; i < diff->old.items.count; i++)
		diff->old.items.items[i].matched = false;
	return read_side(diff, release, &diff->types, &diff->new);
}

int abifit_history(struct abifit_system *system, const char *const *releases, size_t count,
		   const struct abifit_diff_options *options, struct abifit_report **ret)
{
	struct abifit_diff_options copy;
	struct diff diff;
	size_t i;
	int r = diff_begin(&diff, system, options, &copy);

	if (r)
		return r;
	if (count < 2)
		r = context_fail(system->context, -EINVAL, "a history needs two releases or more");
	else if (copy.used_by && copy.used_by[0])
		r = context_fail(system->context, -EINVAL,
				 "programs can only be judged with one old and one new side");
	if (!r)
		r = keep_names(&diff, releases, count);
	if (!r)
		r = read_side(&diff, releases[0], &diff.old_types, &diff.new);
	for (i = 1; !r && i < count; i++) {
		diff.step = i - 1;
		r = next_step(&diff, releases[i]);
		if (!r)
			r = compare_sides(&diff);
	}
	return diff_end(&diff, r, ret);
}

int abifit_dump(struct abifit_system *system, const char *path,
		const struct abifit_types_options *types, struct abifit_report **ret)
{
	struct abifit_report *report = NULL;
	struct side_types wanted;
	struct side side = { 0 };
	size_t i;
	int r = side_types_read(types, false, &wanted);

	if (r)
		return context_fail(system->context, r, "types options of an unknown size");
	r = begin(system, "dump", &report);

	if (r)
		return r;
	report->report.has_verdict = wanted.required;
	r = side_read(system, report, path, &wanted, &side);
	if (!r && side.is_package)
		r = side_check_single(&side, path);
	if (!r)
		r = sides_read_types(report, (struct side *[]){ &side }, 1, 0);
	for (i = 0; !r && i < side.items.count; i++) {
		size_t number;

		r = report_add_input(report, side.items.items[i].file.path, &number);
		if (r)
			break;
		report->report.inputs.items[number].image = side.items.items[i].file.image;
		report->report.inputs.items[number].corpus = side.items.items[i].corpus;
		if (wanted.required && !side.items.items[i].corpus->types)
			r = unchecked_add(&report->report.findings,
					  side.items.items[i].corpus->path, "types",
					  side.items.items[i].corpus->no_types
						  ? side.items.items[i].corpus->no_types
						  : "they are not read",
					  "its debug package, or --debug-dir DIR", 1, true);
	}
	side_done(&side);
	return finish(system, report, r, ret);
}

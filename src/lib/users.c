/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in lib/users.h. */
#include "lib/users.h"
#include "engine/compare/compare.h"
#include "engine/compare/usage.h"
#include "lib/check.h"

#include <stdio.h>
#include <string.h>

struct stands {
	struct array_of(struct stand_in) list;
};

struct judging {
	const struct users *users;
	struct stands old, new;
	struct usage *usages;	       /* by OLD's items */
	struct array_of(size_t) items; /* OLD's image id → its item plus 1 */
	struct abifit_report *before, *after;
};

static const char *name_of(const struct side_item *item)
{
	if (item->file.image->soname)
		return item->file.image->soname;
	return path_name(item->file.path);
}

static size_t depth_of(const char *path)
{
	size_t depth = 0;

	for (; *path; path++)
		depth += *path == '/';
	return depth;
}

/* Of several libraries with one soname, that nearest to the top of the folder is taken. */
static int by_depth(const void *a, const void *b)
{
	const struct stand_in *x = a;
	const struct stand_in *y = b;
	size_t dx = depth_of(x->path);
	size_t dy = depth_of(y->path);

	return dx != dy ? (dx < dy ? -1 : 1) : strcmp(x->path, y->path);
}

/* Does the loader find this very file in one of its own folders? */
static int finds_itself(struct abifit_system *system, const struct side_item *item, bool *ret)
{
	struct loader *loader;
	size_t i;
	int r = system_loader(system, item->file.image, "/", &loader);

	for (i = 0; !r && i < loader->system_folders.count; i++) {
		AUTO_FREE char *path = NULL;
		struct image *found = NULL;

		if (asprintf(&path, "%s/%s", loader->system_folders.items[i], name_of(item)) < 0)
			return -ENOMEM;
		if (source_open(system->source, path, &found) == -ENOMEM)
			return -ENOMEM;
		*ret |= found == item->file.image;
	}
	return r;
}

/* What lies in the system's own folders, the loader finds or does not find by itself. */
static int is_part(struct abifit_system *system, const struct side *side, bool *ret)
{
	size_t i;
	int r = 0;

	*ret = false;
	for (i = 0; !r && !*ret && side->is_folder && i < side->items.count; i++) {
		if (side->items.items[i].file.image)
			r = finds_itself(system, &side->items.items[i], ret);
	}
	return r;
}

/* A library that cannot be decoded takes no part: then the answer is not about it. */
static int note_undecoded(const struct users *users, const struct side_item *item)
{
	const char *path = arena_strdup(&users->report->report.arena, item->file.path);

	if (!path)
		return -ENOMEM;
	return unchecked_add(&users->report->report.findings, path,
			     "the programs given, with this library",
			     "its tables are damaged, so that it could not stand in",
			     "a sound copy of it", 1, true);
}

static int add_stand(const struct users *users, struct stands *stands, const struct side_item *item)
{
	struct image *image = item->file.image;
	int r = image ? image_load_versions(image) : 0;

	if (!image)
		return 0; /* an archive, which is not loaded */
	if (!r)
		r = image_load_references(image);
	if (r == -ENOMEM)
		return r;
	if (image->fault.rule)
		return note_undecoded(users, item);
	return array_push(&stands->list, (struct stand_in){
						 .name = name_of(item),
						 .image = image,
						 .path = item->file.path,
					 });
}

static int take_stands(const struct users *users, struct stands *stands,
		       struct abifit_system *system, const struct side *side)
{
	size_t i;
	bool part;
	int r = is_part(system, side, &part);

	for (i = 0; !r && !part && i < side->items.count; i++)
		r = add_stand(users, stands, &side->items.items[i]);
	if (!r && stands->list.count)
		qsort(stands->list.items, stands->list.count, sizeof(*stands->list.items),
		      by_depth);
	return r;
}

static bool has_stand(const struct stands *stands, const char *name)
{
	size_t i;

	for (i = 0; i < stands->list.count; i++) {
		if (!strcmp(stands->list.items[i].name, name))
			return true;
	}
	return false;
}

/* Where both are of one system, NEW takes OLD's place: what NEW has not is no longer there. */
static int hide_removed(struct judging *j)
{
	const struct users *users = j->users;
	size_t i;
	int r = 0;

	if (users->old_system != users->system)
		return 0;
	for (i = 0; !r && i < users->old->items.count; i++) {
		const struct side_item *item = &users->old->items.items[i];
		const char *name = item->file.image ? name_of(item) : NULL;

		if (name && !has_stand(&j->new, name))
			r = array_push(&j->new.list, (struct stand_in){ .name = name, .path = "" });
	}
	return r;
}

static int number_images(struct judging *j)
{
	size_t i;

	for (i = 0; i < j->users->old->items.count; i++) {
		const struct image *image = j->users->old->items.items[i].file.image;
		uint32_t id = image ? image->id : 0;

		if (!image)
			continue;
		while (j->items.count <= id) {
			if (array_push(&j->items, 0))
				return -ENOMEM;
		}
		j->items.items[id] = i + 1;
	}
	return 0;
}

static int forecast_all(struct judging *j)
{
	const struct abifit_diff_options *options = j->users->options;
	struct check_world world = {
		.system = j->users->old_system,
		.home = j->users->old_system->source,
		.stand_ins = j->old.list.items,
		.stand_in_count = j->old.list.count,
		.environment = options->environment,
		.threads = options->threads,
	};
	size_t count = 0;
	int r;

	while (options->used_by[count])
		count++;
	r = check_world(&world, options->used_by, count, &j->before);
	if (r)
		return r;
	world.system = j->users->system;
	world.stand_ins = j->new.list.items;
	world.stand_in_count = j->new.list.count;
	return check_world(&world, options->used_by, count, &j->after);
}

/* A program that could not be judged is told as an input of the comparison. */
static int add_unjudged(struct judging *j, const struct report_input *before,
			const struct report_input *after)
{
	const char *error = before->error ? before->error : after->error;
	size_t number;
	int r = report_add_input(j->users->report, before->path, &number);

	if (r)
		return r;
	error = arena_strdup(&j->users->report->report.arena,
			     error ? error : "was judged only in part");
	return error ? report_input_error(j->users->report, number, "input/unsupported", NULL,
					  error)
		     : -ENOMEM;
}

static void count_program(struct usage *const *usages, uint32_t count, struct program_use *program)
{
	uint32_t i;

	for (i = 0; i < count; i++) {
		if (!usages[i])
			continue;
		program->library_count++;
		usages[i]->programs++;
		usages[i]->affected += program->verdict != VERDICT_OK;
	}
}

static bool has_types(const struct judging *j)
{
	const struct report *report = &j->users->report->report;
	size_t i;

	for (i = 0; i < report->inputs.count; i++) {
		if (report->inputs.items[i].comparison &&
		    report->inputs.items[i].comparison->has_types)
			return true;
	}
	return false;
}

static int add_types(struct judging *j, const struct usage *own, struct program_use *program)
{
	struct report *report = &j->users->report->report;
	size_t i, k;
	int r = 0;

	for (i = 0; !r && i < report->inputs.count; i++) {
		const struct comparison *c = report->inputs.items[i].comparison;

		for (k = 0; !r && c && c->has_types && k < j->users->old->items.count; k++) {
			if (j->users->old->items.items[k].corpus == c->old)
				r = program_add_types(c, &own[k], &report->arena, program);
		}
	}
	return r;
}

/* Types say more of a program than its load does: by what it takes itself. */
static int judge_types(struct judging *j, const struct forecast *old, struct usage *const *usages,
		       struct program_use *program)
{
	size_t items = j->users->old->items.count;
	size_t objects = old->closure.objects.count;
	struct usage *own = calloc(items + 1, sizeof(*own));
	AUTO_FREE struct usage **by_object = calloc(objects + 1, sizeof(*by_object));
	size_t count, i;
	int r = own && by_object ? 0 : -ENOMEM;

	for (i = 0; !r && i < objects; i++)
		by_object[i] = usages[i] ? &own[usages[i] - j->usages] : NULL;
	if (!r)
		r = usage_add(by_object, old, &count);
	if (!r)
		r = add_types(j, own, program);
	for (i = 0; own && i < items; i++)
		usage_done(&own[i]);
	free(own);
	return r;
}

static int judge_program(struct judging *j, const struct report_input *before,
			 const struct report_input *after)
{
	struct report *report = &j->users->report->report;
	const struct forecast *old = before->forecast;
	struct program_use program = { .path = arena_strdup(&report->arena, before->path) };
	AUTO_FREE struct usage **usages = NULL;
	uint32_t i;
	int r;

	if (!old || !after->forecast)
		return add_unjudged(j, before, after);
	usages = calloc(old->closure.objects.count + 1, sizeof(struct usage *));
	if (!usages || !program.path)
		return -ENOMEM;
	for (i = 0; i < old->closure.objects.count; i++) {
		const struct image *image = old->closure.objects.items[i].image;
		size_t item = image && image->id < j->items.count ? j->items.items[image->id] : 0;

		usages[i] = item ? &j->usages[item - 1] : NULL;
	}
	r = usage_add(usages, old, &program.binding_count);
	if (!r)
		r = program_compare(old, after->forecast, usages, &report->arena, &program);
	if (!r && has_types(j))
		r = judge_types(j, old, usages, &program);
	if (!r && !old->undecided && after->forecast->undecided)
		r = unchecked_add(&report->findings, program.path, "parts of its load with NEW",
				  "what it needs there could not all be judged",
				  "abifit check on the program, in NEW's system", 1, true);
	if (r)
		return r;
	count_program(usages, (uint32_t)old->closure.objects.count, &program);
	return array_push(&report->programs, program);
}

static int judge_programs(struct judging *j)
{
	const struct report *before = &j->before->report;
	const struct report *after = &j->after->report;
	size_t i;
	int r = 0;

	for (i = 0; !r && i < before->inputs.count && i < after->inputs.count; i++)
		r = judge_program(j, &before->inputs.items[i], &after->inputs.items[i]);
	return r;
}

/* The programs are the question: without one that loads the library there is no answer. */
static int settle(struct judging *j)
{
	struct report *report = &j->users->report->report;
	size_t i, k;
	int r = 0;

	for (i = 0; i < report->inputs.count; i++) {
		struct comparison *c = report->inputs.items[i].comparison;

		for (k = 0; !r && c && k < j->users->old->items.count; k++) {
			if (j->users->old->items.items[k].corpus == c->old)
				r = comparison_settle(c, &j->usages[k]);
		}
		if (!r && c && c->old && !j->users->old->is_folder && !c->program_count)
			r = unchecked_add(&c->findings, c->name, "the programs given",
					  "none of them loads this library", "programs that do", 1,
					  true);
	}
	return r;
}

static int note_baseline(const struct users *users)
{
	return unchecked_add(&users->report->report.findings, users->options->used_by[0],
			     "the programs given",
			     "a baseline cannot be loaded in place of the library",
			     "the library itself on both sides", 1, true);
}

/* Archives take no part; a baseline cannot. */
static bool no_baseline(const struct side *side)
{
	size_t i;

	for (i = 0; i < side->items.count; i++) {
		if (!side->items.items[i].file.image &&
		    !(side->items.items[i].corpus->flags & CORPUS_STATIC))
			return false;
	}
	return true;
}

static int judge(struct judging *j)
{
	int r = take_stands(j->users, &j->old, j->users->old_system, j->users->old);

	if (!r)
		r = take_stands(j->users, &j->new, j->users->system, j->users->new);
	if (!r)
		r = hide_removed(j);
	if (!r)
		r = number_images(j);
	if (!r)
		r = forecast_all(j);
	if (!r)
		r = judge_programs(j);
	return r ? r : settle(j);
}

int users_judge(const struct users *users)
{
	struct judging j = { .users = users };
	size_t i;
	int r;

	if (!users->old->items.count || !users->new->items.count)
		return 0; /* an input could not be read, which has been said */
	if (!no_baseline(users->old) || !no_baseline(users->new))
		return note_baseline(users);
	j.usages = calloc(users->old->items.count, sizeof(*j.usages));
	r = j.usages ? judge(&j) : -ENOMEM;
	for (i = 0; j.usages && i < users->old->items.count; i++)
		usage_done(&j.usages[i]);
	free(j.usages);
	array_done(&j.items);
	array_done(&j.old.list);
	array_done(&j.new.list);
	abifit_report_unref(j.before);
	abifit_report_unref(j.after);
	return r;
}

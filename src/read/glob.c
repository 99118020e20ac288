/* SPDX-License-Identifier: Apache-2.0 */
/* Patterns are matched one path component at a time; contract in read/glob.h. */
#include "read/glob.h"

#include <fnmatch.h>
#include <string.h>

struct step {
	const char *folder;
	const char *pattern; /* one component */
	struct arena *arena;
	size_t *budget;
	struct glob_paths *paths;
};

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* False when no more may be looked at. */
static bool spend(size_t *budget)
{
	if (!*budget)
		return false;
	(*budget)--;
	return true;
}

static int add_path(struct step *step, const char *name)
{
	const char *path = arena_printf(step->arena, "%s/%s", step->folder, name);

	return path ? array_push(step->paths, path) : -ENOMEM;
}

static int visit_name(void *data, const char *name)
{
	struct step *step = data;

	if (!spend(step->budget))
		return -EDQUOT; /* ends the listing */
	return fnmatch(step->pattern, name, FNM_PERIOD) ? 0 : add_path(step, name);
}

static int list_matches(struct source *source, struct step *step)
{
	const char *folder = step->folder[0] ? step->folder : "/";
	size_t first = step->paths->count;
	int r = source_list(source, folder, visit_name, step);

	if (r == -ENOMEM)
		return r;
	if (step->paths->count > first)
		qsort(step->paths->items + first, step->paths->count - first, sizeof(char *),
		      compare_texts);
	return 0;
}

/* Replaces the folders in `paths` by what `pattern` matches in each of them. */
static int descend(struct source *source, const char *pattern, struct arena *arena, size_t *budget,
		   struct glob_paths *paths)
{
	bool literal = !strpbrk(pattern, "*?[\\");
	struct glob_paths next = { 0 };
	size_t i;
	int r = 0;

	for (i = 0; i < paths->count && !r && spend(budget); i++) {
		struct step step = { paths->items[i], pattern, arena, budget, &next };

		r = literal ? add_path(&step, pattern) : list_matches(source, &step);
	}
	array_done(paths);
	*paths = next;
	return r;
}

static int append(struct glob_paths *ret, const struct glob_paths *paths)
{
	if (!paths->count)
		return 0;
	if (array_reserve(ret, ret->count + paths->count))
		return -ENOMEM;
	memcpy(ret->items + ret->count, paths->items, paths->count * sizeof(char *));
	ret->count += paths->count;
	return 0;
}

int glob_match(struct source *source, const char *pattern, struct arena *arena, size_t *budget,
	       struct glob_paths *ret)
{
	struct glob_paths paths = { 0 };
	char *rest = arena_strdup(arena, pattern);
	char *component;
	int r = rest ? array_push(&paths, "") : -ENOMEM;

	while (!r && paths.count && (component = strsep(&rest, "/"))) {
		if (component[0])
			r = descend(source, component, arena, budget, &paths);
	}
	if (!r)
		r = append(ret, &paths);
	array_done(&paths);
	return r;
}

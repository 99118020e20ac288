/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in lib/debug-packages.h. */
#include "lib/debug-packages.h"
#include "lib/packages.h"
#include "read/debug-id.h"
#include "read/object.h"
#include "read/package.h"
#include "read/root.h"

#include <stdio.h>
#include <string.h>

/* Packages that are opened beside one: each is read as a whole. */
#define MOST_TRIED 8
#define DEBUG_FOLDER "/usr/lib/debug"

/* A library whose debug information is not in itself. */
struct wanted {
	const char *package; /* that it is in */
	const char *path;    /* of its debug file in a debug package */
	bool is_found;
};

struct search {
	struct abifit_report *report;
	struct source *source;
	struct arena *arena; /* of the report */
	struct array_of(struct wanted) wanted;
	struct array_of(const char *) dirs;
};

static bool has_debug_info(const struct object_file *object)
{
	struct object_section section;
	uint32_t i;

	for (i = 1; i < object->section_count; i++) {
		if (object_section(object, i, &section) && section.name &&
		    (!strcmp(section.name, ".debug_info") || !strcmp(section.name, ".zdebug_info")))
			return true;
	}
	return false;
}

static const char *debug_path(struct search *s, struct table id)
{
	char hex[2 * DEBUG_ID_MOST + 1];
	size_t i;

	for (i = 0; i < id.size; i++)
		snprintf(hex + 2 * i, 3, "%02x", id.bytes[i]);
	return arena_printf(s->arena, DEBUG_FOLDER "/.build-id/%.2s/%s.debug", hex, hex + 2);
}

static int add_wanted(struct search *s, const struct side_item *item)
{
	const char *path = item->file.path;
	struct object_file object;
	struct wanted wanted = { 0 };
	const char *inside;
	struct table id;

	if (!item->corpus->image || !root_package(s->source, path, &inside))
		return 0;
	object_read(item->corpus->image->bytes, item->corpus->image->size, &object);
	id = debug_build_id(&object);
	if (has_debug_info(&object) || !id.bytes || !id.size)
		return 0;
	wanted.package = arena_strndup(s->arena, path, (size_t)(inside - path));
	wanted.path = debug_path(s, id);
	return wanted.package && wanted.path ? array_push(&s->wanted, wanted) : -ENOMEM;
}

/* Does the package at `dir`, which is mounted, hold what is still wanted of `package`? */
static bool holds_wanted(struct search *s, const char *dir, const char *package)
{
	AUTO_FREE char *into = NULL;
	const struct package_tree *tree;
	const struct package_node *node;
	const char *inside;
	bool found = false;
	size_t i;

	if (asprintf(&into, "%s/", dir) < 0) {
		into = NULL;
		return false;
	}
	tree = root_package(s->source, into, &inside);
	for (i = 0; tree && i < s->wanted.count; i++) {
		struct wanted *w = &s->wanted.items[i];

		if ((package && strcmp(w->package, package)) || w->is_found ||
		    package_tree_find(tree, w->path, true, &node) || node->kind != SOURCE_FILE)
			continue;
		found = w->is_found = true;
	}
	/* The part that the debug files of one build share is in one of their packages. */
	return found || (tree && !package_tree_find(tree, DEBUG_FOLDER "/.dwz", true, &node));
}

static bool misses_any(const struct search *s, const char *package)
{
	size_t i;

	for (i = 0; i < s->wanted.count; i++) {
		if (!s->wanted.items[i].is_found && !strcmp(s->wanted.items[i].package, package))
			return true;
	}
	return false;
}

static int try_beside(struct search *s, const char *package)
{
	static const char *const marks[] = { "-dbgsym_", "-dbg_", "-debuginfo-", NULL };
	struct package_names names = { 0 };
	const struct fault *fault;
	size_t i;
	int r = package_names_beside(s->arena, package, marks, &names);

	for (i = 0; !r && i < names.count && i < MOST_TRIED && misses_any(s, package); i++) {
		if (!package_is(names.items[i]))
			continue;
		r = root_mount(s->source, names.items[i], &fault);
		if (!r && holds_wanted(s, names.items[i], package))
			r = array_push(&s->dirs, names.items[i]);
		/* What is damaged holds nothing; that types are missing is told. */
		if (r != -ENOMEM)
			r = 0;
	}
	array_done(&names);
	return r;
}

/* Some hold both the library and its debug file. */
static int try_package(struct search *s, const char *package)
{
	int r = holds_wanted(s, package, package) ? array_push(&s->dirs, package) : 0;

	return r ? r : try_beside(s, package);
}

/* What the caller named goes first, packages or not. */
static int take_named(struct search *s, const char *const *dirs)
{
	int r = 0;

	for (; !r && dirs && *dirs; dirs++) {
		r = array_push(&s->dirs, *dirs);
		if (!r && package_is(*dirs)) {
			bool is_mounted;

			r = package_mount(s->report, s->source, *dirs, &is_mounted);
			if (!r && is_mounted)
				holds_wanted(s, *dirs, NULL);
		}
	}
	return r;
}

int debug_packages_find(struct abifit_report *report, const struct side *side,
			const char *const **ret)
{
	struct search s = { .report = report,
			    .source = side->system->source,
			    .arena = &report->report.arena };
	const char **dirs = NULL;
	size_t i;
	int r = 0;

	for (i = 0; !r && i < side->items.count; i++)
		r = add_wanted(&s, &side->items.items[i]);
	if (!r)
		r = take_named(&s, side->types->debug_dirs);
	for (i = 0; !r && i < s.wanted.count; i++) {
		if (!s.wanted.items[i].is_found)
			r = try_package(&s, s.wanted.items[i].package);
		/* One search for all libraries of a package. */
		while (i + 1 < s.wanted.count &&
		       !strcmp(s.wanted.items[i].package, s.wanted.items[i + 1].package))
			i++;
	}
	if (!r)
		dirs = arena_array(s.arena, s.dirs.count + 1, sizeof(*dirs));
	if (!r && !dirs)
		r = -ENOMEM;
	for (i = 0; !r && i < s.dirs.count; i++)
		dirs[i] = s.dirs.items[i];
	array_done(&s.wanted);
	array_done(&s.dirs);
	*ret = dirs;
	return r;
}

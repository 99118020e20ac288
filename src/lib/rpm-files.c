/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in lib/rpm-files.h. */
#include "lib/rpm-files.h"
#include "base/file.h"
#include "engine/deps/rpm.h"
#include "read/elf-depends.h"
#include "read/package.h"
#include "read/rpm-header.h"

#include <dirent.h>
#include <string.h>

#define MOST_PROVIDERS 1000u /* of one name, that are looked at */

bool rpm_is(const char *path)
{
	struct file file;
	bool is;

	if (file_map(path, &file))
		return false;
	is = package_kind(file.bytes, size_min(file.size, PACKAGE_HEAD)) == PACKAGE_RPM;
	file_unmap(&file);
	return is;
}

static int keep_relations(struct rpm_set *set, struct rpm_relations *relations)
{
	size_t i;

	for (i = 0; i < relations->count; i++) {
		struct rpm_relation *relation = &relations->items[i];

		relation->name = arena_strdup(&set->arena, relation->name);
		relation->version = arena_strdup(&set->arena, relation->version);
		if (!relation->name || !relation->version)
			return -ENOMEM;
	}
	return 0;
}

static int add_provides(struct rpm_set *set, const struct rpm_package *package)
{
	size_t i;

	for (i = 0; i < package->provides.count; i++) {
		const struct rpm_relation *relation = &package->provides.items[i];
		struct rpm_provider *first = map_get(&set->by_provide, relation->name);
		struct rpm_provider *provider = arena_alloc(&set->arena, sizeof(*provider));

		if (!provider)
			return -ENOMEM;
		*provider = (struct rpm_provider){ package, relation, NULL };
		if (first) {
			provider->next = first->next;
			first->next = provider;
		} else if (map_set(&set->by_provide, relation->name, provider)) {
			return -ENOMEM;
		}
	}
	return 0;
}

static int keep(struct rpm_set *set, struct rpm_package *package)
{
	int r;

	package->name = arena_strdup(&set->arena, package->name);
	r = package->name ? keep_relations(set, &package->provides) : -ENOMEM;
	if (!r)
		r = keep_relations(set, &package->requires);
	return r ? r : add_provides(set, package);
}

int rpm_set_add(struct rpm_set *set, struct deps_run *run, const char *path)
{
	struct rpm_package *package = arena_alloc(&set->arena, sizeof(*package));
	struct fault fault = { 0 };
	struct file file;
	int r;

	if (!package)
		return -ENOMEM;
	r = file_map(path, &file);
	if (r)
		return r == -ENOMEM ? r : deps_fail_open(run, path, r);
	r = rpm_header_read(file.bytes, file.size, package, &fault);
	if (!r)
		r = array_push(&set->packages, package);
	if (r)
		rpm_package_done(package);
	else if (fault.rule)
		r = deps_fail(run, path, fault.rule, &fault, NULL);
	else
		r = keep(set, package);
	/* What was not kept must not be found. */
	if (fault.rule || r)
	package->provides.count = package->requires.count = 0;
	file_unmap(&file);
	return r;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int rpm_set_add_folder(struct rpm_set *set, struct deps_run *run, const char *folder,
		       size_t *ret_count)
{
	struct array_of(const char *) paths = { 0 };
	DIR *dir = opendir(folder);
	struct dirent *entry;
	size_t i;
	int r = 0;

	*ret_count = 0;
	if (!dir)
		return 0;
	while (!r && (entry = readdir(dir)) != NULL) {
		const char *path = arena_printf(&set->arena, "%s/%s", folder, entry->d_name);

		if (!path)
			r = -ENOMEM;
		else if (entry->d_name[0] != '.' && rpm_is(path))
			r = array_push(&paths, path);
	}
	closedir(dir);
	if (!r && paths.count)
		qsort(paths.items, paths.count, sizeof(*paths.items), by_text);
	for (i = 0; !r && i < paths.count; i++)
		r = rpm_set_add(set, run, paths.items[i]);
	*ret_count = paths.count;
	array_done(&paths);
	return r;
}

const struct rpm_provider *rpm_set_find(const struct rpm_set *set,
					const struct rpm_relation *wanted)
{
	const struct rpm_provider *provider = map_get(&set->by_provide, wanted->name);
	unsigned left = MOST_PROVIDERS;

	while (provider && !rpm_relations_overlap(provider->relation, wanted))
		provider = left-- ? provider->next : NULL;
	return provider;
}

void rpm_set_done(struct rpm_set *set)
{
	size_t i;

	for (i = 0; i < set->packages.count; i++)
		rpm_package_done(set->packages.items[i]);
	array_done(&set->packages);
	map_done(&set->by_provide);
	arena_done(&set->arena);
}

static int add_lines(struct deps_run *run, const struct image *image, const char *path,
		     struct deps_file *ret)
{
	struct elf_depends depends;
	int r = elf_depends_read(image->bytes, image->size, &depends);

	if (!r)
		r = rpm_lines(&depends, path_name(path), image->mode, DEPS_PROVIDES | DEPS_REQUIRES,
			      0, &run->deps->arena, ret);
	if (!r && depends.fault.rule)
		r = deps_fail(run, path, depends.fault.rule, &depends.fault, NULL);
	else if (!r && !depends.is_elf)
		r = deps_fail(run, path, "input/not-elf", NULL, "is no ELF file");
	elf_depends_done(&depends);
	return r;
}

int rpm_files_lines(struct deps_run *run, struct input_files *inputs, struct deps_file *ret)
{
	size_t i;
	int r = 0;

	for (i = 0; !r && i < inputs->items.count; i++) {
		struct input_file *file = &inputs->items.items[i];

		if (!file->error && !file->image)
			r = input_file_open(run->system, file);
		if (!r)
			r = file->error ? input_file_fail(run->report, file)
					: add_lines(run, file->image, file->path, ret);
	}
	return r;
}

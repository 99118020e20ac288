/* SPDX-License-Identifier: Apache-2.0 */
/* deps --check: does a package declare what its files need, and would it start? */
#include "base/file.h"
#include "engine/deps/declared.h"
#include "lib/deps.h"
#include "lib/inputs.h"
#include "lib/packages.h"
#include "lib/rpm-files.h"
#include "read/deb-control.h"
#include "read/dpkg-info.h"
#include "read/package.h"
#include "read/root.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

#define LARGEST_STATUS ((size_t)256 << 20)
#define MOST_PROVIDED 100000u

struct check_run {
	struct deps_run *run;
	struct findings *findings;
	struct arena arena;
	struct deb_declared declared;
	struct deb_relations needed;
	struct map present;
	bool has_present;
	bool is_installed;		     /* judged as it is installed, not as a file */
	struct array_of(const char *) files; /* what is judged: a package, or its files */
	char *status;
	size_t status_size;
};

static int malformed(struct check_run *c, const char *path, const char *field, const char *fault)
{
	const char *text = arena_printf(&c->run->deps->arena, "%s: %s", field, fault);

	return text ? deps_fail(c->run, path, "input/malformed", NULL, text) : -ENOMEM;
}

static int add_relations(struct check_run *c, const struct deb_paragraph *paragraph,
			 const char *path, const char *field, struct deb_relations *ret)
{
	const char *text, *fault = NULL;
	int r = deb_field(&c->arena, paragraph, field, &text);

	if (!r && text)
		r = deb_relations_parse(&c->arena, text, ret, &fault);
	return !r && fault ? malformed(c, path, field, fault) : r;
}

static int read_declared(struct check_run *c, const struct deb_paragraph *paragraph,
			 const char *path)
{
	struct deb_declared *declared = &c->declared;
	int r = deb_field(&c->arena, paragraph, "Package", &declared->name);

	declared->path = path;
	if (!r)
		r = deb_field(&c->arena, paragraph, "Version", &declared->version);
	if (!r && (!declared->name || !declared->version))
		return malformed(c, path, "control", "it has no Package, or no Version");
	if (!r)
		r = add_relations(c, paragraph, path, "Pre-Depends", &declared->depends);
	return r ? r : add_relations(c, paragraph, path, "Depends", &declared->depends);
}

static int read_control_text(struct check_run *c, const char *bytes, size_t size, const char *path)
{
	const char *copy = arena_strndup(&c->arena, bytes ? bytes : "", size);
	struct deb_control control = { copy, copy + size };
	struct deb_paragraph paragraph;

	if (!copy)
		return -ENOMEM;
	if (memchr(copy, 0, size) || !deb_control_next(&control, &paragraph))
		return malformed(c, path, "control", "it holds no fields");
	return read_declared(c, &paragraph, path);
}

static int read_package(struct check_run *c, const char *path)
{
	const struct package_node *node;
	struct fault fault = { 0 };
	struct package *package = NULL;
	struct spool spool;
	int r;

	spool_init(&spool, PACKAGE_MEMORY);
	r = package_open(path, &package_default_limits, PACKAGE_CONTROL, &spool,
			 &c->run->deps->arena, &fault, &package);
	if (r && r != -ENOMEM) {
		r = fault.rule ? deps_fail(c->run, path, fault.rule, &fault, NULL)
			       : deps_fail_open(c->run, path, r);
	} else if (!r && package->kind != PACKAGE_DEB) {
		r = deps_fail(c->run, path, "input/unsupported", NULL,
			      "is no .deb: what other packages declare is not read");
	} else if (!r && (package_tree_find(&package->control, "control", false, &node) ||
			  node->kind != SOURCE_FILE || !node->file->is_kept)) {
		r = malformed(c, path, "control", "it is not there");
	} else if (!r) {
		r = read_control_text(c, (const char *)node->file->bytes, (size_t)node->file->size,
				      path);
	}
	package_free(package);
	spool_done(&spool);
	return r ? r : array_push(&c->files, path);
}

static int read_folder(struct check_run *c, const char *path)
{
	const char *control = arena_printf(&c->arena, "%s/DEBIAN/control", path);
	struct file file;
	int r = control ? file_map(control, &file) : -ENOMEM;

	if (r)
		return r == -ENOMEM ? r : deps_fail_open(c->run, control, r);
	r = read_control_text(c, (const char *)file.bytes, file.size, path);
	file_unmap(&file);
	return r ? r : array_push(&c->files, path);
}

static bool is_elf(const char *path)
{
	struct file file;
	bool is;

	if (file_map(path, &file))
		return false;
	is = input_starts_as_wanted(file.bytes, file.size, 0);
	file_unmap(&file);
	return is;
}

static int add_installed_file(void *data, const char *path)
{
	struct check_run *c = data;
	const char *root = c->run->system->root;
	const char *host = arena_printf(&c->arena, "%s%s", root[1] ? root : "", path);
	struct stat st;

	if (!host)
		return -ENOMEM;
	return lstat(host, &st) || !S_ISREG(st.st_mode) || !is_elf(host)
		       ? 0
		       : array_push(&c->files, host);
}

/* A package by its name, as dpkg has it installed in the root. */
static int read_installed(struct check_run *c, const char *name)
{
	const char *status = c->status ? c->status : "";
	struct deb_control control = { status, status + c->status_size };
	struct deb_paragraph paragraph;
	struct dpkg_info *info = NULL;
	const char *arch;
	const char *full;
	int r;

	while (deb_control_next(&control, &paragraph)) {
		if (!deb_field_is(&paragraph, "Package", name) ||
		    !deb_field_is(&paragraph, "Status", "install ok installed"))
			continue;
		c->is_installed = true;
		r = read_declared(c, &paragraph, name);
		if (!r)
			r = deb_field(&c->arena, &paragraph, "Architecture", &arch);
		if (!r)
			r = dpkg_info_open(c->run->system->source, arch ? arch : "all", &info);
		full = r ? NULL : arena_printf(&c->arena, "%s:%s", name, arch ? arch : "all");
		if (!r)
			r = full ? dpkg_info_files(info, full, add_installed_file, c) : -ENOMEM;
		if (r == -ENOENT)
			r = dpkg_info_files(info, name, add_installed_file, c);
		dpkg_info_free(info);
		return r == -ENOENT ? deps_fail_open(c->run, name, r) : r;
	}
	return deps_fail(c->run, name, "input/unreadable", NULL,
			 "is neither a file nor the name of an installed package");
}

static int read_judged(struct check_run *c, const char *path)
{
	struct stat st;

	if (stat(path, &st))
		return strchr(path, '/') ? deps_fail_open(c->run, path, -errno)
					 : read_installed(c, path);
	return S_ISDIR(st.st_mode) ? read_folder(c, path) : read_package(c, path);
}

static int add_present(struct check_run *c, const char *name, const char *version)
{
	struct deb_present *old = map_get(&c->present, name);
	struct deb_present *present = arena_alloc(&c->arena, sizeof(*present));

	if (!present)
		return -ENOMEM;
	*present = (struct deb_present){ name, version, old };
	return map_set(&c->present, name, present);
}

static int take_present(struct check_run *c, const struct deb_paragraph *paragraph,
			const char *path)
{
	struct deb_relations provides = { 0 };
	const char *name, *version;
	size_t i;
	int r = deb_field(&c->arena, paragraph, "Package", &name);

	if (!r)
		r = deb_field(&c->arena, paragraph, "Version", &version);
	if (r || !name || !version)
		return r;
	r = add_relations(c, paragraph, path, "Provides", &provides);
	for (i = 0; !r && i < size_min(provides.count, MOST_PROVIDED); i++) {
		const struct deb_relation *relation = &provides.items[i].items[0];

		r = add_present(c, relation->package,
				relation->op == DEB_EQ ? relation->version : NULL);
	}
	deb_relations_done(&provides);
	/* The package itself comes first among those of its name. */
	return r ? r : add_present(c, name, version);
}

static int read_status(struct check_run *c)
{
	static const char path[] = "/var/lib/dpkg/status";
	struct deb_control control;
	struct deb_paragraph paragraph;
	int r = source_load(c->run->system->source, path, LARGEST_STATUS, &c->status,
			    &c->status_size);

	if (r)
		return r == -ENOMEM ? r : 0;
	c->has_present = true;
	control = (struct deb_control){ c->status, c->status + c->status_size };
	while (!r && deb_control_next(&control, &paragraph)) {
		if (deb_field_is(&paragraph, "Status", "install ok installed") ||
		    deb_field_is(&paragraph, "Status", "hold ok installed"))
			r = take_present(c, &paragraph, path);
	}
	return r;
}

/* A package that is given goes in together with the one that is judged: it replaces its kin. */
static int take_package(struct check_run *c, const char *path)
{
	struct check_run other = { .run = c->run };
	int r = read_package(&other, path);

	if (!r && other.declared.name && other.declared.version) {
		const char *name = arena_strdup(&c->arena, other.declared.name);
		const char *version = arena_strdup(&c->arena, other.declared.version);
		struct deb_present *present = arena_alloc(&c->arena, sizeof(*present));

		r = name && version && present ? 0 : -ENOMEM;
		if (!r) {
			*present = (struct deb_present){ name, version, NULL };
			r = map_set(&c->present, name, present);
			c->has_present = true;
		}
	}
	deb_relations_done(&other.declared.depends);
	array_done(&other.files);
	arena_done(&other.arena);
	return r;
}

/* A file, or a folder of them; what is none is told where libraries are looked for. */
static int take_given(struct check_run *c, const char *path)
{
	DIR *folder = opendir(path);
	struct dirent *entry;
	int r = 0;

	if (!folder)
		return package_is(path) ? take_package(c, path) : 0;
	while (!r && (entry = readdir(folder)) != NULL) {
		const char *inside = arena_printf(&c->arena, "%s/%s", path, entry->d_name);

		if (!inside)
			r = -ENOMEM;
		else if (entry->d_name[0] != '.' && package_is(inside))
			r = take_package(c, inside);
	}
	closedir(folder);
	return r;
}

/* What the files need, as deps --deb works it out. */
static int compute(struct check_run *c)
{
	struct abifit_deps_options options = *c->run->options;
	struct deps_run run = *c->run;
	struct array_of(const char *) packages = { 0 };
	const char *const *given = c->run->options->packages;
	struct deps_field *field;
	const char *fault = NULL;
	size_t i;
	int r = c->is_installed ? 0 : array_push(&packages, c->files.items[0]);

	for (; !r && given && *given; given++)
		r = array_push(&packages, *given);
	if (!r)
		r = array_push(&packages, NULL);
	options.packages = packages.items;
	run.options = &options;
	run.any_release = true;
	run.self = c->declared.name;
	run.files = c->files.items;
	run.count = c->files.count;
	if (!r)
		r = deps_deb(&run);
	field = r ? NULL : deps_field(c->run->deps, "Depends");
	for (i = 0; !r && !fault && field && i < field->items.count; i++)
		r = deb_relations_parse(&c->arena, field->items.items[i], &c->needed, &fault);
	array_done(&packages);
	return r || field ? r : -ENOMEM;
}

/* It has libraries that other packages are linked with. */
static int is_library(void *data, const char *package)
{
	static const char *const kinds[] = { "symbols", "shlibs" };
	struct check_run *c = data;
	const char *arch = c->run->deps->arch ? c->run->deps->arch : "";
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		const char *paths[] = {
			arena_printf(&c->arena, "/var/lib/dpkg/info/%s:%s.%s", package, arch,
				     kinds[i]),
			arena_printf(&c->arena, "/var/lib/dpkg/info/%s.%s", package, kinds[i]),
		};
		struct source_stat st;

		if (!paths[0] || !paths[1])
			return -ENOMEM;
		if (!source_stat(c->run->system->source, paths[0], &st) ||
		    !source_stat(c->run->system->source, paths[1], &st))
			return 1;
	}
	return 0;
}

static int copy_text(struct arena *arena, const char **text)
{
	if (*text && !(*text = arena_strdup(arena, *text)))
		return -ENOMEM;
	return 0;
}

/* A finding of the forecast, which ends before ours. */
static int take_finding(struct check_run *c, const struct abifit_finding *from)
{
	struct arena *arena = &c->findings->arena;
	struct finding *finding = finding_add(c->findings, from->rule, c->declared.path);
	size_t i;

	if (!finding)
		return -ENOMEM;
	finding->verdict = (enum verdict)from->verdict;
	finding->subject = from->subject;
	finding->message = arena_printf(arena, "%s: %s", path_name(from->input), from->message);
	finding->fix = from->fix;
	finding->file = from->file;
	if (copy_text(arena, &finding->subject) || copy_text(arena, &finding->fix) ||
	    copy_text(arena, &finding->file) || !finding->message)
		return -ENOMEM;
	for (i = 0; from->why && from->why[i]; i++) {
		if (finding_why(c->findings, finding, "%s", from->why[i]))
			return -ENOMEM;
	}
	return 0;
}

static int forecast(struct check_run *c, const char *const *programs, size_t count,
		    const char *const *libraries)
{
	struct abifit_check_options options = { .size = sizeof(options), .with = libraries };
	struct abifit_report *report;
	size_t i;
	int r = abifit_check(c->run->system, programs, count, &options, &report);

	if (r)
		return r;
	for (i = 0; !r && i < abifit_report_finding_count(report); i++) {
		const struct abifit_finding *finding = abifit_report_finding(report, i);

		if (!finding)
			r = -ENOMEM;
		else if (finding->verdict > ABIFIT_VERDICT_OK)
			r = take_finding(c, finding);
	}
	abifit_report_unref(report);
	return r;
}

/* The first of each soname: a stand-in for all that are called so. */
static bool is_first(struct map *sonames, const struct image *image, int *error)
{
	if (map_get(sonames, image->soname))
		return false;
	*error = map_set(sonames, image->soname, (void *)image->soname);
	return !*error;
}

/* Programs of the package, with its own libraries in place of those of the system. */
static int start(struct check_run *c)
{
	struct array_of(const char *) programs = { 0 };
	struct array_of(const char *) libraries = { 0 };
	struct input_files inputs;
	struct map sonames = { 0 };
	size_t i;
	int r = input_files_list(c->run->system->source, c->files.items, c->files.count, 0,
				 &inputs);

	for (i = 0; !r && i < inputs.items.count; i++) {
		struct input_file *file = &inputs.items.items[i];

		if (!file->error)
			r = input_file_open(c->run->system, file);
		if (r || file->error || !file->image->is_elf || !file->image->has_dynamic ||
		    image_is_debug_file(file->image) || file->image->fault.rule)
			continue;
		if (image_is_program(file->image))
			r = array_push(&programs, file->path);
		else if (file->image->soname && !c->is_installed &&
			 is_first(&sonames, file->image, &r))
			r = array_push(&libraries, file->path);
	}
	if (!r)
		r = array_push(&libraries, NULL);
	if (!r)
		r = unchecked_add(c->findings, c->declared.path, "needs of scripts and data",
				  "only programs and libraries are read", "tests of the package", 1,
				  false);
	if (!r && programs.count)
		r = forecast(c, programs.items, programs.count, libraries.items);
	map_done(&sonames);
	array_done(&programs);
	array_done(&libraries);
	input_files_done(&inputs);
	return r;
}

static int judge(struct check_run *c)
{
	struct declared_question question = {
		.package = &c->declared,
		.needed = &c->needed,
		.present = c->has_present ? &c->present : NULL,
		.where = "there",
		.is_library = is_library,
		.data = c,
	};
	size_t number;
	int r = report_add_input(c->run->report, c->declared.path, &number);

	if (!r && !c->has_present) {
		r = unchecked_add(c->findings, c->declared.path, "whether its needs are fulfilled",
				  "the root has no list of dpkg's packages", "--root, --packages",
				  1, true);
	}
	if (!r)
		r = declared_judge(&question, c->findings);
	return r ? r : start(c);
}

int deps_check(struct deps_run *run)
{
	struct check_run c = { .run = run, .findings = &run->report->report.findings };
	const char *const *given = run->options->packages;
	size_t number;
	int r = 0;

	if (run->count != 1)
		return context_fail(run->system->context, -EINVAL, "one package is needed");
	run->deps->package = arena_strdup(&run->deps->arena, run->files[0]);
	if (!run->deps->package)
		return -ENOMEM;
	if (rpm_is(run->files[0])) {
		c.declared.path = run->deps->package;
		r = deps_check_rpm(run, c.declared.path);
		if (!r && !run->report->report.unreadable)
			r = report_add_input(run->report, c.declared.path, &number);
		if (!r)
			r = array_push(&c.files, c.declared.path);
		if (!r && !run->report->report.unreadable)
			r = start(&c);
		array_done(&c.files);
		return r;
	}
	r = read_status(&c);
	for (; !r && given && *given; given++)
		r = take_given(&c, *given);
	if (!r)
		r = read_judged(&c, run->deps->package);
	if (!r && c.declared.name && c.declared.version && c.files.count)
		r = compute(&c);
	if (!r && c.declared.name && c.declared.version)
		r = judge(&c);
	deb_relations_done(&c.declared.depends);
	deb_relations_done(&c.needed);
	map_done(&c.present);
	array_done(&c.files);
	free(c.status);
	arena_done(&c.arena);
	return r;
}

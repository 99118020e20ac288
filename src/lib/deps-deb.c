/* SPDX-License-Identifier: Apache-2.0 */
/* deps --deb: the fields of a package that follow from its files. */
#include "base/file.h"
#include "lib/deb-libraries.h"
#include "lib/inputs.h"
#include "model/deb-arch.h"
#include "read/deb-control.h"

#include <string.h>

/* A note of a file: one of these libraries is loaded when it runs. */
struct deb_note {
	const struct dlopen_note *note;
	struct array_of(struct deb_need *) choices;
};

struct deb_file {
	const char *path;
	struct image *image;
	struct array_of(struct deb_need *) needs;
	struct array_of(struct deb_note) notes;
};

struct deb_run {
	struct deps_run *run;
	struct findings *findings;
	struct arena arena;
	struct input_files inputs;
	struct array_of(struct deb_file) files;
	struct deb_libraries *libraries;
	struct deb_relations build_depends;
	const char *arch;
};

/* Objects, and programs that need nothing, have no dependencies. */
static int take_file(struct deb_run *d, struct input_file *file)
{
	struct deps_run *run = d->run;
	struct image *image = file->image;
	struct deb_file entry = { .image = image };
	size_t number;
	int r;

	if (file->error)
		return input_file_fail(run->report, file);
	if (!image->is_elf && image->fault.rule)
		return deps_fail(run, file->path, image->fault.rule, &image->fault, NULL);
	if (!image->is_elf)
		return file->from_folder ? 0
					 : deps_fail(run, file->path, "input/not-elf", NULL,
						     "is no ELF file");
	if (file->from_folder && (!image->has_dynamic || image_is_debug_file(image)))
		return 0;
	if (image->fault.rule)
		return deps_fail(run, file->path, image->fault.rule, &image->fault, NULL);
	r = report_add_input(run->report, file->path, &number);
	if (r)
		return r;
	run->report->report.inputs.items[number].image = image;
	entry.path = run->report->report.inputs.items[number].path;
	if (!d->arch)
		d->arch = deb_arch_of(image->machine);
	return array_push(&d->files, entry);
}

static int open_files(struct deb_run *d)
{
	size_t i;
	int r = input_files_list(d->run->system->source, d->run->files, d->run->count, 0,
				 &d->inputs);

	for (i = 0; !r && i < d->inputs.items.count; i++) {
		if (!d->inputs.items.items[i].error)
			r = input_file_open(d->run->system, &d->inputs.items.items[i]);
		if (!r)
			r = take_file(d, &d->inputs.items.items[i]);
	}
	return r;
}

/* The source package's needs, from its control file. */
static int read_build_depends(struct deb_run *d, const char *path)
{
	static const char *const fields[] = { "Build-Depends", "Build-Depends-Arch" };
	struct deb_control control;
	struct deb_paragraph paragraph;
	struct file file;
	const char *fault = NULL;
	size_t i;
	int r = file_map(path, &file);

	if (r)
		return r == -ENOMEM ? r : deps_fail_open(d->run, path, r);
	if (file.size)
		control = (struct deb_control){ (const char *)file.bytes,
						(const char *)file.bytes + file.size };
	if (file.size && deb_control_next(&control, &paragraph)) {
		for (i = 0; !r && !fault && i < ARRAY_SIZE(fields); i++) {
			const char *text;

			r = deb_field(&d->arena, &paragraph, fields[i], &text);
			if (!r && text)
				r = deb_relations_parse(&d->arena, text, &d->build_depends, &fault);
			if (!r && fault) {
				fault = arena_printf(&d->run->deps->arena, "%s: %s", fields[i],
						     fault);
				r = fault ? deps_fail(d->run, path, "input/malformed", NULL, fault)
					  : -ENOMEM;
			}
		}
	}
	file_unmap(&file);
	return r;
}

static int list_note(struct deb_run *d, struct deb_file *file, const struct dlopen_note *note)
{
	struct deb_note entry = { .note = note };
	size_t i;
	int r = 0;

	for (i = 0; !r && note->sonames[i]; i++) {
		struct deb_need *need;

		r = deb_libraries_need(d->libraries, note->sonames[i], file->image, file->path,
				       &need);
		if (!r)
			r = array_push(&entry.choices, need);
	}
	if (!r)
		r = array_push(&file->notes, entry);
	if (r)
		array_done(&entry.choices);
	return r;
}

static int list_needs(struct deb_run *d)
{
	size_t i, k;
	int r = 0;

	for (i = 0; !r && i < d->files.count; i++) {
		struct deb_file *file = &d->files.items[i];

		for (k = 0; !r && k < file->image->needs.count; k++) {
			const struct need *need = &file->image->needs.items[k];
			struct deb_need *entry;

			if (need->kind != NEED_LIBRARY)
				continue;
			r = deb_libraries_need(d->libraries, need->name, file->image, file->path,
					       &entry);
			if (!r)
				r = array_push(&file->needs, entry);
		}
		for (k = 0; !r && k < file->image->dlopen_notes.count; k++)
			r = list_note(d, file, &file->image->dlopen_notes.items[k]);
	}
	return r;
}

static int tell(struct deb_run *d, const char *rule, const struct deb_file *file,
		const struct deb_need *need, const char *message, bool breaks)
{
	struct finding *finding = finding_add(d->findings, rule, file->path);

	if (!finding || !message)
		return -ENOMEM;
	finding->subject = arena_strdup(&d->findings->arena, need->soname);
	finding->file = need->found ? arena_strdup(&d->findings->arena, need->found) : file->path;
	if (!finding->subject || !finding->file)
		return -ENOMEM;
	finding->message = message;
	if (!breaks)
		finding->verdict = VERDICT_OK;
	return finding_why(d->findings, finding, "%s needs %s", path_name(file->path),
			   need->soname);
}

/* Names without a version are those of plug-ins: dpkg passes them over as well. */
static bool has_version(const char *soname)
{
	size_t length = strlen(soname);
	const char *so = strstr(soname, ".so.");

	if (so && so > soname && so[4])
		return true;
	if (length < 4 || strcmp(soname + length - 3, ".so") != 0)
		return false;
	for (; *soname; soname++) {
		if (soname[0] == '-' && soname[1] >= '0' && soname[1] <= '9')
			return true;
	}
	return false;
}

static int judge_need(struct deb_run *d, const struct deb_file *file, const struct deb_need *need)
{
	struct arena *arena = &d->findings->arena;
	bool breaks = has_version(need->soname) &&
		      !(d->run->options->flags & ABIFIT_DEPS_IGNORE_MISSING);

	if (need->settled || need->silent)
		return 0;
	if (!need->found)
		return tell(d, "deps/library-missing", file, need,
			    arena_printf(arena,
					 "%s is in none of the folders where it is looked for",
					 need->soname),
			    breaks);
	return tell(
		d, "deps/library-unpackaged", file, need,
		need->owner
			? arena_printf(arena, "%s of the package %s tells no dependency for %s",
				       need->found, need->owner, need->soname)
			: arena_printf(arena,
				       "%s is in no package, so that nothing can be depended on",
				       need->found),
		breaks);
}

/* "name:arch" is the package `name`. */
static bool is_package(const char *owner, const char *name)
{
	size_t length = strlen(name);

	return !strncmp(owner, name, length) && (!owner[length] || owner[length] == ':');
}

/*
 * A package that is judged has its own libraries, and those of others that no file tells of are
 * a need of that package.
 */
static int settle_by_owner(struct deb_run *d, struct deb_need *need)
{
	const char *self = d->run->self;

	if (!self || need->settled || !need->owner)
		return 0;
	if (is_package(need->owner, self)) {
		need->silent = true;
		return 0;
	}
	need->library.shlibs = arena_strndup(&d->arena, need->owner, strcspn(need->owner, ":"));
	need->settled = true;
	return need->library.shlibs ? 0 : -ENOMEM;
}

static int add_file(struct deb_run *d, struct deb_depends *depends, struct deb_file *file)
{
	AUTO_FREE struct deb_library *libraries = calloc(file->needs.count + 1, sizeof(*libraries));
	struct fault fault = { 0 };
	size_t i;
	int r = libraries ? 0 : -ENOMEM;

	for (i = 0; !r && i < file->needs.count; i++) {
		r = settle_by_owner(d, file->needs.items[i]);
		libraries[i] = file->needs.items[i]->library;
		if (!r)
			r = judge_need(d, file, file->needs.items[i]);
	}
	if (!r)
		r = deb_depends_add(depends, file->image, file->path, libraries, file->needs.count,
				    &d->build_depends, d->arch, d->findings, &fault);
	if (!r && fault.rule)
		r = deps_fail(d->run, file->path, fault.rule, &fault, NULL);
	return r;
}

static int tell_unfound(struct deb_run *d, const struct deb_file *file,
			const struct dlopen_note *note)
{
	const char *what = arena_printf(&d->findings->arena, "%s, which it loads when it runs",
					note->sonames[0] ? note->sonames[0] : "a library");

	return what ? unchecked_add(d->findings, file->path, what,
				    "no package of the system has it, so that none can be named",
				    "--packages with the package that has it", 1,
				    note->priority == DLOPEN_REQUIRED)
		    : -ENOMEM;
}

/* What a note asks for, in the field that its priority means. */
static int add_note(struct deb_run *d, const struct deb_file *file, const struct deb_note *note,
		    struct deb_depends *fields)
{
	struct array_of(struct deb_choice) choices = { 0 };
	size_t i;
	int r = 0;

	for (i = 0; !r && i < note->choices.count; i++) {
		const struct deb_need *need = note->choices.items[i];
		struct deb_choice choice = { need->library, need->owner };

		if (need->settled || (need->found && need->owner))
			r = array_push(&choices, choice);
	}
	if (!r && !choices.count)
		r = tell_unfound(d, file, note->note);
	else if (!r)
		r = deb_depends_add_any(&fields[note->note->priority], choices.items,
					choices.count);
	array_done(&choices);
	return r;
}

/* A package that is needed is not recommended as well. */
static void drop_repeated(struct deb_depends *weak, const struct deb_depends *strong)
{
	size_t used = 0;
	size_t i;

	for (i = 0; i < weak->items.count; i++) {
		if (!deb_depends_has(strong, &weak->items.items[i]))
			weak->items.items[used++] = weak->items.items[i];
	}
	weak->items.count = used;
}

static int write_field(struct deb_run *d, const struct deb_depends *depends, const char *name)
{
	struct deps_field *field;
	const char *fault;
	int r;

	if (!depends->items.count)
		return 0;
	field = deps_field(d->run->deps, name);
	if (!field)
		return -ENOMEM;
	r = deb_depends_write(depends, d->run->options->exclude, &d->run->deps->arena,
			      &field->items, &fault);
	if (r || !fault)
		return r;
	return context_fail(d->run->system->context, -EINVAL, "%s", fault);
}

static int add_files(struct deb_run *d, struct deb_depends *fields)
{
	size_t i, k;
	int r = 0;

	for (i = 0; !r && i < d->files.count; i++) {
		struct deb_file *file = &d->files.items[i];

		r = add_file(d, &fields[DLOPEN_REQUIRED], file);
		for (k = 0; !r && k < file->notes.count; k++)
			r = add_note(d, file, &file->notes.items[k], fields);
	}
	return r;
}

static int make(struct deb_run *d)
{
	/* By enum dlopen_priority. */
	static const char *const names[] = { "Suggests", "Recommends", "Depends" };
	struct deb_depends fields[ARRAY_SIZE(names)] = { 0 };
	size_t i, k;
	int r = deb_libraries_open(d->run, d->arch, &d->libraries);

	for (i = 0; i < ARRAY_SIZE(names); i++)
		fields[i].any_release = d->run->any_release;
	if (!r && d->run->options->control)
		r = read_build_depends(d, d->run->options->control);
	if (!r)
		r = list_needs(d);
	if (!r)
		r = deb_libraries_settle(d->libraries);
	if (!r)
		r = add_files(d, fields);
	for (i = ARRAY_SIZE(names); !r && i-- > 0;) {
		for (k = i + 1; k < ARRAY_SIZE(names); k++)
			drop_repeated(&fields[i], &fields[k]);
		r = write_field(d, &fields[i], names[i]);
	}
	for (i = 0; i < ARRAY_SIZE(names); i++)
		deb_depends_done(&fields[i]);
	return r;
}

static void end_file(struct deb_file *file)
{
	size_t i;

	for (i = 0; i < file->notes.count; i++)
		array_done(&file->notes.items[i].choices);
	array_done(&file->notes);
	array_done(&file->needs);
}

int deps_deb(struct deps_run *run)
{
	struct deb_run d = {
		.run = run,
		.findings = &run->report->report.findings,
		.arch = run->options->arch,
	};
	size_t i;
	int r = open_files(&d);

	run->deps->substvars = run->options->flags & ABIFIT_DEPS_SUBSTVARS;
	if (!r && d.files.count && !d.arch)
		r = context_fail(run->system->context, -EINVAL,
				 "%s: Debian has no name for its machine; give one",
				 d.files.items[0].path);
	if (!r && d.arch) {
		run->deps->arch = arena_strdup(&run->deps->arena, d.arch);
		r = run->deps->arch ? 0 : -ENOMEM;
	}
	if (!r && d.files.count)
		r = make(&d);
	for (i = 0; i < d.files.count; i++)
		end_file(&d.files.items[i]);
	array_done(&d.files);
	deb_relations_done(&d.build_depends);
	deb_libraries_free(d.libraries);
	input_files_done(&d.inputs);
	arena_done(&d.arena);
	return r;
}

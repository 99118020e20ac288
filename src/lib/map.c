/* SPDX-License-Identifier: Apache-2.0 */
/* abifit_map_check() and its like: the life of a version script. */
#include "engine/script/script.h"
#include "lib/corpora.h"
#include "lib/header-words.h"
#include "lib/kinds.h"
#include "lib/objects.h"
#include "lib/waivers.h"
#include "model/version-name.h"
#include "read/archive.h"
#include "read/baseline.h"
#include "read/object.h"
#include "read/root.h"
#include "read/version-script.h"

#include <string.h>

#define MOST_LIST (64u << 20) /* bytes of a list of symbols */

struct run {
	struct abifit_system *system;
	struct abifit_report *report;
	const struct abifit_map_options *options;
	struct side library;
	struct side released;
	struct object_file library_file;
	struct map headers;
	struct map declared;
	struct array_of(struct script_symver) symvers;
	struct script_question question;
	struct map_result *result;
};

static int fail(struct run *run, const char *path, const char *rule, const char *text,
		unsigned line, unsigned column)
{
	struct report *report = &run->report->report;
	size_t number;
	int r = report_add_input(run->report, path, &number);

	if (!r)
		r = text ? report_input_error(run->report, number, rule, NULL, text) : -ENOMEM;
	if (r)
		return r;
	report->findings.items.items[report->findings.items.count - 1].line = line;
	report->findings.items.items[report->findings.items.count - 1].column = column;
	return 0;
}

static int fail_open(struct run *run, const char *path, int error)
{
	size_t number;
	int r = report_add_input(run->report, path, &number);

	return r ? r : report_open_error(run->report, number, error);
}

/* *ret NULL: it could not be read, which has been said. */
static int read_script(struct run *run, const char *path, struct version_script **ret)
{
	struct script_error error;
	struct image *image;
	int r = root_adopt(run->system->source, path, &image);

	*ret = NULL;
	if (r)
		return r == -ENOMEM ? r : fail_open(run, path, r);
	path = arena_strdup(&run->report->report.arena, path);
	if (!path)
		return -ENOMEM;
	if (image->is_elf)
		return fail(run, path, "input/unsupported", "is an ELF file, not a version script",
			    0, 0);
	r = version_script_read((const char *)image->bytes, image->size, path, ret, &error);
	if (r != -EBADMSG)
		return r;
	return fail(run, path, error.rule,
		    arena_printf(&run->report->report.arena, "line %u, column %u: %s", error.line,
				 error.column, error.text),
		    error.line, error.column);
}

/* Neither a library, an archive, a package nor a baseline. */
static bool is_text(const struct image *image)
{
	size_t start = size_min(image->size, 4096);

	return !image->is_elf && !archive_is(image->bytes, image->size) &&
	       !baseline_is((const char *)image->bytes, image->size) &&
	       !(start && memchr(image->bytes, '\0', start));
}

static int read_side(struct run *run, const char *path, struct side *side,
		     const struct corpus **ret)
{
	static const struct side_types no_types;
	int r = side_read(run->system, run->report, path, &no_types, side);

	*ret = NULL;
	if (!r && side->items.count > 1)
		return context_fail(run->system->context, -EINVAL,
				    "%s has %zu libraries: one is needed", path, side->items.count);
	if (!r && side->items.count)
		*ret = side->items.items[0].corpus;
	return r;
}

static int read_library(struct run *run)
{
	int r = read_side(run, run->options->library, &run->library, &run->question.library);
	const struct image *image;

	if (r || !run->question.library)
		return r;
	image = run->library.items.items[0].file.image;
	if (!image || !image->is_elf)
		return 0;
	object_read(image->bytes, image->size, &run->library_file);
	if (!run->library_file.fault.rule)
		run->question.library_file = &run->library_file;
	return 0;
}

static int take_script(struct run *run, const struct version_script *script)
{
	struct corpus *corpus;
	int r = script_corpus(script, &corpus, &run->question.released_open);

	if (r)
		return r;
	run->question.released = corpus;
	if (!array_push(&run->report->report.corpora, corpus))
		return 0;
	corpus_free(corpus);
	return -ENOMEM;
}

/* A library, a baseline, or the script of the last release, as `map freeze` writes it. */
static int read_released(struct run *run)
{
	const char *path = run->options->released;
	struct version_script *script;
	struct image *image;
	int r = root_adopt(run->system->source, path, &image);

	if (r == -ENOMEM)
		return r;
	if (r || !is_text(image))
		return read_side(run, path, &run->released, &run->question.released);
	r = read_script(run, path, &script);
	if (!r && script)
		r = take_script(run, script);
	version_script_free(script);
	return r;
}

static int read_linker(struct run *run)
{
	const char *word = run->options->linker;
	enum script_linker linker;

	if (!word)
		return 0;
	for (linker = 0; linker < LINKER_COUNT; linker++) {
		if (strcmp(word, script_linker_word(linker)))
			continue;
		run->question.linker = linker;
		run->question.is_only_linker = true;
		return 0;
	}
	return context_fail(run->system->context, -EINVAL, "no linker is called \"%s\"", word);
}

static int take_members(struct run *run, const struct show *show, const char *path)
{
	struct arena *arena = &run->report->report.arena;
	size_t i, k;

	for (i = 0; i < show->members.count; i++) {
		const struct show_member *member = &show->members.items[i];
		const char *file = member->name ? arena_printf(arena, "%s(%s)", path, member->name)
						: path;

		if (!file)
			return -ENOMEM;
		if (member->has_lto && !run->question.lto_object)
			run->question.lto_object = file;
		for (k = 0; k < member->defined_count; k++) {
			const struct show_export *d = &member->defined[k];
			struct script_symver symver = { .file = file };

			symver.name = arena_strdup(arena, d->name);
			if (d->version)
				symver.version = arena_strdup(arena, d->version);
			symver.is_default = d->mark == MARK_DEFAULT;
			if (!symver.name || (d->version && !symver.version) ||
			    array_push(&run->symvers, symver))
				return -ENOMEM;
		}
	}
	return 0;
}

static int take_object(struct run *run, const struct input_file *file)
{
	struct fault *fault = arena_alloc(&run->report->report.arena, sizeof(*fault));
	const char *path = arena_strdup(&run->report->report.arena, file->path);
	struct show *show;
	size_t number;
	int r;

	if (!fault || !path)
		return -ENOMEM;
	if (file->error)
		return fail_open(run, path, file->error);
	if (!archive_is(file->image->bytes, file->image->size) &&
	    !(file->image->is_elf && file->image->elf_type == ET_REL))
		return file->from_folder ? 0
					 : fail(run, path, "input/not-elf",
						"is neither an archive nor an object", 0, 0);
	r = objects_read(run->system->source, file->image, &show);
	if (r)
		return r;
	*fault = *objects_damage(show);
	r = take_members(run, show, path);
	show_free(show);
	if (r || !fault->rule)
		return r;
	r = report_add_input(run->report, path, &number);
	return r ? r : report_input_error(run->report, number, fault->rule, fault, NULL);
}

static int read_objects(struct run *run)
{
	const char *const *paths = run->options->objects;
	struct input_files files;
	size_t count = 0;
	size_t i;
	int r;

	while (paths && paths[count])
		count++;
	if (!count)
		return 0;
	r = input_files_list(run->system->source, paths, count, INPUT_ARCHIVES, &files);
	for (i = 0; !r && i < files.items.count; i++) {
		r = input_file_open(run->system, &files.items.items[i]);
		if (!r)
			r = take_object(run, &files.items.items[i]);
	}
	input_files_done(&files);
	run->question.has_objects = true;
	run->question.symvers = run->symvers.items;
	run->question.symver_count = run->symvers.count;
	return r;
}

static int read_sides(struct run *run)
{
	int r = read_linker(run);

	if (!r && run->options->library)
		r = read_library(run);
	if (!r && run->options->released)
		r = read_released(run);
	if (!r)
		r = header_words_read(run->system, run->report, run->options->headers,
				      &run->headers, &run->declared);
	if (!r && run->options->headers && run->options->headers[0]) {
		run->question.headers = &run->headers;
		run->question.declared = &run->declared;
	}
	if (!r)
		r = read_objects(run);
	run->question.release = run->options->release;
	return r;
}

static bool is_complete(const struct run *run)
{
	return !run->report->report.unreadable;
}

/* The input that the answer is about; the result is the report's from then on. */
static int begin_result(struct run *run, const char *path, struct version_script *script)
{
	struct map_result *result = calloc(1, sizeof(*result));
	size_t number;
	int r = result ? report_add_input(run->report, path, &number) : -ENOMEM;

	if (r) {
		free(result);
		version_script_free(script);
		return r;
	}
	result->script = script;
	result->library = run->question.library ? run->question.library->path : NULL;
	result->released = run->question.released ? run->question.released->path : NULL;
	run->report->report.inputs.items[number].map = result;
	run->result = result;
	run->question.script = script;
	return 0;
}

static int too_much(struct run *run, int r)
{
	return r == -E2BIG ? context_fail(run->system->context, r,
					  "%s: its wildcards take more work than any sound script "
					  "asks for",
					  run->question.script->path)
			   : r;
}

static int answer_check(struct run *run, const char *path)
{
	int r = script_check(&run->question, run->result);

	(void)path;
	return too_much(run, r);
}

static int answer_update(struct run *run, const char *path)
{
	const char *newest = "";
	int r;

	if (!run->question.library || !run->options->release)
		return context_fail(run->system->context, -EINVAL,
				    "a library and a release are needed");
	if (run->question.library->flags & CORPUS_STATIC && !run->question.headers)
		return context_fail(run->system->context, -EINVAL,
				    "%s does not tell what is public: headers are needed",
				    run->question.library->path);
	r = script_update(&run->question, run->result, &newest);
	if (r == -EINVAL)
		return context_fail(run->system->context, r,
				    "%s: release %s is not newer than %s, which is released", path,
				    run->options->release, newest);
	return too_much(run, r);
}

static int answer_freeze(struct run *run, const char *path)
{
	(void)path;
	return too_much(run, script_freeze(&run->question, run->result));
}

static int with_script(struct run *run, const char *path,
		       int (*answer)(struct run *run, const char *path))
{
	struct version_script *script;
	int r = read_script(run, path, &script);

	if (r || !script)
		return r;
	r = read_sides(run);
	/* Half an answer would look like a whole one. */
	if (r || !is_complete(run)) {
		version_script_free(script);
		return r;
	}
	r = begin_result(run, script->path, script);
	return r ? r : answer(run, path);
}

static void run_done(struct run *run)
{
	side_done(&run->library);
	side_done(&run->released);
	array_done(&run->symvers);
	map_done(&run->headers);
	map_done(&run->declared);
}

static int end(struct abifit_system *system, struct abifit_report *report, int r,
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

static int take_options(struct abifit_system *system, const struct abifit_map_options *options,
			struct abifit_map_options *ret)
{
	int r = options_check(options, options ? options->size : 0, sizeof(*ret));

	if (r)
		return context_fail(system->context, r, "map options of an unknown size");
	*ret = (struct abifit_map_options){ .size = sizeof(*ret) };
	if (options)
		memcpy(ret, options, size_min(options->size, sizeof(*ret)));
	return 0;
}

static int ask(struct abifit_system *system, const char *command, const char *path,
	       const struct abifit_map_options *options,
	       int (*answer)(struct run *run, const char *path), struct abifit_report **ret)
{
	struct abifit_map_options copy;
	struct run run = { .system = system, .options = &copy };
	struct waiver_target target;
	int r = take_options(system, options, &copy);

	if (r)
		return r;
	r = report_new(system->context, system, command, &run.report);
	if (r)
		return context_fail(system->context, r, "out of memory");
	run.report->report.has_verdict = answer == answer_check;
	if (answer == answer_check)
		r = waivers_load(run.report, copy.waivers, copy.today);
	if (!r)
		r = with_script(&run, path, answer);
	target =
		(struct waiver_target){ .old = run.question.released, .new = run.question.library };
	if (!r && run.result)
		r = waivers_apply(run.report->waivers, &target, &run.result->findings, 0);
	if (!r && answer == answer_check)
		r = waivers_conclude(run.report);
	run_done(&run);
	return end(system, run.report, r, ret);
}

int abifit_map_check(struct abifit_system *system, const char *script,
		     const struct abifit_map_options *options, struct abifit_report **ret)
{
	return ask(system, "map check", script, options, answer_check, ret);
}

int abifit_map_update(struct abifit_system *system, const char *script,
		      const struct abifit_map_options *options, struct abifit_report **ret)
{
	return ask(system, "map update", script, options, answer_update, ret);
}

int abifit_map_freeze(struct abifit_system *system, const char *script,
		      const struct abifit_map_options *options, struct abifit_report **ret)
{
	return ask(system, "map freeze", script, options, answer_freeze, ret);
}

/* What `map new` is made of. */
struct sources {
	struct side *sides;
	struct array_of(const struct corpus *) releases;
	struct array_of(const char *) names;
	bool are_declared; /* the names are those of the headers */
};

/* The name on a line: blanks, a last ";" and what follows "#" are no part of it. */
static char *name_on_line(struct run *run, const char *text, size_t length)
{
	const char *hash = length ? memchr(text, '#', length) : NULL;
	size_t start = 0;

	if (hash)
		length = (size_t)(hash - text);
	while (length && strchr(" \t\r;", text[length - 1]))
		length--;
	while (start < length && strchr(" \t", text[start]))
		start++;
	return arena_strndup(&run->report->report.arena, text + start, length - start);
}

static int take_list(struct run *run, struct sources *sources, const char *path,
		     const struct image *image)
{
	const char *text = (const char *)image->bytes;
	size_t left = image->size;
	unsigned line;

	if (image->size > MOST_LIST || (left && memchr(text, '\0', left)))
		return fail(run, path, "input/not-elf",
			    "is neither a library, a baseline nor a list of symbols", 0, 0);
	for (line = 1; left; line++) {
		const char *stop = memchr(text, '\n', left);
		size_t length = stop ? (size_t)(stop - text) : left;
		const char *name = name_on_line(run, text, length);

		if (!name)
			return -ENOMEM;
		if (*name && (strpbrk(name, "{}@;") || !version_script_can_hold(name)))
			return fail(
				run, path, "input/malformed",
				arena_printf(
					&run->report->report.arena,
					"line %u: a list has one symbol a line, without version",
					line),
				line, 0);
		if (*name && array_push(&sources->names, name))
			return -ENOMEM;
		text += length + (stop != NULL);
		left -= length + (stop != NULL);
	}
	if (!sources->names.count)
		return fail(run, path, "input/malformed", "has no symbol", 0, 0);
	return 0;
}

static int take_source(struct run *run, struct sources *sources, const char *path,
		       struct side *side)
{
	const struct corpus *corpus;
	struct image *image;
	int r = root_adopt(run->system->source, path, &image);

	if (r == -ENOMEM)
		return r;
	if (!r && is_text(image))
		return take_list(run, sources, path, image);
	r = read_side(run, path, side, &corpus);
	return r || !corpus ? r : array_push(&sources->releases, corpus);
}

/* What the headers declare, as nothing else is given. */
static int take_declared(struct run *run, struct sources *sources)
{
	struct map names = { 0 };
	size_t i;
	int r;

	if (!run->options->node)
		return context_fail(run->system->context, -EINVAL,
				    "headers do not tell what the library is called: a name for "
				    "its nodes is needed");
	r = header_declared_read(run->report, run->options->headers, run->options->compiler,
				 run->options->cflags, &names);
	for (i = 0; !r && i < names.capacity; i++) {
		if (names.slots[i].key)
			r = array_push(&sources->names, names.slots[i].key);
	}
	map_done(&names);
	sources->are_declared = true;
	if (!r && !sources->names.count && is_complete(run))
		r = fail(run, run->options->headers[0], "input/unsupported",
			 "declares nothing that a library exports", 0, 0);
	return r;
}

static int make_new(struct run *run, const struct sources *sources, const char *path)
{
	struct script_source source = {
		.releases = sources->releases.items,
		.count = sources->releases.count,
		.names = sources->names.count ? sources->names.items : NULL,
		.headers = sources->are_declared ? NULL : run->question.headers,
		.family = run->options->node,
		.release = run->options->release,
	};
	int r = begin_result(run, path, NULL);

	if (r)
		return r;
	if (!source.family && !source.count)
		source.family =
			version_name_of_library(&run->report->report.arena, path_name(path));
	r = script_new(&source, run->result);
	if (r != -EBADMSG)
		return r;
	return report_input_error(run->report, run->report->report.inputs.count - 1,
				  "input/unsupported", NULL,
				  "has a version node whose name no script can hold");
}

static int read_sources(struct run *run, const char *const *paths, size_t count,
			struct sources *sources)
{
	size_t i;
	int r = read_sides(run);

	for (i = 0; !r && i < count; i++)
		r = take_source(run, sources, paths[i], &sources->sides[i]);
	if (!r && !count && is_complete(run))
		r = take_declared(run, sources);
	if (!r && sources->names.count)
		r = array_push(&sources->names, NULL);
	if (!r && is_complete(run) && sources->names.count && sources->releases.count)
		return context_fail(run->system->context, -EINVAL,
				    "libraries or a list of symbols are needed, not both");
	return r;
}

int abifit_map_new(struct abifit_system *system, const char *const *paths, size_t count,
		   const struct abifit_map_options *options, struct abifit_report **ret)
{
	struct abifit_map_options copy;
	struct sources sources = { .sides = calloc(count + 1, sizeof(struct side)) };
	struct run run = { .system = system, .options = &copy };
	size_t i;
	int r = sources.sides ? take_options(system, options, &copy) : -ENOMEM;

	if (!r && !count && !(copy.headers && copy.headers[0]))
		r = context_fail(system->context, -EINVAL, "no library, list or header is given");
	if (!r)
		r = report_new(system->context, system, "map new", &run.report);
	if (!r)
		r = read_sources(&run, paths, count, &sources);
	/* What could not be read has been said. */
	if (!r && is_complete(&run))
		r = make_new(&run, &sources, count ? paths[count - 1] : copy.headers[0]);
	for (i = 0; sources.sides && i < count; i++)
		side_done(&sources.sides[i]);
	free(sources.sides);
	array_done(&sources.releases);
	array_done(&sources.names);
	run_done(&run);
	return end(system, run.report, r, ret);
}

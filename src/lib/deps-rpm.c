/* SPDX-License-Identifier: Apache-2.0 */
/* deps --rpm: each file by itself, mapped for as long as it is read. */
#include "base/file.h"
#include "engine/deps/rpm.h"
#include "lib/deps.h"
#include "read/elf-depends.h"
#include "read/root.h"

#include <elf.h>

_Static_assert(ABIFIT_DEPS_SONAME_ONLY == DEPS_SONAME_ONLY &&
		       ABIFIT_DEPS_NO_FAKE_SONAME == DEPS_NO_FAKE_SONAME &&
		       ABIFIT_DEPS_NO_FILTER_SONAME == DEPS_NO_FILTER_SONAME &&
		       ABIFIT_DEPS_REQUIRE_INTERP == DEPS_REQUIRE_INTERP,
	       "the public bits are those of the model");

/* What only the loader would find is not passed over in silence. */
static int note_blind(struct deps_run *run, const char *path, const struct elf_depends *depends)
{
	if (depends->has_sections || !depends->has_dynamic_segment)
		return 0;
	return unchecked_add(&run->report->report.findings, path, "what it needs",
			     "it has no section headers, in which rpm looks for dependencies",
			     "abifit show FILE", 1, true);
}

static unsigned wanted_lists(const struct abifit_deps_options *options)
{
	static const struct {
		uint32_t flag;
		unsigned list;
	} lists[] = {
		{ ABIFIT_DEPS_PROVIDES, DEPS_PROVIDES },
		{ ABIFIT_DEPS_REQUIRES, DEPS_REQUIRES },
		{ ABIFIT_DEPS_RECOMMENDS, DEPS_RECOMMENDS },
		{ ABIFIT_DEPS_SUGGESTS, DEPS_SUGGESTS },
	};
	unsigned ret = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lists); i++)
		ret |= options->flags & lists[i].flag ? lists[i].list : 0;
	return ret;
}

/* Notes are read as the loader's other facts are. */
static int take_notes(struct deps_run *run, const char *path, unsigned lists,
		      struct deps_file *lines)
{
	struct image *image;
	int r = root_adopt(run->system->source, path, &image);

	if (r)
		return r == -ENOMEM ? r : 0;
	return rpm_notes(image, lists, run->options->flags & ABIFIT_DEPS_RPM_WAYS,
			 &run->deps->arena, lines);
}

static int take_bytes(struct deps_run *run, const char *path, const struct file *file)
{
	const struct abifit_deps_options *options = run->options;
	unsigned lists = wanted_lists(options);
	struct deps_file lines = { .path = path };
	struct elf_depends depends;
	int r = elf_depends_read(file->bytes, file->size, &depends);

	run->deps->lists = lists;
	if (!r)
		r = rpm_lines(&depends, path_name(path), file->stat.st_mode, lists,
			      options->flags & ABIFIT_DEPS_RPM_WAYS, &run->deps->arena, &lines);
	if (!r && (lists & (DEPS_RECOMMENDS | DEPS_SUGGESTS)))
		r = take_notes(run, path, lists, &lines);
	if (!r && array_push(&run->deps->files, lines))
		r = -ENOMEM;
	if (r) {
		array_done(&lines.provides);
		array_done(&lines.requires);
		array_done(&lines.recommends);
		array_done(&lines.suggests);
	} else if (depends.fault.rule) {
		r = deps_fail(run, path, depends.fault.rule, &depends.fault, NULL);
	} else if (!depends.is_elf) {
		r = deps_fail(run, path, "input/not-elf", NULL, "is no ELF file");
	} else {
		r = note_blind(run, path, &depends);
	}
	elf_depends_done(&depends);
	return r;
}

static int take_file(struct deps_run *run, const char *path)
{
	struct file file = { 0 };
	int error = file_map(path, &file);
	int r;

	if (error == -ENOMEM)
		return error;
	if (!error) {
		r = take_bytes(run, path, &file);
		file_unmap(&file);
		return r;
	}
	r = array_push(&run->deps->files, (struct deps_file){ .path = path });
	return r ? r : deps_fail_open(run, path, error);
}

int deps_rpm(struct deps_run *run)
{
	size_t i;
	int r = 0;

	run->deps->multifile = run->options->flags & ABIFIT_DEPS_MULTIFILE;
	for (i = 0; !r && i < run->count; i++) {
		const char *path = arena_strdup(&run->deps->arena, run->files[i]);

		r = path ? take_file(run, path) : -ENOMEM;
	}
	return r;
}

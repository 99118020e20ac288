/* SPDX-License-Identifier: Apache-2.0 */
/* From the paths that a caller names to images: folders and packages are walked for ELF files. */
#ifndef LIB_INPUTS_H
#define LIB_INPUTS_H

#include "lib/context.h"

struct input_file {
	const char *path;    /* as named, or folder/name, or package/path in it */
	bool from_folder;    /* found by walking: what is not ELF is passed over */
	struct source *home; /* the system that it lies in; NULL: the one that opens it */
	struct image *image; /* NULL: not opened */
	char *inside; /* its path in the system, or its own when it lies outside; links followed */
	char *origin; /* the folder of that */
	int error;    /* of opening it, or 0 */
	const struct fault *fault; /* of a package that could not be read; NULL: none */
};

struct input_files {
	struct arena arena;
	struct array_of(struct input_file) items;
	unsigned kinds;
	struct source
		*source;  /* that packages are mounted in; NULL: they are files like any other */
	bool has_package; /* one of the paths names a package, or a folder in one */
};

/* What is taken up of a folder, by how it starts; ELF files always. */
enum input_kind { INPUT_ARCHIVES = 1, INPUT_BASELINES = 2 };

/*
 * Walks folders (links are not followed), sorted by name; `kinds`: enum input_kind. Packages,
 * named or in a folder, are mounted in `source` and walked like folders; NULL: they are not. One
 * that cannot be read is an entry with its error. 0 or -ENOMEM.
 */
int input_files_list(struct source *source, const char *const *paths, size_t count, unsigned kinds,
		     struct input_files *ret) MUST_CHECK;
/* Records why an entry could not be opened as an error of the report. 0 or -ENOMEM. */
int input_file_fail(struct abifit_report *report, const struct input_file *file) MUST_CHECK;
/* Opens one of them in `system`; the outcome stands in the entry. Thread-safe. 0 or -ENOMEM. */
int input_file_open(struct abifit_system *system, struct input_file *file) MUST_CHECK;
/* Is it of interest, by how it starts? */
bool input_starts_as_wanted(const void *bytes, size_t size, unsigned kinds);
/*
 * The parts of input_files_list() that know packages, in lib/input-packages.c: takes `path` if it
 * is a package, or a path into one; *ret_taken tells. `is_named`: by a caller, not found in a
 * folder.
 */
int input_package_take(struct input_files *files, const char *path, bool is_named,
		       bool *ret_taken) MUST_CHECK;
void input_file_done(struct input_file *file);
void input_files_done(struct input_files *files);

#endif

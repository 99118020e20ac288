/* SPDX-License-Identifier: Apache-2.0 */
/* From the paths that a caller names to images: folders are walked for ELF files. */
#ifndef LIB_INPUTS_H
#define LIB_INPUTS_H

#include "lib/context.h"

struct input_file {
	const char *path;    /* as named, or folder/name */
	bool from_folder;    /* found by walking: what is not ELF is passed over */
	struct source *home; /* the system that it lies in; NULL: the one that opens it */
	struct image *image; /* NULL: not opened */
	char *inside; /* its path in the system, or its own when it lies outside; links followed */
	char *origin; /* the folder of that */
	int error;    /* of opening it, or 0 */
};

struct input_files {
	struct arena arena;
	struct array_of(struct input_file) items;
	unsigned kinds;
};

/* What is taken up of a folder, by how it starts; ELF files always. */
enum input_kind { INPUT_ARCHIVES = 1, INPUT_BASELINES = 2 };

/* Walks folders (links are not followed), sorted by name; `kinds`: enum input_kind. 0 or -ENOMEM.
 */
int input_files_list(const char *const *paths, size_t count, unsigned kinds,
		     struct input_files *ret) MUST_CHECK;
/* Opens one of them in `system`; the outcome stands in the entry. Thread-safe. 0 or -ENOMEM. */
int input_file_open(struct abifit_system *system, struct input_file *file) MUST_CHECK;
void input_file_done(struct input_file *file);
void input_files_done(struct input_files *files);

#endif

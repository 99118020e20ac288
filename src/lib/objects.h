/* SPDX-License-Identifier: Apache-2.0 */
/* The objects in a file: an object itself, or each one of an archive. */
#ifndef LIB_OBJECTS_H
#define LIB_OBJECTS_H

#include "model/object.h"
#include "model/source.h"

/*
 * Takes one object. `member`: its name in the archive, NULL for the file
 * itself. `object` NULL: its content cannot be had, for the reason `fault`.
 */
typedef int (*object_visit)(void *data, const char *member, const struct object_file *object,
			    const struct fault *fault);

/*
 * `image` was opened by root_adopt(); members of a thin archive are opened in
 * the same way, beside it. 0, -ENOMEM, or the first non-zero result of `visit`.
 * *ret_fault tells of an archive that is damaged.
 */
int objects_walk(struct source *source, const struct image *image, object_visit visit, void *data,
		 struct fault *ret_fault) MUST_CHECK;

#endif

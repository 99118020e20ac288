/* SPDX-License-Identifier: Apache-2.0 */
/* The objects in a file: an object itself, or each one of an archive. */
#ifndef LIB_OBJECTS_H
#define LIB_OBJECTS_H

#include "model/object.h"
#include "model/show.h"
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
/* All of them, decoded. 0 or -ENOMEM. */
int objects_read(struct source *source, const struct image *image, struct show **ret) MUST_CHECK;
/* The first damage, of the archive or of an object in it; a member that is none is no damage. Rule
 * NULL: none. */
const struct fault *objects_damage(const struct show *show);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* What relocatable objects define and need, as the linker sees it. */
#ifndef ENGINE_INSPECT_MEMBERS_H
#define ENGINE_INSPECT_MEMBERS_H

#include "engine/inspect/symbols.h"
#include "model/object.h"

/* An archive, or with an image one object; members are added by show_member(). NULL: no memory. */
struct show *show_objects_new(const struct image *image);
/*
 * Adds an object. `name` is copied; NULL: the file itself. `object` NULL: its
 * content is not there, for the reason `fault`. 0 or -ENOMEM.
 */
int show_member(struct show *show, const char *name, const struct object_file *object,
		const struct fault *fault, struct name_budget *budget) MUST_CHECK;

/* "name@VERSION" and "name@@VERSION" as .symver leaves them in objects; *ret_version NULL: none. */
int member_split_name(struct arena *arena, const char *text, const char **ret_name,
		      const char **ret_version, enum version_mark *ret_mark) MUST_CHECK;

#endif

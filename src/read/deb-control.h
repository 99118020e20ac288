/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Paragraphs of fields (deb822(5)): control files of packages, dpkg's status file.
 *
 *	struct deb_control control = { bytes, bytes + size };
 *	struct deb_paragraph paragraph;
 *
 *	while (deb_control_next(&control, &paragraph))
 *		deb_field(&arena, &paragraph, "Depends", &text);
 */
#ifndef READ_DEB_CONTROL_H
#define READ_DEB_CONTROL_H

#include "base/arena.h"

struct deb_control {
	const char *at, *end;
};

struct deb_paragraph {
	const char *at, *end;
};

/* False: there are no more. What is no field is passed over. */
bool deb_control_next(struct deb_control *control, struct deb_paragraph *ret);
/* Is it the value of that field? Without a copy. */
bool deb_field_is(const struct deb_paragraph *paragraph, const char *name, const char *value);
/* A field's value in one line, in `arena`; NULL: there is none. 0 or -ENOMEM. */
int deb_field(struct arena *arena, const struct deb_paragraph *paragraph, const char *name,
	      const char **ret) MUST_CHECK;

#endif

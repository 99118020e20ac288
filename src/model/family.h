/* SPDX-License-Identifier: Apache-2.0 */
/* Well-known libraries by the names of their symbols: what is linked into others statically. */
#ifndef MODEL_FAMILY_H
#define MODEL_FAMILY_H

#include "base/common.h"

struct family {
	const char *name;
	const char *const *libraries; /* stems of its shared libraries, "libssl"; NULL-terminated */
	const char *const *sonames;   /* by which systems have them; NULL-terminated */
	const char *const
		*patterns; /* beginnings of names, or "=name" for a whole one; NULL-terminated */
};

/* NULL past the end. */
const struct family *family_at(size_t index);
/* The family of a symbol, NULL: none that is known. */
const struct family *family_of(const char *symbol);
/* Is the library, by its soname or file name, one of the family's own? */
bool family_owns(const struct family *family, const char *soname);

#endif

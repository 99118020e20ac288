/* SPDX-License-Identifier: Apache-2.0 */
/* Symbols that a file exports although they are not its own; made by engine/inspect/leaks.c. */
#ifndef MODEL_LEAKS_H
#define MODEL_LEAKS_H

#include "model/family.h"
#include "model/finding.h"
#include "model/show.h"

/* Exported symbols of one origin. */
struct leak_group {
	const struct family *family; /* NULL: of none that is known */
	const char *archive;	     /* that defines them, or NULL */
	struct array_of(const char *) symbols;
	struct array_of(const char *) members; /* of the archive */
	size_t versioned;		       /* of the symbols, that have a version */
	const char **clashes; /* sonames of libraries of the system with the same names,
				 NULL-terminated */
	size_t clash_count;   /* of the symbols, that such a library has */
};

struct leaks {
	struct findings findings;
	const struct image *image;
	size_t export_count;
	bool is_program;
	bool has_headers; /* it is known which symbols are public */
	struct array_of(struct leak_group) groups;
	struct array_of(const char *) undeclared; /* its own, but in no public header */
	struct array_of(const char *)
		kept; /* its own, and public as far as is known; with their versions below */
	struct array_of(const char *) kept_versions; /* NULL: none */
	size_t template_count; /* instances of the standard library's templates, which stay visible
				*/
};

#endif

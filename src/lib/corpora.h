/* SPDX-License-Identifier: Apache-2.0 */
/* One side of a comparison: a library, a folder of them, or a baseline → interfaces. */
#ifndef LIB_CORPORA_H
#define LIB_CORPORA_H

#include "lib/inputs.h"
#include "model/corpus.h"

struct side_item {
	struct input_file file; /* its image is NULL for a baseline */
	struct corpus *corpus;	/* the report's */
	bool matched;		/* its like on the other side was found */
};

struct side {
	struct array_of(struct side_item) items;
	struct input_files files;
	bool is_folder;	 /* or a package */
	bool is_package; /* then it is a folder, too */
	struct abifit_system *system;
	const struct side_types *types;
	const char *const *debug_dirs; /* those of `types`, and what lies beside packages */
};

/* Whether and where types are looked for. */
struct side_types {
	bool wanted;
	bool required;
	const char *const *debug_dirs; /* NULL-terminated, or NULL */
	const char *const *headers;    /* public ones, or folders of them, the same */
	const char *compiler;	       /* that they are read with; NULL: cc */
	const char *const *cflags;     /* its flags, or NULL */
};

/* Takes over what a caller of the API asked for one side. 0, or -EINVAL. */
int side_types_read(const struct abifit_types_options *options, bool is_old,
		    struct side_types *ret) MUST_CHECK;

/*
 * Reads `path`. What cannot be read becomes an error of the report. 0, -ENOMEM.
 */
int side_read(struct abifit_system *system, struct abifit_report *report, const char *path,
	      const struct side_types *types, struct side *ret) MUST_CHECK;
/*
 * Then the types of all libraries of the sides, on so many threads (0: one for each
 * processor). Headers that do not compile become errors of the report. 0 or -ENOMEM.
 */
int sides_read_types(struct abifit_report *report, struct side *const *sides, size_t count,
		     uint32_t threads) MUST_CHECK;
/*
 * For questions about one library: a folder, or a package of several, is an error of the context,
 * -EINVAL, which names one that could be asked for.
 */
int side_check_single(const struct side *side, const char *path) MUST_CHECK;
/* What the file of the other side is matched by: its soname, else its name. */
const char *side_key(const struct side_item *item);
/* The first with this key that was not matched yet, or NULL. */
struct side_item *side_find(struct side *side, const char *key);
void side_done(struct side *side);

#endif

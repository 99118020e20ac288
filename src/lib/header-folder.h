/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A compiler reads files: the headers of packages are put into a folder of their own, which nobody
 * else may enter, for as long as they are compiled. Only regular files below usr/include are
 * written, under names that the package's tree gives, so that none leads out of the folder.
 */
#ifndef LIB_HEADER_FOLDER_H
#define LIB_HEADER_FOLDER_H

#include "lib/context.h"

struct header_arguments array_of(const char *); /* for the compiler */

/* One package: what stands below `folder` is told as if it stood below `package`. */
struct header_place {
	const char *folder;
	const char *package;
};

struct header_folder {
	char *path; /* NULL: not made yet */
	int fd;
	uint64_t bytes;
	struct arena arena;
	struct array_of(const char *) made;
	struct array_of(struct header_place) places;
};

/*
 * Puts the headers of `package` there. *ret is the folder that holds them, in `arena`, as what is
 * added to `arguments`: other folders to look in, and the macros that its .pc files tell. What is
 * wrong becomes an error of the report, and *ret is NULL. 0 or -ENOMEM.
 */
int header_folder_take(struct header_folder *folder, struct abifit_report *report,
		       struct source *source, const char *package, struct arena *arena,
		       struct header_arguments *arguments, const char **ret) MUST_CHECK;
/* A text in which the folder's places are replaced by their packages, in `arena`; NULL: no memory.
 */
const char *header_folder_tell(const struct header_folder *folder, const char *text,
			       struct arena *arena);
/* Removes the folder and all that was put into it. */
void header_folder_done(struct header_folder *folder);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What dpkg knows of the packages that are installed in a root: its folder of lists of files,
 * symbols and shlibs files, read without running dpkg.
 */
#ifndef READ_DPKG_INFO_H
#define READ_DPKG_INFO_H

#include "base/array.h"
#include "model/source.h"

struct dpkg_info;

/* A library whose package is asked for. */
struct dpkg_question {
	const char *const *paths; /* any of them stands in the package's list; NULL-terminated */
	const char *soname;	  /* by which its package may be guessed; may be NULL */
	const char *owner;	  /* the answer, "name" or "name:arch"; NULL: none */
};

/*
 * `arch` is Debian's name of the architecture that is asked about most. -ENOENT: dpkg does not
 * keep this root; else as stat().
 */
int dpkg_info_open(struct source *source, const char *arch, struct dpkg_info **ret) MUST_CHECK;
void dpkg_info_free(struct dpkg_info *info);

/* Answers all questions with as few lists read as possible. 0 or -ENOMEM. */
int dpkg_info_find(struct dpkg_info *info, struct dpkg_question *questions,
		   size_t count) MUST_CHECK;
/* Calls `visit` for each path that `package` has, until it gives non-zero. -ENOENT: no list. */
int dpkg_info_files(struct dpkg_info *info, const char *package,
		    int (*visit)(void *data, const char *path), void *data) MUST_CHECK;
/* A file like "symbols" of a package, malloc'ed; *ret_path for messages. -ENOENT: none. */
int dpkg_info_load(struct dpkg_info *info, const char *package, const char *kind, char **ret,
		   size_t *ret_size, const char **ret_path) MUST_CHECK;

#endif

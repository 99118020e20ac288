/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names of version nodes by their usual form, a family and a release number:
 * GLIBC_2.34, CXXABI_TM_1, OPENSSL_1_1_0. The form is a custom, no rule: names
 * that do not follow it have no number and stand for themselves.
 */
#ifndef MODEL_VERSION_NAME_H
#define MODEL_VERSION_NAME_H

#include "base/arena.h"

#define VERSION_PARTS 8

struct version_name {
	size_t family_length;	       /* of the text before the number, without its underscore */
	unsigned count;		       /* of parts; 0: the name has no number */
	uint64_t parts[VERSION_PARTS]; /* too large a number counts as the largest */
};

void version_name_split(const char *name, struct version_name *ret);
/* Orders by family, then by number; names without number as plain text. */
int version_name_compare(const char *a, const char *b);
/* True if both are of one family and have numbers, or are equal. */
bool version_name_same_family(const char *a, const char *b);
/* "libfoo-2.so.1" → "LIBFOO_2": the family that such a library would have. NULL: no memory. */
char *version_name_of_library(struct arena *arena, const char *library);
/* A node that is for the libraries of one package only, by a word in its name. */
bool version_name_is_private(const char *name);
/*
 * Are there two or more of one family with a number, as a node a release gives?
 * `count` names, `stride` bytes apart.
 */
bool version_names_keep_releases(const char *const *first, size_t count, size_t stride);

/*
 * The newest of `count` names, `stride` bytes apart: of the family that has most of
 * them, of families of the same size the one that stands last; private ones do not
 * count. SIZE_MAX: there is none.
 */
size_t version_names_newest(const char *const *first, size_t count, size_t stride);

#endif

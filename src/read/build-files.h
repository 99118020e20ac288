/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Version numbers in the files that libraries are built and packaged with, as far
 * as plain text tells: meson.build, CMakeLists.txt, configure.ac, Makefile.am, .pc,
 * debian/changelog, .spec, VERSION. None of them is executed.
 */
#ifndef READ_BUILD_FILES_H
#define READ_BUILD_FILES_H

#include "base/arena.h"
#include "model/versions.h"

/* Is a file of that path one of them? */
bool build_file_is(const char *path);
/*
 * Adds what it says to `ret`: raw texts, whose references are for
 * build_numbers_resolve(). `path` must live as long as `arena`. 0 or -ENOMEM.
 */
int build_file_read(const char *path, const char *text, size_t size, struct arena *arena,
		    struct versions *ret) MUST_CHECK;
/*
 * Puts in what the texts refer to, ${NAME}, @NAME@, $(NAME) and the like, as far as
 * it is known and the same everywhere. 0 or -ENOMEM.
 */
int build_numbers_resolve(struct arena *arena, struct versions *versions) MUST_CHECK;

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* The names by which rpm knows what an ELF file gives and needs: LIB.so.1(VERSION)(64bit). */
#ifndef ENGINE_DEPS_RPM_H
#define ENGINE_DEPS_RPM_H

#include "model/deps.h"
#include "model/elf-depends.h"
#include "model/image.h"

/* Bits of a file's mode that make it a program to rpm. */
#define RPM_MODE_EXECUTABLE 0111

/*
 * Adds the lines of `lists` (enum deps_list) to `ret`, made `ways` (enum deps_rpm_way).
 * `name` is the file's own, without folders; `mode` as of stat(2). Lines live in `arena`.
 * 0 or -ENOMEM.
 */
int rpm_lines(const struct elf_depends *depends, const char *name, uint32_t mode, unsigned lists,
	      unsigned ways, struct arena *arena, struct deps_file *ret) MUST_CHECK;

/*
 * Adds the libraries of a file's notes of dlopen to the lists that their priorities mean, the
 * first of each note, as rpm's names have no alternatives. 0 or -ENOMEM.
 */
int rpm_notes(const struct image *image, unsigned lists, unsigned ways, struct arena *arena,
	      struct deps_file *ret) MUST_CHECK;

#endif

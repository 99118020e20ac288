/* SPDX-License-Identifier: Apache-2.0 */
/* What is told by texts inside the files of a libc; part of read/loader.h. */
#ifndef READ_LOADER_BYTES_H
#define READ_LOADER_BYTES_H

#include "model/loader.h"

/* The version in glibc's banner, as GLIBC() gives it; 0: no banner. */
uint32_t loader_glibc_banner(const struct image *image);
/* The highest GLIBC_2.x that the image defines. 0 also when its version tables are damaged. */
int loader_glibc_node(struct image *image, uint32_t *ret) MUST_CHECK;
/* The version text of musl, as MUSL() gives it; 0: none. */
uint32_t loader_musl_version(const struct image *image);
bool loader_says_musl(const struct image *image);
/* The file of search folders that a musl loader reads, without its prefix; NULL: no such text. */
const char *loader_musl_path_file(const struct image *image);

/*
 * Adds the folders that are built into glibc's loader, in order, without the
 * slash at the end. Adds none when they cannot be told. 0 or -ENOMEM.
 */
int loader_built_in_folders(const struct image *image, struct loader *loader) MUST_CHECK;
/* True when the loader's file holds `text` as a string of its own. */
bool loader_has_text(const struct image *image, const char *text);

#endif

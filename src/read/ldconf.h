/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What ldconfig would write into ld.so.cache, worked out from ld.so.conf and
 * the libraries in the folders that it names; for a root folder that has no
 * cache. After glibc's elf/ldconfig.c and elf/cache.c (2.36 and later; the
 * hardware folders of older releases are left out).
 */
#ifndef READ_LDCONF_H
#define READ_LDCONF_H

#include "model/loader.h"
#include "model/source.h"

struct ldconf_folder {
	const char *path; /* no trailing slash */
	const char *hwcap; /* name of a folder in its parent's glibc-hwcaps, or NULL */
};

struct ldconf_folders {
	struct arena arena;
	struct array_of(struct ldconf_folder) items;
};

/*
 * The folders that the file `conf` and its includes name and then `system`
 * (NULL-terminated), each once and followed by its glibc-hwcaps folders. A
 * file that is not there or cannot be read counts as empty. 0 or -ENOMEM;
 * ldconf_folders_done() is due in both cases.
 */
int ldconf_read(struct source *source, const char *conf, const char *const *system,
		struct ldconf_folders *ret) MUST_CHECK;
void ldconf_folders_done(struct ldconf_folders *folders);

/* The cache that ldconfig would make of these folders. 0 or -ENOMEM. */
int ldconf_emulate(struct source *source, const char *conf, const char *const *system,
		   struct library_cache **ret) MUST_CHECK;

#endif

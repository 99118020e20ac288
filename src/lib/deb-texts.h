/* SPDX-License-Identifier: Apache-2.0 */
/* The symbols and shlibs files of Debian's packages, each read once when it is asked for. */
#ifndef LIB_DEB_TEXTS_H
#define LIB_DEB_TEXTS_H

#include "lib/deps.h"
#include "model/deb-symbols.h"
#include "read/dpkg-info.h"

struct deb_texts;

/* Those of the options' packages are read at once. 0 or -ENOMEM; what cannot be read is told. */
int deb_texts_open(struct deps_run *run, struct dpkg_info *info, const char *arch,
		   struct deb_texts **ret) MUST_CHECK;
void deb_texts_free(struct deb_texts *texts);

/* The folder or package `index` of those that are built together, or NULL past the end. */
const char *deb_texts_root(const struct deb_texts *texts, size_t index);
/* That of them which the file is in, or a folder above it with a folder DEBIAN; or NULL. */
const char *deb_texts_root_of(struct deb_texts *texts, const char *path);

/*
 * What tells of the library `soname` of the installed package `owner` or the built one `root`
 * (both may be NULL); NULL in *ret: nothing. 0 or -ENOMEM.
 */
int deb_texts_symbols(struct deb_texts *texts, const char *owner, const char *root,
		      const char *soname, const struct symbols_object **ret) MUST_CHECK;
int deb_texts_shlibs(struct deb_texts *texts, const char *owner, const char *root,
		     const char *soname, const char **ret) MUST_CHECK;
/* The same of the file that goes before all others. */
int deb_texts_local(struct deb_texts *texts, const char *soname, const char **ret) MUST_CHECK;

#endif

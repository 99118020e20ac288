/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The libraries that files need, and what Debian's packages tell of them: found as
 * dpkg-shlibdeps finds them, in packages that are built together and then in the system.
 */
#ifndef LIB_DEB_LIBRARIES_H
#define LIB_DEB_LIBRARIES_H

#include "engine/deps/deb-depends.h"
#include "lib/deps.h"
#include "read/dpkg-info.h"

/* Where a library of the right machine is. */
struct deb_place {
	const char *path; /* in the system; in a package: of the running system */
	const char *real; /* in the system with all links followed; NULL in a package */
	const char *root; /* of the package; NULL: the system */
	const struct image *image;
};

/* A library that some file needs. */
struct deb_need {
	const char *soname;
	const struct image *user; /* a file that needs it, for its machine and run path */
	const char *origin;	  /* $ORIGIN in its system or package */
	const char *own_root;	  /* of the package that the file is in, or NULL */
	struct array_of(struct deb_place) places;
	size_t place;		    /* the next one to ask about */
	struct deb_library library; /* symbols or shlibs are set if something tells of it */
	const char *owner;	    /* its package, if known */
	const char *found;	    /* where it is; NULL: nowhere */
	bool settled;
	bool silent; /* nothing has to tell of it */
};

struct deb_libraries;

/* Reads what is needed of the system. 0, -ENOMEM, or an error that is set in the context. */
int deb_libraries_open(struct deps_run *run, const char *arch,
		       struct deb_libraries **ret) MUST_CHECK;
void deb_libraries_free(struct deb_libraries *libraries);

/*
 * The library `soname` for `user`, which is the file `path`; it is settled by
 * deb_libraries_settle(). *ret lives as long as the libraries. 0 or -ENOMEM.
 */
int deb_libraries_need(struct deb_libraries *libraries, const char *soname, struct image *user,
		       const char *path, struct deb_need **ret) MUST_CHECK;
/* Finds out what tells of each of them. Bad files become errors of the report. 0 or -ENOMEM. */
int deb_libraries_settle(struct deb_libraries *libraries) MUST_CHECK;

/* dpkg's lists of the system; NULL: it has none. */
struct dpkg_info *deb_libraries_info(struct deb_libraries *libraries);

#endif

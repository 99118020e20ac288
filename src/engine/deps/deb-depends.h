/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The dependencies of a package from what its files need, as dpkg-shlibdeps works them out:
 * templates of the symbols files of libraries with the highest version that is needed of each,
 * and what shlibs files say of libraries without one.
 */
#ifndef ENGINE_DEPS_DEB_DEPENDS_H
#define ENGINE_DEPS_DEB_DEPENDS_H

#include "model/deb-relation.h"
#include "model/deb-symbols.h"
#include "model/deps.h"
#include "model/finding.h"
#include "model/image.h"

/* A library that a file needs, and what is known of its package. */
struct deb_library {
	const char *soname;
	const struct symbols_object *symbols; /* NULL: no symbols file tells of it */
	const char *shlibs;		      /* the dependency of a shlibs file, or NULL */
};

/* A dependency template, and the highest version that something asks of it. */
struct deb_depend {
	const char *template;
	const char *version; /* "": any */
};

struct deb_depends {
	struct arena arena;
	struct array_of(struct deb_depend) items;
	struct map by_template; /* → index + 1 */
	/*
	 * The files may have been built with older libraries than those that the symbols files tell
	 * of: what moved from one library to another since then asks for no version.
	 */
	bool any_release;
};

/*
 * Adds what `image` needs of `libraries`, in the order in which it needs them. `build_depends`
 * raises the version by those of a library's Build-Depends-Package. What its symbols files do not
 * know is told in `list` as unchecked. *ret_fault: damage. 0 or -ENOMEM.
 */
int deb_depends_add(struct deb_depends *depends, struct image *image, const char *input,
		    const struct deb_library *libraries, size_t count,
		    const struct deb_relations *build_depends, const char *arch,
		    struct findings *list, struct fault *ret_fault) MUST_CHECK;
/* A library that is loaded only at run time, and its package. */
struct deb_choice {
	struct deb_library library;
	const char *owner; /* where nothing tells of the library; or NULL */
};

/* Adds one dependency that any of the choices fulfils. 0 or -ENOMEM. */
int deb_depends_add_any(struct deb_depends *depends, const struct deb_choice *choices,
			size_t count) MUST_CHECK;
/* True if the same is asked for there already. */
bool deb_depends_has(const struct deb_depends *depends, const struct deb_depend *depend);
/*
 * Adds the dependencies, but those on packages of `exclude` (NULL-terminated, or NULL), to
 * `ret`, in the order in which Debian's tools write them. Texts live in `arena`. *ret_fault: a
 * template that is no dependency, or NULL. 0 or -ENOMEM.
 */
int deb_depends_write(const struct deb_depends *depends, const char *const *exclude,
		      struct arena *arena, struct deps_lines *ret,
		      const char **ret_fault) MUST_CHECK;
void deb_depends_done(struct deb_depends *depends);

#endif

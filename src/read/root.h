/* SPDX-License-Identifier: Apache-2.0 */
/*
 * model/source.h over a folder that is seen as the root of a system. For "/"
 * the kernel resolves paths; for any other folder each path and each symbolic
 * link is resolved here, component by component, as chroot(2) would: absolute
 * targets start at the folder and ".." never leads out of it.
 *
 * Each file is mapped and read once, whatever paths lead to it; what a path
 * led to, errors included, is remembered for the life of the source, so files
 * are taken to stay as they are. Images are numbered from 0 as they are read.
 */
#ifndef READ_ROOT_H
#define READ_ROOT_H

#include "base/file.h"
#include "model/source.h"

struct package_tree;

/* `folder` is a path of the running system. 0, -ENOMEM, -ENOTDIR, or the errno of looking there. */
int root_open(const char *folder, struct source **ret) MUST_CHECK;

/*
 * As source_open(), for a file of the running system that may lie outside the
 * root. `source` must come from root_open(). The image's path is `host_path`
 * unless the same file was opened before.
 */
int root_adopt(struct source *source, const char *host_path, struct image **ret) MUST_CHECK;

/*
 * The path inside the root, with all links followed, of a file named by a path
 * of the running system; malloc'ed. NULL when it lies outside, does not exist,
 * or memory is out: root_adopt() then tells which.
 */
char *root_inside(struct source *source, const char *host_path);

/*
 * Lets paths of the running system lead into the package (.deb, .rpm, tar) at `host_path`,
 * "PKG/usr/lib/libz.so.1", for all that is declared here. As package_open(); *ret_fault lives as
 * long as the source. A package is read once.
 */
int root_mount(struct source *source, const char *host_path,
	       const struct fault **ret_fault) MUST_CHECK;
/* The files of the mounted package that a path leads into, and the rest of the path; NULL: none. */
const struct package_tree *root_package(struct source *source, const char *host_path,
					const char **ret_inside);
/* As file_map() and realpath(), for paths of the running system that may lead into packages. */
int root_map(struct source *source, const char *host_path, struct file *ret) MUST_CHECK;
char *root_real(struct source *source, const char *host_path);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of a system tell about one of its dynamic loaders: which libc
 * it belongs to and its version, its built-in folders, its configuration. The
 * loader is read, never run.
 */
#ifndef READ_LOADER_H
#define READ_LOADER_H

#include "model/loader.h"
#include "model/source.h"

/*
 * Fills *ret for the loader at the path `interpreter`, which the caller keeps
 * as long as *ret. A loader that is missing is no error: then its image is
 * NULL and its folders are guessed by what folders there are. The cache is
 * left to the caller, since all loaders of a system share it. 0 or -ENOMEM;
 * loader_done() is due in both cases.
 */
int loader_read(struct source *source, const char *interpreter, struct loader *ret) MUST_CHECK;
void loader_done(struct loader *loader);

#endif

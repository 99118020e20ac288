/* SPDX-License-Identifier: Apache-2.0 */
/* Folders within folders, to a bounded depth. */
#ifndef LIB_FOLDER_H
#define LIB_FOLDER_H

#include "base/common.h"

#include <dirent.h>

/* NULL: it is none, or too deep; errno is ENOMEM only when memory is out. */
static inline DIR *folder_open(const char *path, unsigned depth, unsigned deepest)
{
	errno = 0;
	return depth < deepest ? opendir(path) : NULL;
}

#endif

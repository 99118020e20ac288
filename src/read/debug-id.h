/* SPDX-License-Identifier: Apache-2.0 */
/* The build id that a linker gave a file, and its debug files with it. */
#ifndef READ_DEBUG_ID_H
#define READ_DEBUG_ID_H

#include "model/object.h"

/* The longest id that is heeded; linkers make 8 to 32 bytes. */
#define DEBUG_ID_MOST 64

/* The build id, a slice of the file, of 2 to DEBUG_ID_MOST bytes; NULL bytes: it has none. */
struct table debug_build_id(const struct object_file *object);

#endif

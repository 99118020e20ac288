/* SPDX-License-Identifier: Apache-2.0 */
/* What the name of a symbol tells of where it comes from. */
#ifndef MODEL_SYMBOL_NAME_H
#define MODEL_SYMBOL_NAME_H

#include "base/common.h"

/* Made by the linker or by the compiler's own library, in every file. */
bool symbol_is_of_runtime(const char *name);
/* Mangled names in std and __gnu_cxx; those in boost. */
bool symbol_is_of_standard(const char *name);
bool symbol_is_of_boost(const char *name);

#endif

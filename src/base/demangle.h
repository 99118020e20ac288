/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The source form of a C++ (Itanium C++ ABI 5.1) or Rust (legacy, v0) symbol
 * name. Names come from files, so the work for one is bounded: what would take
 * more is left as it is, and a text that would be longer than its buffer is cut
 * and ends in "...". A build without a demangler leaves every name as it is.
 */
#ifndef BASE_DEMANGLE_H
#define BASE_DEMANGLE_H

#include "base/common.h"

#define DEMANGLED_SIZE 4096 /* a buffer that holds any text that is worth reading */

/* Writes the text to `ret`; "" for a name that is not mangled. 0 or -ENOMEM. */
int demangle(const char *name, char *ret, size_t size) MUST_CHECK;

/* The same with all parameters of the standard library's templates, as c++filt writes it. */
int demangle_verbose(const char *name, char *ret, size_t size) MUST_CHECK;

/* True if this build has a demangler. */
bool demangle_available(void);

#endif

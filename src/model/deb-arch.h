/* SPDX-License-Identifier: Apache-2.0 */
/* Debian's names of architectures and the wildcards over them (Debian Policy 11.1). */
#ifndef MODEL_DEB_ARCH_H
#define MODEL_DEB_ARCH_H

#include "base/common.h"
#include "model/machine.h"

/* Debian's name for a machine, or NULL. */
const char *deb_arch_of(const struct machine *machine);
/* Does `arch` have the name `wildcard`, as in "any", "linux-any", "any-amd64", "armhf"? */
bool deb_arch_is(const char *arch, const char *wildcard);
/* Does a list like "amd64 !i386 linux-any", parted at blanks or commas, concern `arch`? */
bool deb_arch_list_has(const char *list, const char *arch);
/* Size of an address and byte order; false when the architecture is not known. */
bool deb_arch_abi(const char *arch, unsigned *ret_bits, bool *ret_big);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Public environment options → model/loader.h's struct environment. */
#ifndef LIB_ENVIRONMENT_H
#define LIB_ENVIRONMENT_H

#include "lib/context.h"

/*
 * Fills everything but what depends on the machine. 0, or -EINVAL with the
 * context's error set (a processor level, kernel or libc version that is none).
 */
int environment_read(struct abifit_context *context, const struct abifit_environment *options,
		     struct environment *ret) MUST_CHECK;
/* Sets page sizes and processor level for one machine; `base` is from environment_read(). */
int environment_for(struct abifit_context *context, const struct abifit_environment *options,
		    const struct machine *machine, struct environment *environment) MUST_CHECK;
/* One line about it and the loader, in `arena`; NULL when out of memory. */
const char *environment_describe(struct arena *arena, const struct environment *environment,
				 const struct loader *loader,
				 const struct abifit_environment *options);

#endif

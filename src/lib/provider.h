/* SPDX-License-Identifier: Apache-2.0 */
/* Does something that a library needs define a symbol? Found out only when it is asked. */
#ifndef LIB_PROVIDER_H
#define LIB_PROVIDER_H

#include "engine/load/forecast.h"
#include "lib/inputs.h"

struct provider {
	struct abifit_system *system;
	const struct input_file *file;
	struct environment environment;
	struct forecaster forecaster;
	struct forecast forecast;
	bool tried;
	bool known; /* the closure is there */
	uint32_t glibc;
	int error;  /* -ENOMEM, or 0 */
};

/* `file` must outlive it. */
void provider_init(struct provider *provider, struct abifit_system *system,
		   const struct input_file *file);
/* Path of the needed library that defines the symbol (`version` NULL: any); NULL: none, or not
 * known. */
const char *provider_find(struct provider *provider, const char *name, const char *version);
/*
 * Does another library of glibc, beside its libc.so.6 `path`, define the symbol?
 * Releases move symbols between them.
 */
bool provider_beside_libc(struct abifit_system *system, const char *path, const char *name);
/*
 * The same for glibc's loader `path`: its libc.so.6, which is in each process that the
 * loader is in. NULL: no.
 */
const char *provider_beside_loader(struct abifit_system *system, const char *path,
				   const char *name);
/* The glibc of the system that they are found in, as GLIBC(); 0: not known, or none. */
uint32_t provider_glibc(struct provider *provider);
/* Was every library that the file needs found? */
bool provider_knows_all(struct provider *provider);
void provider_done(struct provider *provider);

#endif

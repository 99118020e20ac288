/* SPDX-License-Identifier: Apache-2.0 */
/* What the loader would do with one file, as engine/load/forecast.c works it out. */
#ifndef MODEL_FORECAST_H
#define MODEL_FORECAST_H

#include "model/closure.h"
#include "model/finding.h"

enum binding_kind { BINDING_NORMAL, BINDING_PROTECTED, BINDING_WEAK };

/* One reference of an object and where it leads. */
struct binding_record {
	uint32_t symbol;   /* in the referring image's symbol table */
	uint32_t provider; /* object number, NO_OBJECT: nothing satisfies it */
	enum binding_kind kind;
};

struct object_bindings {
	struct binding_record *items;
	size_t count;
};

struct forecast {
	const char *input;   /* as the user named it */
	struct image *image; /* the file asked about */
	const char *path;    /* its path inside the system */
	const char *origin;  /* its $ORIGIN, NULL: the folder of `path` */
	const char *assumed; /* the environment in words */
	struct image *host;  /* the program that loads it, or NULL */
	const char *host_path;
	bool is_plugin;	     /* a library that waits for a host: what is undefined is left open */
	struct closure closure;
	struct findings findings;
	struct object_bindings *bindings; /* by object number; NULL: not asked for */
	enum verdict verdict;
	bool undecided;	     /* an unchecked entry concerns the question itself */
	unsigned exit_code;  /* of the process when it does not start, 0: it does */
	bool refused;	     /* it, or with a host what the host loads, does not get through the loader */
	int error;	     /* -E2BIG: more objects than any sound program has; -EBADMSG: the file is damaged */
	size_t binding_count;
	size_t unresolved_count;
};

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* What stands behind the opaque objects of the public API. */
#ifndef LIB_CONTEXT_H
#define LIB_CONTEXT_H

#include <abifit/abifit.h>
#include "base/map.h"
#include "model/report.h"
#include "model/source.h"

struct abifit_context {
	unsigned references;
	char *error; /* malloc'ed; NULL: none */
};

struct abifit_system {
	unsigned references;
	struct abifit_context *context;
	struct source *source;
	bool is_running; /* its root is "/" */
	const char *root;
	struct arena arena;
	struct array_of(struct loader *) loaders;
	struct library_cache *caches[2]; /* for little and big-endian loaders */
	bool cache_read[2];
	char *cache_bytes;
	size_t cache_size;
	bool cache_loaded;
	struct loader no_loader; /* of static programs */
};

struct abifit_report {
	unsigned references;
	struct abifit_context *context;
	struct abifit_system *system;	  /* keeps the images alive; NULL: none */
	struct abifit_system *old_system; /* the same, of a second one */
	struct report report;
	struct array_of(struct abifit_finding) findings; /* filled on demand */
	bool findings_filled;
	struct waivers *waivers; /* or NULL */
};

void context_ref(struct abifit_context *context);
/* Sets the text behind abifit_context_error() and returns `error`. */
int context_fail(struct abifit_context *context, int error, const char *format, ...)
	PRINTF_LIKE(3, 4);
void system_ref(struct abifit_system *system);

/*
 * The loader for an image: that of its PT_INTERP, for a library the one that
 * this system has for its machine, for a static program none. A relative PT_INTERP
 * starts at `cwd`. 0 or -ENOMEM.
 */
int system_loader(struct abifit_system *system, const struct image *image, const char *cwd,
		  struct loader **ret) MUST_CHECK;

int report_new(struct abifit_context *context, struct abifit_system *system, const char *command,
	       struct abifit_report **ret) MUST_CHECK;
/* Adds an input; its number in *ret. `path` is copied. 0 or -ENOMEM. */
int report_add_input(struct abifit_report *report, const char *path, size_t *ret) MUST_CHECK;
/* Records that an input could not be judged: an input/… finding, and the run's status. */
int report_input_error(struct abifit_report *report, size_t input, const char *rule,
		       const struct fault *fault, const char *text) MUST_CHECK;
/* The same for a negative errno of opening it. */
int report_open_error(struct abifit_report *report, size_t input, int error) MUST_CHECK;
/* Sums the verdicts up; call once when all inputs are judged. */
void report_conclude(struct abifit_report *report);

/*
 * Checks an option struct handed in by a caller: `size` is its own idea of the
 * struct, `known` ours. -EINVAL when the part unknown to us is not all zero.
 */
int options_check(const void *options, size_t size, size_t known) MUST_CHECK;

#endif

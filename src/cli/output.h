/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where results go: standard output, or a file that appears under its name only
 * when it is whole. Failures are said here, but for a closed pipe.
 */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include "base/out.h"

struct output {
	int fd;
	const char *name; /* for messages */
	char *target;	  /* the file's final path, or NULL when `fd` is written directly */
	char *temporary;
	int error; /* of a write */
};

/* Opens `path`, or standard output for NULL. 0 or a negative errno value. */
int output_open(struct output *output, const char *path) MUST_CHECK;
/* Takes bytes; `data` is the output. */
int output_sink(void *data, const char *bytes, size_t size);
/*
 * Ends the output; when `keep` is false, or anything failed before, the file
 * does not appear. Returns 0, or the negative errno value of the first failure.
 */
int output_close(struct output *output, bool keep) MUST_CHECK;

/* Makes sure that descriptors 0 to 2 are taken, so that no file becomes one of them. */
void output_guard_standard(void);

/* Puts what `write` writes in `path`, or on standard output for NULL. Returns an exit status. */
int output_print(const char *path, void (*write)(struct out *out, const void *data),
		 const void *data);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The interface of a library as text, one line a fact, made for review: what
 * `abifit dump` writes (render/baseline.c) and `abifit diff` reads back. Bytes
 * that would part words or lines are written as %XX.
 */
#ifndef READ_BASELINE_H
#define READ_BASELINE_H

#include "model/corpus.h"

/* Does the text begin like one? */
bool baseline_is(const char *text, size_t size);
/*
 * `path` is how the user named it. 0, -ENOMEM, or -EBADMSG with *ret_fault set,
 * whose offset is that of the line.
 */
int baseline_read(const char *text, size_t size, const char *path, struct fault *ret_fault,
		  struct corpus **ret) MUST_CHECK;

#endif

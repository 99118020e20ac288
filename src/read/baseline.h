/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The interface of a library as text, one line a fact, made for review: what
 * `abifit dump` writes (render/baseline.c) and `abifit diff` reads back. Bytes
 * that would part words or lines are written as %XX.
 *
 * A symbol's type follows " : ". Types are written from left to right, "*const char"
 * for a pointer to const char, "(n: int) *void" for a function; one with a name is
 * its kind and name, but for scalar types, which are their name alone. Each of
 * those has a line of its own, with its members below it:
 *
 *	struct ctx size 16
 *		member 0 name n: int
 *		member 8 name next: *struct ctx
 *
 * Places are bytes from the start, with ".n" for further bits. A type without a
 * name is "unnamed", and called after what holds it; several types of one name in
 * one library are told apart by "#2" and so on.
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

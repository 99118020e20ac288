/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lists of strings as given on the command line, by "@file" or on standard
 * input. `items` is NULL when the list is empty, else it ends with a NULL. The
 * strings belong to the arena or to argv; the list itself is freed with
 * array_done().
 */
#ifndef CLI_LIST_H
#define CLI_LIST_H

#include "base/arena.h"
#include "base/array.h"

struct list array_of(const char *);

int list_add(struct list *list, const char *text) MUST_CHECK;
/*
 * Adds what the file `path` lists ("-": standard input): one item a line, or,
 * when there are NUL bytes in it, what stands between those. Empty items are
 * left out. A failure to read is said, and a negative errno value returned.
 */
int list_read(struct list *list, struct arena *arena, const char *path) MUST_CHECK;
/* Adds `text`, or, when it is "@file", what that file lists. */
int list_add_expanded(struct list *list, struct arena *arena, const char *text) MUST_CHECK;

#endif

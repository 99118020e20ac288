/* SPDX-License-Identifier: Apache-2.0 */
/* Data parallelism: run a function over items 0..count-1 on several threads. */
#ifndef BASE_THREADS_H
#define BASE_THREADS_H

#include "base/common.h"

/* Handles item `item` on thread `thread` (0..threads-1). 0 or a negative errno class. */
typedef int (*parallel_work)(void *data, size_t item, unsigned thread);

/*
 * Items are handed out in order, `grain` at a time. Returns 0, or the error of
 * the lowest failing item; after an error no new items are started. With one
 * thread everything runs on the caller's. If a thread cannot be started, the
 * rest do the work.
 */
int parallel_for(unsigned threads, size_t count, size_t grain, parallel_work work,
		 void *data) MUST_CHECK;

/* Processors that this process may use, at least 1. */
unsigned processor_count(void);

#endif

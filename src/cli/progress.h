/* SPDX-License-Identifier: Apache-2.0 */
/* "120 of 900 files" on standard error, when that is a terminal and the work is long. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include "base/common.h"

struct progress {
	bool enabled;
	_Atomic int64_t next; /* when to show it again, in milliseconds */
	_Atomic bool shown;
};

void progress_start(struct progress *progress, bool quiet);
/* A callback of the library; from any thread. */
void progress_report(void *data, size_t done, size_t total);
/* Takes the line away. */
void progress_end(struct progress *progress);

#endif

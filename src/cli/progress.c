/* SPDX-License-Identifier: Apache-2.0 */
/* Progress on a terminal; contract in cli/progress.h. */
#include "cli/progress.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define FIRST_AFTER 1000
#define AGAIN_AFTER 100
#define CLEAR_LINE "\r\033[K"

static int64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/* A terminal that takes nothing more is no reason to stop. */
static void show(const char *line, size_t length)
{
	if (write(STDERR_FILENO, line, length) < 0)
		return;
}

void progress_start(struct progress *progress, bool quiet)
{
	const char *terminal = getenv("TERM");
	bool is_dumb = !terminal || strcmp(terminal, "dumb") == 0;

	progress->enabled = !quiet && !is_dumb && isatty(STDERR_FILENO);
	atomic_init(&progress->next, now() + FIRST_AFTER);
	atomic_init(&progress->shown, false);
}

void progress_report(void *data, size_t done, size_t total)
{
	struct progress *progress = data;
	int64_t time;
	int64_t next;
	char line[80];
	int length;

	if (!progress->enabled)
		return;
	time = now();
	next = atomic_load(&progress->next);
	if (time < next ||
	    !atomic_compare_exchange_strong(&progress->next, &next, time + AGAIN_AFTER))
		return;
	length = snprintf(line, sizeof(line), CLEAR_LINE "abifit: %zu of %zu files", done, total);
	atomic_store(&progress->shown, true);
	show(line, (size_t)length);
}

void progress_end(struct progress *progress)
{
	if (atomic_load(&progress->shown))
		show(CLEAR_LINE, strlen(CLEAR_LINE));
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in cli/waivers.h. */
#include "cli/waivers.h"

#include "cli/message.h"

#include <time.h>

#define LATEST INT64_C(253402300799) /* of the year 9999 */

const struct option_row waiver_rows[] = {
	{ .name = "waivers",
	  .kind = OPTION_LIST,
	  .offset = offsetof(struct waiver_settings, files),
	  .value = "FILE",
	  .complete = COMPLETE_FILE,
	  .help = "what FILE waives, or suppresses for libabigail, counts as ok; repeatable" },
	{ 0 },
};

int waivers_today(struct arena *arena, const char **ret)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	char *text;
	char *end;
	long long seconds;
	time_t time;
	struct tm tm;

	*ret = NULL;
	if (!epoch || !*epoch)
		return 0;
	errno = 0;
	seconds = strtoll(epoch, &end, 10);
	if (*end || errno || *epoch < '0' || *epoch > '9' || seconds > LATEST) {
		message("SOURCE_DATE_EPOCH: '%s' is no number of seconds since 1970", epoch);
		return -EINVAL;
	}
	time = (time_t)seconds;
	text = arena_alloc(arena, 11);
	if (!text)
		return -ENOMEM;
	if (!gmtime_r(&time, &tm) || !strftime(text, 11, "%Y-%m-%d", &tm))
		return -EINVAL;
	*ret = text;
	return 0;
}

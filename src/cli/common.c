/* SPDX-License-Identifier: Apache-2.0 */
/* The shared options; contract in cli/common.h. */
#include "cli/common.h"

#include <abifit/abifit.h>

#include <unistd.h>

#define MOST_THREADS 1024

static const struct option_choice formats[] = { { "text", 0 },	{ "json", 1 },	   { "sarif", 2 },
						{ "junit", 3 }, { "markdown", 4 }, { 0 } };

static const struct option_choice colors[] = {
	{ "auto", COLOR_AUTO },
	{ "always", COLOR_ALWAYS },
	{ "never", COLOR_NEVER },
	{ 0 },
};

static const struct option_choice fail_on[] = {
	{ "source", FAIL_ON_SOURCE },
	{ "break", FAIL_ON_BREAK },
	{ 0 },
};

#define AT(field) .offset = offsetof(struct common, field)

const struct option_row common_rows[] = {
	{ .name = "format",
	  .kind = OPTION_CHOICE,
	  AT(format),
	  .choices = formats,
	  .help = "how the answer is written (text)" },
	{ .name = "output",
	  .letter = 'o',
	  .kind = OPTION_STRING,
	  AT(output),
	  .value = "FILE",
	  .complete = COMPLETE_FILE,
	  .help = "write the answer to FILE, whole or not at all" },
	{ .name = "source-root",
	  .kind = OPTION_STRING,
	  AT(source_root),
	  .value = "DIR",
	  .complete = COMPLETE_FOLDER,
	  .help = "sarif: name files in DIR by their place in it" },
	{ .name = "color",
	  .kind = OPTION_CHOICE,
	  AT(color),
	  .choices = colors,
	  .help = "colours in text (auto: on a terminal, unless NO_COLOR is set)" },
	{ .name = "quiet",
	  .letter = 'q',
	  .kind = OPTION_FLAG,
	  AT(flags),
	  .bit = COMMON_QUIET,
	  .help = "only what does not fit" },
	{ .name = "verbose",
	  .letter = 'v',
	  .kind = OPTION_FLAG,
	  AT(flags),
	  .bit = COMMON_VERBOSE,
	  .help = "also what is harmless, and what was assumed" },
	{ .name = "fail-on",
	  .kind = OPTION_CHOICES,
	  AT(fail_on),
	  .choices = fail_on,
	  .help = "source: the exit status counts old sources too; break: a risk gives 0" },
	{ .name = "threads",
	  .kind = OPTION_NUMBER,
	  AT(threads),
	  .max = MOST_THREADS,
	  .value = "N",
	  .help = "work on N files at once (one for each processor)" },
	{ 0 },
};

const char *common_format(const struct common *common)
{
	return formats[common->format].name;
}

uint32_t common_verbosity(const struct common *common)
{
	if (common->flags & COMMON_QUIET)
		return 0;
	return common->flags & COMMON_VERBOSE ? 2 : 1;
}

bool common_wants_color(const struct common *common, int fd)
{
	const char *no_color = getenv("NO_COLOR");
	const char *terminal = getenv("TERM");

	if (common->color != COLOR_AUTO)
		return common->color == COLOR_ALWAYS;
	if (no_color && *no_color)
		return false;
	return terminal && *terminal && strcmp(terminal, "dumb") != 0 && isatty(fd);
}

int common_status(const struct common *common, const struct abifit_report *report)
{
	static const int of_source[] = { ABIFIT_STATUS_FITS, ABIFIT_STATUS_UNDECIDED,
					 ABIFIT_STATUS_BREAK };
	int status = abifit_report_status(report);
	int source = of_source[abifit_report_source_verdict(report)];

	if ((common->fail_on & FAIL_ON_SOURCE) &&
	    (status == ABIFIT_STATUS_FITS || status == ABIFIT_STATUS_UNDECIDED) &&
	    source != ABIFIT_STATUS_FITS && source != status)
		status = status == ABIFIT_STATUS_UNDECIDED && source != ABIFIT_STATUS_BREAK
				 ? status
				 : source;

	if ((common->fail_on & FAIL_ON_BREAK) && status == ABIFIT_STATUS_UNDECIDED &&
	    !abifit_report_undecided(report))
		return ABIFIT_STATUS_FITS;
	return status;
}

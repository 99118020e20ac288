/* SPDX-License-Identifier: Apache-2.0 */
/* Messages on standard error; contract in cli/message.h. */
#include "cli/message.h"

#include <abifit/abifit.h>
#include "base/out.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#define LONGEST_WORD 40

/* Nothing can be done when standard error itself fails. */
static int error_sink(void *data, const char *bytes, size_t size)
{
	while (size) {
		ssize_t n = write(STDERR_FILENO, bytes, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		bytes += n;
		size -= (size_t)n;
	}
	return 0;
}

static void error_text(const char *text)
{
	error_sink(NULL, text, strlen(text));
}

/* Without the memory for it, the line is cut, but never lost. */
static PRINTF_LIKE(1, 0) void say_cut(const char *format, va_list args)
{
	char line[256];

	vsnprintf(line, sizeof(line), format, args);
	error_text("abifit: ");
	error_text(line);
	error_text("\n");
}

void message(const char *format, ...)
{
	struct out out;
	char *text AUTO_FREE = NULL;
	va_list args;
	va_list again;

	va_start(args, format);
	va_copy(again, args);
	out_init(&out, NULL, NULL);
	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	if (text) {
		out_text(&out, "abifit: ");
		out_safe(&out, text);
		out_char(&out, '\n');
	}
	if (!text || out.error)
		say_cut(format, again);
	else
		error_sink(NULL, out.bytes, out.size);
	out_done(&out);
	va_end(again);
	va_end(args);
}

int message_status(int error)
{
	switch (error) {
	case 0:
		return ABIFIT_STATUS_FITS;
	case -ENOMEM:
		error_text("abifit: out of memory\n");
		return ABIFIT_STATUS_INTERNAL;
	case -EINVAL:
		return ABIFIT_STATUS_USAGE;
	default:
		return ABIFIT_STATUS_INPUT;
	}
}

static unsigned least(unsigned a, unsigned b, unsigned c)
{
	unsigned smaller = a < b ? a : b;

	return smaller < c ? smaller : c;
}

/* Insertions, deletions and exchanges that make `a` of `b`; both at most LONGEST_WORD long. */
static unsigned edit_distance(const char *a, const char *b)
{
	unsigned row[LONGEST_WORD + 1];
	size_t length = strlen(b);

	for (size_t j = 0; j <= length; j++)
		row[j] = (unsigned)j;
	for (size_t i = 0; a[i]; i++) {
		unsigned diagonal = row[0];

		row[0] = (unsigned)i + 1;
		for (size_t j = 0; j < length; j++) {
			unsigned above = row[j + 1];

			row[j + 1] = least(above + 1, row[j] + 1, diagonal + (a[i] != b[j]));
			diagonal = above;
		}
	}
	return row[length];
}

const char *message_nearest(const char *word, const char *const *names, size_t count, size_t stride)
{
	const char *best = NULL;
	size_t length = strlen(word);
	unsigned limit = (unsigned)length / 3 + 1;

	if (length > LONGEST_WORD)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		const char *name = *(const char *const *)((const char *)names + i * stride);
		unsigned distance;

		if (!name || strlen(name) > LONGEST_WORD)
			continue;
		distance = edit_distance(word, name);
		if (distance < limit || (distance == limit && !best && length > 2)) {
			best = name;
			limit = distance;
		}
	}
	return best;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* What both readers of waivers share; for read/ only. */
#ifndef READ_WAIVER_LINES_H
#define READ_WAIVER_LINES_H

#include "model/waiver.h"

struct waiver_lines {
	struct waivers *waivers;
	const char *file;
	char *next;	 /* NULL: no more */
	char *text;	 /* of this line, without spaces around it */
	unsigned number; /* from 1 */
};

/* False at the end. */
bool waiver_lines_next(struct waiver_lines *lines);
/* Cuts spaces off both ends of `text`, in place. */
char *waiver_lines_trim(char *text);
/* Notes what is wrong with line `number`; `text` lives as long as the waivers. 0 or -ENOMEM. */
int waiver_lines_complain(struct waiver_lines *lines, unsigned number, bool malformed,
			  const char *subject, const char *text) MUST_CHECK;
/* A suppression file of libabigail, from its first line on. 0 or -ENOMEM. */
int abignore_read(struct waiver_lines *lines) MUST_CHECK;

#endif

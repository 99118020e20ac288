/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in read/deb-control.h. */
#include "read/deb-control.h"

#include <string.h>
#include <strings.h>

static const char *line_end(const char *at, const char *end)
{
	const char *stop = memchr(at, '\n', (size_t)(end - at));

	return stop ? stop : end;
}

static bool is_empty(const char *at, const char *stop)
{
	while (at < stop && (*at == ' ' || *at == '\t' || *at == '\r'))
		at++;
	return at == stop;
}

bool deb_control_next(struct deb_control *control, struct deb_paragraph *ret)
{
	const char *stop;

	while (control->at < control->end) {
		stop = line_end(control->at, control->end);
		if (!is_empty(control->at, stop))
			break;
		control->at = stop + (stop < control->end);
	}
	if (control->at >= control->end)
		return false;
	ret->at = control->at;
	while (control->at < control->end) {
		stop = line_end(control->at, control->end);
		if (is_empty(control->at, stop))
			break;
		control->at = stop + (stop < control->end);
	}
	ret->end = control->at;
	return true;
}

/* The value with the lines that continue it; false: there is no such field. */
static bool find_field(const struct deb_paragraph *paragraph, const char *name,
		       struct deb_paragraph *ret)
{
	size_t length = strlen(name);
	const char *at = paragraph->at;

	while (at < paragraph->end) {
		const char *stop = line_end(at, paragraph->end);
		bool found = (size_t)(stop - at) > length && at[length] == ':' &&
			     !strncasecmp(at, name, length);

		ret->at = at + length + 1;
		at = stop + (stop < paragraph->end);
		while (at < paragraph->end && (*at == ' ' || *at == '\t' || *at == '#')) {
			stop = line_end(at, paragraph->end);
			at = stop + (stop < paragraph->end);
		}
		ret->end = stop;
		if (found)
			break;
		if (at >= paragraph->end)
			return false;
	}
	while (ret->at < ret->end && (*ret->at == ' ' || *ret->at == '\t'))
		ret->at++;
	while (ret->end > ret->at && (ret->end[-1] == ' ' || ret->end[-1] == '\r'))
		ret->end--;
	return true;
}

bool deb_field_is(const struct deb_paragraph *paragraph, const char *name, const char *value)
{
	struct deb_paragraph field;
	size_t length = strlen(value);

	return find_field(paragraph, name, &field) && (size_t)(field.end - field.at) == length &&
	       !memcmp(field.at, value, length);
}

int deb_field(struct arena *arena, const struct deb_paragraph *paragraph, const char *name,
	      const char **ret)
{
	struct deb_paragraph field;
	bool comment = false;
	char *text, *to;

	*ret = NULL;
	if (!find_field(paragraph, name, &field))
		return 0;
	text = to = arena_alloc(arena, (size_t)(field.end - field.at) + 1);
	if (!text)
		return -ENOMEM;
	/* A line that starts with "#" is a comment, also among those that continue a field. */
	for (; field.at < field.end; field.at++) {
		if (*field.at == '\n') {
			comment = field.at + 1 < field.end && field.at[1] == '#';
			*to++ = ' ';
		} else if (!comment && *field.at) {
			*to++ = *field.at;
		}
	}
	*to = '\0';
	*ret = text;
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in read/waivers.h. */
#include "read/waivers.h"
#include "read/waiver-lines.h"

#include <string.h>

enum key { KEY_RULE, KEY_SUBJECT, KEY_INPUT, KEY_REASON, KEY_EXPIRES, KEY_COUNT };

static const char *const keys[] = {
	[KEY_RULE] = "rule",	 [KEY_SUBJECT] = "subject", [KEY_INPUT] = "input",
	[KEY_REASON] = "reason", [KEY_EXPIRES] = "expires",
};

struct block {
	const char *values[KEY_COUNT];
	unsigned lines[KEY_COUNT];
	unsigned line; /* its first one, 0: none yet */
	bool bad;
};

bool waiver_lines_next(struct waiver_lines *lines)
{
	char *line = lines->next;
	char *stop;

	if (!line || !*line)
		return false;
	stop = strchr(line, '\n');
	if (stop)
		*stop = '\0';
	lines->next = stop ? stop + 1 : NULL;
	lines->text = waiver_lines_trim(line);
	lines->number++;
	return true;
}

char *waiver_lines_trim(char *text)
{
	static const char spaces[] = " \t\r";
	char *end;

	text += strspn(text, spaces);
	end = text + strlen(text);
	while (end > text && strchr(spaces, end[-1]))
		end--;
	*end = '\0';
	return text;
}

int waiver_lines_complain(struct waiver_lines *lines, unsigned number, bool malformed,
			  const char *subject, const char *text)
{
	struct waiver_problem problem = { lines->file, number, subject, text, malformed };

	return array_push(&lines->waivers->problems, problem);
}

static int complain(struct waiver_lines *lines, struct block *block, unsigned number,
		    const char *subject, const char *text)
{
	block->bad = true;
	return waiver_lines_complain(lines, number, true, subject, text);
}

static int take_line(struct waiver_lines *lines, struct block *block)
{
	char *equals = strchr(lines->text, '=');
	char *name = lines->text;
	const char *value;
	size_t i;

	if (!block->line)
		block->line = lines->number;
	if (!equals)
		return complain(lines, block, lines->number, name, "the line is not KEY = VALUE");
	*equals = '\0';
	name = waiver_lines_trim(name);
	value = waiver_lines_trim(equals + 1);
	for (i = 0; i < KEY_COUNT && strcmp(keys[i], name); i++)
		;
	if (i == KEY_COUNT)
		return complain(lines, block, lines->number, name,
				"the key is none of rule, subject, input, reason, expires");
	if (block->values[i])
		return complain(lines, block, lines->number, name,
				"the key is there twice; an empty line parts waivers");
	if (!*value)
		return complain(lines, block, lines->number, name, "the key has no value");
	block->values[i] = value;
	block->lines[i] = lines->number;
	return 0;
}

/* Notes what a whole block lacks, or says wrongly. */
static int check_block(struct waiver_lines *lines, struct block *block)
{
	static const struct {
		enum key key;
		const char *text;
	} needed[] = {
		{ KEY_RULE, "the waiver names no rule" },
		{ KEY_SUBJECT, "the waiver names no subject" },
		{ KEY_REASON, "the waiver gives no reason" },
	};
	const char *rule = block->values[KEY_RULE];
	const char *expires = block->values[KEY_EXPIRES];
	size_t i;
	int r = 0;

	for (i = 0; !r && i < ARRAY_SIZE(needed); i++) {
		if (!block->values[needed[i].key])
			r = complain(lines, block, block->line, keys[needed[i].key],
				     needed[i].text);
	}
	if (!r && rule && waiver_rule_fault(rule))
		r = complain(lines, block, block->lines[KEY_RULE], rule, waiver_rule_fault(rule));
	if (!r && expires && !waiver_is_day(expires))
		r = complain(lines, block, block->lines[KEY_EXPIRES], expires,
			     "the last day is not a date such as 2027-01-31");
	return r;
}

static int add_condition(struct waiver *waiver, enum waiver_field field, const char *pattern)
{
	struct waiver_condition condition = { .field = field,
					      .test = WAIVER_GLOB,
					      .text = pattern };

	return pattern ? array_push(&waiver->conditions, condition) : 0;
}

static int end_block(struct waiver_lines *lines, struct block *block)
{
	struct waiver waiver = {
		.file = lines->file,
		.line = block->line,
		.rule = block->values[KEY_RULE],
		.reason = block->values[KEY_REASON],
		.expires = block->values[KEY_EXPIRES],
	};
	int r = 0;

	if (block->line && !block->bad)
		r = check_block(lines, block);
	if (r || !block->line || block->bad) {
		*block = (struct block){ 0 };
		return r;
	}
	waiver.subject = arena_printf(&lines->waivers->arena, "%s %s", waiver.rule,
				      block->values[KEY_SUBJECT]);
	r = waiver.subject ? add_condition(&waiver, WAIVER_SUBJECT, block->values[KEY_SUBJECT])
			   : -ENOMEM;
	if (!r)
		r = add_condition(&waiver, WAIVER_INPUT, block->values[KEY_INPUT]);
	if (!r)
		r = array_push(&lines->waivers->items, waiver);
	if (r)
		array_done(&waiver.conditions);
	*block = (struct block){ 0 };
	return r;
}

static int read_blocks(struct waiver_lines *lines)
{
	struct block block = { 0 };
	int r = 0;

	do {
		if (!*lines->text)
			r = end_block(lines, &block);
		else if (lines->text[0] != '#')
			r = take_line(lines, &block);
	} while (!r && waiver_lines_next(lines));
	return r ? r : end_block(lines, &block);
}

static bool is_comment(const char *line)
{
	return !*line || *line == '#' || *line == ';';
}

int waivers_read(const char *text, size_t size, const char *file, struct waivers *waivers)
{
	struct waiver_lines lines = {
		.waivers = waivers,
		.file = arena_strdup(&waivers->arena, file),
		.next = size ? arena_strndup(&waivers->arena, text, size) : NULL,
	};
	bool any;

	if (!lines.file || (size && !lines.next))
		return -ENOMEM;
	if (size && memchr(text, 0, size))
		return waiver_lines_complain(&lines, 1, true, lines.file,
					     "the file has NUL bytes: it is no text");
	while ((any = waiver_lines_next(&lines)) && is_comment(lines.text))
		;
	if (!any)
		return 0;
	return lines.text[0] == '[' ? abignore_read(&lines) : read_blocks(&lines);
}

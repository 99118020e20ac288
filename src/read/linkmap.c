/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One line at a time; a heading decides how the lines below it are read:
 *
 *   reasons     member at the left, "referrer (symbol)" from column 30 or on the next line
 *   sections    " .text 0xADDRESS 0xSIZE file", symbols on lines of their own below
 *   references  symbol at the left, files from column 50, one a line
 *   table       lld: numbers, then output section, input "file:(section)" or symbol, by indentation
 *   why         lld: referrer, member and symbol between tabs
 */
#include "read/linkmap.h"
#include "read/linkmap-build.h"

#include <string.h>

#define REASON_COLUMN 30u
#define FILE_COLUMN 50u
#define TABLE_INDENT 8u
#define MOST_SPLITS 64u /* places tried where a symbol with blanks may end */

enum part { PART_NONE, PART_REASONS, PART_SECTIONS, PART_REFERENCES, PART_TABLE, PART_WHY };

struct parser {
	struct linkmap_build build;
	enum part part;
	unsigned numbers;   /* in each line of lld's table */
	const char *member; /* whose reason stands on the next line */
	const char *file;   /* whose symbols follow */
	bool known;	    /* some heading was met */
};

static struct slice slice_of(const char *text, size_t length)
{
	return (struct slice){ text, length };
}

static struct slice from(struct slice line, size_t at)
{
	return at < line.length ? slice_of(line.text + at, line.length - at)
				: slice_of(line.text, 0);
}

static bool starts_with(struct slice line, const char *start)
{
	size_t length = strlen(start);

	return line.length >= length && !memcmp(line.text, start, length);
}

static size_t blanks(struct slice line)
{
	size_t n = 0;

	while (n < line.length && line.text[n] == ' ')
		n++;
	return n;
}

static size_t word_length(struct slice line)
{
	const char *end = line.length ? memchr(line.text, ' ', line.length) : NULL;

	return end ? (size_t)(end - line.text) : line.length;
}

/* Takes the first word and the blanks behind it off the line. */
static struct slice take_word(struct slice *line)
{
	struct slice word = slice_of(line->text, word_length(*line));

	*line = from(*line, word.length);
	*line = from(*line, blanks(*line));
	return word;
}

static bool is_number(struct slice word)
{
	return word.length > 2 && word.text[0] == '0' && word.text[1] == 'x';
}

/* "referrer (symbol)": the first blank before a parenthesis parts them. */
static int take_reason(struct parser *p, struct slice text)
{
	const char *part = text.length ? memmem(text.text, text.length, " (", 2) : NULL;
	struct slice referrer, symbol;

	if (!part || text.text[text.length - 1] != ')')
		return 0;
	referrer = slice_of(text.text, (size_t)(part - text.text));
	symbol = from(text, referrer.length + 2);
	symbol.length--;
	return linkmap_add_reason(&p->build, p->member, referrer, symbol);
}

static int read_reason(struct parser *p, struct slice line)
{
	int r;

	if (line.length > REASON_COLUMN && blanks(line) == REASON_COLUMN) {
		r = p->member ? take_reason(p, from(line, REASON_COLUMN)) : 0;
		p->member = NULL;
		return r;
	}
	if (line.text[0] == ' ')
		return 0;
	if (line.length <= REASON_COLUMN || line.text[REASON_COLUMN - 1] != ' ')
		return linkmap_intern(&p->build, line, &p->member);
	r = linkmap_intern(&p->build, slice_of(line.text, REASON_COLUMN), &p->member);
	if (!r)
		r = take_reason(p, from(line, REASON_COLUMN));
	p->member = NULL;
	return r;
}

static int set_file(struct parser *p, struct slice name)
{
	return linkmap_add_input(&p->build, name, &p->file);
}

/* A symbol of the current file; assignments of the script are none. */
static int take_section_symbol(struct parser *p, struct slice name)
{
	/* With a version it is a library's: what is listed is the stub through which it is called.
	 */
	if (!p->file || !name.length || memchr(name.text, '@', name.length) ||
	    memmem(name.text, name.length, " = ", 3) || starts_with(name, "PROVIDE") ||
	    starts_with(name, "ASSERT") || starts_with(name, "("))
		return 0;
	return linkmap_add_definition(&p->build, name, p->file);
}

static int read_section(struct parser *p, struct slice line)
{
	struct slice rest = from(line, blanks(line));
	struct slice word;
	const char *loaded;

	if (line.text[0] != ' ') {
		p->file = NULL;
		/* Libraries are named here and in the table of references. */
		return starts_with(line, "LOAD ")
			       ? linkmap_intern(&p->build, from(line, 5), &loaded)
			       : 0;
	}
	if (!starts_with(rest, "0x"))
		take_word(&rest); /* the section's name */
	word = take_word(&rest);
	if (!is_number(word))
		return 0;
	word = slice_of(rest.text, word_length(rest));
	if (!is_number(word))
		return take_section_symbol(p, rest);
	take_word(&rest);
	return rest.length ? set_file(p, rest) : 0;
}

/* Where the file begins behind a symbol that is too long for its column, or has blanks. */
static size_t find_split(struct parser *p, struct slice line)
{
	size_t last = line.length;
	size_t tried = 0;
	size_t at;

	for (at = 1; at + 1 < line.length; at++) {
		if (line.text[at] != ' ')
			continue;
		last = at;
		if (tried++ < MOST_SPLITS && line.length - at < 4096 &&
		    linkmap_is_known(&p->build, from(line, at + 1)))
			return at;
	}
	return last;
}

/* True when the file is in its column, not some part of a long symbol that has blanks. */
static bool is_in_column(struct parser *p, struct slice line)
{
	struct slice file = from(line, FILE_COLUMN);

	if (!file.length || line.text[FILE_COLUMN - 1] != ' ' || file.text[0] == ' ')
		return false;
	return line.text[FILE_COLUMN - 2] == ' ' || word_length(file) == file.length ||
	       linkmap_is_known(&p->build, file);
}

static int read_reference(struct parser *p, struct slice line)
{
	size_t at;
	int r;

	if (line.text[0] == ' ') {
		if (blanks(line) != FILE_COLUMN)
			return 0;
		return linkmap_add_file(&p->build, from(line, FILE_COLUMN));
	}
	if (starts_with(line, "Symbol  ") && line.length == FILE_COLUMN + 4)
		return 0; /* the columns' heading */
	at = is_in_column(p, line) ? FILE_COLUMN - 1 : find_split(p, line);
	r = linkmap_add_symbol(&p->build, slice_of(line.text, at));
	if (r || at + 1 >= line.length)
		return r;
	return linkmap_add_file(&p->build, from(line, at + 1));
}

/* "file:(section)" */
static int take_table_input(struct parser *p, struct slice text)
{
	size_t at = text.length;

	p->file = NULL;
	while (at > 1 && !(text.text[at - 1] == '(' && text.text[at - 2] == ':'))
		at--;
	if (at <= 2 || text.text[0] == '<')
		return 0;
	return set_file(p, slice_of(text.text, at - 2));
}

static int take_table_symbol(struct parser *p, struct slice name)
{
	if (!p->file || memmem(name.text, name.length, " = ", 3))
		return 0;
	return linkmap_add_definition(&p->build, name, p->file);
}

static int read_table(struct parser *p, struct slice line)
{
	struct slice rest = line;
	size_t indent;
	unsigned i;

	for (i = 0; i < p->numbers; i++) {
		rest = from(rest, blanks(rest));
		rest = from(rest, word_length(rest));
	}
	indent = blanks(rest);
	rest = from(rest, indent);
	if (!rest.length)
		return 0;
	if (indent > 2 * TABLE_INDENT)
		return take_table_symbol(p, rest);
	if (indent > TABLE_INDENT)
		return take_table_input(p, rest);
	p->file = NULL;
	return 0;
}

static int read_why(struct parser *p, struct slice line)
{
	const char *first = memchr(line.text, '\t', line.length);
	const char *end = line.text + line.length;
	const char *second = first ? memchr(first + 1, '\t', (size_t)(end - first - 1)) : NULL;
	const char *member;
	int r;

	if (!second)
		return 0;
	r = linkmap_intern(&p->build, slice_of(first + 1, (size_t)(second - first - 1)), &member);
	if (r)
		return r;
	return linkmap_add_reason(&p->build, member,
				  slice_of(line.text, (size_t)(first - line.text)),
				  slice_of(second + 1, (size_t)(end - second - 1)));
}

/* The numbers before "Out" in the heading of lld's and mold's table; 0: no such heading. */
static unsigned table_numbers(struct slice line)
{
	struct slice rest = from(line, blanks(line));
	unsigned numbers = 0;
	struct slice word;

	if (!starts_with(rest, "VMA ") && !starts_with(rest, "Address "))
		return 0;
	while (rest.length && numbers < 8) {
		word = take_word(&rest);
		if (word.length == 3 && !memcmp(word.text, "Out", 3))
			return numbers;
		numbers++;
	}
	return 0;
}

static enum part heading(struct parser *p, struct slice line)
{
	static const struct {
		const char *start;
		enum part part;
	} headings[] = {
		{ "Archive member included ", PART_REASONS },
		{ "As-needed library included ", PART_REASONS },
		{ "Discarded input sections", PART_SECTIONS },
		{ "Linker script and memory map", PART_SECTIONS },
		{ "Memory map", PART_SECTIONS },
		{ "Cross Reference Table", PART_REFERENCES },
		{ "reference\textracted\tsymbol", PART_WHY },
		{ "Merging program properties", PART_NONE },
		{ "Memory Configuration", PART_NONE },
		{ "There are no discarded input sections", PART_NONE },
	};
	unsigned numbers = table_numbers(line);
	size_t i;

	if (numbers) {
		p->numbers = numbers;
		return PART_TABLE;
	}
	for (i = 0; i < ARRAY_SIZE(headings); i++) {
		if (starts_with(line, headings[i].start))
			return headings[i].part;
	}
	return p->part;
}

static bool is_heading(struct parser *p, struct slice line)
{
	enum part part = heading(p, line);
	bool changed = part != p->part || starts_with(line, "As-needed library included ");

	if (!changed)
		return false;
	p->part = part;
	p->member = NULL;
	p->file = NULL;
	p->known = true;
	if (part == PART_REFERENCES)
		linkmap_begin_references(&p->build);
	return true;
}

static int read_line(struct parser *p, struct slice line)
{
	if (!line.length || is_heading(p, line))
		return 0;
	switch (p->part) {
	case PART_REASONS:
		return read_reason(p, line);
	case PART_SECTIONS:
		return read_section(p, line);
	case PART_REFERENCES:
		return read_reference(p, line);
	case PART_TABLE:
		return read_table(p, line);
	case PART_WHY:
		return read_why(p, line);
	case PART_NONE:
		break;
	}
	return 0;
}

static int read_lines(struct parser *p, const char *text, size_t size)
{
	int r = 0;

	while (size && !r) {
		const char *end = memchr(text, '\n', size);
		size_t length = end ? (size_t)(end - text) : size;
		size_t used = length + (end != NULL);

		r = read_line(p, slice_of(text, length - (length && text[length - 1] == '\r')));
		text += used;
		size -= used;
	}
	return r;
}

int linkmap_read(const char *text, size_t size, struct linkmap **ret, struct fault *fault)
{
	struct parser parser = { 0 };
	struct linkmap *map = calloc(1, sizeof(*map));
	int r;

	*fault = (struct fault){ 0 };
	if (!map)
		return -ENOMEM;
	parser.build.map = map;
	r = read_lines(&parser, text, size);
	linkmap_build_done(&parser.build);
	if (!r && !parser.known) {
		*fault = (struct fault){ "input/malformed", "linker map", 0,
					 "no part of a linker's map is in it" };
		r = -EBADMSG;
	}
	if (r) {
		linkmap_free(map);
		return r;
	}
	*ret = map;
	return 0;
}

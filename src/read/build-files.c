/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in read/build-files.h. */
#include "read/build-files.h"

#include <string.h>

#define MOST_WORD 200u
#define MOST_NUMBERS 1000u /* of a file */
#define MOST_CALLS 256u
#define LONGEST_CALL (64u << 10)

struct reader {
	const char *path;
	const char *text;
	size_t size;
	struct arena *arena;
	struct versions *out;
	size_t first; /* the file's first number */
};

struct slice {
	const char *text;
	size_t length;
};

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

static unsigned line_of(const struct reader *r, const char *at)
{
	unsigned line = 1;
	const char *p = r->text;

	while ((p = memchr(p, '\n', (size_t)(at - p))) != NULL) {
		line++;
		p++;
	}
	return line;
}

static int add(struct reader *r, enum number_kind kind, struct slice library, struct slice value)
{
	struct number number = { .kind = kind, .file = r->path };

	if (value.length > MOST_WORD || library.length > MOST_WORD ||
	    r->out->numbers.count - r->first >= MOST_NUMBERS)
		return 0;
	number.line = line_of(r, value.text);
	number.text = arena_strndup(r->arena, value.text, value.length);
	if (library.length) {
		number.library = arena_strndup(r->arena, library.text, library.length);
		if (!number.library)
			return -ENOMEM;
	}
	return number.text ? array_push(&r->out->numbers, number) : -ENOMEM;
}

static struct slice trim(struct slice s)
{
	while (s.length && strchr(" \t\r\n", *s.text)) {
		s.text++;
		s.length--;
	}
	while (s.length && strchr(" \t\r\n", s.text[s.length - 1]))
		s.length--;
	return s;
}

/* Quotation marks and m4's brackets off; a bare word becomes "${word}". */
static int add_expression(struct reader *r, enum number_kind kind, struct slice library,
			  struct slice s)
{
	s = trim(s);
	while (s.length >= 2 && ((*s.text == '[' && s.text[s.length - 1] == ']') ||
				 (*s.text == '\'' && s.text[s.length - 1] == '\'') ||
				 (*s.text == '"' && s.text[s.length - 1] == '"'))) {
		s.text++;
		s.length -= 2;
		s = trim(s);
	}
	return s.length ? add(r, kind, library, s) : 0;
}

/* One line; *at moves behind it. */
static struct slice take_line(const struct reader *r, const char **at)
{
	const char *end = r->text + r->size;
	const char *stop = memchr(*at, '\n', (size_t)(end - *at));
	struct slice line = { *at, (size_t)((stop ? stop : end) - *at) };

	*at = stop ? stop + 1 : end;
	return line;
}

static bool starts(struct slice line, const char *word)
{
	return line.length >= strlen(word) && !memcmp(line.text, word, strlen(word));
}

static bool is(struct slice s, const char *word)
{
	return s.length == strlen(word) && !memcmp(s.text, word, s.length);
}

static struct slice from(struct slice line, size_t at)
{
	at = size_min(at, line.length);
	return (struct slice){ line.text + at, line.length - at };
}

static size_t word_length(struct slice s)
{
	size_t n = 0;

	while (n < s.length && is_word(s.text[n]))
		n++;
	return n;
}

/* "NAME = value": what others refer to. */
static int read_assignment(struct reader *r, struct slice line)
{
	struct slice name, value;
	size_t length;

	line = trim(line);
	length = word_length(line);
	name = (struct slice){ line.text, length };
	value = trim(from(line, length));
	if (!length || !starts(value, "=") || starts(value, "=="))
		return 0;
	value = from(value, 1);
	return add_expression(r, NUMBER_VARIABLE, name, value);
}

/* "libfoo_la_LDFLAGS" → "foo" */
static struct slice target_of(struct slice line)
{
	size_t length = word_length(line);
	const char *end = length ? memmem(line.text, length, "_la_", 4) : NULL;
	size_t start = starts(line, "lib") ? 3 : 0;

	return end && (size_t)(end - line.text) > start
		       ? (struct slice){ line.text + start, (size_t)(end - line.text) - start }
		       : (struct slice){ line.text, 0 };
}

/* The word behind `option` on the line. */
static int read_option(struct reader *r, struct slice line, const char *option, struct slice target)
{
	const char *found = line.length ? memmem(line.text, line.length, option, strlen(option))
					: NULL;
	struct slice value;
	size_t n = 0;

	if (!found)
		return 0;
	value = trim(from(line, (size_t)(found - line.text) + strlen(option)));
	while (n < value.length && !strchr(" \t\\", value.text[n]))
		n++;
	value.length = n;
	return n ? add(r, NUMBER_LIBTOOL, target, value) : 0;
}

static int read_makefile(struct reader *r)
{
	const char *at = r->text;
	struct slice target = { r->text, 0 };
	int error = 0;

	while (!error && at < r->text + r->size) {
		struct slice line = take_line(r, &at);

		if (starts(trim(line), "#"))
			continue;
		if (line.length && *line.text != ' ' && *line.text != '\t')
			target = target_of(line);
		error = read_assignment(r, line);
		if (!error)
			error = read_option(r, line, "-version-info", target);
	}
	return error;
}

/* "Version: value" at the start of a line. */
static int read_field(struct reader *r, enum number_kind kind)
{
	const char *at = r->text;

	while (at < r->text + r->size) {
		struct slice line = take_line(r, &at);

		if (starts(line, "Version:"))
			return add_expression(r, kind, (struct slice){ r->text, 0 },
					      from(line, strlen("Version:")));
	}
	return 0;
}

static int read_pkgconfig(struct reader *r)
{
	return read_field(r, NUMBER_PKGCONFIG);
}

static int read_spec(struct reader *r)
{
	return read_field(r, NUMBER_PACKAGE);
}

/* "name (epoch:version-revision) …" */
static int read_changelog(struct reader *r)
{
	const char *at = r->text;
	struct slice line = take_line(r, &at);
	const char *open = line.length ? memchr(line.text, '(', line.length) : NULL;
	const char *close = line.length ? memchr(line.text, ')', line.length) : NULL;
	const char *colon, *dash;

	if (!open || !close || close < open)
		return 0;
	open++;
	colon = memchr(open, ':', (size_t)(close - open));
	if (colon)
		open = colon + 1;
	dash = memrchr(open, '-', (size_t)(close - open));
	return add(r, NUMBER_PACKAGE, (struct slice){ r->text, 0 },
		   (struct slice){ open, (size_t)((dash ? dash : close) - open) });
}

static int read_plain(struct reader *r)
{
	const char *at = r->text;
	struct slice line = trim(take_line(r, &at));

	return line.length && *line.text >= '0' && *line.text <= '9'
		       ? add(r, NUMBER_RELEASE, (struct slice){ r->text, 0 }, line)
		       : 0;
}

/* Behind a comment or a string that starts at `at`; `at` itself when none does. */
static const char *skip_dead(const struct reader *r, const char *at)
{
	const char *end = r->text + r->size;
	const char *stop;

	if (*at == '#') {
		stop = memchr(at, '\n', (size_t)(end - at));
		return stop ? stop : end;
	}
	if (*at == '\'' || *at == '"') {
		stop = at + 1;
		while (stop < end && *stop != *at)
			stop += *stop == '\\' ? 2 : 1;
		return stop < end ? stop + 1 : end;
	}
	return at;
}

/* Where the bracket that was opened before `at` is closed, or the end. */
static const char *find_close(const struct reader *r, const char *at)
{
	const char *end = at + size_min(LONGEST_CALL, (size_t)(r->text + r->size - at));
	unsigned depth = 1;

	while (at < end) {
		const char *next = skip_dead(r, at);

		if (next != at) {
			at = next;
			continue;
		}
		depth += *at == '(';
		depth -= *at == ')';
		if (!depth)
			return at;
		at++;
	}
	return end;
}

static bool is_of(struct slice name, const char *const *names)
{
	for (; *names && !is(name, *names); names++)
		;
	return *names != NULL;
}

/* Calls `call` for each "name(…)" of `names` outside comments and strings. */
static int each_call(struct reader *r, const char *const *names,
		     int (*call)(struct reader *r, struct slice name, struct slice arguments))
{
	const char *end = r->text + r->size;
	const char *at = r->text;
	unsigned calls = 0;
	int error = 0;

	while (!error && at < end && calls < MOST_CALLS) {
		const char *next = skip_dead(r, at);
		struct slice name = { at, 0 };
		const char *close;

		if (next != at) {
			at = next;
			continue;
		}
		name.length = word_length((struct slice){ at, (size_t)(end - at) });
		at += name.length ? name.length : 1;
		if (!name.length)
			continue;
		while (at < end && (*at == ' ' || *at == '\t'))
			at++;
		if (at == end || *at != '(' || !is_of(name, names))
			continue;
		calls++;
		at++;
		close = find_close(r, at);
		error = call(r, name, (struct slice){ at, (size_t)(close - at) });
	}
	return error;
}

/* The value of "key: value" among a call's arguments; length 0: there is none. */
static struct slice keyword(const struct reader *r, struct slice arguments, const char *key)
{
	const char *end = arguments.text + arguments.length;
	const char *at = arguments.text;
	unsigned depth = 0;

	while (at < end) {
		const char *next = skip_dead(r, at);
		struct slice word = { at, word_length((struct slice){ at, (size_t)(end - at) }) };
		struct slice value;
		size_t n = 0;

		if (next != at) {
			at = next;
			continue;
		}
		depth += *at == '(' || *at == '[';
		depth -= (*at == ')' || *at == ']') && depth;
		at += word.length ? word.length : 1;
		if (depth || !is(word, key))
			continue;
		value = trim((struct slice){ at, (size_t)(end - at) });
		if (!starts(value, ":"))
			continue;
		value = trim(from(value, 1));
		while (n < value.length && value.text[n] != ',' && value.text[n] != '\n')
			n++;
		value.length = n;
		return trim(value);
	}
	return (struct slice){ arguments.text, 0 };
}

/* A call that gives what "name()" is: the string within the first quotation marks. */
static struct slice first_string(struct slice arguments)
{
	const char *open = arguments.length ? memchr(arguments.text, '\'', arguments.length) : NULL;
	struct slice rest = open ? from(arguments, (size_t)(open + 1 - arguments.text))
				 : (struct slice){ arguments.text, 0 };
	const char *close = rest.length ? memchr(rest.text, '\'', rest.length) : NULL;

	return (struct slice){ rest.text, close ? (size_t)(close - rest.text) : 0 };
}

static int read_meson_call(struct reader *r, struct slice name, struct slice arguments)
{
	struct slice target = first_string(arguments);
	int error;

	if (is(name, "project"))
		return add_expression(r, NUMBER_RELEASE, (struct slice){ r->text, 0 },
				      keyword(r, arguments, "version"));
	if (is(name, "generate"))
		return add_expression(r, NUMBER_PKGCONFIG, (struct slice){ r->text, 0 },
				      keyword(r, arguments, "version"));
	error = add_expression(r, NUMBER_FILE, target, keyword(r, arguments, "version"));
	return error ? error
		     : add_expression(r, NUMBER_SONAME, target, keyword(r, arguments, "soversion"));
}

static int read_assignments(struct reader *r)
{
	const char *at = r->text;
	int error = 0;

	while (!error && at < r->text + r->size)
		error = read_assignment(r, take_line(r, &at));
	return error;
}

static int read_meson(struct reader *r)
{
	static const char *const names[] = { "project",	       "generate",	 "library",
					     "shared_library", "both_libraries", NULL };
	int error = each_call(r, names, read_meson_call);

	return error ? error : read_assignments(r);
}

/* The next word of a call of CMake. */
static struct slice cmake_word(struct slice *rest)
{
	struct slice word;

	*rest = trim(*rest);
	word = (struct slice){ rest->text, 0 };
	while (word.length < rest->length && !strchr(" \t\r\n", word.text[word.length]))
		word.length++;
	*rest = from(*rest, word.length);
	return word;
}

static int read_cmake_call(struct reader *r, struct slice name, struct slice arguments)
{
	struct slice first = cmake_word(&arguments);
	struct slice none = { r->text, 0 };
	bool is_project = is(name, "project") || is(name, "PROJECT");
	int error = 0;

	if (is(name, "set") || is(name, "SET"))
		return add_expression(r, NUMBER_VARIABLE, first, cmake_word(&arguments));
	if (!is_project && !is(name, "set_target_properties") && !is(name, "SET_TARGET_PROPERTIES"))
		return 0;
	while (!error && arguments.length) {
		struct slice word = cmake_word(&arguments);

		if (is(word, "VERSION"))
			error = add_expression(r, is_project ? NUMBER_RELEASE : NUMBER_FILE,
					       is_project ? none : first, cmake_word(&arguments));
		else if (is(word, "SOVERSION") && !is_project)
			error = add_expression(r, NUMBER_SONAME, first, cmake_word(&arguments));
	}
	return error;
}

static int read_cmake(struct reader *r)
{
	static const char *const names[] = { "project",
					     "PROJECT",
					     "set",
					     "SET",
					     "set_target_properties",
					     "SET_TARGET_PROPERTIES",
					     NULL };

	return each_call(r, names, read_cmake_call);
}

/* Argument `number` of an m4 call; commas within brackets do not part. */
static struct slice m4_argument(struct slice arguments, unsigned number)
{
	unsigned depth = 0;
	size_t start = 0;
	size_t i;

	for (i = 0; i < arguments.length; i++) {
		char c = arguments.text[i];

		depth += c == '[' || c == '(';
		depth -= (c == ']' || c == ')') && depth;
		if (c != ',' || depth)
			continue;
		if (!number--)
			return (struct slice){ arguments.text + start, i - start };
		start = i + 1;
	}
	return (struct slice){ arguments.text + start, number ? 0 : arguments.length - start };
}

static int read_m4_call(struct reader *r, struct slice name, struct slice arguments)
{
	struct slice variable = trim(m4_argument(arguments, 0));

	if (is(name, "AC_INIT"))
		return add_expression(r, NUMBER_RELEASE, (struct slice){ r->text, 0 },
				      m4_argument(arguments, 1));
	if (!is(name, "AC_SUBST") && !is(name, "m4_define") && !is(name, "define"))
		return 0;
	if (variable.length >= 2 && *variable.text == '[') {
		variable.text++;
		variable.length -= 2;
	}
	return add_expression(r, NUMBER_VARIABLE, variable, m4_argument(arguments, 1));
}

static int read_configure(struct reader *r)
{
	static const char *const names[] = { "AC_INIT", "AC_SUBST", "m4_define", "define", NULL };
	int error = each_call(r, names, read_m4_call);

	return error ? error : read_assignments(r);
}

static const struct kind_of_file {
	const char *end; /* of the path */
	bool is_whole;	 /* it is the file's name, not only its end */
	int (*read)(struct reader *r);
} kinds[] = {
	{ "meson.build", true, read_meson },
	{ "CMakeLists.txt", true, read_cmake },
	{ "configure.ac", true, read_configure },
	{ "configure.in", true, read_configure },
	{ "Makefile.am", true, read_makefile },
	{ "VERSION", true, read_plain },
	{ ".version", true, read_plain },
	{ "debian/changelog", false, read_changelog },
	{ ".pc", false, read_pkgconfig },
	{ ".pc.in", false, read_pkgconfig },
	{ ".spec", false, read_spec },
	{ ".spec.in", false, read_spec },
};

static const struct kind_of_file *find_kind(const char *path)
{
	size_t length = strlen(path);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		size_t end = strlen(kinds[i].end);

		if (kinds[i].is_whole ? !strcmp(path_name(path), kinds[i].end)
				      : length > end && !strcmp(path + length - end, kinds[i].end))
			return &kinds[i];
	}
	return NULL;
}

bool build_file_is(const char *path)
{
	return find_kind(path) != NULL;
}

int build_file_read(const char *path, const char *text, size_t size, struct arena *arena,
		    struct versions *ret)
{
	struct reader reader = { path, text, size, arena, ret, ret->numbers.count };
	const struct kind_of_file *kind = find_kind(path);

	return kind && size ? kind->read(&reader) : 0;
}

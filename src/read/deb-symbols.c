/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of symbols files; contract in read/deb-symbols.h. */
#include "read/deb-symbols.h"
#include "model/package-version.h"
#include "read/deb-symbols-spec.h"

#include <string.h>

#define DEEPEST_INCLUDE 16
#define MOST_BYTES (64u << 20) /* of one file with all that it includes */

struct reader {
	struct symbols_file *file;
	symbols_include include;
	void *data;
	struct symbols_object *object;	  /* the library that the lines are about, or NULL */
	const struct symbols_entry *base; /* whose tags included entries get, or NULL */
	const char *path;		  /* of the text that is read */
	unsigned line;
	unsigned depth;
	size_t left;			   /* bytes that may still be read */
	const char *open[DEEPEST_INCLUDE]; /* paths of the texts that are being read */
};

static int fail(struct reader *reader, const char *text)
{
	struct symbols_file *file = reader->file;

	if (file->fault)
		return 0;
	file->fault = arena_strdup(&file->arena, text);
	file->fault_path = reader->path;
	file->fault_line = reader->line;
	return file->fault ? 0 : -ENOMEM;
}

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static const char *skip_blanks(const char *text)
{
	while (is_blank(*text))
		text++;
	return text;
}

static size_t word_length(const char *text)
{
	size_t length = 0;

	while (text[length] && !is_blank(text[length]))
		length++;
	return length;
}

/* A copy without blanks at the end. */
static const char *trimmed(struct arena *arena, const char *text)
{
	size_t length = strlen(text);

	while (length && is_blank(text[length - 1]))
		length--;
	return arena_strndup(arena, text, length);
}

static int read_entry(struct reader *reader, const char *text, const char *deprecated)
{
	struct symbols_entry *entry = arena_alloc(&reader->file->arena, sizeof(*entry));
	const char *fault = NULL;
	int r;

	if (!entry)
		return -ENOMEM;
	if (!reader->object)
		return fail(reader, "a symbol stands before the line that names its library");
	if (deprecated && deb_version_fault(deprecated))
		return fail(reader, "a symbol is marked missing with what is no version");
	if (reader->base && reader->base->tag_count) {
		entry->tag_count = reader->base->tag_count;
		entry->tags = arena_copy(&reader->file->arena, reader->base->tags,
					 entry->tag_count * sizeof(*entry->tags));
		if (!entry->tags)
			return -ENOMEM;
	}
	entry->deprecated = deprecated;
	entry->line = reader->line;
	r = symbols_spec_read(&reader->file->arena, text, entry, &fault);
	if (r)
		return r;
	return fault ? fail(reader, fault) : symbols_entry_add(reader->object, entry);
}

/* "#MISSING: VERSION# symbol…": *ret_text is what follows the mark. */
static const char *missing_version(struct arena *arena, const char *line, const char **ret_text)
{
	static const char *const marks[] = { "#MISSING: ", "#DEPRECATED: " };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(marks); i++) {
		size_t length = strlen(marks[i]);
		const char *end;

		if (strncmp(line, marks[i], length) != 0)
			continue;
		line += length;
		end = strchr(line, '#');
		if (!end || end == line)
			return NULL;
		*ret_text = skip_blanks(end + 1);
		return arena_strndup(arena, line, (size_t)(end - line));
	}
	return NULL;
}

static bool is_missing(const char *line)
{
	const char *end;

	if (strncmp(line, "#MISSING: ", 10) != 0 && strncmp(line, "#DEPRECATED: ", 13) != 0)
		return false;
	end = strchr(line + 1, '#');
	return end && end > strchr(line, ' ') + 1;
}

static int read_text(struct reader *reader, const char *path, char *text, size_t size);

static bool is_open(const struct reader *reader, const char *path)
{
	unsigned i;

	for (i = 0; i < reader->depth; i++) {
		if (!strcmp(reader->open[i], path))
			return true;
	}
	return false;
}

static int include_file(struct reader *reader, const char *path)
{
	char *bytes = NULL;
	size_t size = 0;
	int r;

	if (!reader->include)
		return fail(reader, "other files cannot be included here");
	if (is_open(reader, path))
		return 0;
	if (reader->depth == DEEPEST_INCLUDE)
		return fail(reader, "files include each other too deeply");
	r = reader->include(reader->data, path, &bytes, &size);
	if (r == -ENOMEM)
		return r;
	if (r)
		return fail(reader, "the file that is to be included cannot be read");
	r = read_text(reader, path, bytes, size);
	free(bytes);
	return r;
}

/* "(tags)#include "NAME"", NAME beside the file itself. */
static int read_include(struct reader *reader, const char *line)
{
	struct arena *arena = &reader->file->arena;
	const struct symbols_entry *old_base = reader->base;
	const char *name = strchr(strstr(line, "#include"), '"') + 1;
	size_t folder = (size_t)(path_name(reader->path) - reader->path);
	struct symbols_entry *base = NULL;
	const char *path = arena_printf(arena, "%.*s%.*s", (int)folder, reader->path,
					(int)strcspn(name, "\""), name);
	const char *rest;
	int r = path ? 0 : -ENOMEM;

	if (!r && line[0] == '(') {
		base = arena_alloc(arena, sizeof(*base));
		if (!base)
			return -ENOMEM;
		if (old_base) {
			base->tags = old_base->tags;
			base->tag_count = old_base->tag_count;
		}
		r = symbols_tags_read(arena, line, base, &rest);
	}
	if (!r) {
		reader->base = base;
		r = include_file(reader, path);
		reader->base = old_base;
	}
	return r;
}

static bool is_include(const char *line)
{
	const char *word = line[0] == '(' ? strstr(line, ")#include") : line;
	const char *quote;

	if (!word)
		return false;
	word += word[0] == ')';
	if (strncmp(word, "#include", 8) != 0 || !is_blank(word[8]))
		return false;
	quote = skip_blanks(word + 8);
	return *quote == '"' && quote[1] && quote[1] != '"' && strchr(quote + 1, '"');
}

/* "build-depends-package" → "Build-Depends-Package". */
static char *capitalized(struct arena *arena, const char *name, size_t length)
{
	char *ret = arena_strndup(arena, name, length);
	bool first = true;
	size_t i;

	for (i = 0; ret && ret[i]; i++) {
		char c = ret[i];

		if (first && c >= 'a' && c <= 'z')
			c = (char)(c + 'A' - 'a');
		else if (!first && c >= 'A' && c <= 'Z')
			c = (char)(c + 'a' - 'A');
		first = ret[i] == '-';
		ret[i] = c;
	}
	return ret;
}

/* "* Name: value" */
static int read_field(struct reader *reader, const char *line)
{
	struct arena *arena = &reader->file->arena;
	const char *name = skip_blanks(line + 1);
	size_t length = strcspn(name, ":");
	const char *field, *value;

	if (!length || !name[length])
		return fail(reader, "a field has no name or no colon");
	field = capitalized(arena, name, length);
	value = trimmed(arena, skip_blanks(name + length + 1));
	if (!field || !value)
		return -ENOMEM;
	if (!*value)
		return fail(reader, "a field has no value");
	return symbols_field_set(reader->object, field, value);
}

/* "libfoo.so.1 libfoo1 #MINVER#"; a library that was named before gets a new first template. */
static int read_head(struct reader *reader, const char *line)
{
	struct arena *arena = &reader->file->arena;
	size_t length = word_length(line);
	const char *soname = arena_strndup(arena, line, length);
	const char *template = arena_strdup(arena, skip_blanks(line + length));

	if (!soname || !template)
		return -ENOMEM;
	if (!line[length] || !*template)
		return fail(reader,
			    "the line is neither a library with its dependency nor a symbol");
	reader->object = symbols_object_find(reader->file, soname);
	if (!reader->object)
		reader->object = symbols_object_add(reader->file, soname);
	if (!reader->object)
		return -ENOMEM;
	reader->object->deps.count = 0;
	reader->object->line = reader->line;
	return array_push(&reader->object->deps, template);
}

static int read_alternative(struct reader *reader, const char *line)
{
	const char *template = arena_strdup(&reader->file->arena, skip_blanks(line + 1));

	return template ? array_push(&reader->object->deps, template) : -ENOMEM;
}

static int read_line(struct reader *reader, const char *line)
{
	struct arena *arena = &reader->file->arena;
	const char *text = skip_blanks(line);

	if (is_missing(line)) {
		const char *version = missing_version(arena, line, &text);

		return version ? read_entry(reader, text, version) : -ENOMEM;
	}
	if (line[0] && is_blank(line[0]))
		return *text ? read_entry(reader, text, NULL)
			     : fail(reader, "a line consists of blanks only");
	if (is_include(line))
		return read_include(reader, line);
	if (!line[0] || line[0] == '#')
		return 0;
	if (line[0] == '|' || line[0] == '*') {
		if (!reader->object)
			return fail(reader, "the line belongs to a library, but none was named");
		return line[0] == '|' ? read_alternative(reader, line) : read_field(reader, line);
	}
	return read_head(reader, line);
}

static int read_lines(struct reader *reader, char *text, size_t size)
{
	char *end = text + size;
	int r = 0;

	reader->line = 0;
	while (!r && text < end && !reader->file->fault) {
		char *stop = memchr(text, '\n', (size_t)(end - text));

		if (!stop)
			stop = end;
		reader->line++;
		if (memchr(text, 0, (size_t)(stop - text)))
			return fail(reader, "there is a NUL byte in the line");
		*stop = '\0';
		r = read_line(reader, text);
		text = stop + 1;
	}
	return r;
}

/* `text` has room for one more byte, and is written to. */
static int read_text(struct reader *reader, const char *path, char *text, size_t size)
{
	const char *old_path = reader->path;
	unsigned old_line = reader->line;
	int r;

	if (size > reader->left)
		return fail(reader, "the file is too large with all that it includes");
	reader->left -= size;
	reader->path = path;
	reader->open[reader->depth++] = path;
	r = read_lines(reader, text, size);
	reader->depth--;
	reader->path = old_path;
	reader->line = old_line;
	return r;
}

/* Each symbol's dependency is one of its library's. */
static int check_dependencies(struct reader *reader)
{
	const struct symbols_file *file = reader->file;
	size_t i, k;

	for (i = 0; i < file->objects.count; i++) {
		const struct symbols_object *object = file->objects.items[i];

		for (k = 0; k < object->entries.count; k++) {
			const struct symbols_entry *entry = object->entries.items[k];

			if (entry->dep < object->deps.count)
				continue;
			reader->line = entry->line;
			return fail(reader,
				    "a symbol has the number of a dependency that is not there");
		}
	}
	return 0;
}

int symbols_read(struct symbols_file *file, const char *bytes, size_t size, symbols_include include,
		 void *data)
{
	struct reader reader = {
		.file = file,
		.include = include,
		.data = data,
		.path = file->path,
		.left = MOST_BYTES,
	};
	AUTO_FREE char *text = size < MOST_BYTES ? malloc(size + 1) : NULL;
	int r;

	if (!text)
		return size < MOST_BYTES ? -ENOMEM
					 : fail(&reader, "the file is larger than any sound one");
	if (size)
		memcpy(text, bytes, size);
	r = read_text(&reader, file->path, text, size);
	if (!r && !file->fault && !file->objects.count && size)
		r = fail(&reader, "it names no library");
	return r || file->fault ? r : check_dependencies(&reader);
}

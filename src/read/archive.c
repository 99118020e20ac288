/* SPDX-License-Identifier: Apache-2.0 */
/* Walk over the members of an archive; contract in read/archive.h. */
#include "read/archive.h"

#include <ar.h>
#include <limits.h>
#include <string.h>

#define THIN_MAGIC "!<thin>\n"
#define BSD_LONG_NAME "#1/"

bool archive_is(const unsigned char *bytes, size_t size)
{
	return size >= SARMAG &&
	       (!memcmp(bytes, ARMAG, SARMAG) || !memcmp(bytes, THIN_MAGIC, SARMAG));
}

void archive_init(struct archive *archive, const unsigned char *bytes, size_t size)
{
	*archive = (struct archive){
		.bytes = bytes,
		.size = size,
		.at = SARMAG,
		.is_thin = !memcmp(bytes, THIN_MAGIC, SARMAG),
	};
}

static bool fail(struct archive *archive, const char *rule, size_t at, const char *text)
{
	archive->fault = (struct fault){ rule, "archive", at, text };
	archive->at = archive->size;
	return false;
}

/* A decimal number, padded with blanks. */
static bool get_number(const char *text, size_t width, uint64_t *ret)
{
	uint64_t value = 0;
	size_t i = 0;

	for (; i < width && text[i] >= '0' && text[i] <= '9'; i++)
		value = value * 10 + (uint64_t)(text[i] - '0');
	*ret = value;
	if (!i)
		return false;
	while (i < width && text[i] == ' ')
		i++;
	return i == width;
}

static size_t trimmed(const char *text, size_t length)
{
	while (length && text[length - 1] == ' ')
		length--;
	return length;
}

/* A name in the table of long names ends in a slash and a line break; a thin one is a path. */
static bool take_long_name(struct archive *archive, const char *field, struct archive_member *ret)
{
	size_t width = strcspn(field, ":"); /* what follows is the place in a nested archive */
	size_t left, i;
	uint64_t offset;

	if (width > 15)
		width = 15;
	if (!get_number(field, width, &offset) || offset >= archive->names.size)
		return fail(archive, "input/malformed", ret->offset,
			    "a member's name is out of bounds");
	ret->name = (const char *)archive->names.bytes + offset;
	left = size_min(archive->names.size - (size_t)offset, PATH_MAX);
	for (i = 0; i < left && ret->name[i] != '\n' && ret->name[i]; i++)
		;
	if (i && ret->name[i - 1] == '/')
		i--;
	ret->name_length = i;
	return true;
}

/* The name stands before the content and counts as part of it. */
static bool take_bsd_name(struct archive *archive, const char *field, struct archive_member *ret)
{
	uint64_t length;

	if (!ret->bytes || !get_number(field, 13, &length) || length > ret->size)
		return fail(archive, "input/malformed", ret->offset,
			    "a member's name is out of bounds");
	ret->name = (const char *)ret->bytes;
	ret->name_length = strnlen(ret->name, (size_t)length);
	ret->bytes += length;
	ret->size -= (size_t)length;
	return true;
}

static bool take_name(struct archive *archive, const struct ar_hdr *header,
		      struct archive_member *ret)
{
	char field[sizeof(header->ar_name) + 1];
	const char *slash;

	memcpy(field, header->ar_name, sizeof(header->ar_name));
	field[sizeof(header->ar_name)] = '\0';
	if (field[0] == '/' && field[1] >= '0' && field[1] <= '9')
		return take_long_name(archive, field + 1, ret);
	if (!strncmp(field, BSD_LONG_NAME, strlen(BSD_LONG_NAME)))
		return take_bsd_name(archive, field + strlen(BSD_LONG_NAME), ret);
	ret->name = header->ar_name;
	slash = memchr(header->ar_name, '/', sizeof(header->ar_name));
	ret->name_length = slash ? (size_t)(slash - header->ar_name)
				 : trimmed(header->ar_name, sizeof(header->ar_name));
	return true;
}

static bool is_named(const struct ar_hdr *header, const char *name)
{
	size_t length = strlen(name);

	return !memcmp(header->ar_name, name, length) &&
	       !trimmed(header->ar_name + length, sizeof(header->ar_name) - length);
}

static bool is_index(const struct archive_member *member)
{
	static const char bsd[] = "__.SYMDEF";

	return member->name_length >= strlen(bsd) && !memcmp(member->name, bsd, strlen(bsd));
}

/* Takes the bytes that follow the header, and goes to the next one. */
static bool take_content(struct archive *archive, const struct ar_hdr *header, bool is_table,
			 struct archive_member *ret)
{
	size_t start = ret->offset + sizeof(*header);
	uint64_t size;

	if (!get_number(header->ar_size, sizeof(header->ar_size), &size))
		return fail(archive, "input/malformed", ret->offset,
			    "a member's size is no number");
	ret->size = (size_t)size;
	if (archive->is_thin && !is_table) {
		archive->at = start;
		return true;
	}
	if (size > archive->size - start)
		return fail(archive, "input/truncated", ret->offset, "a member is cut off");
	ret->bytes = archive->bytes + start;
	archive->at = size_min(start + (size_t)size + (size & 1), archive->size);
	return true;
}

/* One header and what belongs to it; *ret_skip for one that is no member. */
static bool take_member(struct archive *archive, struct archive_member *ret, bool *ret_skip)
{
	const struct ar_hdr *header = (const struct ar_hdr *)(archive->bytes + archive->at);
	bool is_names;

	*ret = (struct archive_member){ .offset = archive->at };
	if (archive->size - archive->at < sizeof(*header))
		return fail(archive, "input/truncated", archive->at,
			    "a member's header is cut off");
	if (memcmp(header->ar_fmag, ARFMAG, sizeof(header->ar_fmag)))
		return fail(archive, "input/malformed", archive->at, "no member's header");
	is_names = is_named(header, "//");
	*ret_skip = is_names || is_named(header, "/") || is_named(header, "/SYM64/");
	if (!take_content(archive, header, *ret_skip, ret))
		return false;
	if (is_names)
		archive->names = (struct table){ ret->bytes, ret->size };
	if (*ret_skip)
		return true;
	if (!take_name(archive, header, ret))
		return false;
	*ret_skip = is_index(ret);
	return true;
}

bool archive_next(struct archive *archive, struct archive_member *ret)
{
	bool skip = true;

	while (skip) {
		if (archive->at >= archive->size || !take_member(archive, ret, &skip))
			return false;
	}
	return true;
}

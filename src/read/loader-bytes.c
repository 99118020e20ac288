/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Texts in the read-only data of a libc and its loader. glibc's loader has its
 * folders as strings one behind the other, each with a slash at its end
 * (elf/dl-load.c, system_dirs); its libc has a banner with the release; musl
 * has its version as a string of its own.
 */
#include "read/loader-bytes.h"

#include <limits.h>
#include <string.h>

#define MOST_BYTES ((size_t)64 << 20) /* no libc is larger */
#define MOST_FOLDERS 32u
#define BANNER "release version "
#define DEVELOPMENT_PATCH 9000u /* 2.42.9000 is on the way to 2.43 */

static size_t searched_size(const struct image *image)
{
	return size_min(image->size, MOST_BYTES);
}

static const char *find_bytes(const struct image *image, const char *from, const char *what,
			      size_t length)
{
	const char *start = (const char *)image->bytes;

	if (!start)
		return NULL;
	if (!from)
		from = start;
	return memmem(from, searched_size(image) - (size_t)(from - start), what, length);
}

/* Bytes from `at` to where the search ends. */
static size_t bytes_left(const struct image *image, const char *at)
{
	return searched_size(image) - (size_t)(at - (const char *)image->bytes);
}

/* Reads up to four digits; false when there is none. */
static bool take_number(const char **at, size_t *left, uint32_t *ret)
{
	uint32_t value = 0;
	unsigned digits = 0;

	while (*left && **at >= '0' && **at <= '9' && digits < 4) {
		value = value * 10 + (uint32_t)(**at - '0');
		(*at)++;
		(*left)--;
		digits++;
	}
	*ret = value;
	return digits > 0;
}

static bool take_dot(const char **at, size_t *left)
{
	if (!*left || **at != '.')
		return false;
	(*at)++;
	(*left)--;
	return true;
}

uint32_t loader_glibc_banner(const struct image *image)
{
	const char *at = find_bytes(image, NULL, BANNER, strlen(BANNER));
	uint32_t major, minor, patch;
	size_t left;

	if (!at)
		return 0;
	at += strlen(BANNER);
	left = bytes_left(image, at);
	if (!take_number(&at, &left, &major) || !take_dot(&at, &left) ||
	    !take_number(&at, &left, &minor) || minor >= 1000)
		return 0;
	if (take_dot(&at, &left) && take_number(&at, &left, &patch) && patch >= DEVELOPMENT_PATCH)
		minor++;
	return GLIBC(major, minor);
}

static uint32_t node_version(const char *name)
{
	size_t left = strlen(name);
	uint32_t minor;

	if (strncmp(name, "GLIBC_2.", 8))
		return 0;
	name += 8;
	left -= 8;
	return take_number(&name, &left, &minor) && minor < 1000 ? GLIBC(2, minor) : 0;
}

int loader_glibc_node(struct image *image, uint32_t *ret)
{
	uint32_t highest = 0;
	size_t i;
	int r = image_load_versions(image);

	if (r == -ENOMEM)
		return r;
	for (i = 0; i < image->definitions.count; i++) {
		uint32_t version = node_version(image->definitions.items[i].name);

		highest = version > highest ? version : highest;
	}
	*ret = highest;
	return 0;
}

/* `at` follows a NUL: is there "1.2.3", or "1.2.3-git…"? */
static uint32_t musl_version_at(const char *at, size_t left)
{
	uint32_t major, minor, patch;

	if (!take_number(&at, &left, &major) || major > 1 || !take_dot(&at, &left) ||
	    !take_number(&at, &left, &minor) || minor >= 1000 || !take_dot(&at, &left) ||
	    !take_number(&at, &left, &patch) || patch >= 1000)
		return 0;
	return left && (!*at || *at == '-') ? MUSL(major, minor, patch) : 0;
}

uint32_t loader_musl_version(const struct image *image)
{
	static const char *const starts[] = { "\0001.", "\0000." };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(starts); i++) {
		const char *at = NULL;

		while ((at = find_bytes(image, at, starts[i], 3))) {
			uint32_t version = musl_version_at(at + 1, bytes_left(image, at + 1));

			if (version)
				return version;
			at++;
		}
	}
	return 0;
}

bool loader_says_musl(const struct image *image)
{
	return find_bytes(image, NULL, "musl libc (", 11);
}

const char *loader_musl_path_file(const struct image *image)
{
	const char *at = find_bytes(image, NULL, "/etc/ld-musl-", 13);

	return at && memchr(at, 0, size_min(bytes_left(image, at), PATH_MAX)) ? at : NULL;
}

bool loader_has_text(const struct image *image, const char *text)
{
	size_t length = strlen(text) + 1;
	const char *at = NULL;

	while ((at = find_bytes(image, at, text, length))) {
		if (at > (const char *)image->bytes && !at[-1])
			return true;
		at++;
	}
	return false;
}

static bool is_text(char c)
{
	return c > ' ' && c <= '~';
}

/* The folder of libraries that ends in the slash at `end`, and starts after `floor`; or NULL. */
static const char *folder_before(const char *floor, const char *end)
{
	const char *start = end;

	while (start > floor && is_text(start[-1]))
		start--;
	/* What lies before a table of strings may look like a letter. */
	start = memchr(start, '/', (size_t)(end - start));
	if (!start || end - start >= PATH_MAX)
		return NULL;
	return memmem(start, (size_t)(end - start), "/lib", 4) ? start : NULL;
}

/* The string at `at` when it is a folder with a slash at its end: its length, else 0. */
static size_t folder_at(const char *at, size_t left)
{
	size_t length = strnlen(at, size_min(left, PATH_MAX));
	size_t i;

	if (length == size_min(left, PATH_MAX) || length < 2 || at[0] != '/' ||
	    at[length - 1] != '/' || !memmem(at, length, "/lib", 4))
		return 0;
	for (i = 0; i < length; i++) {
		if (!is_text(at[i]))
			return 0;
	}
	return length;
}

static int take_folders(const struct image *image, const char *at, struct loader *loader)
{
	size_t length;

	while ((length = folder_at(at, bytes_left(image, at))) &&
	       loader->system_folders.count < MOST_FOLDERS) {
		const char *folder = arena_strndup(&loader->arena, at, length - 1);

		if (!folder || array_push(&loader->system_folders, folder))
			return -ENOMEM;
		at += length + 1;
	}
	return 0;
}

int loader_built_in_folders(const struct image *image, struct loader *loader)
{
	const char *floor = (const char *)image->bytes;
	const char *at = NULL;

	while ((at = find_bytes(image, at, "/", 2))) {
		const char *start = folder_before(floor, at);

		if (start)
			return take_folders(image, start, loader);
		at++;
		floor = at;
	}
	return 0;
}

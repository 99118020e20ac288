/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of strings; contract in cli/list.h. */
#include "cli/list.h"

#include "cli/message.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define LONGEST_FILE (256u << 20)
#define PIECE (64u << 10)

struct bytes array_of(char);

int list_add(struct list *list, const char *text)
{
	int r = array_reserve(list, list->count + 2);

	if (r)
		return r;
	list->items[list->count++] = text;
	list->items[list->count] = NULL;
	return 0;
}

static int read_all(int fd, struct bytes *bytes)
{
	for (;;) {
		ssize_t n;
		int r = array_reserve(bytes, bytes->count + PIECE);

		if (r)
			return r;
		n = read(fd, bytes->items + bytes->count, PIECE);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : 0;
		bytes->count += (size_t)n;
		if (bytes->count > LONGEST_FILE)
			return -EFBIG;
	}
}

static int read_file(const char *path, struct bytes *bytes)
{
	int fd;
	int r;

	if (strcmp(path, "-") == 0)
		return read_all(STDIN_FILENO, bytes);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	r = read_all(fd, bytes);
	close(fd);
	return r;
}

static int split(struct list *list, char *text, size_t size, char separator)
{
	char *end = text + size;
	int r = 0;

	while (text < end && !r) {
		char *stop = memchr(text, separator, (size_t)(end - text));

		if (!stop)
			stop = end;
		*stop = '\0';
		if (*text)
			r = list_add(list, text);
		text = stop + 1;
	}
	return r;
}

int list_read(struct list *list, struct arena *arena, const char *path)
{
	struct bytes bytes = { 0 };
	char *text = NULL;
	int r = read_file(path, &bytes);

	if (!r) {
		text = arena_strndup(arena, bytes.items, bytes.count);
		r = text ? 0 : -ENOMEM;
	}
	if (!r)
		r = split(list, text, bytes.count, memchr(text, 0, bytes.count) ? '\0' : '\n');
	array_done(&bytes);
	if (!r || r == -ENOMEM)
		return r;
	message("%s: %s", strcmp(path, "-") == 0 ? "standard input" : path, strerror(-r));
	return r == -EINVAL ? -EIO : r;
}

int list_add_expanded(struct list *list, struct arena *arena, const char *text)
{
	if (text[0] == '@' && text[1])
		return list_read(list, arena, text + 1);
	return list_add(list, text);
}

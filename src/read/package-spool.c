/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in read/package-spool.h. */
#include "read/package-spool.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE UINT64_C(0x10000) /* the largest that machines have */

void spool_init(struct spool *spool, uint64_t memory)
{
	*spool = (struct spool){ .memory_left = memory, .fd = -1 };
}

void spool_done(struct spool *spool)
{
	if (spool->fd >= 0)
		close(spool->fd);
	spool->fd = -1;
}

bool spool_fits(struct spool *spool, uint64_t size)
{
	if (size > spool->memory_left)
		return false;
	spool->memory_left -= size;
	return true;
}

/* For file systems that have no files without a name. */
static int open_named(const char *folder)
{
	AUTO_FREE char *path = NULL;
	int fd;

	if (asprintf(&path, "%s/abifit-XXXXXX", folder) < 0) {
		path = NULL;
		return -ENOMEM;
	}
	fd = mkostemp(path, O_CLOEXEC);
	if (fd < 0)
		return -errno;
	unlink(path);
	return fd;
}

static int open_file(struct spool *spool)
{
	const char *wish = getenv("TMPDIR");
	/* The contents are large: /tmp may be in memory. */
	const char *const folders[] = { wish && *wish ? wish : "/var/tmp", "/tmp" };
	int r = -ENOENT;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(folders); i++) {
		int fd = open(folders[i], O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

		if (fd < 0)
			fd = open_named(folders[i]);
		if (fd >= 0) {
			spool->fd = fd;
			return 0;
		}
		r = fd;
	}
	spool->folder = folders[0];
	return r;
}

int spool_reserve(struct spool *spool, uint64_t size, uint64_t *ret)
{
	uint64_t end;
	int r = spool->fd < 0 ? open_file(spool) : 0;

	if (r)
		return r;
	if (__builtin_add_overflow(spool->size, size, &end) || end > INT64_MAX - PAGE)
		return -EFBIG;
	if (ftruncate(spool->fd, (off_t)end))
		return -errno;
	*ret = spool->size;
	spool->size = (end + 15) & ~UINT64_C(15);
	return 0;
}

int spool_write(struct spool *spool, uint64_t at, const void *bytes, size_t size)
{
	const char *next = bytes;

	while (size) {
		ssize_t n = pwrite(spool->fd, next, size, (off_t)at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n ? -errno : -EIO;
		next += n;
		at += (uint64_t)n;
		size -= (size_t)n;
	}
	return 0;
}

void spool_align(struct spool *spool)
{
	spool->size = (spool->size + PAGE - 1) & ~(PAGE - 1);
}

int spool_map(const struct spool *spool, uint64_t start, const unsigned char **ret)
{
	void *bytes = mmap(NULL, (size_t)(spool->size - start), PROT_READ, MAP_PRIVATE, spool->fd,
			   (off_t)start);

	if (bytes == MAP_FAILED)
		return -errno;
	*ret = bytes;
	return 0;
}

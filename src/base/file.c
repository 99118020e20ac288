/* SPDX-License-Identifier: Apache-2.0 */
/* Mapped files; contract in base/file.h. */
#include "base/array.h"
#include "base/file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

static int map_descriptor(int fd, struct file *ret)
{
	struct file file = { 0 };

	if (fstat(fd, &file.stat))
		return -errno;
	if (S_ISDIR(file.stat.st_mode))
		return -EISDIR;
	if (!S_ISREG(file.stat.st_mode))
		return -EINVAL;
	file.size = (size_t)file.stat.st_size;
	if (file.size) {
		void *bytes = mmap(NULL, file.size, PROT_READ, MAP_PRIVATE, fd, 0);

		if (bytes == MAP_FAILED)
			return -errno;
		file.bytes = bytes;
	}
	*ret = file;
	return 0;
}

int file_map(const char *path, struct file *ret)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	int r;

	if (fd < 0)
		return -errno;
	r = map_descriptor(fd, ret);
	close(fd);
	return r;
}

void file_unmap(struct file *file)
{
	if (file->bytes && !file->is_borrowed)
		munmap((void *)file->bytes, file->size);
	*file = (struct file){ 0 };
}

int file_load(int fd, size_t most, char **ret, size_t *ret_size)
{
	AUTO_FREE char *bytes = NULL;
	size_t capacity = 0;
	size_t size = 0;
	ssize_t n;

	do {
		if (capacity - size < 2 &&
		    array_reserve_bytes((void **)&bytes, &capacity, size + 4096, 1))
			return -ENOMEM;
		n = read(fd, bytes + size, capacity - size - 1);
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0)
			size += (size_t)n;
		if (size > most)
			return -EFBIG;
	} while (n);
	bytes[size] = '\0';
	*ret = bytes;
	*ret_size = size;
	bytes = NULL;
	return 0;
}

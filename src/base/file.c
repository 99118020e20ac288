/* SPDX-License-Identifier: Apache-2.0 */
/* Mapped files; contract in base/file.h. */
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
	if (file->bytes)
		munmap((void *)file->bytes, file->size);
	*file = (struct file){ 0 };
}

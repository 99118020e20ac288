/* SPDX-License-Identifier: Apache-2.0 */
/*
 * To be preloaded: makes one allocation fail, or all from one on. Counted are the
 * allocations that follow the start of the program proper.
 *
 * ABIFIT_FAIL_AT=N       the N-th allocation fails, from 1
 * ABIFIT_FAIL_ALL=1      and all that follow it
 * ABIFIT_FAIL_REPORT=F   a byte is appended to the file F when one has failed
 */
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The allocator of the C library by the names that nobody interposes. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void *__libc_memalign(size_t align, size_t size);

static atomic_ulong calls;
static unsigned long fail_at;
static bool fail_all;
static int report = -1;

/* Runs before main; what the C library allocates earlier is not counted. */
__attribute__((constructor)) static void read_settings(void)
{
	const char *at = getenv("ABIFIT_FAIL_AT");
	const char *path = getenv("ABIFIT_FAIL_REPORT");

	fail_all = getenv("ABIFIT_FAIL_ALL") != NULL;
	if (path)
		report = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
	fail_at = at ? strtoul(at, NULL, 10) : 0;
}

static bool fails(void)
{
	unsigned long call;

	if (!fail_at)
		return false;
	call = atomic_fetch_add(&calls, 1) + 1;
	if (fail_all ? call < fail_at : call != fail_at)
		return false;
	if (report >= 0 && write(report, "x", 1) != 1)
		_exit(127);
	errno = ENOMEM;
	return true;
}

void *malloc(size_t size)
{
	return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return fails() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
	return fails() ? NULL : __libc_realloc(old, size);
}

void *reallocarray(void *old, size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes)) {
		errno = ENOMEM;
		return NULL;
	}
	return realloc(old, bytes);
}

void *memalign(size_t align, size_t size)
{
	return fails() ? NULL : __libc_memalign(align, size);
}

void *aligned_alloc(size_t align, size_t size)
{
	return memalign(align, size);
}

int posix_memalign(void **ret, size_t align, size_t size)
{
	void *memory = memalign(align, size);

	if (!memory)
		return ENOMEM;
	*ret = memory;
	return 0;
}

/* Anonymous memory counts as an allocation; mapped files do not. */
void *mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset)
{
	if ((flags & MAP_ANONYMOUS) && fails())
		return MAP_FAILED;
	return (void *)syscall(SYS_mmap, address, length, protection, flags, fd, offset);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * To be preloaded: makes one allocation fail, or all from one on. Counted are the
 * allocations that follow the start of the program proper.
 *
 * ABIFIT_FAIL_AT=N       the N-th allocation fails, from 1
 * ABIFIT_FAIL_ALL=1      and all that follow it
 * ABIFIT_FAIL_OWN=1      counted are those of the program itself, not of its libraries
 * ABIFIT_FAIL_REPORT=F   a byte is appended to the file F when one has failed
 */
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
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
/* Where the code of the program and of its own library is; no end: that of all counts. */
static struct {
	uintptr_t start, end;
} own[2];
static size_t own_count;

static int find_own(struct dl_phdr_info *info, size_t size, void *data)
{
	size_t i;

	(void)size;
	(void)data;
	if (*info->dlpi_name && !strstr(info->dlpi_name, "/libabifit.so"))
		return 0;
	for (i = 0; i < info->dlpi_phnum && own_count < 2; i++) {
		const ElfW(Phdr) *header = &info->dlpi_phdr[i];

		if (header->p_type != PT_LOAD || !(header->p_flags & PF_X))
			continue;
		own[own_count].start = info->dlpi_addr + header->p_vaddr;
		own[own_count].end = own[own_count].start + header->p_memsz;
		own_count++;
		break;
	}
	return 0;
}

static bool is_own(uintptr_t place)
{
	size_t i;

	for (i = 0; i < own_count; i++) {
		if (place >= own[i].start && place < own[i].end)
			return true;
	}
	return !own_count;
}

/* Runs before main; what the C library allocates earlier is not counted. */
__attribute__((constructor)) static void read_settings(void)
{
	const char *at = getenv("ABIFIT_FAIL_AT");
	const char *path = getenv("ABIFIT_FAIL_REPORT");

	fail_all = getenv("ABIFIT_FAIL_ALL") != NULL;
	if (path)
		report = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
	if (getenv("ABIFIT_FAIL_OWN"))
		dl_iterate_phdr(find_own, NULL);
	fail_at = at ? strtoul(at, NULL, 10) : 0;
}

static bool fails(const void *caller)
{
	unsigned long call;

	if (!fail_at || !is_own((uintptr_t)caller))
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
	return fails(__builtin_return_address(0)) ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return fails(__builtin_return_address(0)) ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
	return fails(__builtin_return_address(0)) ? NULL : __libc_realloc(old, size);
}

void *reallocarray(void *old, size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes)) {
		errno = ENOMEM;
		return NULL;
	}
	return fails(__builtin_return_address(0)) ? NULL : __libc_realloc(old, bytes);
}

void *memalign(size_t align, size_t size)
{
	return fails(__builtin_return_address(0)) ? NULL : __libc_memalign(align, size);
}

void *aligned_alloc(size_t align, size_t size)
{
	return fails(__builtin_return_address(0)) ? NULL : __libc_memalign(align, size);
}

int posix_memalign(void **ret, size_t align, size_t size)
{
	void *memory = fails(__builtin_return_address(0)) ? NULL : __libc_memalign(align, size);

	if (!memory)
		return ENOMEM;
	*ret = memory;
	return 0;
}

/* Anonymous memory counts as an allocation; mapped files do not. */
void *mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset)
{
	if ((flags & MAP_ANONYMOUS) && fails(__builtin_return_address(0)))
		return MAP_FAILED;
	return (void *)syscall(SYS_mmap, address, length, protection, flags, fd, offset);
}

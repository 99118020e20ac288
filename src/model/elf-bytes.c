/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in model/elf-bytes.h. */
#include "model/elf-bytes.h"

#include <elf.h>
#include <string.h>

bool elf_format_read(const unsigned char *bytes, size_t size, struct elf_format *ret,
		     struct fault *ret_fault)
{
	*ret_fault = (struct fault){ 0 };
	if (size < SELFMAG || memcmp(bytes, ELFMAG, SELFMAG))
		return false;
	*ret_fault = (struct fault){ "input/truncated", "ELF header", size,
				     "the file ends inside its ELF header" };
	if (size < EI_NIDENT)
		return false;
	if (bytes[EI_CLASS] != ELFCLASS32 && bytes[EI_CLASS] != ELFCLASS64) {
		*ret_fault = (struct fault){ "input/malformed", "ELF header", EI_CLASS,
					     "unknown ELF class" };
		return false;
	}
	if (bytes[EI_DATA] != ELFDATA2LSB && bytes[EI_DATA] != ELFDATA2MSB) {
		*ret_fault = (struct fault){ "input/malformed", "ELF header", EI_DATA,
					     "unknown byte order" };
		return false;
	}
	ret->is_64 = bytes[EI_CLASS] == ELFCLASS64;
	ret->is_big = bytes[EI_DATA] == ELFDATA2MSB;
	ret->swap = ret->is_big != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__);
	if (size < (ret->is_64 ? sizeof(Elf64_Ehdr) : sizeof(Elf32_Ehdr)))
		return false;
	*ret_fault = (struct fault){ 0 };
	return true;
}

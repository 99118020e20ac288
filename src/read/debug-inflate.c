/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in read/debug-inflate.h. */
#include "read/debug-inflate.h"

#include <libdeflate.h>
#include <string.h>
#include <zstd.h>

#ifndef ELFCOMPRESS_ZSTD
#define ELFCOMPRESS_ZSTD 2
#endif

#define ZLIB_RATIO 1032 /* deflate cannot do better */

enum method { METHOD_NONE, METHOD_ZLIB, METHOD_ZSTD, METHOD_UNKNOWN };

struct packed {
	enum method method;
	uint64_t size;	    /* inflated */
	struct table bytes; /* without header; NULL bytes: cut off */
};

static struct table behind(struct table t, size_t header)
{
	if (!t.bytes || t.size < header)
		return (struct table){ 0 };
	return (struct table){ t.bytes + header, t.size - header };
}

static struct packed unpack_zdebug(struct table t)
{
	struct packed p = { .method = METHOD_ZLIB, .bytes = behind(t, 12) };
	unsigned i;

	if (!p.bytes.bytes)
		return p;
	if (memcmp(t.bytes, "ZLIB", 4))
		p.method = METHOD_UNKNOWN;
	for (i = 4; i < 12; i++)
		p.size = p.size << 8 | t.bytes[i];
	return p;
}

static struct packed unpack(const struct object_file *object, const struct object_section *section,
			    bool is_zdebug)
{
	struct table t = object_section_bytes(object, section);
	struct packed p = { .bytes = t, .size = t.size };
	uint32_t type;

	if (is_zdebug)
		return unpack_zdebug(t);
	if (!(section->flags & SHF_COMPRESSED))
		return p;
	p.bytes = behind(t, object->is_64 ? sizeof(Elf64_Chdr) : sizeof(Elf32_Chdr));
	p.size = 0;
	if (!p.bytes.bytes)
		return p;
	type = elf_u32(object->swap, t.bytes);
	p.size = object->is_64 ? elf_u64(object->swap, t.bytes + 8)
			       : elf_u32(object->swap, t.bytes + 4);
	p.method = type == ELFCOMPRESS_ZLIB   ? METHOD_ZLIB
		   : type == ELFCOMPRESS_ZSTD ? METHOD_ZSTD
					      : METHOD_UNKNOWN;
	return p;
}

uint64_t debug_inflated_size(const struct object_file *object, const struct object_section *section,
			     bool is_zdebug)
{
	return unpack(object, section, is_zdebug).size;
}

static bool refuse(struct fault *ret, const char *rule, const char *text)
{
	*ret = (struct fault){ .rule = rule, .text = text };
	return false;
}

bool debug_inflate_check(const struct object_file *object, const struct object_section *section,
			 bool is_zdebug, struct fault *ret_fault)
{
	struct packed p = unpack(object, section, is_zdebug);

	if (!p.bytes.bytes)
		return refuse(ret_fault, "input/truncated", "the file ends inside the section");
	if (p.method == METHOD_UNKNOWN)
		return refuse(ret_fault, "input/damaged-debug-info",
			      "the section is compressed in an unknown way");
	if (p.method == METHOD_ZLIB && p.size / ZLIB_RATIO > p.bytes.size)
		return refuse(ret_fault, "input/damaged-debug-info",
			      "the section claims more bytes than its compressed ones can hold");
	return true;
}

static int inflate_zlib(struct table from, unsigned char *to, size_t size)
{
	struct libdeflate_decompressor *d = libdeflate_alloc_decompressor();
	enum libdeflate_result result;

	if (!d)
		return -ENOMEM;
	result = libdeflate_zlib_decompress(d, from.bytes, from.size, to, size, NULL);
	libdeflate_free_decompressor(d);
	return result == LIBDEFLATE_SUCCESS ? 0 : -EBADMSG;
}

int debug_inflate(const struct object_file *object, const struct object_section *section,
		  bool is_zdebug, unsigned char *to, size_t size, struct fault *ret_fault)
{
	struct packed p = unpack(object, section, is_zdebug);
	int r = 0;

	if (p.method == METHOD_NONE) {
		if (size)
			memcpy(to, p.bytes.bytes, size);
	} else if (p.method == METHOD_ZLIB) {
		r = inflate_zlib(p.bytes, to, size);
	} else if (ZSTD_decompress(to, size, p.bytes.bytes, p.bytes.size) != size) {
		r = -EBADMSG;
	}
	if (r == -EBADMSG)
		refuse(ret_fault, "input/damaged-debug-info",
		       "the section's compressed bytes are damaged");
	return r;
}

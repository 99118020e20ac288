/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Numbers in DWARF sections. Callers have at least DEBUG_PADDING readable bytes
 * behind the end; the functions say what is not inside of it.
 */
#ifndef READ_DWARF_BYTES_H
#define READ_DWARF_BYTES_H

#include "read/debug-sections.h"

#define HIGH_BITS UINT64_C(0x8080808080808080)
#define LOW_BITS UINT64_C(0x0101010101010101)

/* Eight bytes, the first one lowest. */
static inline uint64_t dwarf_word(const unsigned char *at)
{
	return elf_u64(__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__, at);
}

/* A number of `size` bytes, 0 to 8. */
static inline uint64_t dwarf_fixed(bool is_big, const unsigned char *at, unsigned size)
{
	uint64_t v = dwarf_word(at);

	if (!size)
		return 0;
	if (is_big)
		return __builtin_bswap64(v) >> (64 - 8 * size);
	return v & UINT64_MAX >> (64 - 8 * size);
}

/* Behind the LEB128 number at `at`; may be past the end, which shows that it is cut off. */
static inline const unsigned char *dwarf_skip_leb(const unsigned char *at, const unsigned char *end)
{
	uint64_t stops = ~dwarf_word(at) & HIGH_BITS;

	if (stops)
		return at + __builtin_ctzll(stops) / 8 + 1;
	for (at += 8; at < end; at++) {
		if (!(*at & 0x80))
			return at + 1;
	}
	return end + 1;
}

/* Behind the string at `at`; past the end when that comes first. */
static inline const unsigned char *dwarf_skip_string(const unsigned char *at,
						     const unsigned char *end)
{
	for (; at < end; at += 8) {
		uint64_t word = dwarf_word(at);
		uint64_t zeros = (word - LOW_BITS) & ~word & HIGH_BITS;

		if (zeros)
			return at + __builtin_ctzll(zeros) / 8 + 1;
	}
	return end + 1;
}

/* Reads on from *at. False: cut off. Bits above the 64th are dropped. */
static inline bool dwarf_uleb(const unsigned char **at, const unsigned char *end, uint64_t *ret)
{
	const unsigned char *p = *at;
	unsigned shift = 0;
	uint64_t v = 0;

	for (; p < end; shift += 7) {
		if (shift < 64)
			v |= (uint64_t)(*p & 0x7f) << shift;
		if (!(*p++ & 0x80)) {
			*at = p;
			*ret = v;
			return true;
		}
	}
	return false;
}

static inline bool dwarf_sleb(const unsigned char **at, const unsigned char *end, int64_t *ret)
{
	const unsigned char *p = *at;
	uint64_t v;
	uint64_t bits;

	if (!dwarf_uleb(at, end, &v))
		return false;
	bits = 7 * (uint64_t)(*at - p);
	if (bits < 64 && (*at)[-1] & 0x40)
		v |= UINT64_MAX << bits;
	*ret = (int64_t)v;
	return true;
}

#endif

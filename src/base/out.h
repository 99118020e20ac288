/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Buffered output to a sink function. The first error of the sink, or lack of
 * memory, is kept in `error` (a negative errno class); later writes are then
 * dropped, and out_flush() returns it. A NULL sink keeps all in memory.
 */
#ifndef BASE_OUT_H
#define BASE_OUT_H

#include "base/common.h"

#include <string.h>

/* Takes `size` bytes; returns 0 or a negative errno class. */
typedef int (*out_sink)(void *data, const char *bytes, size_t size);

struct out {
	out_sink sink;
	void *data;
	char *bytes;
	size_t size;
	size_t capacity;
	int error;
};

void out_init(struct out *out, out_sink sink, void *data);
void out_bytes_slow(struct out *out, const char *bytes, size_t size);
void out_printf(struct out *out, const char *format, ...) PRINTF_LIKE(2, 3);
int out_flush(struct out *out);
void out_done(struct out *out);

static inline void out_bytes(struct out *out, const char *bytes, size_t size)
{
	if (size < out->capacity - out->size) {
		memcpy(out->bytes + out->size, bytes, size);
		out->size += size;
	} else {
		out_bytes_slow(out, bytes, size);
	}
}

static inline void out_text(struct out *out, const char *text)
{
	out_bytes(out, text, strlen(text));
}

static inline void out_char(struct out *out, char c)
{
	out_bytes(out, &c, 1);
}

/* Text from a file, safe for a terminal: control bytes become \xNN. */
void out_safe(struct out *out, const char *text);
void out_unsigned(struct out *out, uint64_t value);

#endif

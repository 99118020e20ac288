/* SPDX-License-Identifier: Apache-2.0 */
/* Buffered output; contract in base/out.h. */
#include "base/out.h"

#include <stdarg.h>
#include <stdio.h>

#define BUFFER_SIZE (64 * 1024)

void out_init(struct out *out, out_sink sink, void *data)
{
	*out = (struct out){ .sink = sink, .data = data };
}

static void fail(struct out *out, int error)
{
	if (!out->error)
		out->error = error;
	out->size = 0;
}

static int make_room(struct out *out, size_t size)
{
	size_t wanted = out->capacity ? out->capacity : BUFFER_SIZE;
	char *grown;

	if (out->sink && out->capacity && size < out->capacity)
		return out_flush(out);
	while (wanted - out->size <= size) {
		if (__builtin_mul_overflow(wanted, 2, &wanted))
			return -ENOMEM;
	}
	grown = realloc(out->bytes, wanted);
	if (!grown)
		return -ENOMEM;
	out->bytes = grown;
	out->capacity = wanted;
	return 0;
}

void out_bytes_slow(struct out *out, const char *bytes, size_t size)
{
	int r;

	if (out->error)
		return;
	r = make_room(out, size);
	if (r) {
		fail(out, r);
		return;
	}
	memcpy(out->bytes + out->size, bytes, size);
	out->size += size;
}

void out_printf(struct out *out, const char *format, ...)
{
	char text[512];
	va_list args;
	char *longer = NULL;
	int length;

	va_start(args, format);
	length = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (length < 0)
		return;
	if ((size_t)length < sizeof(text)) {
		out_bytes(out, text, (size_t)length);
		return;
	}
	va_start(args, format);
	if (vasprintf(&longer, format, args) < 0)
		fail(out, -ENOMEM);
	else
		out_bytes(out, longer, (size_t)length);
	va_end(args);
	free(longer);
}

int out_flush(struct out *out)
{
	if (!out->error && out->sink && out->size) {
		int r = out->sink(out->data, out->bytes, out->size);

		if (r)
			fail(out, r);
		out->size = 0;
	}
	return out->error;
}

void out_done(struct out *out)
{
	free(out->bytes);
	*out = (struct out){ 0 };
}

void out_safe(struct out *out, const char *text)
{
	const char *start = text;

	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c >= 0x20 && c != 0x7f)
			continue;
		out_bytes(out, start, (size_t)(text - start));
		out_printf(out, "\\x%02x", c);
		start = text + 1;
	}
	out_bytes(out, start, (size_t)(text - start));
}

void out_unsigned(struct out *out, uint64_t value)
{
	char digits[20];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + value % 10);
		value /= 10;
	} while (value);
	out_bytes(out, digits + at, sizeof(digits) - at);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in read/package-gzip.h. */
#include "read/package-gzip.h"

#ifdef HAVE_LIBARCHIVE

#include <limits.h>

#define GZIP_ONLY (MAX_WBITS + 16)

int package_gzip_init(struct package_gzip *gzip, const struct package_library *lib,
		      const unsigned char *bytes, size_t size)
{
	gzip->lib = lib;
	gzip->bytes = bytes;
	gzip->size = size;
	if (lib->inflateInit2_(&gzip->stream, GZIP_ONLY, ZLIB_VERSION, (int)sizeof(z_stream)) !=
	    Z_OK)
		return -ENOMEM;
	gzip->is_open = true;
	return 0;
}

void package_gzip_done(struct package_gzip *gzip)
{
	if (gzip->is_open)
		gzip->lib->inflateEnd(&gzip->stream);
	gzip->is_open = false;
}

static ssize_t fail(struct package_gzip *gzip, const char *problem, bool is_cut)
{
	gzip->problem = problem;
	gzip->is_cut = is_cut;
	return -1;
}

/* Several members make one stream; zeros, or what is none, may follow the last, as for gzip(1). */
static bool goes_on(struct package_gzip *gzip)
{
	gzip->is_between = false;
	if (gzip->size - gzip->at < 2 || gzip->bytes[gzip->at] != 0x1f ||
	    gzip->bytes[gzip->at + 1] != 0x8b)
		return false;
	return gzip->lib->inflateReset(&gzip->stream) == Z_OK;
}

ssize_t package_gzip_next(struct package_gzip *gzip, const void **ret)
{
	z_stream *z = &gzip->stream;
	size_t given;
	int r;

	*ret = gzip->piece;
	z->next_out = gzip->piece;
	z->avail_out = sizeof(gzip->piece);
	do {
		if (gzip->is_between && !goes_on(gzip)) {
			gzip->at = gzip->size;
			gzip->is_between = true;
			break;
		}
		given = size_min(gzip->size - gzip->at, UINT_MAX);
		z->next_in = (unsigned char *)gzip->bytes + gzip->at;
		z->avail_in = (unsigned)given;
		r = gzip->lib->inflate(z, Z_NO_FLUSH);
		gzip->at += given - z->avail_in;
		if (r == Z_STREAM_END)
			gzip->is_between = true;
		else if (r == Z_BUF_ERROR || (r == Z_OK && gzip->at == gzip->size && z->avail_out))
			return fail(gzip, "the gzip stream ends early", true);
		else if (r != Z_OK)
			return fail(gzip, z->msg ? z->msg : "the gzip stream is damaged", false);
	} while (z->avail_out == sizeof(gzip->piece));
	return (ssize_t)(sizeof(gzip->piece) - z->avail_out);
}

#endif

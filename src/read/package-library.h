/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libarchive and zlib, loaded when the first package is read: it brings a dozen libraries with it,
 * which would double the time that every command takes to start. Only read/package-*.c know of it.
 */
#ifndef READ_PACKAGE_LIBRARY_H
#define READ_PACKAGE_LIBRARY_H

#include "base/common.h"

#ifdef HAVE_LIBARCHIVE

#include <archive.h>
#include <archive_entry.h>
#include <zlib.h>

#define PACKAGE_LIBRARY_CALLS(X)                                                                   \
	X(archive_read_new)                                                                        \
	X(archive_read_free)                                                                       \
	X(archive_read_support_filter_bzip2)                                                       \
	X(archive_read_support_filter_lzma)                                                        \
	X(archive_read_support_filter_xz)                                                          \
	X(archive_read_support_filter_zstd)                                                        \
	X(archive_read_support_format_cpio)                                                        \
	X(archive_read_support_format_tar)                                                         \
	X(archive_read_open2)                                                                      \
	X(archive_read_open_memory)                                                                \
	X(archive_read_next_header)                                                                \
	X(archive_read_data_block)                                                                 \
	X(archive_filter_bytes)                                                                    \
	X(archive_set_error)                                                                       \
	X(archive_errno)                                                                           \
	X(archive_error_string)                                                                    \
	X(archive_entry_filetype)                                                                  \
	X(archive_entry_hardlink)                                                                  \
	X(archive_entry_hardlink_utf8)                                                             \
	X(archive_entry_mode)                                                                      \
	X(archive_entry_pathname)                                                                  \
	X(archive_entry_pathname_utf8)                                                             \
	X(archive_entry_size)                                                                      \
	X(archive_entry_symlink)                                                                   \
	X(archive_entry_symlink_utf8)

/* libarchive does not compare the checksum of gzip files. */
#define PACKAGE_ZLIB_CALLS(X)                                                                      \
	X(inflateInit2_)                                                                           \
	X(inflate)                                                                                 \
	X(inflateReset)                                                                            \
	X(inflateEnd)

struct package_library {
#define PACKAGE_LIBRARY_FIELD(name) __typeof__(&name) name;
	PACKAGE_LIBRARY_CALLS(PACKAGE_LIBRARY_FIELD)
	PACKAGE_ZLIB_CALLS(PACKAGE_LIBRARY_FIELD)
#undef PACKAGE_LIBRARY_FIELD
};

/* Fills the table in; it stays valid as long as the process. 0, or -ENOTSUP: it is not there. */
int package_library_load(struct package_library *ret) MUST_CHECK;

#endif
#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Packages: .deb (deb(5)), .rpm and tar archives, as trees of files. They are known by their
 * first bytes. One pass reads a package; nothing of it is ever unpacked by name.
 *
 *	package_open(path, &limits, PACKAGE_DATA, &spool, &arena, &fault, &package);
 *	package_tree_find(&package->data, "usr/lib/libz.so.1", true, &node);
 *	node->file->bytes, node->file->size
 *	package_free(package);
 *
 * libarchive reads tar, cpio and what they are compressed with; a build without it knows packages,
 * but tells that it cannot read them.
 */
#ifndef READ_PACKAGE_H
#define READ_PACKAGE_H

#include "read/package-spool.h"
#include "read/package-tree.h"

/* Bytes from the start of a file that tell what it is. */
#define PACKAGE_HEAD 512

enum package_kind {
	PACKAGE_NONE,
	PACKAGE_DEB,
	PACKAGE_RPM,
	PACKAGE_TAR,
	PACKAGE_COMPRESSED, /* compressed: a tar archive, if it is a package at all */
};

/* Parts that are read. */
#define PACKAGE_DATA (1u << 0)	  /* the files that it installs */
#define PACKAGE_CONTROL (1u << 1) /* those of a .deb that dpkg reads: control, symbols, … */

struct package_limits {
	uint64_t file; /* bytes of one file that is kept */
	/* Bytes that all comes to, uncompressed; and how much more than it has packed, beyond a
	 * GiB. */
	uint64_t total;
	uint64_t ratio;
	size_t nodes;
	size_t names; /* bytes of all names */
};

extern const struct package_limits package_default_limits;
/* What is kept in memory before a temporary file is made. */
#define PACKAGE_MEMORY (UINT64_C(64) << 20)

struct package {
	enum package_kind kind;
	struct package_tree data;
	struct package_tree control;
	/* What of the contents is in the spool. */
	const unsigned char *mapped;
	size_t mapped_size;
};

enum package_kind package_kind(const unsigned char *head, size_t size);

/*
 * Reads the parts of the package at `path`. ELF files, archives and small files are kept, of
 * others only what they are. 0; -ENOMEM; the errno of opening it; -EBADMSG: *ret_fault
 * tells what is wrong, its text in `texts`.
 */
int package_open(const char *path, const struct package_limits *limits, unsigned parts,
		 struct spool *spool, struct arena *texts, struct fault *ret_fault,
		 struct package **ret) MUST_CHECK;
/* The same for bytes, which the caller keeps. */
int package_read(const unsigned char *bytes, size_t size, const struct package_limits *limits,
		 unsigned parts, struct spool *spool, struct arena *texts, struct fault *ret_fault,
		 struct package **ret) MUST_CHECK;
void package_free(struct package *package);

#endif

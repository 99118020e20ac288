/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The files that hold a library's debug information: itself or a separate file,
 * the alternate file that several share, and split files (.dwo, .dwp). Each must
 * show that it belongs to the library before anything is read of it.
 *
 *	search = { .dirs = dirs, .dir_count = count, .root = sysroot };
 *	debug_files_open(path, bytes, size, &search, &files);
 *	files->main ? files->main->path : files->problem
 *	debug_files_free(files);
 *
 * Specification: DWARF 5 §7.3 and appendix F; what binutils, dwz and gdb do for
 * .gnu_debuglink, .gnu_debugaltlink and folders of build ids.
 */
#ifndef READ_DEBUG_FILES_H
#define READ_DEBUG_FILES_H

#include "base/arena.h"
#include "base/file.h"
#include "base/numbers.h"
#include "read/debug-sections.h"

struct debug_search {
	/*
	 * Folders that are looked in first. Each is a folder for debug files, or the root
	 * of an unpacked package of them.
	 */
	const char *const *dirs;
	size_t dir_count;
	const char *root; /* of the system whose debug files are looked at last; NULL: "/" */
	/*
	 * Ask the servers that $DEBUGINFOD_URLS names, when nothing else is found. Only where
	 * the build has debuginfod.
	 */
	bool use_servers;
	/* In place of file_map() and realpath(), where files are elsewhere; or both NULL. */
	int (*map)(void *data, const char *path, struct file *ret);
	char *(*real)(void *data, const char *path);
	void *data;
	const char *inside; /* the library's path in its system; NULL: as `root` tells */
};

struct debug_file {
	const char *path; /* NULL: bytes without one */
	struct file file;
	struct debug_sections sections;
};

struct debug_files {
	struct debug_search search;
	struct debug_file library;    /* its bytes are the caller's */
	struct debug_file *main;      /* where the debug information is; NULL: nowhere */
	struct debug_file *alternate; /* what `main` refers to; NULL: nothing, or not found */
	const char *problem;	      /* why there is no `main`; NULL: there is */
	const char
		*alternate_problem; /* why its alternate file is not there; NULL: no need of one */
	size_t missing_splits;	    /* split units that no file was found for, and the first's */
	const char *missing_split;  /* name; set when types are read */
	struct arena arena;	    /* of the texts */
	struct array_of(struct debug_file *) opened;
	struct numbers by_identity;	       /* of `opened` */
	struct array_of(const char *) folders; /* that may hold debug files, with `search.dirs` */
	struct array_of(const char *) places;  /* that may hold split files */
	const char *refused; /* the first candidate that does not belong, and why */
};

/*
 * Finds where the debug information of the library at `path` is, whose bytes the
 * caller keeps; no debug information is no error. With a NULL path only the bytes
 * are looked at. Strings of *search must outlive *ret. 0 or -ENOMEM.
 */
int debug_files_open(const char *path, const unsigned char *bytes, size_t size,
		     const struct debug_search *search, struct debug_files **ret) MUST_CHECK;
void debug_files_free(struct debug_files *files);

/*
 * The next file from *next on that may hold the split units of `main`: a package
 * (.dwp), and for one unit the file that it names, `dir` the folder it was compiled
 * in (NULL: not told). NULL in *ret: there are no more. A file that was given before
 * is given again, at the same address. 0 or -ENOMEM.
 */
int debug_files_package(struct debug_files *files, unsigned *next,
			struct debug_file **ret) MUST_CHECK;
int debug_files_split(struct debug_files *files, const char *dir, const char *name, unsigned *next,
		      struct debug_file **ret) MUST_CHECK;

#endif

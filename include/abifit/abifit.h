/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libabifit: do the pieces of a C or C++ system on GNU/Linux fit together?
 * From files alone: nothing that is looked at is ever executed.
 *
 * Conventions. Functions that can fail return 0 or a negative errno value:
 * -ENOMEM, -EINVAL (wrong use), -ENOENT, -EIO. Option structs start with their
 * size (set it with sizeof); fields that are zero have the documented default,
 * so an older caller works with a newer library; a larger struct is accepted
 * as long as the part that the library does not know is zero, else -EINVAL.
 * Strings handed in are borrowed for the call; strings handed out belong to the
 * object that gave them. A context and what was made from it may be used from
 * one thread at a time; the library itself starts threads where asked to.
 */
#ifndef ABIFIT_ABIFIT_H
#define ABIFIT_ABIFIT_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifndef ABIFIT_API
#if defined(__GNUC__)
#define ABIFIT_API __attribute__((visibility("default")))
#else
#define ABIFIT_API
#endif
#endif

struct abifit_context;
struct abifit_system;
struct abifit_report;

/* Verdicts, from good to bad. */
#define ABIFIT_VERDICT_OK 0
#define ABIFIT_VERDICT_RISK 1
#define ABIFIT_VERDICT_BREAK 2

/* Exit status of a run, as the program `abifit` gives it. */
#define ABIFIT_STATUS_FITS 0
#define ABIFIT_STATUS_BREAK 1
#define ABIFIT_STATUS_USAGE 2
#define ABIFIT_STATUS_INPUT 3
#define ABIFIT_STATUS_INTERNAL 4
#define ABIFIT_STATUS_UNDECIDED 5

/* Flags of struct abifit_check_options. */
#define ABIFIT_CHECK_BINDINGS (1u << 0)	    /* keep every binding in the report */
#define ABIFIT_CHECK_LINT (1u << 1)	    /* also findings of low severity */
#define ABIFIT_CHECK_DLOPEN (1u << 2)	    /* follow dlopen metadata notes */
#define ABIFIT_CHECK_DLOPEN_GUESS (1u << 3) /* and names found in strings */

/* Flags of struct abifit_tree_options. */
#define ABIFIT_TREE_NO_REPEATS (1u << 0) /* a library's own needs are shown once */

/* Flags of struct abifit_environment. */
#define ABIFIT_ENVIRONMENT_SECURE (1u << 0)   /* as for a set-user-id program */
#define ABIFIT_ENVIRONMENT_BIND_NOW (1u << 1) /* LD_BIND_NOW is set */

/* Sections of `show`; 0 means all. */
#define ABIFIT_SHOW_HEADER (1u << 0)
#define ABIFIT_SHOW_NEEDED (1u << 1)
#define ABIFIT_SHOW_VERSIONS (1u << 2)
#define ABIFIT_SHOW_EXPORTS (1u << 3)
#define ABIFIT_SHOW_IMPORTS (1u << 4)
#define ABIFIT_SHOW_HARDENING (1u << 5)
#define ABIFIT_SHOW_FLOORS (1u << 6)
#define ABIFIT_SHOW_DLOPEN (1u << 7)

/*
 * The environment that the loader is assumed to run in. All zero: no LD_
 * variables, cwd "/", baseline processor, pages of 4 KiB (aarch64: 4, 16 and 64
 * KiB), kernel unknown, libc as found in the system. Since: 0.1
 */
struct abifit_environment {
	size_t size;
	uint32_t flags;
	const char *library_path;   /* LD_LIBRARY_PATH */
	const char *const *preload; /* NULL-terminated names, as in LD_PRELOAD */
	const char *cwd;	    /* absolute */
	const char *cpu;	    /* "x86-64-v3", "z15", "native", … */
	uint32_t page_size;	    /* bytes */
	const char *kernel_version; /* "5.10" */
	const char *libc;	    /* "2.17": judge by this glibc's rules; "1.2.5", "musl" */
};

struct abifit_check_options {
	size_t size;
	uint32_t flags;
	const struct abifit_environment *environment; /* NULL: the defaults */
	const char *const *with; /* libraries that stand in for those of their soname */
	const char *const *load; /* "LIB[,global|,deepbind]": dlopened into each program */
	const char *host;	 /* the program that loads the given libraries, or NULL */
	uint32_t threads;	 /* 0: one for each processor */
	/* Called now and then with the number of files done; may be NULL. */
	void (*progress)(void *data, size_t done, size_t total);
	void *progress_data;
	const char *const *waivers; /* files of findings that are waived, NULL-terminated */
	const char
		*today; /* the day "2027-01-31" that waivers are judged at; NULL: this one, UTC */
};

struct abifit_tree_options {
	size_t size;
	uint32_t flags;
	const struct abifit_environment *environment;
	uint32_t depth; /* levels below the program, 0: all */
};

struct abifit_show_options {
	size_t size;
	uint32_t sections; /* ABIFIT_SHOW_…, 0: all */
};

struct abifit_why_options {
	size_t size;
	uint32_t flags;
	const struct abifit_environment *environment;
	const char *const *objects; /* objects and archives that the file was linked from */
	const char *linker_map;	    /* the map file that the linker wrote, or NULL */
};

/* Flags of struct abifit_types_options. */
#define ABIFIT_TYPES_NONE (1u << 0)	/* symbols only: no debug information is read */
#define ABIFIT_TYPES_REQUIRED (1u << 1) /* a library without any cannot be judged */

/* Where types come from. */
struct abifit_types_options {
	size_t size;
	uint32_t flags;
	/*
	 * Folders that are looked in first for separate debug files, each as it is
	 * below /usr/lib/debug or the root of an unpacked package, or packages (.deb, .rpm,
	 * tar), NULL-terminated; or NULL.
	 */
	const char *const *debug_dirs;
	/*
	 * Public headers, or folders or packages of them, of the library or of NEW, and of OLD,
	 * NULL-terminated; or NULL. "auto": those that the system says are the library's. They
	 * are compiled, so that what programs see of a type is known.
	 */
	const char *const *headers;
	const char *const *old_headers;
	const char *compiler;	   /* the command, parted at spaces; NULL: "cc" */
	const char *const *cflags; /* its flags, NULL-terminated, each parted at spaces; or NULL */
	const char *const *old_cflags; /* those for OLD's headers; NULL: the same */
};

struct abifit_diff_options {
	size_t size;
	uint32_t flags; /* none yet: 0 */
	/*
	 * Programs, or folders of them, that use OLD, NULL-terminated; or NULL. What
	 * does not concern them is settled, and each is told what NEW does to it.
	 */
	const char *const *used_by;
	/* For used_by, and its libc for all: musl's loader does not compare versions. */
	const struct abifit_environment *environment;
	struct abifit_system *old_system; /* that of OLD and of used_by; NULL: the same as NEW's */
	uint32_t threads;		  /* 0: one for each processor */
	const char *const *waivers;	  /* as in struct abifit_check_options */
	const char *today;
	const struct abifit_types_options *types; /* NULL: as they are found */
};

/* Flags of struct abifit_leaks_options. */
#define ABIFIT_LEAKS_SCRIPT (1u << 0) /* the text is the linker script that hides what leaks */

struct abifit_leaks_options {
	size_t size;
	uint32_t flags;
	const char *const *archives; /* that the files were linked from, NULL-terminated; or NULL */
	const char *const
		*headers; /* public ones, or folders of them, NULL-terminated; or NULL: not known */
};

/* Questions of abifit_deps(). */
#define ABIFIT_DEPS_RPM 1u     /* what the files provide and require, in the words of rpm */
#define ABIFIT_DEPS_SYMBOLS 2u /* Debian's symbols file for libraries */
#define ABIFIT_DEPS_DEB 3u     /* the dependencies of a Debian package with the files */

#define ABIFIT_DEPS_CHECK 4u   /* does a package declare what its files need? */
#define ABIFIT_DEPS_NAMES 5u   /* the names of what they need in distributions */
/* Flags of struct abifit_deps_options. For ABIFIT_DEPS_RPM: */
#define ABIFIT_DEPS_SONAME_ONLY (1u << 0)      /* no versions, no needs of the loader */
#define ABIFIT_DEPS_NO_FAKE_SONAME (1u << 1)   /* a library without soname provides nothing */
#define ABIFIT_DEPS_NO_FILTER_SONAME (1u << 2) /* also names that no library is looked for by */
#define ABIFIT_DEPS_REQUIRE_INTERP (1u << 3)   /* the loader's path as well */
#define ABIFIT_DEPS_RPM_WAYS 0xfu	       /* all of these */
#define ABIFIT_DEPS_PROVIDES (1u << 4)
#define ABIFIT_DEPS_REQUIRES (1u << 5)
#define ABIFIT_DEPS_MULTIFILE (1u << 6) /* text: a line ";FILE" before the lines of each file */
#define ABIFIT_DEPS_RECOMMENDS (1u << 11) /* libraries that notes of dlopen ask for */
#define ABIFIT_DEPS_SUGGESTS (1u << 12)	  /* those that notes only suggest */
/* For ABIFIT_DEPS_SYMBOLS: */
#define ABIFIT_DEPS_TEMPLATE (1u << 7) /* the text keeps tags and patterns */
#define ABIFIT_DEPS_MISSING (1u << 8)  /* the text has what is missing, as comments */

/* For ABIFIT_DEPS_DEB: */
#define ABIFIT_DEPS_SUBSTVARS (1u << 9)	      /* the text is for dpkg-gencontrol */
#define ABIFIT_DEPS_IGNORE_MISSING (1u << 10) /* what no package tells of breaks nothing */

struct abifit_deps_options {
	size_t size;
	uint32_t question; /* ABIFIT_DEPS_… */
	uint32_t flags;
	/*
	 * For ABIFIT_DEPS_SYMBOLS, where a file that is no ELF file is the symbols file that is
	 * brought up to date: name and version of the package (needed), Debian's name of the
	 * architecture (NULL: the library's), and the level of dpkg-gensymbols up to which
	 * what differs breaks, plus 1 (0: that of its own, 1).
	 */
	const char *package;
	const char *package_version;
	const char *arch;
	uint32_t level;
	/*
	 * For ABIFIT_DEPS_DEB; lists are NULL-terminated, all may be NULL: packages that libraries
	 * are looked for in before the system (.deb files, folders of them, folders of one's
	 * files with its DEBIAN), folders that libraries are looked for in before the usual
	 * ones, names of packages that are left out, a shlibs file that goes before all others,
	 * and the control file of the source, for its Build-Depends.
	 */
	const char *const *packages;
	const char *const *library_dirs;
	const char *const *exclude;
	const char *shlibs_local;
	const char *control;
	/*
	 * For ABIFIT_DEPS_NAMES: the distributions, each a root folder or a folder of packages,
	 * .deb or .rpm; NULL-terminated.
	 */
	const char *const *from;
};

/* Flags of struct abifit_fix_options. */
#define ABIFIT_FIX_WHOLE_MAP                                                                       \
	(1u << 0) /* the whole version script of NEW, not only what is to be added */
#define ABIFIT_FIX_CODE_ONLY (1u << 1) /* text: the C code alone */
#define ABIFIT_FIX_MAP_ONLY (1u << 2)  /* text: the version script alone */

struct abifit_fix_options {
	size_t size;
	uint32_t flags;
	const char *const *
		symbols; /* NULL-terminated "NAME" or "NAME@NODE"; NULL: what breaks old programs */
};

/* For the life of a version script. */
struct abifit_map_options {
	size_t size;
	uint32_t flags;		    /* none yet: 0 */
	const char *library;	    /* that the script is for; also an archive, or NULL */
	const char *released;	    /* the last release: a library, a baseline or a script; or NULL */
	const char *const *headers; /* public ones, or folders of them, NULL-terminated; or NULL */
	const char *linker;	    /* "bfd" or "lld" alone counts; NULL: GNU ld, and lld matters */
	const char *release;	    /* "1.2.3": the release that is made; or NULL */
	const char *node;	    /* new: "LIBFOO", the family of invented nodes; NULL: the library's */
	const char *const *waivers; /* check: as in struct abifit_check_options */
	const char *today;
	const char *const *objects; /* check: objects and archives that are to be linked; or NULL */
	const char *compiler;	   /* new, without libraries: that reads the headers; NULL: "cc" */
	const char *const *cflags; /* its flags, NULL-terminated, each parted at spaces; or NULL */
};

struct abifit_versions_options {
	size_t size;
	uint32_t flags;	      /* none yet: 0 */
	const char *released; /* the last release, a library or a baseline; or NULL */
};

/* How a report is written. */
struct abifit_write_options {
	size_t size;
	const char *format; /* "text" (default), "json", "sarif", "junit", "markdown" */
	uint32_t color;	    /* not 0: with terminal colours (text) */
	uint32_t
		verbosity; /* 0 quiet, 1 normal, 2 verbose; default 0 means normal when size is 0 */
	const char *source_root; /* "sarif": a folder; files in it are named by their place in it.
				    NULL: none */
};

/* Takes `length` bytes of a written report; 0, or a negative errno value that ends the writing. */
typedef int (*abifit_sink)(void *data, const char *bytes, size_t length);

/* Version of the library as "0.1.0". Since: 0.1 */
ABIFIT_API const char *abifit_version(void);

/* A new context, or NULL when out of memory. Since: 0.1 */
ABIFIT_API struct abifit_context *abifit_context_new(void);
/* Frees a context; systems and reports hold a reference of their own. NULL is fine. Since: 0.1 */
ABIFIT_API void abifit_context_unref(struct abifit_context *context);
/* The last error of a function that returned a negative value, as a sentence; never NULL. Since:
 * 0.1 */
ABIFIT_API const char *abifit_context_error(const struct abifit_context *context);

/*
 * Opens the folder `root` as a system; "/" is the running one. Errors: -ENOENT
 * and other errno values of stat(2), -ENOTDIR, -ENOMEM. Since: 0.1
 */
ABIFIT_API int abifit_system_open(struct abifit_context *context, const char *root,
				  struct abifit_system **ret);
/* Frees a system; reports made from it stay valid. NULL is fine. Since: 0.1 */
ABIFIT_API void abifit_system_unref(struct abifit_system *system);

/*
 * Forecasts for each of `files` (programs, libraries, folders: paths of the
 * running system's file tree) whether it loads and binds in `system`. A file
 * that cannot be read is an entry of the report, not an error. Since: 0.1
 */
ABIFIT_API int abifit_check(struct abifit_system *system, const char *const *files, size_t count,
			    const struct abifit_check_options *options, struct abifit_report **ret);
/* What gets loaded for each of `files`, from where, by which rule. Since: 0.1 */
ABIFIT_API int abifit_tree(struct abifit_system *system, const char *const *files, size_t count,
			   const struct abifit_tree_options *options, struct abifit_report **ret);
/* What each of `files` (also .a and .o) provides and needs. Since: 0.1 */
ABIFIT_API int abifit_show(struct abifit_context *context, const char *const *files, size_t count,
			   const struct abifit_show_options *options, struct abifit_report **ret);
/* Which imports of `file` cause its need for `what`: a version, a library or a symbol. Since: 0.1
 */
ABIFIT_API int abifit_why(struct abifit_system *system, const char *file, const char *what,
			  const struct abifit_why_options *options, struct abifit_report **ret);
/*
 * Is `new_path` a drop-in replacement for `old_path`? Each is a library, a static
 * archive or object, a folder or package (.deb, .rpm, tar) of them (matched by soname, or
 * by file name) or a baseline of abifit_dump(). A path may lead into a package,
 * "PKG/usr/lib/libz.so.1". What else they need is looked for in `system`. Since: 0.1
 */
ABIFIT_API int abifit_diff(struct abifit_system *system, const char *old_path, const char *new_path,
			   const struct abifit_diff_options *options, struct abifit_report **ret);
/*
 * The history of `count` releases, the oldest first, each as one side of
 * abifit_diff(): one comparison for each step from one to the next. -EINVAL for
 * fewer than two, or with `used_by`, which is for two sides. Since: 0.1
 */
ABIFIT_API int abifit_history(struct abifit_system *system, const char *const *releases,
			      size_t count, const struct abifit_diff_options *options,
			      struct abifit_report **ret);
/*
 * The interface of a library as a report whose text is a baseline for
 * abifit_diff(). `types` NULL: as they are found. -EINVAL: a package of several
 * libraries, of which one is to be named. Since: 0.1
 */
ABIFIT_API int abifit_dump(struct abifit_system *system, const char *path,
			   const struct abifit_types_options *types, struct abifit_report **ret);
/*
 * Which types of the interface that `one_path` and `other_path` have in common, builds
 * for two machines, have another layout there? Each is one side of abifit_diff(); of
 * two folders those of the same soname are compared. `types`: its `debug_dirs` count;
 * NULL: none. Since: 0.1
 */
ABIFIT_API int abifit_layout(struct abifit_system *system, const char *one_path,
			     const char *other_path, const struct abifit_types_options *types,
			     struct abifit_report **ret);
/*
 * C code and lines of a version script that let programs built with the library
 * `old_path` run with `new_path` again; each is a library or a baseline. The
 * verdict is what remains: ABIFIT_VERDICT_BREAK if code alone does not mend all.
 * -ENOENT: neither has one of the symbols; -EINVAL: a folder, or a package of several. Since: 0.1
 */
ABIFIT_API int abifit_fix(struct abifit_system *system, const char *old_path, const char *new_path,
			  const struct abifit_fix_options *options, struct abifit_report **ret);
/*
 * What it would do to bring `symbol` of the library `from` into a build of its
 * older release `to`, each a library or a baseline: a report for reading, without
 * a verdict. Since: 0.1
 */
ABIFIT_API int abifit_backport(struct abifit_system *system, const char *symbol, const char *from,
			       const char *to, struct abifit_report **ret);
/*
 * Which symbols that each of `files` exports are not its own, but of what was
 * linked into it, or in no public header? Libraries of `system` with the same
 * symbols are named. Since: 0.1
 */
ABIFIT_API int abifit_leaks(struct abifit_system *system, const char *const *files, size_t count,
			    const struct abifit_leaks_options *options, struct abifit_report **ret);
/*
 * Is the version script `script` sound, is it that of `library`, does it keep what
 * `released` has? Since: 0.1
 */
ABIFIT_API int abifit_map_check(struct abifit_system *system, const char *script,
				const struct abifit_map_options *options,
				struct abifit_report **ret);
/*
 * The script for `count` releases of a library, libraries or baselines, the oldest
 * first, or for the symbols of one list, or, with none, for what C headers declare;
 * a report whose text is the script. Since: 0.1
 */
ABIFIT_API int abifit_map_new(struct abifit_system *system, const char *const *paths, size_t count,
			      const struct abifit_map_options *options, struct abifit_report **ret);
/*
 * The script with the new symbols of `library` in the node of `release`: a report
 * whose text it is; what could not be done is among its findings. -EINVAL: the release
 * is older than the script. Since: 0.1
 */
ABIFIT_API int abifit_map_update(struct abifit_system *system, const char *script,
				 const struct abifit_map_options *options,
				 struct abifit_report **ret);
/*
 * The nodes of `script` with each name that they have, for `released` of later
 * checks: a report whose text it is. Since: 0.1
 */
ABIFIT_API int abifit_map_freeze(struct abifit_system *system, const char *script,
				 const struct abifit_map_options *options,
				 struct abifit_report **ret);
/*
 * Do all version numbers of a library agree: those in the source trees, packages, installed
 * trees and files `paths`, and what the last release asks for? Since: 0.1
 */
ABIFIT_API int abifit_versions(struct abifit_system *system, const char *const *paths, size_t count,
			       const struct abifit_versions_options *options,
			       struct abifit_report **ret);
/*
 * The metadata of a package that follows from its `files`: the question stands in
 * `options`, which may not be NULL. -EINVAL: there is no such question. Since: 0.1
 */
ABIFIT_API int abifit_deps(struct abifit_system *system, const char *const *files, size_t count,
			   const struct abifit_deps_options *options, struct abifit_report **ret);
/* The catalogue (rule NULL) or one rule, as a report. -ENOENT: no such rule. Since: 0.1 */
ABIFIT_API int abifit_rules(struct abifit_context *context, const char *rule,
			    struct abifit_report **ret);
/* What this build can do, as a report. Since: 0.1 */
ABIFIT_API int abifit_features(struct abifit_context *context, struct abifit_report **ret);

/* Frees a report. NULL is fine. Since: 0.1 */
ABIFIT_API void abifit_report_unref(struct abifit_report *report);
/* ABIFIT_STATUS_…, with a `risk` counted as undecided. Since: 0.1 */
ABIFIT_API int abifit_report_status(const struct abifit_report *report);
/* 1 if something of the question itself could not be judged, whatever the verdict; else 0. Since:
 * 0.1 */
ABIFIT_API int abifit_report_undecided(const struct abifit_report *report);
/* The worst verdict of all inputs, of what is not waived. Since: 0.1 */
ABIFIT_API int abifit_report_verdict(const struct abifit_report *report);
/* The worst verdict on sources that are built anew; ABIFIT_VERDICT_OK where the question has no
 * such axis. Since: 0.1 */
ABIFIT_API int abifit_report_source_verdict(const struct abifit_report *report);
/* Writes the report through `sink`. Errors: -EINVAL (no such format,
 * or one that has only findings, for a report that judges nothing), -ENOMEM, or the sink's own.
 * Since: 0.1 */
ABIFIT_API int abifit_report_write(struct abifit_report *report,
				   const struct abifit_write_options *options, abifit_sink sink,
				   void *data);

/* Findings 0..count-1. Since: 0.1 */
ABIFIT_API size_t abifit_report_finding_count(const struct abifit_report *report);

/*
 * One finding; all strings belong to the report and may be NULL. New fields may
 * be added at the end: read it through the pointer only. Since: 0.1
 */
struct abifit_finding {
	const char *rule;
	int32_t verdict;  /* ABIFIT_VERDICT_… */
	int32_t severity; /* 0 low, 1 medium, 2 high */
	const char *input;
	const char *subject;
	const char *message;
	const char *const *why; /* NULL-terminated; may be NULL */
	const char *fix;
	const char *before;
	const char *after;
	const char *file;
	uint32_t line;	    /* in a text, 0: none */
	const char *waived; /* the reason of the waiver that covers it (`verdict` is then "ok"), or
			       NULL */
};
/* NULL when `index` is out of range. Since: 0.1 */
ABIFIT_API const struct abifit_finding *abifit_report_finding(const struct abifit_report *report,
							      size_t index);

#ifdef __cplusplus
}
#endif

#endif
